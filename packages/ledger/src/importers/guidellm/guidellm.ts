/**
 * Reports of GuideLLM, versions 1 and 2. Tokens are the sums of requests that succeeded; `output_tokens_per_second` is a
 * distribution of rates weighted by time, and not used.
 */
import { clientRow } from "../client-row.ts";
import { aside, jsonImporter } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { isMembers, type JsonMembers, numberIn, present, within } from "../json-fields.ts";

export const guidellm: Importer = jsonImporter({
	kind: "guidellm",
	title: "a report of GuideLLM",
	detect: ({ keys, text }: Head) =>
		keys.has("benchmarks") && /"(prompt_token_count|request_totals|guidellm_version|run_stats)"/.test(text) ? 0.95 : 0,
	items,
});

function* items(value: JsonMembers, line: number, _: Source, context: ImportContext): Generator<ImportItem> {
	const { benchmarks } = value;
	if (!Array.isArray(benchmarks)) {
		yield aside(line, "benchmarks is missing: expected a list", value);
		return;
	}
	for (const each of benchmarks as unknown[]) yield* benchmarkItems(isMembers(each) ? each : {}, line, context);
}

function* benchmarkItems(benchmark: JsonMembers, line: number, { gpus, model }: ImportContext): Generator<ImportItem> {
	const metrics = within(benchmark, "metrics");
	const sum = (name: string): number | undefined => numberIn(within(metrics, name, "successful"), "total_sum");
	const requests =
		numberIn(within(metrics, "request_totals"), "successful") ??
		numberIn(within(benchmark, "run_stats", "requests_made"), "successful") ??
		numberIn(within(metrics, "output_token_count", "successful"), "count");
	const [inputTotal, output] = [sum("prompt_token_count"), sum("output_token_count")];
	const [start, end] = [numberIn(benchmark, "start_time"), numberIn(benchmark, "end_time")];
	const seconds =
		numberIn(benchmark, "duration") ?? (start === undefined || end === undefined ? undefined : end - start);
	if (
		requests === undefined ||
		[requests, inputTotal, output].some((n) => n !== undefined && !(Number.isFinite(n) && n >= 0))
	) {
		yield aside(line, "a benchmark without the number of requests that succeeded, or with a count below 0", benchmark);
		return;
	}
	yield { kind: "read", count: 1 };
	const failed = numberIn(within(metrics, "request_totals"), "errored");
	const rate = output === undefined || seconds === undefined || seconds === 0 ? undefined : output / seconds;
	yield {
		kind: "figures",
		figures: present({
			requests,
			tokens: present({ inputTotal: whole(inputTotal), output: whole(output) }),
			gpuSeconds: gpus === undefined || seconds === undefined ? undefined : gpus * seconds,
			gpus,
			details: present({ duration_s: seconds, errored: failed, output_tokens_per_second: rate }),
		}),
	};
	const median = (name: string): number | undefined => {
		const millis = numberIn(within(metrics, name, "successful"), "median");
		return millis === undefined ? undefined : millis / 1000;
	};
	yield* clientRow(
		{
			layout: "guidellm",
			model,
			gpus,
			requests,
			inputTotal,
			output,
			seconds,
			concurrency: numberIn(within(metrics, "request_concurrency", "successful"), "mean"),
			medianTtft: median("time_to_first_token_ms"),
			// its time_per_output_token counts the first token too
			medianTpot: median("inter_token_latency_ms"),
		},
		line,
	);
}

function whole(n: number | undefined): number | undefined {
	return n === undefined ? undefined : Math.round(n);
}
