import { exp, log, normalQuantile } from "../numerics/elementary.ts";

/**
 * What an input may be: a point, or a range. Ranges written "a to b" are the 5th and 95th percentile: lognormal where
 * the quantity is positive, logit-normal where it is a fraction. Values are in coherent base units.
 */
export type Distribution =
	| { readonly kind: "point"; readonly value: number }
	| { readonly kind: "uniform"; readonly low: number; readonly high: number }
	| { readonly kind: "lognormal"; readonly p5: number; readonly p95: number }
	| { readonly kind: "logitnormal"; readonly p5: number; readonly p95: number };

/** 95th percentile of the standard normal distribution. */
export const Z95: number = normalQuantile(0.95);

/** Problem with a distribution's parameters, or undefined where there is none. */
export function distributionProblem(d: Distribution): string | undefined {
	if (d.kind === "point") return Number.isFinite(d.value) ? undefined : "the value must be finite";
	const [low, high] = d.kind === "uniform" ? [d.low, d.high] : [d.p5, d.p95];
	if (!Number.isFinite(low) || !Number.isFinite(high)) return "both ends of a range must be finite";
	if (!(low < high)) return "the low end of a range must be below its high end";
	if (d.kind === "lognormal" && low <= 0) return "a lognormal range must be above 0";
	if (d.kind === "logitnormal" && (low <= 0 || high >= 1)) return "a fraction's range must lie inside 0 and 1";
	return undefined;
}

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
	}
}

/** Turns the first `count` values of a column, quantiles, into values: {@link quantileFunction} many times at once. */
export function quantileFill(d: Distribution): (column: Float64Array, count: number) => void {
	const at = quantileFunction(d);
	return (column, count) => {
		for (let i = 0; i < count; i++) column[i] = at(column[i] as number);
	};
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
