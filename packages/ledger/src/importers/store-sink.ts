/** Records of an import to the store: a writer for each file, whose place in the file makes writing it again harmless. */
import type { LedgerRecord } from "../store/segment-writer.ts";
import { SegmentWriter } from "../store/segment-writer.ts";
import type { LedgerStore } from "../store/store.ts";
import type { ImportItem } from "./import-item.ts";
import type { Imported } from "./import-files.ts";
import type { StoredCounts } from "./import-result.ts";

export interface StoreSink {
	readonly item: (item: ImportItem, file: string) => Promise<void>;
	/** Writes what is left. `repeated`: records that the store had from an earlier import of the same files. */
	readonly finish: () => Promise<Omit<StoredCounts, "store"> & { readonly repeated: number }>;
}

/** `idOf` gives a name for the content of a file, the same whenever the same bytes are read in the same way. */
export function storeSink(store: LedgerStore, idOf: (file: string) => Promise<string>): StoreSink {
	const counts = { usage: 0, capacity: 0, charges: 0, prices: 0 };
	let repeated = 0;
	let current: { readonly file: string; readonly writer: SegmentWriter } | undefined;
	const end = async (): Promise<void> => {
		repeated += (await current?.writer.finish())?.repeated ?? 0;
		current = undefined;
	};
	return {
		item: async (item, file) => {
			const record = recordOf(item);
			if (record === undefined) return;
			if (current?.file !== file) {
				await end();
				current = { file, writer: new SegmentWriter(store, { name: file, id: await idOf(file) }) };
			}
			await current.writer.add(record);
			counts[PLACES[record.kind]]++;
		},
		finish: async () => {
			await end();
			return { ...counts, repeated };
		},
	};
}

/** Says how many requests the store had from another file, as where one has grown. */
export function withRepeated(imported: Imported, dropped: number): Imported {
	if (dropped === 0) return imported;
	const counted =
		dropped === 1
			? "1 request came before, by id and day: it is"
			: `${dropped} requests came before, by id and day: they are`;
	const warning = { code: "requests-repeated", message: `${counted} counted once` };
	return { ...imported, warnings: [...imported.warnings, warning] };
}

const PLACES = { usage: "usage", capacity: "capacity", charge: "charges", price: "prices" } as const;

/** Benchmarks are no events: nobody was served. */
function recordOf(item: ImportItem): LedgerRecord | undefined {
	switch (item.kind) {
		case "usage":
			return { kind: "usage", record: item.record };
		case "capacity":
			return { kind: "capacity", record: item.record };
		case "price":
			return { kind: "price", record: item.record };
		case "charge":
			return { kind: "charge", record: item.record };
		default:
			return undefined;
	}
}
