/** Benchmark rows as a command uses them: which rows match, which may answer, and how they enter a model. */
import type { Catalogue } from "@farthing/catalogue";
import type {
	BenchmarkPoint,
	Expr,
	Gap,
	GpusPerReplica,
	Interactivity,
	PointField,
	RowCheck,
	Time,
	TokensPerGpuSecond,
} from "@farthing/engine";
import {
	checkRow,
	constant,
	define,
	gpusPerReplica,
	input,
	interactivity,
	latestRows,
	multiply,
	per,
	second,
	token,
	tokensPerGpuSecond,
	usable,
} from "@farthing/engine";
import type { Lengths } from "./api-prices.ts";
import { rowProvenance } from "./evidence.ts";

/** A row with the outcome of its checks. */
export interface CheckedRow {
	readonly point: BenchmarkPoint;
	readonly checks: readonly RowCheck[];
}

/** Which rows a question looks at, by catalogue ids; absent: any. */
export interface RowFilter extends RowMatch {
	readonly model: string;
}

type OneOf<T> = T | readonly T[];
interface RowMatch {
	readonly model?: OneOf<string>;
	readonly hardware?: OneOf<string>;
	readonly precision?: OneOf<string>;
	readonly stack?: OneOf<string>;
	readonly speculative?: OneOf<string>;
	readonly disaggregated?: boolean;
	readonly multinode?: boolean;
	readonly isl?: number;
	readonly osl?: number;
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
	const { ids, ...days } = window;
	const chosen = ids === undefined ? latestRows(matching, days) : matching.filter(({ id }) => ids.includes(id));
	return chosen.map(checkedPoint);
}

/** Rows up to the day of the question, unless days or rows are chosen. */
export function windowUpTo(window: RowWindowChoice, asOf: string): RowWindowChoice {
	return window.ids !== undefined || window.between !== undefined ? window : { asOf, ...window };
}

export function isMatch(point: BenchmarkPoint, filter: RowMatch): boolean {
	return MATCHED.every((member) => {
		const wanted: unknown = filter[member];
		return wanted === undefined || (Array.isArray(wanted) ? wanted.includes(point[member]) : wanted === point[member]);
	});
}

const MATCHED = [
	"model",
	"hardware",
	"precision",
	"stack",
	"speculative",
	"disaggregated",
	"multinode",
	"isl",
	"osl",
] as const;

export function checkedPoint(point: BenchmarkPoint): CheckedRow {
	return { point, checks: checkRow(point) };
}

/** Whether a row may answer a question that needs these fields, and if not, why. */
export function mayAnswer(
	{ point, checks }: CheckedRow,
	needed: readonly PointField[],
): { readonly ok: true } | { readonly ok: false; readonly reason: string } {
	const fit = usable(point, checks, needed);
	if (fit.usable) return { ok: true };
	const failed = fit.failed.map((check) => check.message);
	const missing = fit.missing.map((field) => `${field} is not published`);
	return { ok: false, reason: [...failed, ...missing].join("; ") };
}

const SPLIT_FIELDS: readonly PointField[] = ["inputTokensPerPrefillGpuSecond", "outputTokensPerDecodeGpuSecond"];
const ROLE_FIELDS: readonly PointField[] = ["prefill.gpus", "decode.gpus"];

/** Tokens a second over all GPUs of the deployment: those of the other role are paid for too. */
function perDeployedGpu(point: BenchmarkPoint, kind: "input" | "output"): number {
	const rate = kind === "input" ? point.inputTokensPerPrefillGpuSecond : point.outputTokensPerDecodeGpuSecond;
	if (!point.disaggregated) return rate as number;
	const prefill = point.prefill?.gpus as number;
	const decode = point.decode.gpus as number;
	return ((rate as number) * (kind === "input" ? prefill : decode)) / (prefill + decode);
}

/** Measured total throughput of a row. */
export function throughputInput(catalogue: Catalogue, point: BenchmarkPoint): Expr<TokensPerGpuSecond<"total">> {
	return input(`${point.id}.tokens_per_gpu_second.total`, tokensPerGpuSecond("total"), {
		...rowProvenance(catalogue, point),
		label: `measured throughput, ${rowName(point)}`,
		value: { kind: "point", value: point.tokensPerGpuSecond },
	});
}

/** Measured throughput of one kind of token over all GPUs, or why the row cannot say. */
export function splitThroughputInput<K extends "input" | "output">(
	catalogue: Catalogue,
	{ point, checks }: CheckedRow,
	kind: K,
): Expr<TokensPerGpuSecond<K>> | Gap {
	const fit = mayAnswer({ point, checks }, [...SPLIT_FIELDS, ...(point.disaggregated ? ROLE_FIELDS : [])]);
	if (!fit.ok) return { missing: fit.reason };
	return input(`${point.id}.tokens_per_gpu_second.${kind}`, tokensPerGpuSecond(kind), {
		...rowProvenance(catalogue, point),
		label: `measured ${kind} throughput over all GPUs, ${rowName(point)}`,
		value: { kind: "point", value: perDeployedGpu(point, kind) },
	});
}

/** Throughput of one kind of token as its share of the total by the nominal lengths of a request. */
export function nominalSplit<K extends "input" | "output">(
	id: string,
	kind: K,
	total: Expr<TokensPerGpuSecond<"total">>,
	lengths: Lengths,
): Expr<TokensPerGpuSecond<K>> {
	const share = constant(lengths[kind] / (lengths.input + lengths.output), per(token(kind), token("total")));
	const split = multiply(total, share) as unknown as Expr<TokensPerGpuSecond<K>>;
	return define(id, tokensPerGpuSecond(kind), split, {
		label: `${kind} throughput by the lengths of a request`,
		formula: `total throughput × ${kind} tokens ÷ all tokens of a request`,
	});
}

/** As measured where the row splits its tokens, else by nominal lengths. */
export function splitThroughput<K extends "input" | "output">(
	catalogue: Catalogue,
	row: CheckedRow,
	kind: K,
): Expr<TokensPerGpuSecond<K>> {
	const measured = splitThroughputInput(catalogue, row, kind);
	if (!("missing" in measured)) return measured;
	const { id, isl, osl } = row.point;
	const total = throughputInput(catalogue, row.point);
	return nominalSplit(`${id}.tokens_per_gpu_second.${kind}`, kind, total, { input: isl, output: osl });
}

/** The speed a row was measured at, as the point at which a frontier is read. */
export function interactivityInput(catalogue: Catalogue, point: BenchmarkPoint): Expr<Interactivity> {
	return input(`${point.id}.interactivity`, interactivity, {
		...rowProvenance(catalogue, point),
		label: "interactivity, 1 / median TPOT",
		value: { kind: "point", value: point.interactivityTokensPerSecond },
		role: "condition",
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

/** `b200-sxm tensorrt-llm nvfp4 mtp TP4, concurrency 64`, for labels. */
export function rowName(point: BenchmarkPoint): string {
	const speculative = point.speculative === "none" ? "" : ` ${point.speculative}`;
	return `${point.hardware} ${point.stack} ${point.precision}${speculative} ${layoutOf(point)}, concurrency ${point.concurrency}`;
}

/** `TP4`, `TP8 EP8 DP-attention` or `4+8 GPUs` of a row. */
export function layoutOf(point: BenchmarkPoint): string {
	if (point.disaggregated) return `${point.prefill?.gpus ?? "?"}+${point.decode.gpus ?? "?"} GPUs`;
	const { tp, ep, dpAttention } = point.decode;
	if (tp === undefined) return "layout not stated";
	return `TP${tp}${ep !== undefined && ep > 1 ? ` EP${ep}` : ""}${dpAttention === true ? " DP-attention" : ""}`;
}
