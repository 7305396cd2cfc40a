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
	/** Files with requests that have no id, by which alone a request is known again in another file. */
	const unnamed = new Set<string>();
	let current: { readonly file: string; readonly id: string; readonly writer: SegmentWriter } | undefined;
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
				const id = await idOf(file);
				current = { file, id, writer: new SegmentWriter(store, { name: file, id }) };
			}
			if (isUnnamed(record)) unnamed.add(current.id);
			await current.writer.add(record);
			counts[PLACES[record.kind]]++;
		},
		finish: async () => {
			await end();
			const doubles = await suspectedDoubles(store, [...unnamed]);
			return { ...counts, ...(doubles === 0 ? {} : { suspected_doubles: doubles }), repeated };
		},
	};
}

/** Of several files the earlier ones are compared with what was there, the later ones with those too. */
async function suspectedDoubles(store: LedgerStore, files: readonly string[]): Promise<number> {
	let sum = 0;
	for (const [i, file] of files.entries()) sum += await store.alike({ file, without: files.slice(i + 1) });
	return sum;
}

function isUnnamed({ kind, record }: LedgerRecord): boolean {
	return kind === "usage" && record.grain === "request" && record.request_id === undefined;
}

/** Says how many requests the store had from another file, as where one has grown, and how many it may have had. */
export function withRepeated(imported: Imported, dropped: number, suspected = 0): Imported {
	const warnings = [...imported.warnings];
	if (dropped > 0) {
		const counted =
			dropped === 1
				? "1 request came before, by id and day: it is"
				: `${dropped} requests came before, by id and day: they are`;
		warnings.push({ code: "requests-repeated", message: `${counted} counted once` });
	}
	if (suspected > 0) {
		const found = suspected === 1 ? "1 request without an id looks" : `${suspected} requests without an id look`;
		warnings.push({
			code: "suspected-doubles",
			message: `${found} like ones of another file, in time, labels and tokens: if they are the same, they count twice; give requests an id, or import only what is new`,
		});
	}
	return { ...imported, warnings };
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
