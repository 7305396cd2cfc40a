/**
 * Sobol's indices: which share of the variance of a function each argument carries alone (first order), and together
 * with all others (total). Two independent designs A and B and, for each argument i, A with column i from B. First
 * order: A. Saltelli and others, "Variance based sensitivity analysis of model output", Computer Physics Communications
 * 181 (2010), 259-270, table 2 (b); total: M. J. W. Jansen, "Analysis of variance designs for model output", Computer
 * Physics Communications 117 (1999), 35-43. Confidence: percentiles of a bootstrap over rows.
 */
import { uniformStream } from "./random.ts";
import { sobolColumns } from "./sobol-sequence.ts";

export interface VarianceShare {
	readonly first: Estimate;
	readonly total: Estimate;
}

export interface Estimate {
	readonly value: number;
	/** 95% confidence. */
	readonly low: number;
	readonly high: number;
}

export interface VarianceShares {
	/** One an argument, in order. */
	readonly shares: readonly VarianceShare[];
	readonly mean: number;
	readonly variance: number;
	/** Share of rows in which the function has a value everywhere. */
	readonly coverage: number;
}

export interface VarianceDesign {
	readonly args: number;
	/** Rows of each design; a power of 2 fills the space evenly. The function is asked for (args + 2) times as many. */
	readonly rows: number;
	readonly seed: number;
	/** Resamples; 200 unless told. */
	readonly resamples?: number;
}

/** `of` gets a column of quantiles an argument and gives a value a row, NaN where there is none. */
export function varianceShares(
	{ args, rows, seed, resamples = 200 }: VarianceDesign,
	of: (columns: readonly Float64Array[]) => Float64Array,
): VarianceShares {
	const columns = sobolColumns(2 * args, rows, seed);
	const a = columns.slice(0, args);
	const b = columns.slice(args);
	const atA = of(a);
	const atB = of(b);
	const mixed = a.map((_, i) => of(a.map((column, j) => (j === i ? (b[j] as Float64Array) : column))));
	const kept = Uint32Array.from(atA.keys()).filter((row) => [atA, atB, ...mixed].every((f) => !Number.isNaN(f[row])));
	const pick = (f: Float64Array): Float64Array => Float64Array.from(kept, (row) => f[row] as number);
	const whole = moments(pick(atA), pick(atB));
	const rowsOf = mixed.map((f) => termsOf(pick(atA), pick(atB), pick(f), whole.mean));
	const resampled = bootstrap(kept.length, resamples, seed);
	const variances = resampled.map((counts) => varianceOf(whole, counts));
	const estimate = (terms: Float64Array): Estimate => {
		const value = weighted(terms, undefined) / whole.variance;
		const spread = resampled.map((counts, k) => weighted(terms, counts) / (variances[k] as number));
		return { value, ...middle(Float64Array.from(spread)) };
	};
	const shares = rowsOf.map(({ first, total }) => ({ first: estimate(first), total: estimate(total) }));
	return { shares, mean: whole.mean, variance: whole.variance, coverage: kept.length / rows };
}

interface Moments {
	readonly mean: number;
	readonly variance: number;
	/** Squared distances from the mean, of both designs together, a row each. */
	readonly squares: Float64Array;
	readonly distances: Float64Array;
}

function moments(atA: Float64Array, atB: Float64Array): Moments {
	const n = atA.length;
	let sum = 0;
	for (let i = 0; i < n; i++) sum += (atA[i] as number) + (atB[i] as number);
	const mean = sum / (2 * n);
	const distances = atA.map((x, i) => x - mean + ((atB[i] as number) - mean));
	const squares = atA.map((x, i) => squared(x - mean) + squared((atB[i] as number) - mean));
	return { mean, variance: weighted(squares, undefined) / 2, squares, distances };
}

function squared(x: number): number {
	return x * x;
}

function termsOf(
	atA: Float64Array,
	atB: Float64Array,
	mixed: Float64Array,
	mean: number,
): { first: Float64Array; total: Float64Array } {
	const first = mixed.map((x, i) => ((atB[i] as number) - mean) * (x - (atA[i] as number)));
	const total = mixed.map((x, i) => 0.5 * squared(x - (atA[i] as number)));
	return { first, total };
}

function varianceOf({ squares, distances }: Moments, counts: Uint16Array): number {
	const off = weighted(distances, counts) / 2;
	return weighted(squares, counts) / 2 - off * off;
}

/** How often each row is drawn in each resample. */
function bootstrap(rows: number, resamples: number, seed: number): Uint16Array[] {
	const stream = uniformStream(seed, "bootstrap");
	const column = new Float64Array(rows);
	return Array.from({ length: resamples }, () => {
		const counts = new Uint16Array(rows);
		stream.fill(column, rows);
		for (const u of column) {
			const row = Math.floor(u * rows);
			counts[row] = (counts[row] as number) + 1;
		}
		return counts;
	});
}

/** Mean of the terms, each as often as it is drawn. */
function weighted(terms: Float64Array, counts: Uint16Array | undefined): number {
	let sum = 0;
	if (counts === undefined) for (const term of terms) sum += term;
	else for (let i = 0; i < terms.length; i++) sum += (terms[i] as number) * (counts[i] as number);
	return sum / terms.length;
}

function middle(values: Float64Array): { low: number; high: number } {
	const sorted = values.sort();
	const at = (p: number): number => sorted[Math.round(p * (sorted.length - 1))] ?? Number.NaN;
	return { low: at(0.025), high: at(0.975) };
}
