/** Records as importers make them: plain JSON, checked by the shapes of the ledger, or set aside with what is wrong. */
import { capacityShape } from "../records/capacity.ts";
import { chargeShape } from "../records/charge.ts";
import { priceShape } from "../records/price.ts";
import { type RecordIssue, readRecord } from "../records/record-shape.ts";
import { usageShape } from "../records/usage.ts";
import type { ImportItem } from "./import-item.ts";

/** A usage record from JSON. Members that are undefined count as absent. */
export function usageItem(json: Readonly<Record<string, unknown>>, line: number | undefined): ImportItem {
	const read = readRecord(usageShape, json);
	const place = line === undefined ? {} : { line };
	return read.ok ? { kind: "usage", record: read.record, ...place } : quarantined(read.issues, line);
}

export function chargeItem(json: Readonly<Record<string, unknown>>, line: number | undefined): ImportItem {
	const read = readRecord(chargeShape, json);
	const place = line === undefined ? {} : { line };
	return read.ok ? { kind: "charge", record: read.record, ...place } : quarantined(read.issues, line);
}

export function capacityItem(json: Readonly<Record<string, unknown>>, line: number | undefined): ImportItem {
	const read = readRecord(capacityShape, json);
	const place = line === undefined ? {} : { line };
	return read.ok ? { kind: "capacity", record: read.record, counted: false, ...place } : quarantined(read.issues, line);
}

export function priceItem(json: Readonly<Record<string, unknown>>): ImportItem {
	const read = readRecord(priceShape, json);
	return read.ok ? { kind: "price", record: read.record, counted: false } : quarantined(read.issues, undefined);
}

function quarantined(issues: readonly RecordIssue[], line: number | undefined): ImportItem {
	const reason = issues
		.slice(0, 4)
		.map(({ message, expected }) => `${message} (expected ${expected})`)
		.join("; ");
	return { kind: "quarantine", reason, ...(line === undefined ? {} : { line }) };
}
