import { readRecord, type RecordShape } from "../records/record-shape.ts";
import { StoreError } from "./store-error.ts";

/** A record as it was stored; what is in the store was checked on its way in. */
export function storedRecord<T>(shape: RecordShape<T>, text: string): T {
	const read = readRecord(shape, JSON.parse(text));
	if (read.ok) return read.record;
	const [issue] = read.issues;
	throw new StoreError("store-unreadable", `a stored record is at fault: ${issue?.message ?? "unknown"}`);
}
