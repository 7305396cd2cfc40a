export { openStore } from "./open-store.ts";
export { SegmentWriter, type LedgerRecord, type WriterOrigin, type Written } from "./segment-writer.ts";
export { StoreError, type StoreErrorCode } from "./store-error.ts";
export type { LedgerStore, LoadedSegment, SegmentOrigin, StoreOptions } from "./store.ts";
