/**
 * What software alone may do to the throughput of a machine over the years. Two parts: the drift of a configuration that
 * stays as it is, and steps when a new recipe is taken up. Both lose pace: `effective months = h/ln 2 · (1 − 2^(−t/h))`, with
 * half-life `h`, an assumption that is exposed. `factor(t) = drift^(a · effective months ÷ 90 days) · Π step^(a · 2^(−at/h))`,
 * share `a` of the trend taken, never above what the data sheet allows: `FLOPS ÷ (2 · active parameters)` tokens a second.
 *
 * Regressions are rows like any other: a drift below 1 is part of the distribution.
 */
import type { AnyExpr, Expr } from "../model/expression.ts";
import { constant, define, divide, lookup, multiply } from "../model/expression.ts";
import type { Provenance } from "../model/provenance.ts";
import { table } from "../model/table.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import type { Time, TokensPerGpuSecond, Unit } from "../quantity/unit.ts";
import { day, month, one, ratio, tokensPerGpuSecond } from "../quantity/unit.ts";
import type { AtMonth } from "../economics/five-years/demand-path.ts";
import { raised } from "../economics/five-years/calendar.ts";
import { choose, least, minus, number, over, positive, times } from "../economics/five-years/formula.ts";
import type { BenchmarkPoint } from "./benchmark-point.ts";
import type { DriftPair } from "./software-drift.ts";

export const DRIFT_SPAN_DAYS = 90;

/** Pairs of one kind of deployment and what became of them, per {@link DRIFT_SPAN_DAYS} days. */
export interface DriftEstimate {
	/** How the pairs were chosen: `mi355x with sglang`, `sglang on amd`, … */
	readonly group: string;
	readonly pairs: number;
	/** Pairs that lost throughput. */
	readonly regressions: number;
	readonly median: number;
	readonly p10: number;
	readonly p90: number;
	/** The pairs themselves, from the greatest loss to the greatest gain. */
	readonly sorted: readonly DriftPair[];
	readonly from: string;
	readonly to: string;
}

export interface DriftGroup {
	readonly name: string;
	readonly has: (point: BenchmarkPoint) => boolean;
}

const FEWEST_PAIRS = 7;

/** Estimate from the first group with enough pairs, narrowest first; the last group is taken however few it has. */
export function estimateDrift(pairs: readonly DriftPair[], groups: readonly DriftGroup[]): DriftEstimate | undefined {
	for (const [i, group] of groups.entries()) {
		const found = pairs.filter(({ first }) => group.has(first));
		if (found.length >= FEWEST_PAIRS || (i === groups.length - 1 && found.length > 0))
			return estimateOf(group.name, found);
	}
	return undefined;
}

/**
 * Drift as the pairs have it: the quantile function through all of them, read at `place`, an input that is uniform from 0 to
 * 1 and so at the median where no draws are made. Losses keep their weight, and the long tail of gains its own.
 */
export function driftOf(
	id: string,
	estimate: DriftEstimate,
	place: Expr<Dimensionless>,
	evidence: (pair: DriftPair) => Provenance,
): Expr<Dimensionless> {
	const { sorted, group } = estimate;
	const [only] = sorted;
	const last = Math.max(1, sorted.length - 1);
	const pairs = sorted.length === 1 && only !== undefined ? [only, only] : sorted;
	const knots = pairs.map((pair, i) => ({ ...evidence(pair), x: i / last, y: pair.ratioPerSpan, row: pair.last.id }));
	const spread = table({
		id: `${id}.pairs`,
		label: `pairs of ${group}, from the greatest loss to the greatest gain`,
		xUnit: one,
		yUnit: ratio,
		scale: "log",
		knots,
		between: "C",
	});
	return define(id, ratio, lookup(spread, place), {
		label: `throughput after ${DRIFT_SPAN_DAYS} days over that before, same configuration: ${group}`,
		formula: `quantile of ${sorted.length} pairs of rows`,
	});
}

export interface RecipeStep {
	/** Best throughput at the interactivity up to the first day, and up to the last. */
	readonly before: BenchmarkPoint;
	readonly after: BenchmarkPoint;
	readonly ratio: number;
}

/**
 * What new recipes brought: the best measured throughput that keeps an interactivity, among rows up to one day and among
 * rows up to another. Nothing where there is no row before. Read at measured rows, so that it never overstates.
 */
export function recipeStep(
	points: readonly BenchmarkPoint[],
	at: { readonly interactivity: number; readonly until: string; readonly and: string },
): RecipeStep | undefined {
	const best = (last: string): BenchmarkPoint | undefined =>
		points
			.filter((point) => point.measuredOn !== undefined && point.measuredOn <= last)
			.filter((point) => point.interactivityTokensPerSecond >= at.interactivity)
			.reduce<BenchmarkPoint | undefined>(
				(most, point) => (most === undefined || point.tokensPerGpuSecond > most.tokensPerGpuSecond ? point : most),
				undefined,
			);
	const before = best(at.until);
	const after = best(at.and);
	if (before === undefined || after === undefined) return undefined;
	return { before, after, ratio: after.tokensPerGpuSecond / before.tokensPerGpuSecond };
}

export interface SoftwareCurveInputs {
	/** Throughput after 90 days over that before, of an unchanged recipe. */
	readonly drift: Expr<Dimensionless>;
	readonly steps: readonly { readonly atMonth: number; readonly ratio: Expr<Dimensionless> }[];
	/** Time in which the pace of improvement halves. */
	readonly halfLife: Expr<Time>;
	/** Share of the trend that is taken. */
	readonly apply: Expr<Dimensionless>;
	/** Most that throughput may rise: the roofline over throughput at the opening. */
	readonly bound?: Expr<Dimensionless>;
}

/** Throughput at a month over that at the opening. */
export function softwareCurve({ drift, steps, halfLife, apply, bound }: SoftwareCurveInputs): AtMonth {
	const halfLives = over(halfLife, constant(1, month));
	const spans = over(constant(DRIFT_SPAN_DAYS, day), constant(1, month));
	return (at) => {
		const elapsed = positive(at);
		const fading = raised(number(2), minus(number(0), over(elapsed, halfLives)));
		const effective = over(times(halfLives, minus(number(1), fading)), number(LN2));
		const drifted = raised(drift, over(times(apply, effective), spans));
		const stepped = steps.reduce<AnyExpr>((factor, step) => {
			const weight = times(apply, raised(number(2), minus(number(0), over(number(step.atMonth), halfLives))));
			return times(factor, choose(at, ">=", number(step.atMonth), raised(step.ratio, weight), number(1)));
		}, drifted);
		return bound === undefined ? stepped : least(stepped, bound);
	};
}

/** A seller's own curve: `ratio` times, reached evenly in logarithm over `overMonths` from a month on. */
export function vendorCurve({
	ratio: claimed,
	fromMonth,
	overMonths,
}: {
	readonly ratio: Expr<Dimensionless>;
	readonly fromMonth: number;
	readonly overMonths: number;
}): AtMonth {
	return (at) => raised(claimed, least(over(positive(minus(at, number(fromMonth))), number(overMonths)), number(1)));
}

export type DataSheetRate = { readonly FLOP: 1; readonly gpu: -1; readonly s: -1 };
export type WorkPerToken = { readonly FLOP: 1; readonly "tok:total": -1 };

/** Tokens a second and GPU that no software exceeds: every FLOP of the data sheet at work on `2 · active parameters`. */
export function computeLimit(
	id: string,
	peak: Expr<DataSheetRate>,
	perToken: Expr<WorkPerToken>,
): Expr<TokensPerGpuSecond<"total">> {
	const unit: Unit<TokensPerGpuSecond<"total">> = tokensPerGpuSecond("total");
	return define(id, unit, divide(peak, perToken) as unknown as Expr<TokensPerGpuSecond<"total">>, {
		label: "throughput that the data sheet allows",
		formula: "peak FLOPS ÷ (2 · active parameters)",
		note: "an upper limit: attention, memory and network are left out",
	});
}

/** The limit over what is measured at the opening. */
export function headroom(
	id: string,
	limit: Expr<TokensPerGpuSecond<"total">>,
	speed: Expr<TokensPerGpuSecond<"total">>,
): Expr<Dimensionless> {
	const factor = divide(limit, speed) as unknown as Expr<Dimensionless>;
	return define(id, ratio, multiply(factor, number(1)) as Expr<Dimensionless>, {
		label: "most that software may still bring",
		formula: "limit ÷ throughput at the opening",
	});
}

export interface VendorCurve {
	readonly id: string;
	readonly claim: string;
	readonly ratio: number;
	/** `software`: the same machine, over so many months. `generation`: the next machine, at its refresh. */
	readonly kind: "software" | "generation";
	readonly overMonths: number;
	readonly source: string;
	readonly asOf: string;
}

/** What sellers say of themselves, to see what believing it would do. Grade E. */
export const VENDOR_CURVES: readonly VendorCurve[] = [
	{
		id: "vendor-5x-two-months",
		claim: "5x by software alone in two months",
		ratio: 5,
		kind: "software",
		overMonths: 2,
		source: "NVIDIA blog on gpt-oss, TensorRT-LLM from August to October 2025; claim trtllm-5x-2mo",
		asOf: "2025-10",
	},
	{
		id: "vendor-15x-generation",
		claim: "15x lower cost per token with each generation",
		ratio: 15,
		kind: "generation",
		overMonths: 1,
		source: "NVIDIA blog and developer blog, Blackwell over Hopper; claim blackwell-15x-cost",
		asOf: "2025-10",
	},
	{
		id: "vendor-35x-gb300",
		claim: "35x lower cost per token with GB300 NVL72",
		ratio: 35,
		kind: "generation",
		overMonths: 1,
		source: "NVIDIA, Rethinking AI TCO, GB300 NVL72 over Hopper; claim gb300-35x",
		asOf: "2026-04-15",
	},
];

const LN2 = 0.6931471805599453;

function estimateOf(group: string, pairs: readonly DriftPair[]): DriftEstimate {
	const sorted = [...pairs].sort((a, b) => a.ratioPerSpan - b.ratioPerSpan || (a.last.id < b.last.id ? -1 : 1));
	const ratios = sorted.map(({ ratioPerSpan }) => ratioPerSpan);
	const [p10, median, p90] = [0.1, 0.5, 0.9].map((p) => atQuantile(ratios, p)) as [number, number, number];
	const dates = pairs.flatMap(({ first, last }) => [first.measuredOn as string, last.measuredOn as string]).sort();
	return {
		group,
		pairs: pairs.length,
		regressions: ratios.filter((each) => each < 1).length,
		median,
		p10,
		p90,
		sorted,
		from: dates[0] as string,
		to: dates[dates.length - 1] as string,
	};
}

function atQuantile(sorted: readonly number[], p: number): number {
	const at = p * (sorted.length - 1);
	const i = Math.floor(at);
	const low = sorted[i] as number;
	return low + (at - i) * ((sorted[Math.min(i + 1, sorted.length - 1)] as number) - low);
}
