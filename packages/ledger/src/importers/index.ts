export type { BenchmarkRow } from "./benchmark-row.ts";
export type { Figures, ImportItem, Quarantined, TokenFigures } from "./import-item.ts";
export type { Head, ImportContext, Importer, Source } from "./importer.ts";
export { importFiles, importScrapes, type Imported, type ImportOptions, type ImportSink } from "./import-files.ts";
export { importPrometheus } from "./import-server.ts";
export { otlpHandler, otlpResponse, otlpStatus, type UsageIntake } from "./otlp/otlp-http.ts";
export type { OtlpSignal } from "./otlp/otlp-protobuf.ts";
export { OtlpReceiver, type Received } from "./otlp/otlp-receiver.ts";
export { diagnoseMetrics, type ExporterDiagnosis, type MetricsDiagnosis } from "./prometheus/doctor.ts";
export type { PrometheusServer } from "./prometheus/prometheus-api.ts";
export { remoteWriteHandler } from "./prometheus/remote-write-http.ts";
export {
	type RecordIntake,
	RemoteWriteReceiver,
	type RemoteWriteOptions,
	type RemoteWritten,
} from "./prometheus/remote-write-receiver.ts";
export type { LeftOut } from "./prometheus/waiting-series.ts";
export { samplesAhead, samplesLate } from "./prometheus/left-out-words.ts";
export { scrapedRemoteWrite, type Scraped } from "./prometheus/scraped.ts";
export type { RangeQuestion } from "./prometheus/range-importer.ts";
export type { ImportedFile, ImportResult, ImportTotals, StoredCounts } from "./import-result.ts";
export { IMPORTERS, importerFor } from "./registry.ts";
export { storeSink, withRepeated, type StoreSink } from "./store-sink.ts";
export { contentHash, unpackedContent } from "./source/content-hash.ts";
export { ImportError, type ImportFault, type Place } from "./source/import-error.ts";
export { isOfGpus } from "./prometheus/metric-selectors.ts";
