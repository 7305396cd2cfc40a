/**
 * Rows of InferenceX (InferenceMAX before): v1 with one tp, v2 with prefill and decode sides, v3 agentic with nested
 * blocks, and rows of its public API with nested `metrics`. Figures derived from them are unofficial. Rates are per GPU;
 * a row holds no totals, so that importing it counts no tokens.
 */
import type { BenchmarkRow } from "../benchmark-row.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, Source } from "../importer.ts";
import { isMembers, type JsonMembers, numberIn, present, textIn } from "../json-fields.ts";
import { jsonValues } from "../source/json-values.ts";

export const inferenceX: Importer = {
	kind: "inferencex",
	title: "rows of InferenceX (v1, v2, agentic)",
	detect: ({ keys }: Head) => {
		const has = (name: string): boolean => keys.has(name);
		const isRow = (has("hw") || has("hardware")) && (has("framework") || has("conc"));
		if (isRow && (has("tput_per_gpu") || has("metrics"))) return 0.95;
		if (has("request_metrics") && has("server_metrics")) return 0.9;
		return has("tput_per_gpu") ? 0.7 : 0;
	},
	read,
};

async function* read(source: Source): AsyncGenerator<ImportItem> {
	const layouts: Record<string, number> = {};
	for await (const item of jsonValues(source.bytes())) {
		if ("fault" in item) {
			yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
			continue;
		}
		if (!isMembers(item.value)) {
			yield { kind: "quarantine", line: item.line, reason: "expected an object for a row" };
			continue;
		}
		const { row, faults, layout } = rowOf(item.value);
		if (faults.length > 0) {
			const text = JSON.stringify(item.value).slice(0, 200);
			yield { kind: "quarantine", line: item.line, reason: faults.join("; "), text };
			continue;
		}
		layouts[layout] = (layouts[layout] ?? 0) + 1;
		yield { kind: "read", count: 1 };
		for (const name of unknownIn(item.value)) yield { kind: "unknown", name };
		for (const doubt of row.doubts ?? [])
			yield { kind: "warning", code: "row-in-doubt", message: `line ${item.line}: ${doubt}` };
		yield { kind: "benchmark", line: item.line, row };
	}
	yield { kind: "figures", figures: { details: { layouts } } };
}

function rowOf(given: JsonMembers): { row: BenchmarkRow; faults: string[]; layout: string } {
	const flat = flattened(given);
	const layout = layoutOf(given);
	const total = numberIn(flat, ...TOTAL_KEYS);
	const input = numberIn(flat, "input_tput_per_gpu", "throughput.input_tput_per_gpu", "throughput.input_per_gpu");
	const output = numberIn(flat, "output_tput_per_gpu", "throughput.output_tput_per_gpu", "throughput.output_per_gpu");
	const faults = [
		["tput_per_gpu", total],
		["input_tput_per_gpu", input],
		["output_tput_per_gpu", output],
	] as const;
	const wrong = faults
		.filter(([, value]) => value !== undefined && !(Number.isFinite(value) && value >= 0))
		.map(([name, value]) => `${name} is ${value}: expected tokens a second from 0`);
	if (total === undefined && layout !== "v3") wrong.push("tput_per_gpu is missing");
	const { gpus, prefill, decode } = gpusOf(flat);
	const tpot = numberIn(flat, "median_tpot", "latency.tpot.median", "latency.tpot.p50");
	const disaggregated = isTrue(flat["disagg"]) || (prefill !== undefined && decode !== undefined && decode > 0);
	const row = present({
		layout: `inferencex-${layout}`,
		model: textIn(flat, "infmax_model_prefix", "model", "model_prefix") ?? "unknown",
		hardware: textIn(flat, "hw", "hardware"),
		stack: textIn(flat, "framework"),
		precision: textIn(flat, "precision"),
		date: textIn(flat, "date"),
		gpus,
		prefillGpus: prefill,
		decodeGpus: decode,
		isDisaggregated: disaggregated,
		speculative: textIn(flat, "spec_decoding", "spec_method") ?? (flat["mtp"] === "on" ? "mtp" : undefined),
		isl: numberIn(flat, "isl"),
		osl: numberIn(flat, "osl"),
		concurrency: numberIn(flat, "conc", "concurrency", "users"),
		tokensPerGpuSecond: total,
		inputPerGpuSecond: input,
		outputPerGpuSecond: output,
		medianTtft: numberIn(flat, "median_ttft", "latency.ttft.median", "latency.ttft.p50"),
		p99Ttft: numberIn(flat, "p99_ttft", "latency.ttft.p99"),
		medianTpot: tpot,
		interactivity: numberIn(flat, "median_intvty", "interactivity", "latency.intvty.median", "latency.intvty.p50"),
		joulesPerOutputToken: numberIn(flat, "joules_per_output_token"),
	}) as BenchmarkRow;
	const doubts = doubtsOf(row);
	return { row: doubts.length === 0 ? row : { ...row, doubts }, faults: wrong, layout };
}

const TOTAL_KEYS = [
	"tput_per_gpu",
	"total_tput_per_gpu",
	"throughput.tput_per_gpu",
	"throughput.total_tput_per_gpu",
	"throughput.total_per_gpu",
];

/** Blocks are opened: the metrics of API rows and of agentic rows stand at the top. */
function flattened(given: JsonMembers): JsonMembers {
	const flat: Record<string, unknown> = {};
	const open = (value: JsonMembers, prefix: string): void => {
		for (const [name, each] of Object.entries(value)) {
			if (isMembers(each)) open(each, BLOCKS.has(name) && prefix === "" ? "" : `${prefix}${name}.`);
			else flat[`${prefix}${name}`] ??= each;
		}
	};
	open(given, "");
	return flat;
}

const BLOCKS = new Set(["metrics", "request_metrics"]);

function layoutOf(given: JsonMembers): "v1" | "v2" | "v3" {
	if (isMembers(given["request_metrics"])) return "v3";
	return "prefill_tp" in given || "num_prefill_gpu" in given ? "v2" : "v1";
}

/** TP·PP·PCP of one engine (EP spans the same GPUs); of a split deployment both sides with their workers. */
function gpusOf(flat: JsonMembers): { gpus?: number; prefill?: number; decode?: number } {
	const prefill = numberIn(flat, "num_prefill_gpu") ?? side(flat, "prefill");
	const decode = numberIn(flat, "num_decode_gpu") ?? side(flat, "decode");
	const isMultinode = isTrue(flat["is_multinode"]) || isTrue(flat["disagg"]) || numberIn(flat, "tp") === undefined;
	if (isMultinode && prefill !== undefined && decode !== undefined && prefill + decode > 0) {
		return { gpus: prefill + decode, prefill, decode };
	}
	const tp = numberIn(flat, "tp");
	if (tp === undefined) return {};
	return { gpus: tp * (numberIn(flat, "pp", "pp_size") ?? 1) * (numberIn(flat, "pcp_size", "pcp") ?? 1) };
}

function side(flat: JsonMembers, role: string): number | undefined {
	const tp = numberIn(flat, `${role}_tp`);
	if (tp === undefined) return undefined;
	return tp * (numberIn(flat, `${role}_pp`) ?? 1) * (numberIn(flat, `${role}_num_workers`) ?? 1);
}

/** Identities that hold on sound rows: total is input and output over all GPUs; concurrency is Little's law. */
function doubtsOf(row: BenchmarkRow): string[] {
	const { tokensPerGpuSecond: total, inputPerGpuSecond: input, outputPerGpuSecond: output } = row;
	const { prefillGpus: p, decodeGpus: d, gpus } = row;
	if (total === undefined || input === undefined || output === undefined) return [];
	const isSplit = p !== undefined && d !== undefined && gpus !== undefined && gpus > 0 && d > 0;
	const whole = isSplit ? (input * p + output * d) / gpus : input + output;
	if (Math.abs(whole - total) <= total * 0.02) return [];
	return [`tput_per_gpu is ${total.toFixed(1)}, input and output give ${whole.toFixed(1)}`];
}

function isTrue(value: unknown): boolean {
	return value === true || value === "true" || value === "True" || value === "on";
}

const KNOWN = new Set(
	`hw hardware tp ep dp_attention conc model infmax_model_prefix framework precision isl osl image tput_per_gpu
	output_tput_per_gpu input_tput_per_gpu mtp is_multinode disagg prefill_tp prefill_ep prefill_pp prefill_dp_attention
	prefill_num_workers decode_tp decode_ep decode_pp decode_dp_attention decode_num_workers num_prefill_gpu num_decode_gpu
	spec_decoding spec_method pp pp_size dcp dcp_size pcp pcp_size router kv_p2p_transfer recipe_fingerprint prefill_hw
	decode_hw date run_url config_id metrics workers sets derived gpus median_tpot interactivity joules_per_output_token
	joules_per_total_token joules_per_input_token offload_mode request_metrics server_metrics benchmark_type users
	num_requests kv_offloading prefix_cache_hit_rate power_metric_schema_version power_valid avg_power_w`
		.trim()
		.split(/\s+/),
);
const STATISTIC = /^(mean|median|std|min|max|p\d{2}(\.\d+)?|p\d{3})_(ttft|tpot|itl|e2el|intvty|qps)$/;

function unknownIn(given: JsonMembers): string[] {
	return Object.keys(given).filter(
		(name) => !KNOWN.has(name) && !STATISTIC.test(name) && !/power|joule|energy/.test(name),
	);
}
