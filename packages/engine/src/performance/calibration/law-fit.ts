/**
 * Constants of a law by robust least squares: minimise Σ w·ρ(r) with r = ln measured − ln modelled and the soft-L1 loss
 * ρ(r) = 2s²·(√(1 + (r/s)²) − 1), plus a pull of each ln constant to its prior. Levenberg–Marquardt on the logarithms of
 * the constants, differences for the derivatives. Deterministic: no draw, fixed rounds.
 */
import { exp, log } from "../../numerics/elementary.ts";

export interface LawFitOptions {
	/** Scale of the soft-L1 loss, in ln units. */
	readonly scale: number;
	/** Weight of the pull to the prior: rows that the prior is worth, per squared ln unit. */
	readonly pull: number;
	readonly rounds: number;
}

export interface LawFit {
	readonly constants: readonly number[];
	readonly loss: number;
	readonly rounds: number;
}

/** `residuals` fills `into` with ln measured − ln modelled at these constants; NaN leaves a row out. */
export function fitConstants(
	prior: readonly number[],
	rows: number,
	residuals: (constants: readonly number[], into: Float64Array) => void,
	weights: Float64Array,
	{ scale, pull, rounds }: LawFitOptions,
	start: readonly number[] = prior,
): LawFit {
	const m = prior.length;
	const origin = prior.map((value) => log(value));
	let at = start.map((value) => log(value));
	const base = new Float64Array(rows);
	const moved = new Float64Array(rows);
	const jacobian = Array.from({ length: m }, () => new Float64Array(rows));
	const evaluate = (x: readonly number[], into: Float64Array) =>
		residuals(
			x.map((value) => exp(value)),
			into,
		);
	const lossOf = (x: readonly number[], r: Float64Array) => {
		let sum = 0;
		for (let i = 0; i < rows; i++) {
			const e = r[i] as number;
			if (Number.isNaN(e)) continue;
			sum += (weights[i] as number) * 2 * scale * scale * (Math.sqrt(1 + (e / scale) * (e / scale)) - 1);
		}
		for (let k = 0; k < m; k++) {
			const away = (x[k] as number) - (origin[k] as number);
			sum += pull * away * away;
		}
		return sum;
	};
	evaluate(at, base);
	let loss = lossOf(at, base);
	let damping = 1e-2;
	let round = 0;
	for (; round < rounds; round++) {
		const step = 1e-4;
		for (let k = 0; k < m; k++) {
			const shifted = at.map((value, i) => (i === k ? value + step : value));
			evaluate(shifted, moved);
			const column = jacobian[k] as Float64Array;
			for (let i = 0; i < rows; i++) column[i] = ((moved[i] as number) - (base[i] as number)) / step;
		}
		const { normal, gradient } = normalEquations(jacobian, base, weights, scale);
		for (let k = 0; k < m; k++) {
			(normal[k] as number[])[k] = ((normal[k] as number[])[k] as number) + pull;
			gradient[k] = (gradient[k] as number) + pull * ((at[k] as number) - (origin[k] as number));
		}
		let isBetter = false;
		for (let attempt = 0; attempt < 6; attempt++) {
			const delta = solveDamped(normal, gradient, damping);
			const next = at.map((value, k) => value - Math.max(-0.7, Math.min(0.7, delta[k] as number)));
			evaluate(next, moved);
			const nextLoss = lossOf(next, moved);
			if (nextLoss < loss) {
				const gain = (loss - nextLoss) / loss;
				at = next;
				loss = nextLoss;
				base.set(moved);
				damping = Math.max(damping / 5, 1e-7);
				isBetter = gain > 1e-5;
				break;
			}
			damping *= 5;
		}
		if (!isBetter) break;
	}
	return { constants: at.map((value) => exp(value)), loss, rounds: round };
}

function normalEquations(
	jacobian: readonly Float64Array[],
	residual: Float64Array,
	weights: Float64Array,
	scale: number,
): { normal: number[][]; gradient: number[] } {
	const m = jacobian.length;
	const normal = Array.from({ length: m }, () => new Array<number>(m).fill(0));
	const gradient = new Array<number>(m).fill(0);
	for (let i = 0; i < residual.length; i++) {
		const r = residual[i] as number;
		if (Number.isNaN(r)) continue;
		const w = (weights[i] as number) / Math.sqrt(1 + (r / scale) * (r / scale));
		for (let k = 0; k < m; k++) {
			const d = (jacobian[k] as Float64Array)[i] as number;
			if (Number.isNaN(d) || d === 0) continue;
			gradient[k] = (gradient[k] as number) + w * d * r;
			const row = normal[k] as number[];
			for (let l = 0; l <= k; l++) {
				const e = (jacobian[l] as Float64Array)[i] as number;
				row[l] = (row[l] as number) + w * d * (Number.isNaN(e) ? 0 : e);
			}
		}
	}
	for (let k = 0; k < m; k++) {
		for (let l = k + 1; l < m; l++) (normal[k] as number[])[l] = (normal[l] as number[])[k] as number;
	}
	return { normal, gradient };
}

/** Solves (N + damping·diag N)·x = g by Gaussian elimination with pivots. */
function solveDamped(normal: readonly (readonly number[])[], gradient: readonly number[], damping: number): number[] {
	const m = gradient.length;
	const a = normal.map((row, k) =>
		row.map((value, l) => (k === l ? value * (1 + damping) + 1e-9 : value)).concat(gradient[k] as number),
	);
	for (let k = 0; k < m; k++) {
		let pivot = k;
		for (let r = k + 1; r < m; r++) {
			if (Math.abs((a[r] as number[])[k] as number) > Math.abs((a[pivot] as number[])[k] as number)) pivot = r;
		}
		const swapped = a[pivot] as number[];
		a[pivot] = a[k] as number[];
		a[k] = swapped;
		const head = swapped[k] as number;
		for (let r = 0; r < m; r++) {
			if (r === k) continue;
			const row = a[r] as number[];
			const factor = (row[k] as number) / head;
			for (let c = k; c <= m; c++) row[c] = (row[c] as number) - factor * (swapped[c] as number);
		}
	}
	return a.map((row, k) => (row[m] as number) / (row[k] as number));
}
