/**
 * What measured rows say beyond the law: the logarithm of measured over modelled, as a Gaussian field over
 * configurations. Levels share strength from wide to narrow, so that a row speaks for its neighbours as far as they are
 * alike, and little for others (shrinkage):
 *
 *   k(i, j) = Σ_levels [same group at the level] · (constant² + smooth²·ρ(i, j)) + drift² · [same group] · t_i·t_j
 *           + era² · [same group] · exp(−|Δday| / τ) + noise² · [i = j]
 *   ρ(i, j) = exp(−½ Σ (Δ log2 of concurrency, input, output, GPUs)² / length²)
 *
 * Prediction and variance are those of the field given the rows of a support set. Rows that the others contradict by
 * more than `OUTLIER` deviations (left out one at a time) count with a larger noise and are listed as suspicious.
 * Robust in the same sense as a soft-L1 loss. Kriging: Cressie, "Statistics for Spatial Data" (1993), ch. 3.
 */
import { exp } from "../../numerics/elementary.ts";

/** A row as the field sees it: numbers of its groups, and where it lies within them. */
export interface FieldPoint {
	/** Group number at each level, in the order of {@link FieldLevels}; −1 belongs to no group. */
	readonly groups: readonly number[];
	/** log2 of concurrency a GPU, input, output, GPUs of a worker, … */
	readonly at: readonly number[];
	/** Years since the origin; 0 where no date is known. */
	readonly years: number;
}

export interface FieldLaw {
	/** Standard deviations of the constant and the smooth part, by level. */
	readonly constant: readonly number[];
	readonly smooth: readonly number[];
	/** Octaves over which rows stay alike, by coordinate. */
	readonly lengths: readonly number[];
	/** Of a change a year, and of what changes with time besides. */
	readonly drift: number;
	readonly era: number;
	readonly eraYears: number;
	readonly noise: number;
	/** Levels whose rows share drift, and era. */
	readonly driftLevel: number;
	readonly eraLevel: number;
}

export interface Field {
	readonly predict: (at: FieldPoint) => { readonly mean: number; readonly deviation: number };
	/** Mean alone, for sweeps. */
	readonly mean: (at: FieldPoint) => number;
	/** Deviation of each row from what the others say of it, in standard deviations. */
	readonly leftOut: readonly number[];
	/** Mean and deviation of each row from all others. */
	readonly leaveOneOut: readonly { readonly mean: number; readonly deviation: number }[];
}

export const OUTLIER = 3.5;

export function fitField(points: readonly FieldPoint[], values: readonly number[], law: FieldLaw): Field {
	const n = points.length;
	const noise = new Float64Array(n).fill(law.noise * law.noise);
	let solved = solve(points, values, law, noise);
	let changed = false;
	for (let i = 0; i < n; i++) {
		const z = Math.abs(solved.leftOut[i] as number);
		if (z <= OUTLIER) continue;
		const variance = noise[i] as number;
		const total = solved.variance[i] as number;
		// as much noise as makes the row one that the others would expect
		noise[i] = variance + total * (z * z - 1);
		changed = true;
	}
	const leftOut = Array.from(solved.leftOut);
	if (changed) solved = solve(points, values, law, noise);
	const { alpha, factor } = solved;
	const kernel = new Float64Array(n);
	const fill = (at: FieldPoint) => {
		for (let i = 0; i < n; i++) kernel[i] = covariance(points[i] as FieldPoint, at, law);
	};
	const meanOf = () => {
		let mean = 0;
		for (let i = 0; i < n; i++) mean += (kernel[i] as number) * (alpha[i] as number);
		return mean;
	};
	return {
		leftOut,
		leaveOneOut: points.map((_, i) => ({
			mean: (values[i] as number) - (solved.residual[i] as number),
			deviation: Math.sqrt(Math.max(solved.variance[i] as number, 1e-12)),
		})),
		mean: (at) => {
			fill(at);
			return meanOf();
		},
		predict: (at) => {
			fill(at);
			const mean = meanOf();
			let explained = 0;
			forward(factor, n, kernel);
			for (let i = 0; i < n; i++) explained += (kernel[i] as number) * (kernel[i] as number);
			const prior = covariance(at, at, law) + law.noise * law.noise;
			return { mean, deviation: Math.sqrt(Math.max(prior - explained, 0.25 * law.noise * law.noise)) };
		},
	};
}

/** Covariance of two rows without their noise. */
export function covariance(a: FieldPoint, b: FieldPoint, law: FieldLaw): number {
	let square = 0;
	const { lengths, constant, smooth } = law;
	for (let k = 0; k < lengths.length; k++) {
		const step = ((a.at[k] as number) - (b.at[k] as number)) / (lengths[k] as number);
		square += step * step;
	}
	const near = square > 40 ? 0 : exp(-0.5 * square);
	let sum = 0;
	for (let level = 0; level < constant.length; level++) {
		const group = a.groups[level] as number;
		if (group < 0 || group !== b.groups[level]) continue;
		const c = constant[level] as number;
		const s = smooth[level] as number;
		sum += c * c + s * s * near;
	}
	const drifting = a.groups[law.driftLevel] as number;
	if (drifting >= 0 && drifting === b.groups[law.driftLevel]) sum += law.drift * law.drift * a.years * b.years;
	const dated = a.groups[law.eraLevel] as number;
	if (dated >= 0 && dated === b.groups[law.eraLevel]) {
		sum += law.era * law.era * exp(-Math.abs(a.years - b.years) / law.eraYears);
	}
	return sum;
}

interface Solved {
	readonly factor: Float64Array;
	readonly alpha: Float64Array;
	/** Value minus what the other rows predict, its variance, and their ratio. */
	readonly residual: Float64Array;
	readonly variance: Float64Array;
	readonly leftOut: Float64Array;
}

function solve(points: readonly FieldPoint[], values: readonly number[], law: FieldLaw, noise: Float64Array): Solved {
	const n = points.length;
	const factor = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		for (let j = 0; j <= i; j++) {
			factor[i * n + j] = covariance(points[i] as FieldPoint, points[j] as FieldPoint, law);
		}
		factor[i * n + i] = (factor[i * n + i] as number) + (noise[i] as number);
	}
	cholesky(factor, n);
	const alpha = Float64Array.from(values);
	forward(factor, n, alpha);
	backward(factor, n, alpha);
	const inverse = inverseDiagonal(factor, n);
	const residual = new Float64Array(n);
	const variance = new Float64Array(n);
	const leftOut = new Float64Array(n);
	for (let i = 0; i < n; i++) {
		const d = inverse[i] as number;
		residual[i] = (alpha[i] as number) / d;
		variance[i] = 1 / d;
		leftOut[i] = (residual[i] as number) / Math.sqrt(variance[i] as number);
	}
	return { factor, alpha, residual, variance, leftOut };
}

/** Lower factor of a positive definite matrix, in place. */
function cholesky(a: Float64Array, n: number): void {
	for (let i = 0; i < n; i++) {
		const row = i * n;
		for (let j = 0; j <= i; j++) {
			const other = j * n;
			let sum = a[row + j] as number;
			for (let k = 0; k < j; k++) sum -= (a[row + k] as number) * (a[other + k] as number);
			a[row + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (a[other + j] as number);
		}
	}
}

function forward(factor: Float64Array, n: number, b: Float64Array): void {
	for (let i = 0; i < n; i++) {
		const row = i * n;
		let sum = b[i] as number;
		for (let k = 0; k < i; k++) sum -= (factor[row + k] as number) * (b[k] as number);
		b[i] = sum / (factor[row + i] as number);
	}
}

function backward(factor: Float64Array, n: number, b: Float64Array): void {
	for (let i = n - 1; i >= 0; i--) {
		const value = (b[i] as number) / (factor[i * n + i] as number);
		b[i] = value;
		for (let k = 0; k < i; k++) b[k] = (b[k] as number) - (factor[i * n + k] as number) * value;
	}
}

/** Diagonal of the inverse, from the columns of the inverse factor. */
function inverseDiagonal(factor: Float64Array, n: number): Float64Array {
	const diagonal = new Float64Array(n);
	const column = new Float64Array(n);
	for (let j = 0; j < n; j++) {
		column.fill(0, j);
		column[j] = 1 / (factor[j * n + j] as number);
		for (let i = j + 1; i < n; i++) {
			const row = i * n;
			let sum = 0;
			for (let k = j; k < i; k++) sum -= (factor[row + k] as number) * (column[k] as number);
			column[i] = sum / (factor[row + i] as number);
		}
		let square = 0;
		for (let i = j; i < n; i++) square += (column[i] as number) * (column[i] as number);
		diagonal[j] = square;
	}
	return diagonal;
}
