import { betaQuantile } from "../numerics/beta.ts";
import { lognormalColumn } from "../numerics/columns.ts";
import { exp, log, normalQuantile } from "../numerics/elementary.ts";

/**
 * What an input may be: a point, or a range. Ranges written "a to b" are the 5th and 95th percentile: lognormal where
 * the quantity is positive, logit-normal where it is a fraction. Values are in coherent base units.
 *
 * `pert` is the beta distribution on [low, high] with its peak at `mode` whose mean is (low + weight × mode + high) /
 * (weight + 2); the weight is 4 unless told (Malcolm and others, "Application of a technique for research and
 * development program evaluation", Operations Research 7 (1959), 646-669). `discrete` takes one of its values, each with
 * a share of its weight.
 */
export type Distribution =
	| { readonly kind: "point"; readonly value: number }
	| { readonly kind: "uniform"; readonly low: number; readonly high: number }
	| { readonly kind: "lognormal"; readonly p5: number; readonly p95: number }
	| { readonly kind: "logitnormal"; readonly p5: number; readonly p95: number }
	| { readonly kind: "normal"; readonly p5: number; readonly p95: number }
	| { readonly kind: "triangular"; readonly low: number; readonly mode: number; readonly high: number }
	| Pert
	| Discrete;

export interface Pert {
	readonly kind: "pert";
	readonly low: number;
	readonly mode: number;
	readonly high: number;
	readonly weight?: number;
}

export interface Discrete {
	readonly kind: "discrete";
	readonly values: readonly number[];
	readonly weights: readonly number[];
}

/** 95th percentile of the standard normal distribution. */
export const Z95: number = normalQuantile(0.95);

/** Problem with a distribution's parameters, or undefined where there is none. */
export function distributionProblem(d: Distribution): string | undefined {
	if (d.kind === "point") return Number.isFinite(d.value) ? undefined : "the value must be finite";
	if (d.kind === "discrete") return discreteProblem(d);
	const [low, high] = "p5" in d ? [d.p5, d.p95] : [d.low, d.high];
	if (!Number.isFinite(low) || !Number.isFinite(high)) return "both ends of a range must be finite";
	if (!(low < high)) return "the low end of a range must be below its high end";
	if (d.kind === "lognormal" && low <= 0) return "a lognormal range must be above 0";
	if (d.kind === "logitnormal" && (low <= 0 || high >= 1)) return "a fraction's range must lie inside 0 and 1";
	if ("mode" in d && !(d.mode >= low && d.mode <= high)) return "the most likely value must lie within its range";
	if (d.kind === "pert" && !isWeight(d.weight ?? PERT_WEIGHT)) return "the weight of a mode must be above 0";
	return undefined;
}

function isWeight(weight: number): boolean {
	return Number.isFinite(weight) && weight > 0;
}

function discreteProblem({ values, weights }: Discrete): string | undefined {
	if (values.length === 0 || values.length !== weights.length) return "there must be as many weights as values";
	if (!values.every(Number.isFinite)) return "every value must be finite";
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	const sound = weights.every((weight) => weight >= 0) && isWeight(total);
	return sound ? undefined : "weights must be 0 or more, and one of them above 0";
}

const PERT_WEIGHT = 4;

/** Quantile function: the value below which a share `p` of draws falls. The ends of "a to b" come back as written. */
export function quantileFunction(d: Distribution): (p: number) => number {
	switch (d.kind) {
		case "point":
			return () => d.value;
		case "uniform":
			return (p) => d.low + p * (d.high - d.low);
		case "lognormal": {
			const { location, scale } = normalParameters(log(d.p5), log(d.p95));
			return endsAsWritten(d, (p) => exp(location + scale * normalQuantile(p)));
		}
		case "logitnormal": {
			const { location, scale } = normalParameters(logit(d.p5), logit(d.p95));
			return endsAsWritten(d, (p) => logistic(location + scale * normalQuantile(p)));
		}
		case "normal": {
			const { location, scale } = normalParameters(d.p5, d.p95);
			return endsAsWritten(d, (p) => location + scale * normalQuantile(p));
		}
		case "triangular":
			return triangularQuantile(d);
		case "pert":
			return pertQuantile(d);
		case "discrete":
			return discreteQuantile(d);
	}
}

/** Two parabolas of the distribution function that meet at the mode. */
function triangularQuantile({ low, mode, high }: { low: number; mode: number; high: number }): (p: number) => number {
	const width = high - low;
	const left = mode - low;
	const right = high - mode;
	return (p) => (p * width < left ? low + Math.sqrt(p * width * left) : high - Math.sqrt((1 - p) * width * right));
}

function pertQuantile({ low, mode, high, weight = PERT_WEIGHT }: Pert): (p: number) => number {
	const width = high - low;
	const at = betaQuantile(1 + (weight * (mode - low)) / width, 1 + (weight * (high - mode)) / width);
	return (p) => low + at(p) * width;
}

/** Steps from the lowest value to the highest, so that a higher quantile is never a lower value. */
function discreteQuantile({ values, weights }: Discrete): (p: number) => number {
	const order = [...values.keys()]
		.filter((i) => (weights[i] as number) > 0)
		.sort((i, j) => (values[i] as number) - (values[j] as number));
	const rising = order.map((i) => values[i] as number);
	const total = order.reduce((sum, i) => sum + (weights[i] as number), 0);
	let sum = 0;
	const shares = order.map((i) => (sum += weights[i] as number) / total);
	return (p) => {
		const found = shares.findIndex((share) => p <= share);
		return rising[found < 0 ? rising.length - 1 : found] as number;
	};
}

export type QuantileFill = (column: Float64Array, count: number) => void;

/** Turns the first `count` values of a column, quantiles, into values: {@link quantileFunction} one by one. */
export function quantileEach(d: Distribution): QuantileFill {
	const at = quantileFunction(d);
	return (column, count) => {
		for (let i = 0; i < count; i++) column[i] = at(column[i] as number);
	};
}

/**
 * The same in a third of the time for quantiles of a stream, which are odd multiples of 2⁻⁵³ and so never one of the ends
 * that come back as written.
 */
export function quantileFill(d: Distribution): QuantileFill {
	switch (d.kind) {
		case "lognormal": {
			const { location, scale } = normalParameters(log(d.p5), log(d.p95));
			return (column, count) => lognormalColumn(column, count, location, scale);
		}
		case "logitnormal": {
			const { location, scale } = normalParameters(logit(d.p5), logit(d.p95));
			return (column, count) => {
				lognormalColumn(column, count, -location, -scale);
				for (let i = 0; i < count; i++) column[i] = 1 / (1 + (column[i] as number));
			};
		}
		default:
			return quantileEach(d);
	}
}

/** The number an input has where no draws are made: its median. */
export function centralValue(d: Distribution): number {
	switch (d.kind) {
		case "point":
			return d.value;
		case "uniform":
			return d.low + 0.5 * (d.high - d.low);
		case "lognormal":
			return exp(0.5 * (log(d.p5) + log(d.p95)));
		case "logitnormal":
			return logistic(0.5 * (logit(d.p5) + logit(d.p95)));
		case "normal":
			return 0.5 * (d.p5 + d.p95);
		default:
			return quantileFunction(d)(0.5);
	}
}

/** The ends of a range as it is written: of "a to b" both, of others the least and the largest value. */
export function rangeEnds(d: Distribution): { readonly low: number; readonly high: number } {
	switch (d.kind) {
		case "point":
			return { low: d.value, high: d.value };
		case "discrete": {
			const possible = d.values.filter((_, i) => (d.weights[i] as number) > 0);
			return { low: Math.min(...possible), high: Math.max(...possible) };
		}
		default:
			return "p5" in d ? { low: d.p5, high: d.p95 } : { low: d.low, high: d.high };
	}
}

export function isPoint(d: Distribution): boolean {
	return d.kind === "point";
}

/** Whether an input is drawn: it has a range, and is not a series. */
export function isRanged(value: Distribution | { readonly kind: "series" }): value is Distribution {
	return value.kind !== "series" && value.kind !== "point";
}

function endsAsWritten(ends: { p5: number; p95: number }, of: (p: number) => number): (p: number) => number {
	return (p) => (p === 0.05 ? ends.p5 : p === 0.95 ? ends.p95 : of(p));
}

function normalParameters(low: number, high: number): { location: number; scale: number } {
	return { location: 0.5 * (low + high), scale: (high - low) / (2 * Z95) };
}

function logit(p: number): number {
	return log(p / (1 - p));
}

function logistic(x: number): number {
	return 1 / (1 + exp(-x));
}
