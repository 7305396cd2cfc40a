export { clickHouseSchema } from "./clickhouse/schema.ts";
export { openStore, restoreBackup } from "./open-store.ts";
export { SegmentWriter, type LedgerRecord, type WriterOrigin, type Written } from "./segment-writer.ts";
export { makeFolderOf } from "./store-folder.ts";
export { StoreError, type StoreErrorCode } from "./store-error.ts";
export type {
	Compacted,
	ExportedTable,
	LedgerStore,
	LoadedSegment,
	Retained,
	SegmentOrigin,
	StoreOptions,
} from "./store.ts";
import type { LedgerForm } from "./duckdb/inspect.ts";
export type { LedgerForm } from "./duckdb/inspect.ts";
export { Ingest, WIRE_KINDS, type Accepted, type LineIssue, type WireKind } from "./ingest/ingest.ts";
export { ingestHandler } from "./ingest/ingest-http.ts";
export { openLedger, spoolFolderOf, type LiveLedger, type LiveOptions } from "./ingest/open-ledger.ts";
export {
	CAPACITY_DIMENSIONS,
	type CapacityDimension,
	type CapacityQuestion,
	type CapacitySum,
} from "./query/capacity-query.ts";
export { bucketMiddle, quantileOfBuckets } from "./query/latency-bucket.ts";
export type { LatencyDimension, LatencyQuestion, LatencySpread } from "./query/latency-query.ts";
export { REQUEST_LABELS, type RequestLabel, type RequestQuestion, type RequestRow } from "./query/request-query.ts";
export {
	CONTEXT_EDGES,
	RATED_COLUMNS,
	SUMMED_COLUMNS,
	USAGE_DIMENSIONS,
	type ColumnSum,
	type SummedColumn,
	type TimeStep,
	type UsageDimension,
	type UsageQuestion,
	type UsageSum,
} from "./query/usage-question.ts";
export { describeFailure, Loader } from "./spool/loader.ts";
export { SPOOL_CAP_BYTES, Spool, type SealedSegment, type SpoolOptions } from "./spool/spool.ts";

/** The database is loaded only now. */
export async function inspectLedger(path: string): Promise<LedgerForm> {
	return (await import("./duckdb/inspect.ts")).inspectLedger(path);
}
