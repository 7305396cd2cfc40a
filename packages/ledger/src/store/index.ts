export { clickHouseSchema } from "./clickhouse/schema.ts";
export { openStore, restoreBackup } from "./open-store.ts";
export { SegmentWriter, type LedgerRecord, type WriterOrigin, type Written } from "./segment-writer.ts";
export { makeFolderOf, storeFileOf } from "./store-folder.ts";
export { StoreError, type StoreErrorCode } from "./store-error.ts";
export type {
	Compacted,
	ExportedTable,
	LedgerForm,
	LedgerStore,
	LoadedSegment,
	Retained,
	SegmentOrigin,
	StoreOptions,
} from "./store.ts";
import { storeFileOf } from "./store-folder.ts";
import type { LedgerForm } from "./store.ts";
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

/** What a ledger says of itself to a reader that changes nothing in it. The database is loaded only now. Throws StoreError. */
export async function inspectLedger(url: string): Promise<LedgerForm> {
	const file = storeFileOf(url);
	if (file !== undefined) return (await import("./duckdb/inspect.ts")).inspectLedger(file);
	return (await import("./clickhouse/inspect.ts")).inspectLedger(url);
}
