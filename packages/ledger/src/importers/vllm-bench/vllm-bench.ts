/**
 * Results of `vllm bench serve` and of benchmark_serving.py before it: one object a run, also several in a file. They say
 * nothing of hardware; how many GPUs served must be given. Source of the fields: vLLM vllm/benchmarks/serve.py.
 */
import type { BenchmarkRow } from "../benchmark-row.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, ImportContext, Source } from "../importer.ts";
import { countFault, isMembers, type JsonMembers, numberIn, present, textIn } from "../json-fields.ts";
import { usageItem } from "../record-items.ts";
import { jsonValues } from "../source/json-values.ts";
import { isoOfMillis } from "../times.ts";

export const vllmBench: Importer = {
	kind: "vllm-bench",
	title: "a result of vllm bench serve or benchmark_serving.py",
	detect: ({ keys }: Head) => {
		const has = (name: string): boolean => keys.has(name);
		if (has("total_output_tokens_retokenized") || has("server_info")) return 0;
		if (!has("completed") || !has("total_output_tokens") || !has("duration")) return 0;
		return has("total_input_tokens") && (has("total_token_throughput") || has("output_throughput")) ? 0.95 : 0.6;
	},
	read,
};

async function* read(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	for await (const item of jsonValues(source.bytes())) {
		if ("fault" in item) yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
		else if (isMembers(item.value)) yield* runItems(item.value, item.line, source, context);
		else yield { kind: "quarantine", line: item.line, reason: "expected one JSON object for a run" };
	}
}

function* runItems(run: JsonMembers, line: number, source: Source, context: ImportContext): Generator<ImportItem> {
	const { completed, total_input_tokens: input, total_output_tokens: output } = run;
	const duration = numberIn(run, "duration");
	const faults = [
		countFault("completed", completed),
		countFault("failed", run["failed"]),
		countFault("total_input_tokens", input),
		countFault("total_output_tokens", output),
		...(duration !== undefined && duration > 0 && Number.isFinite(duration)
			? []
			: [`duration is ${JSON.stringify(run["duration"])}: expected seconds above 0`]),
	].filter((fault) => fault !== undefined);
	if (faults.length > 0 || duration === undefined) {
		yield { kind: "quarantine", line, reason: faults.join("; "), text: JSON.stringify(run).slice(0, 200) };
		return;
	}
	yield { kind: "read", count: 1 };
	for (const name of Object.keys(run)) if (!isKnown(name)) yield { kind: "unknown", name };
	yield* doubts(run, duration);
	const tokens = present({
		inputTotal: numberIn(run, "total_input_tokens"),
		output: numberIn(run, "total_output_tokens"),
	});
	const requests = numberIn(run, "completed");
	if (tokens.inputTotal === undefined || tokens.output === undefined || requests === undefined) {
		yield { kind: "uncounted", reason: "a run without completed, total_input_tokens or total_output_tokens" };
	}
	const { gpus } = context;
	yield {
		kind: "figures",
		figures: present({
			requests,
			tokens,
			...(gpus === undefined ? {} : { gpuSeconds: gpus * duration, gpus }),
			details: { runs: [describe(run, duration)] },
		}),
	};
	yield { kind: "benchmark", line, row: rowOf(run, duration, gpus) };
	const record = recordOf(run, duration, source, context);
	if (record === undefined) {
		yield { kind: "skip", reason: "a run without a date makes no record of the ledger (give --to)", count: 1 };
		return;
	}
	const made = usageItem(record, line);
	yield made.kind === "usage" ? { ...made, counted: false } : made;
}

/** Figures of a run that contradict each other are named, and the totals of the run are believed. */
function* doubts(run: JsonMembers, duration: number): Generator<ImportItem> {
	const pairs = [
		["output_throughput", numberIn(run, "total_output_tokens")],
		["request_throughput", numberIn(run, "completed")],
	] as const;
	for (const [name, total] of pairs) {
		const rate = numberIn(run, name);
		if (rate === undefined || total === undefined || total === 0) continue;
		if (Math.abs((rate * duration) / total - 1) > 0.02) {
			const message = `${name} is ${rate}, the totals over the duration give ${total / duration}`;
			yield { kind: "warning", code: "figures-disagree", message };
		}
	}
	for (const [list, total] of [
		["input_lens", "total_input_tokens"],
		["output_lens", "total_output_tokens"],
	] as const) {
		const lengths = run[list];
		if (!Array.isArray(lengths) || (numberIn(run, "failed") ?? 0) > 0) continue;
		const sum = lengths.reduce((all: number, each: unknown) => all + (typeof each === "number" ? each : 0), 0);
		const said = numberIn(run, total);
		if (said !== undefined && sum > 0 && Math.abs(sum - said) > said * 0.01) {
			yield { kind: "warning", code: "figures-disagree", message: `${list} add up to ${sum}, ${total} is ${said}` };
		}
	}
}

function describe(run: JsonMembers, duration: number): JsonMembers {
	return present({
		model: textIn(run, "model_id"),
		backend: textIn(run, "backend", "endpoint_type"),
		date: textIn(run, "date"),
		duration_s: duration,
		completed: numberIn(run, "completed"),
		failed: numberIn(run, "failed"),
		request_rate: textIn(run, "request_rate"),
		max_concurrency: numberIn(run, "max_concurrency"),
		request_throughput: numberIn(run, "request_throughput"),
		output_throughput: numberIn(run, "output_throughput"),
		total_token_throughput: numberIn(run, "total_token_throughput"),
		...Object.fromEntries(
			METRICS.flatMap((metric) =>
				["mean", "median", "p99"].flatMap((statistic) => {
					const value = seconds(run, statistic, metric);
					return value === undefined ? [] : [[`${statistic}_${metric}_s`, value]];
				}),
			),
		),
	});
}

const METRICS = ["ttft", "tpot", "itl", "e2el"] as const;

/** Milliseconds in the tool's own files; wrappers write seconds, without `_ms` in the name. */
function seconds(run: JsonMembers, statistic: string, metric: string): number | undefined {
	const inMillis = numberIn(run, `${statistic}_${metric}_ms`);
	if (inMillis !== undefined) return inMillis / 1000;
	return numberIn(run, `${statistic}_${metric}_s`, `${statistic}_${metric}`);
}

function rowOf(run: JsonMembers, duration: number, gpus: number | undefined): BenchmarkRow {
	const completed = numberIn(run, "completed") ?? 0;
	const input = numberIn(run, "total_input_tokens");
	const output = numberIn(run, "total_output_tokens");
	const rate = (tokens: number | undefined): number | undefined =>
		tokens === undefined || gpus === undefined ? undefined : tokens / duration / gpus;
	const tpot = seconds(run, "median", "tpot");
	return present({
		layout: "vllm-bench",
		model: textIn(run, "model_id") ?? "unknown",
		stack: textIn(run, "backend"),
		date: textIn(run, "date"),
		gpus,
		isl: input === undefined || completed === 0 ? undefined : input / completed,
		osl: output === undefined || completed === 0 ? undefined : output / completed,
		concurrency: numberIn(run, "max_concurrency"),
		tokensPerGpuSecond: rate(input === undefined || output === undefined ? undefined : input + output),
		inputPerGpuSecond: rate(input),
		outputPerGpuSecond: rate(output),
		medianTtft: seconds(run, "median", "ttft"),
		p99Ttft: seconds(run, "p99", "ttft"),
		medianTpot: tpot,
		interactivity: tpot === undefined || tpot === 0 ? undefined : 1 / tpot,
	}) as BenchmarkRow;
}

/** The run as a window of the ledger, from its date (its end, in local time) or what the user says. */
function recordOf(run: JsonMembers, duration: number, source: Source, context: ImportContext): JsonMembers | undefined {
	const end = context.to ?? endOf(textIn(run, "date"), context.zoneMinutes ?? 0);
	if (end === undefined) return undefined;
	const count = numberIn(run, "completed");
	const sum = (metric: string, n: number | undefined): JsonMembers | undefined => {
		const mean = seconds(run, "mean", metric);
		return mean === undefined || n === undefined ? undefined : { sum: Math.round(mean * n * 1e6) };
	};
	return present({
		grain: "window",
		t0: isoOfMillis(end - duration * 1000),
		t1: isoOfMillis(end),
		source: { adapter: "vllm-bench", version: "1", kind: "benchmark", instance: source.name.slice(0, 256) },
		model: { served: textIn(run, "model_id") ?? context.model ?? "unknown" },
		tokens: present({ in_total: numberIn(run, "total_input_tokens"), out_total: numberIn(run, "total_output_tokens") }),
		requests: present({ finished: count, errored: numberIn(run, "failed") }),
		latency: present({ ttft: sum("ttft", count), tpot: sum("tpot", count), e2e: sum("e2el", count) }),
		quality: { reasons: ["local-time-taken-as-given-zone"] },
	});
}

/** `20260817-061117`. */
function endOf(date: string | undefined, zoneMinutes: number): number | undefined {
	const match = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})$/.exec(date ?? "");
	if (match === null) return undefined;
	const [y, mo, d, h, mi, s] = match.slice(1).map(Number) as [number, number, number, number, number, number];
	return Date.UTC(y, mo - 1, d, h, mi, s) - zoneMinutes * 60_000;
}

const STATISTIC = /^(mean|median|std|min|max|p\d{1,3}(\.\d+)?|p\d{3,4})_(ttft|tpot|itl|e2el)(_ms|_s)?$/;
const KNOWN = new Set(
	`date endpoint_type backend label model_id tokenizer_id best_of num_prompts request_rate burstiness max_concurrency
	duration completed failed total_input_tokens total_output_tokens request_throughput request_goodput request_goodput:
	output_throughput total_token_throughput max_output_tokens_per_s max_concurrent_requests rtfx input_lens output_lens
	ttfts itls generated_texts errors start_times ramp_up_strategy ramp_up_start_rps ramp_up_end_rps steps_stats`
		.trim()
		.split(/\s+/),
);

function isKnown(name: string): boolean {
	return KNOWN.has(name) || STATISTIC.test(name) || /^(spec_decode|probe)_/.test(name);
}
