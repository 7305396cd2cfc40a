/** Benchmark reports of llm-d (0.1, 0.2), YAML or JSON, lifecycle reports of inference-perf in YAML, and result-store rows. */
import type { BenchmarkRow } from "../benchmark-row.ts";
import { items as lifecycleItems } from "../inference-perf/inference-perf.ts";
import { aside, jsonImporter, rateFault } from "../json-documents.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, ImportContext, Importer, Source } from "../importer.ts";
import { isMembers, type JsonMembers, numberIn, present, textIn, within } from "../json-fields.ts";
import { LONGEST_RECORD } from "../source/text-lines.ts";

export const llmDReport: Importer = jsonImporter({
	kind: "llm-d-report",
	title: "a benchmark report of llm-d",
	detect: ({ keys }: Head) =>
		keys.has("version") && keys.has("scenario") && (keys.has("results") || keys.has("metrics")) ? 0.95 : 0,
	items: reportItems,
});

export const llmDReportYaml: Importer = {
	kind: "llm-d-report",
	title: "a benchmark report of llm-d in YAML",
	detect: ({ text, isJson }: Head) => {
		if (isJson) return 0;
		const has = (name: string): boolean => new RegExp(`^${name}:`, "m").test(text);
		return (has("version") && has("scenario")) || (has("load_summary") && has("successes")) ? 0.95 : 0;
	},
	read: readYaml,
};

async function* readYaml(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	const pieces: Uint8Array[] = [];
	let size = 0;
	for await (const piece of source.bytes()) {
		size += piece.length;
		if (size > LONGEST_RECORD) {
			yield { kind: "quarantine", reason: `a document of more than ${LONGEST_RECORD} bytes` };
			return;
		}
		pieces.push(piece);
	}
	const { parseDocument } = await import("yaml");
	const document = parseDocument(Buffer.concat(pieces).toString("utf8"));
	const [error] = document.errors;
	if (error !== undefined) {
		const line = error.linePos?.[0].line;
		yield {
			kind: "quarantine",
			reason: `not YAML: ${error.message.split("\n")[0]}`,
			...(line === undefined ? {} : { line }),
		};
		return;
	}
	const value: unknown = document.toJS();
	if (!isMembers(value)) yield { kind: "quarantine", line: 1, reason: "expected a report" };
	else if ("successes" in value) yield* lifecycleItems(value, 1, source, context);
	else yield* reportItems(value, 1, source, context);
}

function* reportItems(value: JsonMembers, line: number, _: Source, { gpus }: ImportContext): Generator<ImportItem> {
	const aggregate = within(value, "results", "request_performance", "aggregate") ?? within(value, "metrics");
	const requests = within(aggregate, "requests");
	const total = numberIn(requests, "total");
	const failures = numberIn(requests, "failures") ?? 0;
	if (total === undefined || !(total >= failures) || failures < 0) {
		yield aside(line, "requests.total is missing, or below the failures", value);
		return;
	}
	yield { kind: "read", count: 1 };
	const finished = total - failures;
	const sum = (name: string): number | undefined => {
		const mean = numberIn(within(requests, name), "mean");
		return mean === undefined ? undefined : Math.round(mean * finished);
	};
	const seconds = numberIn(within(aggregate, "time"), "duration");
	yield {
		kind: "figures",
		figures: present({
			requests: finished,
			tokens: present({ inputTotal: sum("input_length"), output: sum("output_length") }),
			gpuSeconds: gpus === undefined || seconds === undefined ? undefined : gpus * seconds,
			gpus: gpus ?? acceleratorsOf(value),
			details: present({ version: textIn(value, "version"), duration_s: seconds, errored: failures }),
		}),
	};
}

/** Accelerators of all parts of the scenario. */
function acceleratorsOf(value: JsonMembers): number | undefined {
	const list = within(value, "scenario", "host")?.["accelerator"];
	const stack = within(value, "scenario")?.["stack"];
	const counts = Array.isArray(list)
		? list.map((each: unknown) => numberIn(isMembers(each) ? each : undefined, "count"))
		: Array.isArray(stack)
			? stack.map((each: unknown) => {
					const part = within(each, "standardized");
					const each1 = numberIn(within(part, "accelerator"), "count");
					return each1 === undefined ? undefined : each1 * (numberIn(part, "replicas") ?? 1);
				})
			: [];
	const known = counts.flatMap((n) => n ?? []);
	return known.length === 0 ? undefined : known.reduce((sum, n) => sum + n, 0);
}

export const llmDResults: Importer = jsonImporter({
	kind: "llm-d-results",
	title: "rows of the llm-d results store",
	detect: ({ keys }: Head) => (keys.has("accelerator_count") && keys.has("metrics") && keys.has("workload") ? 0.95 : 0),
	items: (value, line) => {
		const metrics = within(value, "metrics");
		const throughput = numberIn(metrics, "throughput");
		const gpus = numberIn(value, "accelerator_count");
		const fault = rateFault("metrics.throughput", throughput) ?? rateFault("accelerator_count", gpus);
		if (fault !== undefined) return [aside(line, fault, value)];
		// Milliseconds, by the names of the store's own fields.
		const tpot = numberIn(metrics, "tpot_ms", "time_per_output_token");
		const row = present({
			layout: "llm-d-results",
			model: textIn(value, "model", "model_name") ?? "unknown",
			hardware: textIn(value, "hardware", "accelerator_type"),
			precision: textIn(within(value, "metadata"), "precision"),
			stack: textIn(within(value, "metadata"), "backend"),
			date: textIn(value, "timestamp"),
			gpus,
			isDisaggregated: value["architecture"] === "disaggregated",
			isl: numberIn(within(value, "workload"), "input_tokens"),
			osl: numberIn(within(value, "workload"), "output_tokens"),
			concurrency: numberIn(within(value, "workload"), "concurrency"),
			tokensPerGpuSecond: throughput === undefined || gpus === undefined || gpus === 0 ? undefined : throughput / gpus,
			medianTtft: millis(numberIn(within(metrics, "ttft"), "p50")),
			medianTpot: millis(tpot),
			interactivity: tpot === undefined || tpot === 0 ? undefined : 1000 / tpot,
		}) as BenchmarkRow;
		return [
			{ kind: "read", count: 1 },
			{ kind: "benchmark", row, line },
		];
	},
});

function millis(n: number | undefined): number | undefined {
	return n === undefined ? undefined : n / 1000;
}
