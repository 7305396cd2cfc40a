import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curveValue, segmentOf, steffenCurve } from "./steffen.ts";

interface Knots {
	readonly x: number[];
	readonly y: number[];
}

describe("steffenCurve", () => {
	it("passes through its knots exactly", () => {
		property(({ x, y }) => {
			const curve = steffenCurve(x, y);
			x.forEach((at, i) => expect(curveValue(curve, at)).toBe(y[i]));
		});
	});

	it("stays between neighbouring knots, and rises or falls with them", () => {
		property(({ x, y }) => {
			const curve = steffenCurve(x, y);
			for (let i = 0; i + 1 < x.length; i++) {
				const [from, to] = [y[i] as number, y[i + 1] as number];
				const values = between(x[i] as number, x[i + 1] as number).map((at) => curveValue(curve, at));
				const slack = 1e-12 * Math.max(...y.map(Math.abs));
				values.forEach((value, k) => {
					expect(value).toBeGreaterThanOrEqual(Math.min(from, to));
					expect(value).toBeLessThanOrEqual(Math.max(from, to));
					const step = (value - (values[k - 1] ?? from)) * Math.sign(to - from);
					expect(step).toBeGreaterThanOrEqual(-slack);
				});
			}
		});
	});

	it("agrees with the published formulas in their own form", () => {
		property(({ x, y }) => {
			const curve = steffenCurve(x, y);
			const slopes = publishedSlopes(x, y);
			for (let i = 0; i + 1 < x.length; i++) {
				for (const at of between(x[i] as number, x[i + 1] as number)) {
					const size = Math.max(...y.map(Math.abs), 1e-9);
					expect(Math.abs(curveValue(curve, at) - hermite(x, y, slopes, i, at)) / size).toBeLessThan(1e-11);
				}
			}
		});
	});

	it("agrees with a case worked by hand", () => {
		// x = 0, 1, 3; y = 0, 1, 2. Secants 1 and 1/2; parabola at 1: (1·2 + ½·1)/3 = 5/6, so the slope there is
		// 2·min(1, ½, 5/12) = 5/6. At 0: p = 1·(1 + 1/3) − ½·1/3 = 7/6, at 3: p = ½·(1 + 2/3) − 1·2/3 = 1/6.
		const curve = steffenCurve([0, 1, 3], [0, 1, 2]);
		expect(curve.tangents[0]).toBeCloseTo(7 / 6, 14);
		expect(curve.tangents[1]).toBeCloseTo(5 / 6, 14);
		expect(curve.tangents[2]).toBeCloseTo(1 / 6, 14);
		// Halfway along [0, 1]: (0 + 1)/2 + (7/6 − 5/6)·1/8.
		expect(curveValue(curve, 0.5)).toBeCloseTo(0.5 + 1 / 24, 14);
		// Halfway along [1, 3]: (1 + 2)/2 + (5/6 − 1/6)·2/8.
		expect(curveValue(curve, 2)).toBeCloseTo(1.5 + 1 / 6, 14);
	});

	it("is flat at a peak and keeps plateaus flat", () => {
		const curve = steffenCurve([0, 1, 2, 3], [0, 5, 5, 1]);
		expect(curve.tangents[1]).toBe(0);
		expect(curveValue(curve, 1.37)).toBe(5);
		expect(steffenCurve([0, 1, 2], [0, 3, 1]).tangents[1]).toBe(0);
	});

	it("is a straight line between two knots and a point at one", () => {
		const line = steffenCurve([2, 4], [10, 20]);
		expect(curveValue(line, 2.5)).toBe(12.5);
		const point = steffenCurve([3], [7]);
		expect(curveValue(point, 3)).toBe(7);
		expect(curveValue(point, 3.0000001)).toBeNaN();
	});

	it("has no value outside its knots, nor at no number", () => {
		const curve = steffenCurve([1, 2, 3], [1, 4, 9]);
		for (const at of [0.999999, 3.000001, Number.NaN, -1e300, Number.POSITIVE_INFINITY]) {
			expect(curveValue(curve, at)).toBeNaN();
		}
	});

	it("refuses knots that do not rise, or that do not pair up", () => {
		expect(() => steffenCurve([1, 1], [2, 3])).toThrow(/knots must rise: 1, 1/);
		expect(() => steffenCurve([1, Number.NaN], [2, 3])).toThrow(RangeError);
		expect(() => steffenCurve([], [])).toThrow(RangeError);
		expect(() => steffenCurve([1, 2], [3])).toThrow(RangeError);
	});
});

describe("segmentOf", () => {
	it("is the last knot at or below", () => {
		const x = [0, 1, 2, 5, 9];
		for (const at of [0, 0.5, 1, 4.9, 5, 8.99, 9]) {
			expect(segmentOf(x, at)).toBe(x.findLastIndex((knot) => knot <= at));
		}
	});
});

function property(check: (knots: Knots) => void): void {
	const step = fc.double({ min: 0.001, max: 50, noNaN: true });
	const height = fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.integer({ min: 0, max: 3 }));
	const knots = fc.array(fc.tuple(step, height), { minLength: 2, maxLength: 12 }).map((pairs): Knots => {
		let at = -20;
		return { x: pairs.map(([by]) => (at += by)), y: pairs.map(([, y]) => y) };
	});
	fc.assert(fc.property(knots, check), { numRuns: 300, seed: 1 });
}

function between(from: number, to: number): number[] {
	return Array.from({ length: 33 }, (_, k) => Math.min(from + ((to - from) * (k + 0.5)) / 33, to));
}

/** Equations 8, 11 and 24 to 27 of the paper, by cases instead of by signs and minima. */
function publishedSlopes(x: readonly number[], y: readonly number[]): number[] {
	const n = x.length;
	const h = (i: number): number => (x[i + 1] as number) - (x[i] as number);
	const s = (i: number): number => ((y[i + 1] as number) - (y[i] as number)) / h(i);
	if (n === 2) return [s(0), s(0)];
	const limited = (p: number, a: number, b: number): number => {
		if (a * b <= 0) return 0;
		const bound = 2 * Math.min(Math.abs(a), Math.abs(b));
		return Math.abs(p) > bound ? Math.sign(a) * bound : p;
	};
	const ends = (p: number, near: number): number => limited(p, near, p * near <= 0 ? 0 : near);
	return x.map((_, i) => {
		if (i === 0) return ends(s(0) * (1 + h(0) / (h(0) + h(1))) - (s(1) * h(0)) / (h(0) + h(1)), s(0));
		if (i === n - 1) {
			const [a, b] = [h(n - 2), h(n - 3)];
			return ends(s(n - 2) * (1 + a / (a + b)) - (s(n - 3) * a) / (a + b), s(n - 2));
		}
		return limited((s(i - 1) * h(i) + s(i) * h(i - 1)) / (h(i - 1) + h(i)), s(i - 1), s(i));
	});
}

/** The same cubic in Hermite's basis. */
function hermite(x: readonly number[], y: readonly number[], m: readonly number[], i: number, at: number): number {
	const h = (x[i + 1] as number) - (x[i] as number);
	const t = (at - (x[i] as number)) / h;
	const u = 1 - t;
	return (
		(1 + 2 * t) * u * u * (y[i] as number) +
		t * u * u * h * (m[i] as number) +
		t * t * (3 - 2 * t) * (y[i + 1] as number) -
		t * t * u * h * (m[i + 1] as number)
	);
}
