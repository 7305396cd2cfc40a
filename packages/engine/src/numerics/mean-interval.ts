/**
 * The mean of independent runs with its 95% interval by Student's t: mean ± t·s/√n, s with n − 1. Quantiles of t up to 30
 * degrees of freedom are the published ones (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2); above, the expansion
 * of Fisher and Cornish to the second term, which is off by less than 10⁻⁴ there.
 */

export interface MeanInterval {
	readonly mean: number;
	readonly low: number;
	readonly high: number;
}

/** Needs two values or more. */
export function meanInterval(values: readonly number[]): MeanInterval {
	const n = values.length;
	if (n < 2) throw new RangeError("an interval needs two runs");
	const mean = values.reduce((sum, value) => sum + value, 0) / n;
	const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (n - 1);
	const half = studentT(n - 1) * Math.sqrt(square / n);
	return { mean, low: mean - half, high: mean + half };
}

/** The 97.5% quantile. */
export function studentT(freedom: number): number {
	const known = PUBLISHED[freedom - 1];
	if (known !== undefined) return known;
	const z = 1.959963984540054;
	const cube = z * z * z;
	const fifth = cube * z * z;
	return z + (cube + z) / (4 * freedom) + (5 * fifth + 16 * cube + 3 * z) / (96 * freedom * freedom);
}

const PUBLISHED: readonly number[] = [
	12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
	2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
