/** Every format that `import` knows. A new one is a folder with an `Importer`, and a line here. */
import { focusCsv } from "./focus/focus.ts";
import { focusParquet } from "./focus/focus-parquet.ts";
import type { Head, Importer } from "./importer.ts";
import { inferenceX } from "./inferencex/inferencex.ts";
import { litellmDaily } from "./litellm/daily-activity.ts";
import { litellm } from "./litellm/litellm.ts";
import { prometheusText } from "./prometheus/text-importer.ts";
import { otlpJson, otlpProtobuf } from "./otlp/otlp-importer.ts";
import { ledgerRecords } from "./records/records.ts";
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
