/** The numbers of one line of a frontier as quantities of a model. */
import type { Catalogue, Hardware } from "@farthing/catalogue";
import type {
	AnyExpr,
	BenchmarkPoint,
	Expr,
	FrontierTable,
	Interactivity,
	TablePlace,
	TokensPerRequest,
	UsdPerGpuHour,
} from "@farthing/engine";
import {
	constant,
	define,
	divide,
	headlineCost,
	input,
	interactivity,
	lookup,
	per,
	request,
	requestCost,
	second,
	teraflop,
	token,
	tokensPerGpuSecond,
	usd,
	usdPerGpuHour,
} from "@farthing/engine";
import type { Lengths } from "./api-prices.ts";
import type { Asking } from "./envelope.ts";
import { figureInput, rowProvenance } from "./evidence.ts";
import { givenInput } from "./given.ts";
import { nodeId } from "./node-id.ts";
import type { RateBook } from "./rates.ts";
import type { CheckedRow, RowFilter, RowWindowChoice } from "./rows.ts";
import {
	interactivityInput,
	mayAnswer,
	nominalSplit,
	splitThroughput,
	splitThroughputInput,
	ttftInput,
} from "./rows.ts";
import type { TtftRule } from "./service-level.ts";

export interface FrontierQuestion {
	readonly filter: RowFilter & { readonly isl: number; readonly osl: number };
	/** Output tokens per second and user; absent: a curve of all rows on each frontier. */
	readonly at?: number;
	/** The most that a million total tokens may cost, USD. */
	readonly unitCost?: number;
	/** Rows up to the day of the question, unless it says otherwise. */
	readonly window: RowWindowChoice;
	readonly ttft?: TtftRule;
}

/** A frontier, and the speed at which it is read. */
export interface AskedPoint {
	readonly key: string;
	readonly group: readonly CheckedRow[];
	readonly table: FrontierTable;
	/** tok/s/user. */
	readonly at: number;
	readonly place: TablePlace;
}

/** What divides total throughput into input and output: the tokens the row counted, or the lengths of a request. */
export type SplitBasis = "measured" | "nominal";

export interface BuiltRow extends AskedPoint {
	readonly nodes: readonly AnyExpr[];
	readonly nearest: BenchmarkPoint;
	/** Rows that the value is read on or between. */
	readonly rows: readonly CheckedRow[];
	readonly split: SplitBasis;
	readonly ids: Readonly<Record<"interactivity" | "speed" | "rate" | "total" | "input" | "output" | "request", string>>;
	readonly flops?: string;
	readonly ttft?: string;
}

export function rowNodes(
	catalogue: Catalogue,
	asked: AskedPoint,
	question: FrontierQuestion,
	rates: RateBook,
	asking: Asking,
): BuiltRow {
	const { place, table, group } = asked;
	const row = rowNamed(group, place.nearest.row);
	const nearest = row.point;
	const knots = [place.below, place.above].filter((knot) => knot !== undefined);
	const rows = [...new Set(knots.map((knot) => knot.row))].map((id) => rowNamed(group, id));
	const prefix = `frontier.${asked.key}`;
	const rate = rateNode(prefix, nearest, rates);
	const target = targetNode(catalogue, nearest, question, asking);
	const speed = define(`${prefix}.tokens_per_gpu_second.total`, tokensPerGpuSecond("total"), lookup(table, target), {
		label: "throughput on the measured frontier",
		formula: "Steffen interpolation of the logarithm between measured rows",
	});
	const lengths = lengthsOf(question);
	const total = headlineCost(`${prefix}.unit_cost.headline.total`, "total", rate, speed);
	const basis = splitBasis(catalogue, row, place);
	const split = <K extends "input" | "output">(kind: K): AnyExpr => {
		const share =
			basis === "measured"
				? splitThroughput(catalogue, row, kind)
				: nominalSplit(`${prefix}.tokens_per_gpu_second.${kind}`, kind, speed, lengths);
		return headlineCost(`${prefix}.unit_cost.headline.${kind}`, kind, rate, share);
	};
	const nodes = { total, input: split("input"), output: split("output") };
	const tokens = constant(
		lengths.input + lengths.output,
		per(token("total"), request),
	) as unknown as Expr<TokensPerRequest>;
	const cost = requestCost(`${prefix}.cost_per_request`, total, tokens, "headline");
	const flops = flopsNode(catalogue, prefix, nearest, rate);
	const ttft = ttftNode(catalogue, prefix, rows, question);
	const served = place.state === "clamped" ? interactivityInput(catalogue, nearest) : target;
	return {
		...asked,
		nearest,
		rows,
		split: basis,
		nodes: [...Object.values(nodes), cost, served, ...[flops, ttft].filter((node) => node !== undefined)],
		ids: {
			interactivity: nodeId(served),
			speed: nodeId(speed),
			rate: nodeId(rate),
			total: nodeId(nodes.total),
			input: nodeId(nodes.input),
			output: nodeId(nodes.output),
			request: nodeId(cost),
		},
		...(flops === undefined ? {} : { flops: nodeId(flops) }),
		...(ttft === undefined ? {} : { ttft: nodeId(ttft) }),
	};
}

/** A clamped place is a measured row at its own speed: it counts its tokens as it does there. Between rows nothing does. */
function splitBasis(catalogue: Catalogue, row: CheckedRow, { state }: TablePlace): SplitBasis {
	if (state !== "measured" && state !== "clamped") return "nominal";
	const isCounted = (["input", "output"] as const).every(
		(kind) => !("missing" in splitThroughputInput(catalogue, row, kind)),
	);
	return isCounted ? "measured" : "nominal";
}

function lengthsOf({ filter }: FrontierQuestion): Lengths {
	return { input: filter.isl, output: filter.osl };
}

function rateNode(prefix: string, { hardware }: BenchmarkPoint, rates: RateBook): Expr<UsdPerGpuHour> {
	const answer = rates.rateOf(hardware);
	if (!answer.known) throw new TypeError(`no rate for ${hardware}: it cannot be ranked`);
	return define(`${prefix}.gpu_hour`, usdPerGpuHour, answer.rate, { label: `price of a GPU-hour, ${hardware}` });
}

/** What the frontier is read at: the speed asked for, or that of a measured row. */
function targetNode(
	catalogue: Catalogue,
	point: BenchmarkPoint,
	{ at }: FrontierQuestion,
	{ asOf }: Asking,
): Expr<Interactivity> {
	if (at === undefined) return interactivityInput(catalogue, point);
	const spec = {
		label: "interactivity asked for",
		role: "condition",
		asOf,
		source: "given with --at",
		grade: "E",
	} as const;
	return givenInput("question.interactivity", interactivity, { kind: "point", value: at }, spec);
}

const FLOP_PER_USD = per(teraflop, usd);

/** Dense peak FLOP per second of the weight format over the price of a GPU-second. */
function flopsNode(
	catalogue: Catalogue,
	prefix: string,
	point: BenchmarkPoint,
	rate: Expr<UsdPerGpuHour>,
): AnyExpr | undefined {
	const name = PEAK_OF[point.precision];
	const hardware = catalogue.hardware.find(({ id }) => id === point.hardware) as Hardware;
	const figure = name === undefined ? undefined : hardware.figures[name];
	if (figure === undefined) return undefined;
	const unit = { symbol: "TFLOP/s/GPU", dims: { FLOP: 1, s: -1, gpu: -1 }, factor: 1e12 } as const;
	const label = `dense ${name} peak of ${hardware.name}`;
	const peak = input(
		`peak.${name}.${hardware.id}`,
		unit,
		figureInput(catalogue, figure, label, 1e12, `hardware/${hardware.id}/${name}`),
	);
	return define(`${prefix}.flops_per_usd`, FLOP_PER_USD, divide(peak, rate) as never, {
		label: "peak FLOP per dollar, from the data sheet",
		formula: "peak FLOP/s/GPU ÷ $/GPU-s",
	});
}

const PEAK_OF: Readonly<Record<string, "bf16" | "fp8" | "fp4" | "int8">> = {
	bf16: "bf16",
	fp8: "fp8",
	nvfp4: "fp4",
	mxfp4: "fp4",
	int8: "int8",
	int4: "bf16",
};

/** The slower of the rows a value is read between: nothing is interpolated about TTFT. Undefined where one is unknown. */
function ttftNode(
	catalogue: Catalogue,
	prefix: string,
	rows: readonly CheckedRow[],
	{ ttft }: FrontierQuestion,
): AnyExpr | undefined {
	const statistic = ttft?.statistic ?? "median";
	const known = rows.flatMap((row) => {
		const seconds = row.point.latency.ttft?.[statistic];
		return seconds === undefined || !mayAnswer(row, ["latency.ttft"]).ok ? [] : [{ point: row.point, seconds }];
	});
	if (known.length < rows.length) return undefined;
	const { point, seconds } = known.reduce((a, b) => (b.seconds > a.seconds ? b : a));
	if (rows.length === 1) return ttftInput(catalogue, point, seconds, statistic);
	return input(`${prefix}.ttft.${statistic}`, second, {
		...rowProvenance(catalogue, point),
		label: `the slower ${statistic} TTFT of the rows on either side`,
		value: { kind: "point", value: seconds },
		grade: "C",
		state: "interpolated",
		note: "measured at that row, which serves another number of users at once",
	});
}

export function rowNamed(group: readonly CheckedRow[], id: string): CheckedRow {
	return group.find(({ point }) => point.id === id) as CheckedRow;
}
