/**
 * `farthing frontier`: measured cost against interactivity, per hardware × precision × stack × speculative method, at one
 * interactivity or as a curve of measured rows. The three metrics of the field stand side by side: $/GPU-hr, FLOPS per
 * dollar, and cost per delivered token at the benchmarked load.
 */
import type { Catalogue, Hardware } from "@farthing/catalogue";
import type { AnyExpr, BenchmarkPoint, Expr, FrontierTable, PointField, QuantityJson, TokensPerRequest, UsdPerGpuHour } from "@farthing/engine";
import {
	buildModel,
	constant,
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
	multiply,
	parseUnit,
	per,
	placeInTable,
	quantityJson,
	request,
	requestCost,
	teraflop,
	token,
	tokensPerGpuSecond,
	usd,
} from "@farthing/engine";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { figureInput, rowCitation, rowEvidence } from "./evidence.ts";
import { FarthingError } from "./farthing-error.ts";
import { givenInput } from "./given.ts";
import type { RateBook } from "./rates.ts";
import type { CheckedRow, RowFilter, RowWindowChoice } from "./rows.ts";
import { layoutOf, matchingRows, mayAnswer, splitThroughputInput } from "./rows.ts";
import type { TtftRule } from "./service-level.ts";
import { ttftVerdict } from "./service-level.ts";

export interface FrontierQuestion {
	readonly filter: RowFilter & { readonly isl: number; readonly osl: number };
	/** Output tokens per second and user; absent: a curve of all rows on each frontier. */
	readonly at?: number;
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
	readonly error_band?: { readonly low: number; readonly high: number; readonly unit: string; readonly leave_one_out_median?: number };
	readonly sources: readonly string[];
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

export interface Unranked {
	readonly row?: string;
	readonly hardware: string;
	readonly precision: string;
	readonly stack: string;
	readonly speculative: string;
	readonly code: string;
	readonly reason: string;
	/** How many rows the line stands for. */
	readonly rows: number;
}

export interface FrontierResult {
	readonly model: string;
	readonly rate: string;
	readonly rows: readonly FrontierRow[];
	readonly unranked: readonly Unranked[];
	readonly attribution: string;
}

/** Throws exit 3 where the catalogue has no row for the model and lengths. */
export function frontier(catalogue: Catalogue, question: FrontierQuestion, rates: RateBook, asking: Asking): Envelope<FrontierResult> {
	const rows = matchingRows(catalogue.benchmarks, question.filter, question.window);
	if (rows.length === 0) throw noRows(catalogue, question);
	const sorted = sortRows(rows, question, rates);
	const groups = groupedBy(sorted.usable, (row) => groupKey(row.point));
	const asked = [...groups.values()].flatMap((group) => askedPoints(catalogue, group, question));
	const built = asked.flatMap((each) => rowNodes(catalogue, each, question, rates));
	const { unranked } = sorted;
	const warnings: Warning[] = [...rates.warnings()];
	if (built.length === 0) return envelope(asking, resultOf(question, rates, [], unranked), warnings);
	const evaluation = evaluate(buildModel(built.flatMap(({ nodes }) => nodes)));
	const unreachable: Unranked[] = [];
	const answers = built.flatMap((each): FrontierRow[] => {
		const place = placeInTable(each.table, each.at);
		if (place.state === "unreachable") {
			unreachable.push(unreachableLine(each, question));
			return [];
		}
		return [frontierRow(each, question, (id) => quantityJson(evaluation, id, { currencyDate: rates.currencyDate }))];
	});
	answers.sort((a, b) => (a.unit_cost.total.value ?? 0) - (b.unit_cost.total.value ?? 0));
	const result = resultOf(question, rates, answers, [...unranked, ...unreachable]);
	return envelope(asking, result, warnings, modelToJson(evaluation));
}

export function groupKey(point: BenchmarkPoint): string {
	return [point.hardware, point.precision, point.stack, point.speculative].join("|");
}

export const ATTRIBUTION = "Data from InferenceX, SemiAnalysis, Apache-2.0; costs computed from it here are unofficial";

function resultOf(question: FrontierQuestion, rates: RateBook, rows: readonly FrontierRow[], unranked: readonly Unranked[]): FrontierResult {
	return { model: question.filter.model, rate: rates.describe, rows, unranked, attribution: ATTRIBUTION };
}

interface Sorted {
	readonly usable: readonly CheckedRow[];
	readonly unranked: readonly Unranked[];
}

/** Fields a row must have right to stand on a frontier of total throughput. */
const NEEDED: readonly PointField[] = ["tokensPerGpuSecond", "interactivityTokensPerSecond"];

function sortRows(rows: readonly CheckedRow[], question: FrontierQuestion, rates: RateBook): Sorted {
	const usable: CheckedRow[] = [];
	const left: { row: CheckedRow; code: string; reason: string }[] = [];
	for (const row of rows) {
		const fit = mayAnswer(row, NEEDED);
		const rate = rates.rateOf(row.point.hardware);
		const slow = question.ttft === undefined ? { verdict: "met" as const } : ttftVerdict(row.point, question.ttft);
		if (!fit.ok) left.push({ row, code: "failed-check", reason: fit.reason });
		else if (!rate.known) left.push({ row, code: "no-rate", reason: `${row.point.hardware}: ${rate.reason}` });
		else if (slow.verdict === "unknown") left.push({ row, code: "ttft-unknown", reason: slow.reason });
		else if (slow.verdict === "missed") left.push({ row, code: "ttft-missed", reason: slow.reason });
		else usable.push(row);
	}
	return { usable, unranked: summed(left) };
}

/** One line a group and reason, in a fixed order. */
function summed(left: readonly { row: CheckedRow; code: string; reason: string }[]): Unranked[] {
	const groups = groupedBy(left, ({ row, code }) => `${groupKey(row.point)}|${code}`);
	return [...groups.values()].map((group) => {
		const { row, code, reason } = group[0] as (typeof left)[number];
		const { hardware, precision, stack, speculative, id } = row.point;
		const line = { hardware, precision, stack, speculative, code, reason, rows: group.length };
		return group.length === 1 ? { row: id, ...line } : line;
	});
}

interface AskedPoint {
	readonly key: string;
	readonly group: readonly CheckedRow[];
	readonly table: FrontierTable;
	/** tok/s/user. */
	readonly at: number;
}

function askedPoints(catalogue: Catalogue, group: readonly CheckedRow[], question: FrontierQuestion): AskedPoint[] {
	const points = group.map(({ point }) => point);
	const key = groupKey(points[0] as BenchmarkPoint).replaceAll("|", ".");
	const table = frontierTable(`frontier.${key}`, points, rowEvidence(catalogue));
	if (question.at !== undefined) return [{ key, group, table, at: question.at }];
	return table.knots.map((knot) => ({ key: `${key}.${knot.row}`, group, table, at: knot.x }));
}

interface BuiltRow extends AskedPoint {
	readonly nodes: readonly Expr<never>[];
	readonly nearest: BenchmarkPoint;
	readonly ids: Readonly<Record<"interactivity" | "speed" | "rate" | "total" | "input" | "output" | "request", string>>;
	readonly flops?: string;
}

function rowNodes(catalogue: Catalogue, asked: AskedPoint, question: FrontierQuestion, rates: RateBook): BuiltRow[] {
	const place = placeInTable(asked.table, asked.at);
	const nearest = asked.group.find(({ point }) => point.id === place.nearest.row)?.point as BenchmarkPoint;
	const answer = rates.rateOf(nearest.hardware);
	if (!answer.known) return [];
	const prefix = `frontier.${asked.key}`;
	const rate = define(`${prefix}.gpu_hour`, USD_PER_GPU_HOUR, answer.rate, { label: `price of a GPU-hour, ${nearest.hardware}` });
	const target =
		question.at === undefined
			? measuredTarget(prefix, catalogue, nearest)
			: givenInput("question.interactivity", interactivity, { kind: "point", value: asked.at }, {
					label: "interactivity asked for",
					role: "condition",
					asOf: catalogue.releaseDate,
					source: "given with --at",
					grade: "E",
				});
	const speed = define(`${prefix}.tokens_per_gpu_second.total`, tokensPerGpuSecond("total"), lookup(asked.table, target), {
		label: "throughput on the measured frontier",
		formula: "Steffen interpolation of the logarithm between measured rows",
	});
	const total = headlineCost(`${prefix}.unit_cost.headline.total`, "total", rate, speed);
	const { isl, osl } = question.filter;
	const measured = place.state === "measured" ? nearest : undefined;
	const split = (kind: "input" | "output"): Expr<never> => {
		const id = `${prefix}.unit_cost.headline.${kind}`;
		const own = measured === undefined ? undefined : splitThroughputInput(catalogue, measured, kind);
		const share = constant((kind === "input" ? isl : osl) / (isl + osl), per(token(kind), token("total")));
		const of = own ?? (multiply(speed, share) as unknown as NonNullable<typeof own>);
		return headlineCost(id, kind, rate, of as never) as unknown as Expr<never>;
	};
	const length = constant(isl + osl, per(token("total"), request)) as unknown as Expr<TokensPerRequest>;
	const cost = requestCost(`${prefix}.cost_per_request`, total, length, "headline");
	const flops = flopsNode(catalogue, prefix, nearest, rate);
	const nodes = [total, split("input"), split("output"), cost, ...(flops === undefined ? [] : [flops])] as unknown as Expr<never>[];
	const ids = {
		interactivity: idOf(target),
		speed: `${prefix}.tokens_per_gpu_second.total`,
		rate: `${prefix}.gpu_hour`,
		total: `${prefix}.unit_cost.headline.total`,
		input: `${prefix}.unit_cost.headline.input`,
		output: `${prefix}.unit_cost.headline.output`,
		request: `${prefix}.cost_per_request`,
	};
	return [{ ...asked, nodes, nearest, ids, ...(flops === undefined ? {} : { flops: `${prefix}.flops_per_usd` }) }];
}

const USD_PER_GPU_HOUR = parseUnit("USD/GPU-hr") as unknown as Parameters<typeof define<{ USD: 1; gpu: -1; s: -1 }>>[1];

function measuredTarget(prefix: string, catalogue: Catalogue, point: BenchmarkPoint): ReturnType<typeof interactivityOf> {
	return interactivityOf(`${prefix}.interactivity`, catalogue, point);
}

function interactivityOf(id: string, catalogue: Catalogue, point: BenchmarkPoint): Expr<{ readonly "tok:output": 1; readonly s: -1; readonly user: -1 }> {
	return input(id, interactivity, {
		label: "interactivity of the measured row",
		value: { kind: "point", value: point.interactivityTokensPerSecond },
		source: rowCitation(catalogue, point),
		asOf: point.measuredOn ?? point.period?.[1] ?? catalogue.releaseDate,
		grade: "B",
		at: point.id,
		role: "condition",
	});
}

const FLOP_PER_USD = per(teraflop, usd);

/** Dense peak FLOP per second of the weight format over the price of a GPU-second. */
function flopsNode(catalogue: Catalogue, prefix: string, point: BenchmarkPoint, rate: Expr<UsdPerGpuHour>): AnyExpr | undefined {
	const figureName = PEAK_OF[point.precision];
	const hardware = catalogue.hardware.find(({ id }) => id === point.hardware) as Hardware;
	const figure = figureName === undefined ? undefined : hardware.figures[figureName];
	if (figure === undefined) return undefined;
	const unit = { symbol: "TFLOP/s/GPU", dims: { FLOP: 1, s: -1, gpu: -1 }, factor: 1e12 } as const;
	const spec = figureInput(catalogue, figure, `dense ${figureName} peak of ${hardware.name}`, 1e12, `hardware/${hardware.id}/${figureName}`);
	const peak = input(`peak.${figureName}.${hardware.id}`, unit, spec);
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

function frontierRow(built: BuiltRow, question: FrontierQuestion, json: (id: string) => QuantityJson): FrontierRow {
	const { nearest, ids, at, table } = built;
	const { isl, osl } = question.filter;
	const place = placeInTable(table, at);
	const band = errorBand(table, at);
	const knots = [place.below, place.above].filter((knot) => knot !== undefined);
	const points = [...new Set(knots.map(({ row }) => row))].map((row) => built.group.find(({ point }) => point.id === row)?.point as BenchmarkPoint);
	return {
		hardware: nearest.hardware,
		precision: nearest.precision,
		stack: nearest.stack,
		speculative: nearest.speculative,
		isl,
		osl,
		interactivity: json(ids.interactivity),
		tokens_per_gpu_second: json(ids.speed),
		gpu_hour: json(ids.rate),
		...(built.flops === undefined ? {} : { flops_per_usd: json(built.flops) }),
		unit_cost: { total: json(ids.total), input: json(ids.input), output: json(ids.output) },
		cost_per_request: json(ids.request),
		...ttftOf(points, question),
		state: place.state,
		nearest_row: nearestRow(nearest, at),
		...(band === undefined
			? {}
			: {
					error_band: {
						low: band.lowTokensPerGpuSecond,
						high: band.highTokensPerGpuSecond,
						unit: "tok/s/GPU",
						...(band.leaveOneOutMedian === undefined ? {} : { leave_one_out_median: band.leaveOneOutMedian }),
					},
				}),
		sources: points.map(({ id }) => id),
	};
}

/** The slower of the rows a value is read between: nothing is interpolated about TTFT. */
function ttftOf(points: readonly BenchmarkPoint[], question: FrontierQuestion): Pick<FrontierRow, "ttft" | "ttft_state"> {
	const statistic = question.ttft?.statistic ?? "median";
	const seconds = points.map((point) => point.latency.ttft?.[statistic]);
	if (seconds.some((value) => value === undefined)) return { ttft_state: "unknown" };
	const slowest = points.reduce((a, b) => ((a.latency.ttft?.[statistic] ?? 0) >= (b.latency.ttft?.[statistic] ?? 0) ? a : b));
	const value = slowest.latency.ttft?.[statistic] as number;
	const asOf = slowest.measuredOn ?? "unknown";
	return { ttft: { value, unit: "s", grade: "B", as_of: asOf, node: slowest.id, state: "measured" }, ttft_state: "known" };
}

function nearestRow(point: BenchmarkPoint, at: number): NearestRow {
	const { id, interactivityTokensPerSecond: interactivity, concurrency, kind } = point;
	return {
		id,
		interactivity,
		distance: interactivity / at - 1,
		deployment: layoutOf(point),
		...(point.gpus === undefined ? {} : { gpus: point.gpus }),
		concurrency,
		date: point.measuredOn ?? `median to ${point.period?.[1] ?? "unknown"}`,
		kind,
	};
}

function unreachableLine(built: BuiltRow, question: FrontierQuestion): Unranked {
	const { hardware, precision, stack, speculative, interactivityTokensPerSecond: fastest } = built.nearest;
	const reason = `unreachable: the fastest measured row gives ${fastest.toFixed(1)} tok/s/user, ${question.at} was asked`;
	return { hardware, precision, stack, speculative, code: "unreachable", reason, rows: built.group.length };
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

export function groupedBy<T>(of: readonly T[], key: (each: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const each of of) {
		const name = key(each);
		const group = groups.get(name);
		if (group === undefined) groups.set(name, [each]);
		else group.push(each);
	}
	return groups;
}

function idOf(of: AnyExpr): string {
	return of.data.op === "input" || of.data.op === "node" ? of.data.id : "";
}

