/** Every format that `import` knows. A new one is a folder with an `Importer`, and a line here. */
import { aiperfRecords } from "./aiperf/aiperf-records.ts";
import { aiperfCsv, aiperfJson } from "./aiperf/aiperf-summary.ts";
import { focusCsv } from "./focus/focus.ts";
import { focusParquet } from "./focus/focus-parquet.ts";
import { envoyAccessLog, kongAuditLog } from "./gateway-logs/gateway-logs.ts";
import { guidellm } from "./guidellm/guidellm.ts";
import type { Head, Importer } from "./importer.ts";
import { inferencePerf } from "./inference-perf/inference-perf.ts";
import { inferenceX } from "./inferencex/inferencex.ts";
import { langfuse } from "./langfuse/langfuse.ts";
import { litellmDaily } from "./litellm/daily-activity.ts";
import { litellm } from "./litellm/litellm.ts";
import { llmDReport, llmDReportYaml, llmDResults } from "./llm-d-report/llm-d-report.ts";
import { loadTestTemplate } from "./load-test-template/load-test-template.ts";
import { mlperfResultsJson, mlperfTable } from "./mlperf/mlperf-inference.ts";
import { mlperfSummaryLog, mlperfTrainingLog } from "./mlperf/mlperf-logs.ts";
import { prometheusApi } from "./prometheus/api-importer.ts";
import { prometheusRemoteWrite } from "./prometheus/remote-write-importer.ts";
import { prometheusText } from "./prometheus/text-importer.ts";
import { otlpJson, otlpProtobuf } from "./otlp/otlp-importer.ts";
import { providerUsage } from "./provider-usage/provider-usage.ts";
import { ledgerRecords } from "./records/records.ts";
import { sglangBench } from "./sglang-bench/sglang-bench.ts";
import { requestTrace } from "./traces/trace-importer.ts";
import { vllmBench } from "./vllm-bench/vllm-bench.ts";

export const IMPORTERS: readonly Importer[] = [
	vllmBench,
	inferenceX,
	litellm,
	litellmDaily,
	requestTrace,
	focusCsv,
	focusParquet,
	otlpJson,
	otlpProtobuf,
	ledgerRecords,
	sglangBench,
	aiperfJson,
	aiperfCsv,
	aiperfRecords,
	guidellm,
	inferencePerf,
	llmDReport,
	llmDReportYaml,
	llmDResults,
	mlperfResultsJson,
	mlperfTable,
	mlperfSummaryLog,
	mlperfTrainingLog,
	langfuse,
	providerUsage,
	envoyAccessLog,
	kongAuditLog,
	loadTestTemplate,
	prometheusApi,
	prometheusRemoteWrite,
	prometheusText,
];

/** The importer that is surest of a source, or undefined where none knows it. */
export function importerFor(head: Head): Importer | undefined {
	const sure = IMPORTERS.map((importer) => [importer.detect(head), importer] as const).filter(([how]) => how > 0);
	return sure.reduce<readonly [number, Importer] | undefined>(
		(best, each) => (best === undefined || each[0] > best[0] ? each : best),
		undefined,
	)?.[1];
}
