/** Records of an import to the store: a writer for each file, whose place in the file makes writing it again harmless. */
import type { LedgerRecord } from "../store/segment-writer.ts";
import { SegmentWriter } from "../store/segment-writer.ts";
import type { LedgerStore } from "../store/store.ts";
import type { ChargeRecord } from "../records/charge.ts";
import { chargesOnce } from "../records/charges-once.ts";
import { instant, MICROS_PER_DAY } from "../records/units.ts";
import type { ImportItem } from "./import-item.ts";
import type { Imported } from "./import-files.ts";
import type { StoredCounts } from "./import-result.ts";

export interface StoreSink {
	readonly item: (item: ImportItem, file: string) => Promise<void>;
	/** Writes what is left, and leaves out what came by other files. */
	readonly finish: () => Promise<Finished>;
}

export interface Finished {
	readonly counts: Omit<StoredCounts, "store">;
	/** Records that the store had from an earlier import of the same content. */
	readonly repeated: number;
	/** Windows and samples that equal ones of another file. */
	readonly same: number;
	/** Rows of bills that another file has too: they stay, and count once. */
	readonly charged: number;
}

/** `idOf` gives a name for the content of a file, the same whenever the same bytes are read in the same way. */
export function storeSink(store: LedgerStore, idOf: (file: string) => Promise<string>): StoreSink {
	const counts = { usage: 0, capacity: 0, charges: 0, prices: 0 };
	let repeated = 0;
	/** Files with requests that have no id, by which alone a request is known again in another file. */
	const unnamed = new Set<string>();
	/** Files with windows or samples, whose content is their identity. */
	const nameless = new Set<string>();
	/** Days in which charges of a file begin: those of one day are held against those of others at a time. */
	const billed = new Map<string, Set<number>>();
	let current: { readonly file: string; readonly id: string; readonly writer: SegmentWriter } | undefined;
	const end = async (): Promise<void> => {
		const known = (await current?.writer.finish())?.repeated ?? 0;
		// What the same content brought before is told as that alone.
		if (known > 0) billed.delete(current?.id ?? "");
		repeated += known;
		current = undefined;
	};
	return {
		item: async (item, file) => {
			const record = recordOf(item);
			if (record === undefined) return;
			if (current?.file !== file) {
				await end();
				const id = await idOf(file);
				current = { file, id, writer: new SegmentWriter(store, { name: nameOf(file), id }) };
			}
			if (isUnnamed(record)) unnamed.add(current.id);
			if (isNameless(record)) nameless.add(current.id);
			if (record.kind === "charge") {
				const days = billed.get(current.id) ?? new Set();
				billed.set(current.id, days.add(dayOf(record.record)));
			}
			await current.writer.add(record);
			counts[PLACES[record.kind]]++;
		},
		finish: async () => {
			await end();
			const { same, suspected } = await dropSame(store, [...nameless]);
			const doubles = suspected + (await suspectedDoubles(store, [...unnamed]));
			const charged = await chargedBefore(store, billed);
			return {
				counts: { ...counts, ...(doubles === 0 ? {} : { suspected_doubles: doubles }) },
				repeated,
				same,
				charged,
			};
		},
	};
}

/** Of several files the earlier ones are compared with what was there, the later ones with those too. */
async function suspectedDoubles(store: LedgerStore, files: readonly string[]): Promise<number> {
	let sum = 0;
	for (const [i, file] of files.entries()) sum += await store.alike({ file, without: files.slice(i + 1) });
	return sum;
}

/** Rows of these files that are no charges of their own beside those that were there. */
async function chargedBefore(store: LedgerStore, billed: ReadonlyMap<string, ReadonlySet<number>>): Promise<number> {
	let sum = 0;
	for (const day of new Set([...billed.values()].flatMap((days) => [...days]))) {
		const end = instant(day + MICROS_PER_DAY);
		const rows = (await store.charges(instant(day), end)).filter(({ charge }) => dayOf(charge) === day);
		sum += chargesOnce(rows).repeated - chargesOnce(rows.filter(({ file }) => !billed.has(file))).repeated;
	}
	return sum;
}

function dayOf({ charge_period_start: start }: ChargeRecord): number {
	return start - (((start % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY);
}

/** As records name it that bear the name of their file. */
function nameOf(file: string): string {
	return file === "-" ? "standard input" : file;
}

async function dropSame(
	store: LedgerStore,
	files: readonly string[],
): Promise<{ readonly same: number; readonly suspected: number }> {
	let [same, suspected] = [0, 0];
	for (const [i, file] of files.entries()) {
		// Once: what was dropped is not there any more to be counted, and rows that a file holds twice would go with it.
		if (await store.hasSegment(`${file}:once`)) continue;
		const found = await store.dropSame({ file, without: files.slice(i + 1) });
		await store.load(`${file}:once`, [], { name: "", bytes: 0 });
		same += found.windows + found.samples;
		suspected += found.suspected;
	}
	return { same, suspected };
}

function isNameless({ kind, record }: LedgerRecord): boolean {
	return kind === "capacity" || (kind === "usage" && record.grain === "window");
}

function isUnnamed({ kind, record }: LedgerRecord): boolean {
	return kind === "usage" && record.grain === "request" && record.request_id === undefined;
}

export interface ImportedAndStored {
	readonly imported: Imported;
	readonly stored: Omit<StoredCounts, "store">;
}

/**
 * Says what was in the store already, from the same or another file, and what may have been; and that a number of GPUs, if one
 * was given, is not in it. `dropped`: requests.
 */
export function withRepeated(
	imported: Imported,
	{ counts, repeated, same, charged }: Finished,
	dropped: number,
	gpus?: number,
): ImportedAndStored {
	const warnings = [...imported.warnings];
	const { suspected_doubles: suspected = 0 } = counts;
	const warn = (code: string, n: number, one: string, more: string): void => {
		if (n > 0) warnings.push({ code, message: n === 1 ? one : `${n} ${more}` });
	};
	warn(
		"already-there",
		repeated,
		"1 record is in the ledger already, from an import of the same content: nothing was added for it",
		"records are in the ledger already, from an import of the same content: nothing was added for them",
	);
	warn(
		"requests-repeated",
		dropped,
		"1 request came before, by id and day: it is counted once",
		"requests came before, by id and day: they are counted once",
	);
	warn(
		"records-repeated",
		same,
		"1 window or sample came before from another file, equal in all it says: it is counted once",
		"windows or samples came before from another file, equal in all they say: they are counted once",
	);
	if (gpus !== undefined && counts.capacity === 0) {
		// It says neither which they were nor who held them: the ledger cannot place their cost.
		const message =
			"the number of GPUs counts in this account alone: the ledger has no GPU time of it, and actuals will find none; import who held which GPU when, as capacity records or metrics of DCGM";
		warnings.push({ code: "gpus-not-stored", message });
	}
	warn(
		"charges-repeated",
		charged,
		"1 row of a bill came before from another file, equal in what it is of and what it costs: it is counted once",
		"rows of bills came before from another file, equal in what they are of and what they cost: they are counted once",
	);
	const doubt =
		"of another file, in time, labels and tokens: if they are the same, they count twice; name requests by an id and windows by their engine, or import only what is new";
	warn(
		"suspected-doubles",
		suspected,
		`1 request or window without a name looks like one ${doubt}`,
		`requests or windows without a name look like ones ${doubt}`,
	);
	const known = repeated + dropped + same + charged;
	return {
		imported: { ...imported, warnings },
		stored: { ...counts, ...(known === 0 ? {} : { already_there: known }) },
	};
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
