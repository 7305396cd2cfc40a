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
	RowWindow,
	Time,
	TokensPerGpuSecond,
} from "@farthing/engine";
import {
	checkRow,
	constant,
	dateOf,
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
import type { Warning } from "./envelope.ts";
import { laterWarning, rowProvenance } from "./evidence.ts";
import { FarthingError, type FarthingErrorDetail } from "./farthing-error.ts";
import { shortened } from "./names.ts";

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
export interface RowMatch {
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

export interface RowWindowChoice extends RowWindow {
	/** Only these rows, whatever their date. */
	readonly named?: readonly NamedRow[];
}

/** Rows that match, one per configuration and concurrency. */
export function matchingRows(
	points: readonly BenchmarkPoint[],
	filter: RowFilter,
	window: RowWindow = {},
): CheckedRow[] {
	return latestRows(
		points.filter((point) => isMatch(point, filter)),
		window,
	).map(checkedPoint);
}

/** A row that somebody named, and where it was named, for messages. */
export interface NamedRow {
	readonly id: string;
	readonly where: FarthingErrorDetail;
}

/** Rows given with `--row`. */
export function rowsOfFlag(ids: readonly string[]): NamedRow[] {
	return ids.map((id) => ({ id, where: { field: "--row" } }));
}

/**
 * Rows that somebody named, each once and whatever its date. Throws exit 3 for one that is not there, or that was measured
 * on another model or with other lengths than the question is about.
 */
export function namedRows(
	points: readonly BenchmarkPoint[],
	named: readonly NamedRow[],
	question: { readonly model: string; readonly isl: number; readonly osl: number },
): CheckedRow[] {
	const found = new Map(named.map((each) => [each.id, rowFor(points, each, question)]));
	return points.filter(({ id }) => found.has(id)).map(checkedPoint);
}

function rowFor(
	points: readonly BenchmarkPoint[],
	{ id, where }: NamedRow,
	{ model, isl, osl }: { readonly model: string; readonly isl: number; readonly osl: number },
): BenchmarkPoint {
	const row = points.find((point) => point.id === id);
	if (row === undefined) {
		throw new FarthingError(
			3,
			"unknown-row",
			{ en: `no benchmark row "${shortened(id)}" in the catalogue`, zh: `目录中没有基准测试行“${shortened(id)}”` },
			{
				...where,
				expected: { en: "the id of a benchmark row", zh: "基准测试行的编号" },
				hint: `farthing catalog list benchmarks ${model}`,
			},
		);
	}
	if (row.model !== model) {
		throw new FarthingError(
			3,
			"wrong-model",
			{
				en: `row ${id} is of ${row.model}, the question is about ${model}`,
				zh: `行 ${id} 属于 ${row.model}，而问题是关于 ${model}`,
			},
			{
				...where,
				expected: { en: `a row of ${model}`, zh: `${model} 的行` },
				hint: `farthing catalog list benchmarks ${model}`,
			},
		);
	}
	if (row.isl === isl && row.osl === osl) return row;
	const message = `row ${id} was measured at ${row.isl} tokens in and ${row.osl} out, the question is about ${isl} and ${osl}`;
	throw new FarthingError(3, "wrong-lengths", message, {
		...where,
		expected: `a row of ${isl}/${osl} tokens: other lengths are another workload`,
		hint: `farthing catalog list benchmarks ${model} ${isl}/${osl}`,
	});
}

/** A warning about rows that were measured after the day the question is asked for. */
export function laterRowWarnings(rows: readonly CheckedRow[], asOf: string): Warning[] {
	const later = rows.filter(({ point }) => dateOf(point) > asOf);
	if (later.length > NAMED) {
		const last = later.map(({ point }) => dateOf(point)).reduce((a, b) => (b > a ? b : a));
		return laterWarning(`the last of ${later.length} benchmark rows`, last, asOf);
	}
	return later.flatMap(({ point }) => laterWarning(`benchmark row ${point.id}`, dateOf(point), asOf));
}

const NAMED = 3;

/** Where rows would fit but for their day: the error that says so. Undefined where none fits on any day. */
export function nothingYet(
	points: readonly BenchmarkPoint[],
	filter: RowFilter,
	{ asOf, between }: RowWindow,
): FarthingError | undefined {
	const days = points
		.filter((point) => isMatch(point, filter) && (between === undefined || point.measuredOn !== undefined))
		.map(dateOf)
		.sort();
	const [first, last] = [days[0], days.at(-1)];
	if (first === undefined || last === undefined) return undefined;
	const when = between === undefined ? `by ${asOf}` : `between ${between[0]} and ${between[1]}`;
	return new FarthingError(3, "no-data", `no row of ${filter.model} that fits was measured ${when}`, {
		field: between === undefined ? "--as-of" : "--rows-between",
		expected: first === last ? `the day ${first}` : `a day from ${first}, or days up to ${last}`,
	});
}

/** Which member of a row is not as asked, in words; undefined where all are. */
export function unlikeAsked(point: BenchmarkPoint, filter: RowMatch): string | undefined {
	const member = MATCHED.find((name) => !fitsMember(point, filter, name));
	if (member === undefined) return undefined;
	const wanted: unknown = filter[member];
	return `its ${member} is ${point[member]}, asked for is ${Array.isArray(wanted) ? wanted.join(", ") : String(wanted)}`;
}

/** Rows up to the day of the question, unless days or rows are chosen. */
export function windowUpTo({ asOf: upTo, between }: RowWindow, asOf: string): RowWindow {
	return between === undefined ? { asOf: upTo ?? asOf } : { between };
}

export function isMatch(point: BenchmarkPoint, filter: RowMatch): boolean {
	return MATCHED.every((member) => fitsMember(point, filter, member));
}

function fitsMember(point: BenchmarkPoint, filter: RowMatch, member: (typeof MATCHED)[number]): boolean {
	const wanted: unknown = filter[member];
	return wanted === undefined || (Array.isArray(wanted) ? wanted.includes(point[member]) : wanted === point[member]);
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

const CHECKED = new WeakMap<BenchmarkPoint, CheckedRow>();

/** Checked once a row: every question goes through hundreds of them. */
export function checkedPoint(point: BenchmarkPoint): CheckedRow {
	const known = CHECKED.get(point);
	if (known !== undefined) return known;
	const checked = { point, checks: checkRow(point) };
	CHECKED.set(point, checked);
	return checked;
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
		label: `${point.isModelled === true ? "modelled" : "measured"} throughput, ${rowName(point)}`,
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
