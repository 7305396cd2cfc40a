import type { FiledCharge } from "../records/charges-once.ts";
import type { PriceRecord } from "../records/price.ts";
import type { Instant } from "../records/units.ts";
import type { Frame } from "./frame.ts";
import type { AlikeQuestion } from "./query/alike-query.ts";
import type { CapacityQuestion, CapacitySum } from "./query/capacity-query.ts";
import type { Crowded } from "./query/crowded-query.ts";
import type { LatencyQuestion, LatencySpread } from "./query/latency-query.ts";
import type { RequestQuestion, RequestRow } from "./query/request-query.ts";
import type { Same } from "./query/same-query.ts";
import type { UsageQuestion, UsageSum } from "./query/usage-question.ts";
import type { TableName } from "./table.ts";

export interface StoreOptions {
	/** Limit of the database's memory, `1GB`; soft: a large sort may go over it. */
	readonly memory: string;
	readonly threads?: number;
	/** Size that the write-ahead log may reach, `16MB`; until then what it holds is in memory too. */
	readonly log?: string;
	/** Microseconds since 1970: when something was stored. It enters no figure. */
	readonly now: () => bigint;
	/** For how many days a body that is sent again is told from a new one. */
	readonly bodyKeyDays: number;
}

export interface SegmentOrigin {
	/** File, or `http`. */
	readonly name: string;
	readonly bytes: number;
}

export interface LoadedSegment {
	readonly rows: number;
	/** False where the store had it already. */
	readonly isNew: boolean;
}

/**
 * Where the ledger is kept. Events are only added, a segment at a time: all of its rows and its id in one transaction,
 * so that a segment is in the store once or not at all.
 */
export interface LedgerStore {
	hasSegment(id: string): Promise<boolean>;
	/** Hash of the body that came under this key, where it is still remembered. */
	bodyHash(key: string): string | undefined;
	load(id: string, frames: readonly Frame[], origin: SegmentOrigin): Promise<LoadedSegment>;
	/** All that was loaded is in the store's own file: spool segments may go. */
	checkpoint(): Promise<void>;
	rowCount(table: TableName): Promise<number>;

	/** Sums over requests. Throws `beyond-retention` where only roll-ups are left and they cannot tell. */
	requests(question: UsageQuestion): Promise<UsageSum[]>;
	/** Sums over windows: of one that reaches out of the time asked for, or over a step, its part by time. Throws `beyond-retention`, as `capacity` does: roll-ups hold neither. */
	windows(question: UsageQuestion): Promise<UsageSum[]>;
	/** Requests one by one, some thousands at a time. Throws `beyond-retention` where they were dropped. */
	requestRows(question: RequestQuestion): AsyncIterable<readonly RequestRow[]>;
	capacity(question: CapacityQuestion): Promise<CapacitySum[]>;
	latency(question: LatencyQuestion): Promise<LatencySpread[]>;
	/** Rows of bills whose charge period overlaps [from, to), in order of start, each with the file it came by. */
	charges(from: Instant, to: Instant): Promise<FiledCharge[]>;
	/** Meters whose records of [from, to) count some time twice. */
	crowded(from: Instant, to: Instant): Promise<Crowded[]>;
	/** How many requests of a file look like ones of another file while no id tells whether they are the same. */
	alike(question: AlikeQuestion): Promise<number>;
	/** Drops windows and samples of a file that equal those of another in all that they say. */
	dropSame(question: AlikeQuestion): Promise<Same>;
	/** Tenants that any usage names, in order. */
	orgs(): Promise<readonly string[]>;
	/** From when on events are kept; undefined where none were dropped. */
	keptSince(): Promise<Instant | undefined>;
	/** All prices; of those with one id and one start, the last written. In order of start, then id. */
	prices(): Promise<PriceRecord[]>;

	/** Brings the roll-ups up to the last segment; gives how many segments were added. */
	rollUp(): Promise<number>;
	/**
	 * Rolls up without requests that came before, by id and day, and drops them, on days closed or not. No roll-up is built
	 * anew for it, so it can be done every time.
	 */
	dropRepeated(): Promise<Compacted>;
	/** Drops requests that came twice on days before `before`, and merges the roll-ups of those days. */
	compact(before: Instant): Promise<Compacted>;
	/** Drops events of whole days before `before`; days and hours of requests stay in the roll-ups. */
	retain(before: Instant): Promise<Retained>;
	/** Writes every table as Parquet files into a new folder. */
	exportParquet(folder: string): Promise<readonly ExportedTable[]>;
	/** Writes a consistent copy to a new file. */
	backup(path: string): Promise<void>;
	close(): Promise<void>;
}

export interface Compacted {
	readonly days: number;
	/** Requests that had the kind of source, the organisation and the id of an earlier one. */
	readonly dropped: number;
}

export interface Retained {
	readonly dropped: number;
}

export interface ExportedTable {
	readonly table: string;
	readonly file: string;
	readonly rows: number;
}

/** What a ledger says of itself to a reader. */
export interface LedgerForm {
	/** 0 where a server has no such database yet. */
	readonly form: number;
	/** The form that this farthing writes: an older one is brought to it when it is next opened to be written to. */
	readonly present: number;
	readonly requests: number;
}
