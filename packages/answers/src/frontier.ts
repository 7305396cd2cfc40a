/**
 * `farthing frontier`: measured cost against interactivity, per hardware × precision × stack × speculative method, at one
 * interactivity or as a curve of measured rows. The three metrics of the field stand side by side: $/GPU-hr, FLOPS per
 * dollar, and cost per delivered token at the benchmarked load.
 */
import type { Catalogue, Hardware } from "@farthing/catalogue";
import type {
	AnyExpr,
	BenchmarkPoint,
	Expr,
	FrontierTable,
	Interactivity,
	PointField,
	QuantityJson,
	TablePlace,
	TokensPerRequest,
	UsdPerGpuHour,
} from "@farthing/engine";
import {
	buildModel,
	constant,
	dateOf,
	define,
	divide,
	errorBand,
	evaluate,
	frontierTable,
	headlineCost,
	input,
	interactivity,
	lookup,
	modelToJson,
	per,
	placeInTable,
	quantityJson,
	request,
	requestCost,
	teraflop,
	token,
	tokensPerGpuSecond,
	usd,
	usdPerGpuHour,
} from "@farthing/engine";
import type { Lengths } from "./api-prices.ts";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { figureInput, rowEvidence } from "./evidence.ts";
import { FarthingError } from "./farthing-error.ts";
import { givenInput } from "./given.ts";
import { groupedBy } from "./grouping.ts";
import { nodeId } from "./node-id.ts";
import type { Unranked } from "./ranking.ts";
import { frontierKey, rankable } from "./ranking.ts";
import type { RateBook } from "./rates.ts";
import type { CheckedRow, RowFilter, RowWindowChoice } from "./rows.ts";
import {
	interactivityInput,
	layoutOf,
	matchingRows,
	mayAnswer,
	nominalSplit,
	splitThroughput,
	ttftInput,
	windowUpTo,
} from "./rows.ts";
import type { TtftRule } from "./service-level.ts";

export interface FrontierQuestion {
	readonly filter: RowFilter & { readonly isl: number; readonly osl: number };
	/** Output tokens per second and user; absent: a curve of all rows on each frontier. */
	readonly at?: number;
	/** Rows up to the day of the question, unless it says otherwise. */
	readonly window: RowWindowChoice;
	readonly ttft?: TtftRule;
}

export interface FrontierRow {
	readonly hardware: string;
	readonly precision: string;
	readonly stack: string;
	readonly speculative: string;
	readonly isl: number;
	readonly osl: number;
	readonly interactivity: QuantityJson;
	readonly tokens_per_gpu_second: QuantityJson;
	readonly gpu_hour: QuantityJson;
	/** Dense peak of the sheet per dollar; absent where the part has no such format. */
	readonly flops_per_usd?: QuantityJson;
	readonly unit_cost: { readonly total: QuantityJson; readonly input: QuantityJson; readonly output: QuantityJson };
	readonly cost_per_request: QuantityJson;
	readonly ttft?: QuantityJson;
	readonly ttft_state: "known" | "unknown";
	readonly state: string;
	readonly nearest_row: NearestRow;
	readonly error_band?: ErrorBandJson;
	readonly sources: readonly string[];
}

export interface ErrorBandJson {
	readonly low: number;
	readonly high: number;
	readonly unit: string;
	readonly leave_one_out_median?: number;
}

export interface NearestRow {
	readonly id: string;
	readonly interactivity: number;
	/** Distance to what was asked, as a ratio minus 1. */
	readonly distance: number;
	readonly deployment: string;
	readonly gpus?: number;
	readonly concurrency: number;
	readonly date: string;
	readonly kind: "dated" | "median";
}

export interface FrontierResult {
	readonly model: string;
	readonly rate: string;
	readonly rows: readonly FrontierRow[];
	readonly unranked: readonly Unranked[];
	readonly attribution: string;
}

export const ATTRIBUTION = "Data from InferenceX, SemiAnalysis, Apache-2.0; costs computed from it here are unofficial";

/** Fields a row must have right to stand on a frontier of total throughput. */
const NEEDED: readonly PointField[] = ["tokensPerGpuSecond", "interactivityTokensPerSecond"];

/** Throws exit 3 where the catalogue has no row for the model and lengths. */
export function frontier(
	catalogue: Catalogue,
	question: FrontierQuestion,
	rates: RateBook,
	asking: Asking,
): Envelope<FrontierResult> {
	const rows = matchingRows(catalogue.benchmarks, question.filter, windowUpTo(question.window, asking.asOf));
	if (rows.length === 0) throw noRows(catalogue, question);
	const limits = question.ttft === undefined ? { needed: NEEDED } : { needed: NEEDED, ttft: question.ttft };
	const ranking = rankable(rows, limits, rates);
	const asked = askedPoints(catalogue, ranking.kept, question);
	const [reached, beyond] = [asked.filter(isReached), asked.filter((each) => !isReached(each))];
	const built = reached.map((each) => rowNodes(catalogue, each, question, rates, asking));
	const evaluation = evaluate(buildModel(built.flatMap(({ nodes }) => nodes)));
	const json = (id: string): QuantityJson => quantityJson(evaluation, id, { currencyDate: rates.currencyDate });
	const answers = built.map((each) => frontierRow(each, question, json));
	answers.sort((a, b) => (a.unit_cost.total.value ?? 0) - (b.unit_cost.total.value ?? 0));
	const left = [...ranking.unranked, ...ranking.missed.map(({ line }) => line)];
	const result: FrontierResult = {
		model: question.filter.model,
		rate: rates.describe,
		rows: answers,
		unranked: [...left, ...beyond.map((each) => unreachableLine(each, question))],
		attribution: ATTRIBUTION,
	};
	return envelope(asking, result, [...rates.warnings(), ...ranking.warnings], modelToJson(evaluation));
}

interface AskedPoint {
	readonly key: string;
	readonly group: readonly CheckedRow[];
	readonly table: FrontierTable;
	/** tok/s/user. */
	readonly at: number;
	readonly place: TablePlace;
}

function askedPoints(catalogue: Catalogue, kept: readonly CheckedRow[], { at }: FrontierQuestion): AskedPoint[] {
	return [...groupedBy(kept, ({ point }) => frontierKey(point))].flatMap(([group, rows]) => {
		const key = group.replaceAll("|", ".");
		const table = frontierTable(`frontier.${key}`, rows.map(({ point }) => point), rowEvidence(catalogue));
		const asked = (name: string, x: number): AskedPoint => ({ key: name, group: rows, table, at: x, place: placeInTable(table, x) });
		return at === undefined ? table.knots.map(({ row, x }) => asked(`${key}.${row}`, x)) : [asked(key, at)];
	});
}

function isReached({ place }: AskedPoint): boolean {
	return place.state !== "unreachable";
}

function rowNamed(group: readonly CheckedRow[], id: string): CheckedRow {
	return group.find(({ point }) => point.id === id) as CheckedRow;
}

interface BuiltRow extends AskedPoint {
	readonly nodes: readonly AnyExpr[];
	readonly nearest: BenchmarkPoint;
	/** Rows that the value is read on or between. */
	readonly rows: readonly CheckedRow[];
	readonly ids: Readonly<Record<"interactivity" | "speed" | "rate" | "total" | "input" | "output" | "request", string>>;
	readonly flops?: string;
	readonly ttft?: string;
}

function rowNodes(
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
	const split = <K extends "input" | "output">(kind: K): AnyExpr => {
		const share =
			place.state === "measured"
				? splitThroughput(catalogue, row, kind)
				: nominalSplit(`${prefix}.tokens_per_gpu_second.${kind}`, kind, speed, lengths);
		return headlineCost(`${prefix}.unit_cost.headline.${kind}`, kind, rate, share);
	};
	const nodes = { total, input: split("input"), output: split("output") };
	const tokens = constant(lengths.input + lengths.output, per(token("total"), request)) as unknown as Expr<TokensPerRequest>;
	const cost = requestCost(`${prefix}.cost_per_request`, total, tokens, "headline");
	const flops = flopsNode(catalogue, prefix, nearest, rate);
	const ttft = ttftNode(catalogue, rows, question);
	return {
		...asked,
		nearest,
		rows,
		nodes: [...Object.values(nodes), cost, ...[flops, ttft].filter((node) => node !== undefined)],
		ids: {
			interactivity: nodeId(target),
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
	const spec = { label: "interactivity asked for", role: "condition", asOf, source: "given with --at", grade: "E" } as const;
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
	const peak = input(`peak.${name}.${hardware.id}`, unit, figureInput(catalogue, figure, label, 1e12, `hardware/${hardware.id}/${name}`));
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
function ttftNode(catalogue: Catalogue, rows: readonly CheckedRow[], { ttft }: FrontierQuestion): AnyExpr | undefined {
	const statistic = ttft?.statistic ?? "median";
	const known = rows.flatMap((row) => {
		const seconds = row.point.latency.ttft?.[statistic];
		return seconds === undefined || !mayAnswer(row, ["latency.ttft"]).ok ? [] : [{ point: row.point, seconds }];
	});
	if (known.length < rows.length) return undefined;
	const { point, seconds } = known.reduce((a, b) => (b.seconds > a.seconds ? b : a));
	return ttftInput(catalogue, point, seconds, statistic);
}

function frontierRow(built: BuiltRow, question: FrontierQuestion, json: (id: string) => QuantityJson): FrontierRow {
	const { nearest, ids, at, place, flops, ttft } = built;
	const { hardware, precision, stack, speculative } = nearest;
	const { isl, osl } = question.filter;
	return {
		hardware,
		precision,
		stack,
		speculative,
		isl,
		osl,
		interactivity: json(ids.interactivity),
		tokens_per_gpu_second: json(ids.speed),
		gpu_hour: json(ids.rate),
		...(flops === undefined ? {} : { flops_per_usd: json(flops) }),
		unit_cost: { total: json(ids.total), input: json(ids.input), output: json(ids.output) },
		cost_per_request: json(ids.request),
		...(ttft === undefined ? { ttft_state: "unknown" } : { ttft: json(ttft), ttft_state: "known" }),
		state: place.state,
		nearest_row: nearestRow(nearest, at),
		...errorBandJson(built),
		sources: built.rows.map(({ point }) => point.id),
	};
}

function errorBandJson({ table, at }: BuiltRow): { readonly error_band?: ErrorBandJson } {
	const band = errorBand(table, at);
	if (band === undefined) return {};
	const { lowTokensPerGpuSecond: low, highTokensPerGpuSecond: high, leaveOneOutMedian: median } = band;
	return { error_band: { low, high, unit: "tok/s/GPU", ...(median === undefined ? {} : { leave_one_out_median: median }) } };
}

function nearestRow(point: BenchmarkPoint, at: number): NearestRow {
	const { id, interactivityTokensPerSecond, concurrency, kind, gpus } = point;
	return {
		id,
		interactivity: interactivityTokensPerSecond,
		distance: interactivityTokensPerSecond / at - 1,
		deployment: layoutOf(point),
		...(gpus === undefined ? {} : { gpus }),
		concurrency,
		date: kind === "median" ? `median to ${dateOf(point)}` : dateOf(point),
		kind,
	};
}

function unreachableLine({ group, place }: AskedPoint, { at }: FrontierQuestion): Unranked {
	const { hardware, precision, stack, speculative } = rowNamed(group, place.nearest.row).point;
	const reason = `unreachable: the fastest measured row gives ${place.nearest.x.toFixed(1)} tok/s/user, ${at} was asked`;
	return { hardware, precision, stack, speculative, code: "unreachable", reason, rows: group.length };
}

function noRows(catalogue: Catalogue, { filter }: FrontierQuestion): FarthingError {
	const ofModel = catalogue.benchmarks.filter(({ model }) => model === filter.model);
	const lengths = [...new Set(ofModel.map(({ isl, osl }) => `${isl}/${osl}`))].sort();
	if (ofModel.length > 0) {
		return new FarthingError(3, "no-data", `no benchmark row of ${filter.model} fits what was asked`, {
			expected: `input and output lengths that were measured: ${lengths.join(", ")}`,
			hint: "leave out a filter (--hardware, --precision, --stack), or ask for a measured length",
			nearest: lengths,
		});
	}
	const models = [...new Set(catalogue.benchmarks.map(({ model }) => model))].sort();
	return new FarthingError(3, "no-data", `no benchmark row of ${filter.model} in the catalogue`, {
		expected: "a model with measured rows",
		nearest: models,
	});
}
