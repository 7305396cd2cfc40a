import * as fc from "fast-check";
import { expect, it } from "vitest";
import { nonNegativeLeastSquares } from "./non-negative-least-squares.ts";

it("finds the coefficients that made the data", () => {
	const rows = [
		[1, 2],
		[1, 5],
		[1, 11],
	];
	const [a, b] = nonNegativeLeastSquares(rows, [7, 16, 34]) as [number, number];
	expect(a).toBeCloseTo(1, 9);
	expect(b).toBeCloseTo(3, 9);
});

it("leaves out what would be negative: y = 2 − x on 0, 1, 2 is its mean", () => {
	expect(
		nonNegativeLeastSquares(
			[
				[1, 0],
				[1, 1],
				[1, 2],
			],
			[2, 1, 0],
		),
	).toEqual([expect.closeTo(1, 9), 0]);
});

it("is not beaten by any neighbour that is not negative", () => {
	const row = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 });
	fc.assert(
		fc.property(
			fc.array(row, { minLength: 4, maxLength: 8 }),
			fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 8, maxLength: 8 }),
			(rows, right) => {
				const x = nonNegativeLeastSquares(rows, right);
				const error = (at: readonly number[]): number =>
					rows.reduce((sum, each, r) => {
						const off = each.reduce((total, value, i) => total + value * (at[i] as number), 0) - (right[r] as number);
						return sum + off * off;
					}, 0);
				const least = error(x);
				for (let i = 0; i < 3; i++) {
					for (const move of [0.01, -0.01]) {
						const near = x.map((value, j) => (j === i ? Math.max(0, value + move) : value));
						expect(error(near)).toBeGreaterThanOrEqual(least - 1e-6);
					}
				}
			},
		),
		{ numRuns: 60, seed: 3 },
	);
});
