export type { BenchmarkRow } from "./benchmark-row.ts";
export type { Figures, ImportItem, Quarantined, TokenFigures } from "./import-item.ts";
export type { Head, ImportContext, Importer, Source } from "./importer.ts";
export { importFiles, importScrapes, type Imported, type ImportOptions, type ImportSink } from "./import-files.ts";
export type { ImportedFile, ImportResult, ImportTotals, StoredCounts } from "./import-result.ts";
export { IMPORTERS, importerFor } from "./registry.ts";
export { storeSink, type StoreSink } from "./store-sink.ts";
export { ImportError, type ImportFault, type Place } from "./source/import-error.ts";
