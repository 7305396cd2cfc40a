/** A table as typed arrays, for loops over draws: read like {@link tableValue} and to the same bits. */
import { exp } from "../numerics/elementary.ts";
import type { AnyTable } from "./table.ts";

export interface FlatTable {
	readonly x: Float64Array;
	/** Values that are interpolated: of a log table their logarithms. */
	readonly y: Float64Array;
	/** Coefficients of each segment: ((cubic·t + square)·t + linear)·t + y. */
	readonly linear: Float64Array;
	readonly square: Float64Array;
	readonly cubic: Float64Array;
	/** Values as measured. */
	readonly own: Float64Array;
	readonly isLog: boolean;
	readonly holdsBelow: boolean;
}

export function flatTable({ curve, knots, scale, below }: AnyTable): FlatTable {
	const x = Float64Array.from(curve.x);
	const y = Float64Array.from(curve.y);
	const linear = Float64Array.from(curve.tangents);
	const square = new Float64Array(x.length);
	const cubic = new Float64Array(x.length);
	for (let i = 0; i + 1 < x.length; i++) {
		const h = (x[i + 1] as number) - (x[i] as number);
		const slope = ((y[i + 1] as number) - (y[i] as number)) / h;
		const m0 = linear[i] as number;
		const m1 = linear[i + 1] as number;
		cubic[i] = (m0 + m1 - 2 * slope) / (h * h);
		square[i] = (3 * slope - 2 * m0 - m1) / h;
	}
	const own = Float64Array.from(knots, (knot) => knot.y);
	return { x, y, linear, square, cubic, own, isLog: scale === "log", holdsBelow: below === "first" };
}

export function flatTableValue(of: FlatTable, at: number): number {
	const { x, y } = of;
	const last = x.length - 1;
	const first = x[0] as number;
	if (of.holdsBelow && at < first) return of.own[0] as number;
	if (!(at >= first && at <= (x[last] as number))) return Number.NaN;
	let low = 0;
	let high = last;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((x[middle] as number) <= at) low = middle;
		else high = middle - 1;
	}
	const t = at - (x[low] as number);
	if (t === 0) return of.own[low] as number;
	const below = y[low] as number;
	const above = y[low + 1] as number;
	const cubic = of.cubic[low] as number;
	const square = of.square[low] as number;
	const value = ((cubic * t + square) * t + (of.linear[low] as number)) * t + below;
	const held = below < above ? Math.min(Math.max(value, below), above) : Math.max(Math.min(value, below), above);
	return of.isLog ? exp(held) : held;
}
