/**
 * What measured rows say beyond the law: the logarithm of measured over modelled, as a Gaussian field over
 * configurations. Levels share strength from wide to narrow, so that a row speaks for its neighbours as far as they are
 * alike, and little for others (shrinkage):
 *
 *   k(i, j) = Σ_levels [same group at the level] · (constant² + smooth²·ρ(i, j) + rough²·ρ(i, j)^8) + drift² · [same group] · t_i·t_j
 *           + era² · [same group] · exp(−|Δday| / τ) + noise² · [i = j]
 *   ρ(i, j) = exp(−½ Σ (Δ log2 of concurrency, input, output, GPUs)² / length²)
 *
 * Prediction and variance are those of the field given the rows of a support set. Rows that the others contradict by
 * more than `OUTLIER` deviations (left out one at a time) count with a larger noise and are listed as suspicious.
 * Robust in the same sense as a soft-L1 loss. Kriging: Cressie, "Statistics for Spatial Data" (1993), ch. 3.
 */
import { exp, LOG2_E } from "../../numerics/elementary.ts";
import { backward, factorise, forward, inverseDiagonal } from "../../numerics/positive-definite.ts";

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
	/** Standard deviations of the constant, the smooth and the rough part, by level. */
	readonly constant: readonly number[];
	readonly smooth: readonly number[];
	readonly rough: readonly number[];
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
	/** Deviation that would be left at `at` if one more row were measured at `measured`. */
	readonly deviationAfter: (at: FieldPoint, measured: FieldPoint) => number;
	/** Mean alone, for sweeps. */
	readonly mean: (at: FieldPoint) => number;
	/** Deviation of each row from what the others say of it, in standard deviations. */
	readonly leftOut: readonly number[];
	/** The same in ln units. */
	readonly leftOutResiduals: readonly number[];
}

export const OUTLIER = 3.5;

export function fitField(points: readonly FieldPoint[], values: readonly number[], law: FieldLaw): Field {
	const n = points.length;
	const noise = new Float64Array(n).fill(law.noise * law.noise);
	const prior = covariances(points, law);
	let solved = solve(prior, values, noise);
	const { residual, variance } = leaveOneOut(solved, n);
	const leftOut = Array.from(residual, (r, i) => r / Math.sqrt(variance[i] as number));
	let isChanged = false;
	leftOut.forEach((z, i) => {
		if (Math.abs(z) <= OUTLIER) return;
		// as much noise as makes the row one that the others would expect
		noise[i] = (noise[i] as number) + (variance[i] as number) * (z * z - 1);
		isChanged = true;
	});
	if (isChanged) solved = solve(prior, values, noise, solved.factor);
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
	const sweep = sweeper(points, alpha, law);
	const whitened = (at: FieldPoint): Float64Array => {
		fill(at);
		const own = kernel.slice();
		forward(factor, n, own);
		return own;
	};
	const left = (a: FieldPoint, b: FieldPoint): number => {
		const [x, y] = [whitened(a), whitened(b)];
		let sum = covariance(a, b, law);
		for (let i = 0; i < n; i++) sum -= (x[i] as number) * (y[i] as number);
		return sum;
	};
	const noiseVariance = law.noise * law.noise;
	return {
		leftOut,
		leftOutResiduals: Array.from(residual),
		deviationAfter: (at, measured) => {
			const shared = left(at, measured);
			const gained = (shared * shared) / (left(measured, measured) + noiseVariance);
			return Math.sqrt(Math.max(left(at, at) - gained, 0) + noiseVariance);
		},
		mean: sweep,
		predict: (at) => {
			fill(at);
			const mean = meanOf();
			let explained = 0;
			forward(factor, n, kernel);
			for (let i = 0; i < n; i++) explained += (kernel[i] as number) * (kernel[i] as number);
			const total = covariance(at, at, law) + law.noise * law.noise;
			return { mean, deviation: Math.sqrt(Math.max(total - explained, 0.25 * law.noise * law.noise)) };
		},
	};
}

/**
 * Mean of the field for many points that differ in concurrency alone. ρ is a product over the coordinates, and rows were
 * measured at few concurrencies: what the others say is summed once by concurrency of the rows,
 *
 *   mean = constant + Σ_u (ρ_u·Σ_i∈u smooth_i·ρ'_i + ρ_u^8·Σ_i∈u rough_i·ρ'_i^8) + rows of the operating point
 *
 * with u the concurrencies, ρ_u the factor of concurrency and ρ'_i that of the other coordinates.
 */
function sweeper(points: readonly FieldPoint[], alpha: Float64Array, law: FieldLaw): (at: FieldPoint) => number {
	const length = law.lengths[0] as number;
	const levels = law.constant.length;
	const wide = Math.max(0, levels - NARROW_LEVELS);
	const members = Array.from({ length: levels }, (_, level) => membersOf(points, level, wide));
	const columns = columnsOf(points);
	let known = new Map<number, SweepParts[]>();
	let count = 0;
	let last: SweepParts | undefined;
	const partsOf = (at: FieldPoint): SweepParts => {
		if (last !== undefined && isSameBesideConcurrency(last.at, at, wide)) return last;
		const hash = hashBesideConcurrency(at);
		const list = known.get(hash);
		last = list?.find((each) => isSameBesideConcurrency(each.at, at, wide));
		if (last !== undefined) return last;
		last = sweepParts(points, columns, alpha, law, at, wide);
		if (count++ % MOST_PARTS === MOST_PARTS - 1) known = new Map();
		known.set(hash, [...(known.get(hash) ?? []), last]);
		return last;
	};
	return (at) => {
		const { constant, smooth, rough } = partsOf(at);
		const own = at.at[0] as number;
		let mean = constant;
		for (let u = 0; u < smooth.length; u++) {
			const step = ((columns.concurrencies[u] as number) - own) / length;
			const square = step * step;
			if (square > FAR) continue;
			const near = decay(0.5 * square);
			const fourth = near * near * near * near;
			mean += near * (smooth[u] as number) + fourth * fourth * (rough[u] as number);
		}
		for (let level = wide; level < levels; level++) {
			const [c, s, r] = [law.constant[level], law.smooth[level], law.rough[level]] as [number, number, number];
			for (const i of members[level]?.get(at.groups[level] as number) ?? []) {
				const near = nearness(points[i] as FieldPoint, at, law, 0);
				const fourth = near * near * near * near;
				mean += (alpha[i] as number) * (c * c + s * s * near + r * r * fourth * fourth);
			}
		}
		return mean;
	};
}

/** Levels with so many groups that their few rows are added one by one: the operating point. */
const NARROW_LEVELS = 1;
/** Sums that a field keeps before it starts anew: a service that is asked for ever new lengths does not grow. */
const MOST_PARTS = 4096;

/** Concurrencies at which rows were measured, and which of them each row has. */
interface Columns {
	readonly concurrencies: Float64Array;
	readonly columnOf: Int32Array;
}

function columnsOf(points: readonly FieldPoint[]): Columns {
	const concurrencies = [...new Set(points.map(({ at }) => at[0] as number))].sort((a, b) => a - b);
	const columns = new Map(concurrencies.map((each, column) => [each, column]));
	return {
		concurrencies: Float64Array.from(concurrencies),
		columnOf: Int32Array.from(points, ({ at }) => columns.get(at[0] as number) as number),
	};
}

function isSameBesideConcurrency(a: FieldPoint, b: FieldPoint, wide: number): boolean {
	if (a.years !== b.years) return false;
	for (let k = 1; k < a.at.length; k++) if (a.at[k] !== b.at[k]) return false;
	for (let level = 0; level < wide; level++) if (a.groups[level] !== b.groups[level]) return false;
	return true;
}

function hashBesideConcurrency({ at, years }: FieldPoint): number {
	let hash = Math.round(years * 4096);
	for (let k = 1; k < at.length; k++) hash = Math.imul(hash, 31) + Math.round((at[k] as number) * 256);
	return hash | 0;
}

/** Rows of each group of a narrow level. */
function membersOf(points: readonly FieldPoint[], level: number, wide: number): ReadonlyMap<number, readonly number[]> {
	const members = new Map<number, number[]>();
	if (level < wide) return members;
	points.forEach(({ groups }, i) => {
		const group = groups[level] as number;
		if (group < 0) return;
		const list = members.get(group) ?? [];
		list.push(i);
		members.set(group, list);
	});
	return members;
}

interface SweepParts {
	readonly at: FieldPoint;
	readonly constant: number;
	/** By concurrency of the rows. */
	readonly smooth: Float64Array;
	readonly rough: Float64Array;
}

function sweepParts(
	points: readonly FieldPoint[],
	{ concurrencies, columnOf }: Columns,
	alpha: Float64Array,
	law: FieldLaw,
	at: FieldPoint,
	wide: number,
): SweepParts {
	const smooth = new Float64Array(concurrencies.length);
	const rough = new Float64Array(concurrencies.length);
	let constant = 0;
	points.forEach((point, i) => {
		const weight = alpha[i] as number;
		shareVariances(point, at, law, wide);
		constant += weight * (pair.constant + datedCovariance(point, at, law));
		const near = nearness(point, at, law, 1);
		const fourth = near * near * near * near;
		const column = columnOf[i] as number;
		smooth[column] = (smooth[column] as number) + weight * pair.smooth * near;
		rough[column] = (rough[column] as number) + weight * pair.rough * fourth * fourth;
	});
	return { at, constant, smooth, rough };
}

/** ρ of two points over the coordinates from `first` on. */
function nearness(a: FieldPoint, b: FieldPoint, { lengths }: FieldLaw, first: number): number {
	let square = 0;
	for (let k = first; k < lengths.length; k++) {
		const step = ((a.at[k] as number) - (b.at[k] as number)) / (lengths[k] as number);
		square += step * step;
	}
	return square > FAR ? 0 : decay(0.5 * square);
}

/**
 * e^−x for x from 0 to FAR/2, to 1e-12: a power of two from a table and the series of what is left. Fields are millions
 * of these, and the general exponential takes four times as long.
 */
function decay(x: number): number {
	const halvings = Math.round(x * LOG2_E);
	const r = halvings * Math.LN2 - x;
	const tail = r * (1 / 5040 + r * (1 / 40_320 + r * (1 / 362_880 + r * (1 / 3_628_800))));
	const series = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + tail))))));
	return series * (HALVES[halvings] as number);
}

const HALVES: Float64Array = Float64Array.from({ length: 24 }, () => 1);
for (let k = 1; k < HALVES.length; k++) HALVES[k] = (HALVES[k - 1] as number) / 2;

/** Squared distance, in lengths, beyond which rows are not alike: ρ < 4e-6. */
const FAR = 25;

/** Covariance of two rows without their noise. */
export function covariance(a: FieldPoint, b: FieldPoint, law: FieldLaw): number {
	shareVariances(a, b, law, law.constant.length);
	const near = nearness(a, b, law, 0);
	const fourth = near * near * near * near;
	return pair.constant + pair.smooth * near + pair.rough * fourth * fourth + datedCovariance(a, b, law);
}

/** What the last {@link shareVariances} found: a field asks for it a million times, and an object each is most of the time. */
const pair = { constant: 0, smooth: 0, rough: 0 };

/** Variances of the levels at which two rows are in one group. */
function shareVariances(
	{ groups }: FieldPoint,
	{ groups: others }: FieldPoint,
	{ constant, smooth, rough }: FieldLaw,
	levels: number,
): void {
	let ofConstant = 0;
	let ofSmooth = 0;
	let ofRough = 0;
	for (let level = 0; level < levels; level++) {
		const group = groups[level] as number;
		if (group < 0 || group !== others[level]) continue;
		const c = constant[level] as number;
		const s = smooth[level] as number;
		const r = rough[level] as number;
		ofConstant += c * c;
		ofSmooth += s * s;
		ofRough += r * r;
	}
	pair.constant = ofConstant;
	pair.smooth = ofSmooth;
	pair.rough = ofRough;
}

/** What drift and era add where two rows share them. */
function datedCovariance(a: FieldPoint, b: FieldPoint, law: FieldLaw): number {
	let sum = 0;
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
}

/** Lower triangle, row by row in a square. */
function covariances(points: readonly FieldPoint[], law: FieldLaw): Float64Array {
	const n = points.length;
	const matrix = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		const point = points[i] as FieldPoint;
		for (let j = 0; j <= i; j++) matrix[i * n + j] = covariance(point, points[j] as FieldPoint, law);
	}
	return matrix;
}

/** `into` is written over, where it is given. */
function solve(
	prior: Float64Array,
	values: readonly number[],
	noise: Float64Array,
	into: Float64Array = new Float64Array(prior.length),
): Solved {
	const n = values.length;
	const factor = into;
	factor.set(prior);
	for (let i = 0; i < n; i++) factor[i * n + i] = (factor[i * n + i] as number) + (noise[i] as number);
	factorise(factor, n);
	const alpha = Float64Array.from(values);
	forward(factor, n, alpha);
	backward(factor, n, alpha);
	return { factor, alpha };
}

/** Value of each row minus what the other rows predict of it, and the variance of that. */
function leaveOneOut({ factor, alpha }: Solved, n: number): { residual: Float64Array; variance: Float64Array } {
	const inverse = inverseDiagonal(factor, n);
	return {
		residual: alpha.map((a, i) => a / (inverse[i] as number)),
		variance: inverse.map((d) => 1 / d),
	};
}
