/**
 * `farthing frontier`: measured cost against interactivity, per hardware × precision × stack × speculative method, at one
 * interactivity or as a curve of measured rows. The three metrics of the field stand side by side: $/GPU-hr, FLOPS per
 * dollar, and cost per delivered token at the benchmarked load.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint, PointField, QuantityJson } from "@farthing/engine";
import {
	buildModel,
	dateOf,
	errorBand,
	evaluate,
	frontierTable,
	modelToJson,
	placeInTable,
	quantityJson,
} from "@farthing/engine";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { rowEvidence } from "./evidence.ts";
import type { AskedPoint, BuiltRow, FrontierQuestion, SplitBasis } from "./frontier-nodes.ts";
import { rowNamed, rowNodes } from "./frontier-nodes.ts";
import { isUndecided, noRows, nothingReached, tooDear, tooDearLine } from "./frontier-refusal.ts";
import { groupedBy } from "./grouping.ts";
import type { Unranked } from "./ranking.ts";
import { frontierKey, rankable } from "./ranking.ts";
import type { RateBook } from "./rates.ts";
import type { CheckedRow } from "./rows.ts";
import { laterRowWarnings, layoutOf, matchingRows, namedRows, windowUpTo } from "./rows.ts";

export type { FrontierQuestion, SplitBasis } from "./frontier-nodes.ts";

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
	/** `measured`: input and output costs by the tokens that the row counted; `nominal`: by the lengths of a request. */
	readonly split: SplitBasis;
	/** Total cost over the nominal lengths. */
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

/** Throws exit 3 where the catalogue has no row for the model and lengths, and where none of them fits what was asked. */
export function frontier(
	catalogue: Catalogue,
	question: FrontierQuestion,
	rates: RateBook,
	asking: Asking,
): Envelope<FrontierResult> {
	const rows = rowsOf(catalogue, question, asking.asOf);
	const { filter: wanted, ttft } = question;
	const limits = { needed: NEEDED, asked: wanted, ...(ttft === undefined ? {} : { ttft }) };
	const ranking = rankable(rows, limits, rates);
	const asked = askedPoints(catalogue, ranking.kept, question);
	const [reached, beyond] = [asked.filter(isReached), asked.filter((each) => !isReached(each))];
	if (reached.length === 0 && !isUndecided(ranking)) throw nothingReached(rows, ranking, question);
	const built = reached.map((each) => rowNodes(catalogue, each, question, rates, asking));
	const evaluation = evaluate(buildModel(built.flatMap(({ nodes }) => nodes)));
	const json = (id: string): QuantityJson => quantityJson(evaluation, id, { currencyDate: rates.currencyDate });
	const all = built.map((each) => frontierRow(each, question, json));
	const answers = all.filter((row) => !isTooDear(row, question));
	if (answers.length === 0 && all.length > 0) throw tooDear(all, question);
	answers.sort((a, b) => (a.unit_cost.total.value ?? 0) - (b.unit_cost.total.value ?? 0));
	const left = [...ranking.unranked, ...ranking.missed.map(({ line }) => line)];
	const result: FrontierResult = {
		model: question.filter.model,
		rate: rates.describe,
		rows: answers,
		unranked: [
			...left,
			...beyond.map((each) => unreachableLine(each, question)),
			...all.filter((row) => isTooDear(row, question)).map((row) => tooDearLine(row, question)),
		],
		attribution: ATTRIBUTION,
	};
	const later = laterRowWarnings(rows, asking.asOf);
	return envelope(asking, result, [...rates.warnings(), ...later, ...ranking.warnings], modelToJson(evaluation));
}

function rowsOf(catalogue: Catalogue, question: FrontierQuestion, asOf: string): CheckedRow[] {
	const { filter, window } = question;
	if (window.named !== undefined) return namedRows(catalogue.benchmarks, window.named, filter);
	const rows = matchingRows(catalogue.benchmarks, filter, windowUpTo(window, asOf));
	if (rows.length === 0) throw noRows(catalogue.benchmarks, question, asOf);
	return rows;
}

function askedPoints(catalogue: Catalogue, kept: readonly CheckedRow[], { at }: FrontierQuestion): AskedPoint[] {
	return [...groupedBy(kept, ({ point }) => frontierKey(point))].flatMap(([group, rows]) => {
		const key = group.replaceAll("|", ".");
		const table = frontierTable(
			`frontier.${key}`,
			rows.map(({ point }) => point),
			rowEvidence(catalogue),
		);
		const asked = (name: string, x: number): AskedPoint => ({
			key: name,
			group: rows,
			table,
			at: x,
			place: placeInTable(table, x),
		});
		return at === undefined ? table.knots.map(({ row, x }) => asked(`${key}.${row}`, x)) : [asked(key, at)];
	});
}

function isReached({ place }: AskedPoint): boolean {
	return place.state !== "unreachable";
}

function isTooDear(
	{ unit_cost: cost }: FrontierRow,
	{ unitCost = Number.POSITIVE_INFINITY }: FrontierQuestion,
): boolean {
	return (cost.total.value as number) > unitCost;
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
		split: built.split,
		cost_per_request: json(ids.request),
		...(ttft === undefined ? { ttft_state: "unknown" } : { ttft: json(ttft), ttft_state: "known" }),
		state: nearest.isModelled === true ? "modelled" : place.state,
		nearest_row: nearestRow(nearest, at),
		...errorBandJson(built),
		sources: built.rows.map(({ point }) => point.id),
	};
}

function errorBandJson({ table, at }: BuiltRow): { readonly error_band?: ErrorBandJson } {
	const band = errorBand(table, at);
	if (band === undefined) return {};
	const { lowTokensPerGpuSecond: low, highTokensPerGpuSecond: high, leaveOneOutMedian: median } = band;
	return {
		error_band: { low, high, unit: "tok/s/GPU", ...(median === undefined ? {} : { leave_one_out_median: median }) },
	};
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
