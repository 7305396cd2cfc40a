/** Benchmark rows as a command uses them: which rows match, which may answer, and how they enter a model. */
import type { Catalogue } from "@farthing/catalogue";
import type {
	BenchmarkPoint,
	Expr,
	GpusPerReplica,
	Interactivity,
	PointField,
	RowCheck,
	RowSelect,
	Time,
	TokensPerGpuSecond,
} from "@farthing/engine";
import {
	checkRow,
	gpusPerReplica,
	input,
	interactivity,
	latestRows,
	second,
	tokensPerGpuSecond,
	usable,
} from "@farthing/engine";
import { rowProvenance } from "./evidence.ts";

/** A row with the outcome of its checks. */
export interface CheckedRow {
	readonly point: BenchmarkPoint;
	readonly checks: readonly RowCheck[];
}

export interface RowFilter {
	readonly model: string;
	readonly isl?: number;
	readonly osl?: number;
	/** Catalogue ids; absent: any. */
	readonly hardware?: readonly string[];
	readonly precision?: readonly string[];
	readonly stack?: readonly string[];
	readonly speculative?: readonly string[];
	readonly disaggregated?: boolean;
}

export interface RowWindowChoice {
	readonly asOf?: string;
	readonly between?: readonly [string, string];
	/** Only these rows, whatever their date. */
	readonly ids?: readonly string[];
}

/** Rows that match, one per configuration and concurrency unless rows are named. */
export function matchingRows(
	points: readonly BenchmarkPoint[],
	filter: RowFilter,
	window: RowWindowChoice = {},
): CheckedRow[] {
	const matching = points.filter((point) => isMatch(point, filter));
	const { ids, asOf, between } = window;
	const chosen =
		ids !== undefined
			? matching.filter(({ id }) => ids.includes(id))
			: latestRows(matching, {
					...(asOf === undefined ? {} : { asOf }),
					...(between === undefined ? {} : { between }),
				});
	return chosen.map(checkedPoint);
}

export function isMatch(point: BenchmarkPoint, filter: RowFilter): boolean {
	const { hardware, precision, stack, speculative } = filter;
	return (
		point.model === filter.model &&
		(filter.isl === undefined || point.isl === filter.isl) &&
		(filter.osl === undefined || point.osl === filter.osl) &&
		(hardware === undefined || hardware.includes(point.hardware)) &&
		(precision === undefined || precision.includes(point.precision)) &&
		(stack === undefined || stack.includes(point.stack)) &&
		(speculative === undefined || speculative.includes(point.speculative)) &&
		(filter.disaggregated === undefined || point.disaggregated === filter.disaggregated)
	);
}

export function checkedPoint(point: BenchmarkPoint): CheckedRow {
	return { point, checks: checkRow(point) };
}

/** Whether a row may answer a question that needs these fields, and if not, why. */
export function mayAnswer({ point, checks }: CheckedRow, needed: readonly PointField[]): { ok: true } | { ok: false; reason: string } {
	const fit = usable(point, checks, needed);
	if (fit.usable) return { ok: true };
	const failed = fit.failed.map((check) => check.message);
	const missing = fit.missing.map((field) => `${field} is not published`);
	return { ok: false, reason: [...failed, ...missing].join("; ") };
}

/** Does a claim's selection of rows take this one? Names are catalogue ids. */
export function isSelected(point: BenchmarkPoint, select: RowSelect): boolean {
	return (
		(select.model === undefined || point.model === select.model) &&
		(select.hardware === undefined || point.hardware === select.hardware) &&
		(select.stack === undefined || point.stack === select.stack) &&
		(select.precision === undefined || point.precision === select.precision) &&
		(select.speculative === undefined || point.speculative === select.speculative) &&
		(select.disaggregated === undefined || point.disaggregated === select.disaggregated) &&
		(select.multinode === undefined || point.multinode === select.multinode) &&
		(select.isl === undefined || point.isl === select.isl) &&
		(select.osl === undefined || point.osl === select.osl)
	);
}

/** Output tokens per second over all GPUs of the deployment: prefill GPUs are paid for too. */
export function outputPerDeployedGpu(point: BenchmarkPoint): number | undefined {
	const perDecode = point.outputTokensPerDecodeGpuSecond;
	if (perDecode === undefined) return undefined;
	if (!point.disaggregated) return perDecode;
	const share = roleShare(point, point.decode.gpus);
	return share === undefined ? undefined : perDecode * share;
}

/** Input tokens per second over all GPUs of the deployment. */
export function inputPerDeployedGpu(point: BenchmarkPoint): number | undefined {
	const perPrefill = point.inputTokensPerPrefillGpuSecond;
	if (perPrefill === undefined) return undefined;
	if (!point.disaggregated) return perPrefill;
	const share = roleShare(point, point.prefill?.gpus);
	return share === undefined ? undefined : perPrefill * share;
}

function roleShare(point: BenchmarkPoint, gpus: number | undefined): number | undefined {
	const all = (point.prefill?.gpus ?? 0) + (point.decode.gpus ?? 0);
	return gpus === undefined || point.prefill?.gpus === undefined || all === 0 ? undefined : gpus / all;
}

/** Measured total throughput of a row. */
export function throughputInput(catalogue: Catalogue, point: BenchmarkPoint): Expr<TokensPerGpuSecond<"total">> {
	return input(`${point.id}.tokens_per_gpu_second.total`, tokensPerGpuSecond("total"), {
		...rowProvenance(catalogue, point),
		label: `measured throughput, ${rowName(point)}`,
		value: { kind: "point", value: point.tokensPerGpuSecond },
	});
}

/** Measured throughput of one kind of token over all GPUs; undefined where the row does not split. */
export function splitThroughputInput<K extends "input" | "output">(
	catalogue: Catalogue,
	point: BenchmarkPoint,
	kind: K,
): Expr<TokensPerGpuSecond<K>> | undefined {
	const value = kind === "input" ? inputPerDeployedGpu(point) : outputPerDeployedGpu(point);
	if (value === undefined) return undefined;
	return input(`${point.id}.tokens_per_gpu_second.${kind}`, tokensPerGpuSecond(kind), {
		...rowProvenance(catalogue, point),
		label: `measured ${kind} throughput over all GPUs, ${rowName(point)}`,
		value: { kind: "point", value },
	});
}

export function interactivityInput(catalogue: Catalogue, point: BenchmarkPoint): Expr<Interactivity> {
	return input(`${point.id}.interactivity`, interactivity, {
		...rowProvenance(catalogue, point),
		label: "interactivity, 1 / median TPOT",
		value: { kind: "point", value: point.interactivityTokensPerSecond },
	});
}

export function ttftInput(catalogue: Catalogue, point: BenchmarkPoint, seconds: number, statistic: string): Expr<Time> {
	return input(`${point.id}.ttft.${statistic}`, second, {
		...rowProvenance(catalogue, point),
		label: `${statistic} TTFT`,
		value: { kind: "point", value: seconds },
	});
}

export function replicaInput(catalogue: Catalogue, point: BenchmarkPoint): Expr<GpusPerReplica> {
	return input(`${point.id}.gpus_per_replica`, gpusPerReplica, {
		...rowProvenance(catalogue, point),
		label: "GPUs of one replica",
		value: { kind: "point", value: point.gpus as number },
	});
}

/** `B200-SXM TensorRT-LLM NVFP4 TP4, concurrency 64` from ids, for labels. */
export function rowName(point: BenchmarkPoint): string {
	const speculative = point.speculative === "none" ? "" : ` ${point.speculative}`;
	return `${point.hardware} ${point.stack} ${point.precision}${speculative} ${layoutOf(point)}, concurrency ${point.concurrency}`;
}

/** `TP4`, `EP8 TP8` or `4+8 GPUs` of a row. */
export function layoutOf(point: BenchmarkPoint): string {
	if (point.disaggregated) return `${point.prefill?.gpus ?? "?"}+${point.decode.gpus ?? "?"} GPUs`;
	const { tp, ep, dpAttention } = point.decode;
	return `TP${tp}${ep !== undefined && ep > 1 ? ` EP${ep}` : ""}${dpAttention === true ? " DP-attention" : ""}`;
}
