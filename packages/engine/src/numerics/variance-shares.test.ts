import { describe, expect, it } from "vitest";
import { varianceShares } from "./variance-shares.ts";

describe("varianceShares", () => {
	it("finds the published indices of the Ishigami function", () => {
		// T. Ishigami and T. Homma (1990), a = 7, b = 0.1: closed forms, as in Saltelli and others, "Global Sensitivity
		// Analysis: The Primer" (2008).
		const [a, b] = [7, 0.1];
		const variance = a ** 2 / 8 + (b * Math.PI ** 4) / 5 + (b ** 2 * Math.PI ** 8) / 18 + 0.5;
		const first = [0.5 * (1 + (b * Math.PI ** 4) / 5) ** 2, a ** 2 / 8, 0].map((v) => v / variance);
		const together = (8 * b ** 2 * Math.PI ** 8) / 225 / variance;
		const total = [(first[0] as number) + together, first[1] as number, together];
		expect(first.map((s) => Number(s.toFixed(4)))).toEqual([0.3139, 0.4424, 0]);
		const found = varianceShares({ args: 3, rows: 8192, seed: 1 }, (columns) => {
			const [x, y, z] = columns.map((column) => column.map((u) => Math.PI * (2 * u - 1))) as [
				Float64Array,
				Float64Array,
				Float64Array,
			];
			return x.map((at, i) => Math.sin(at) * (1 + b * (z[i] as number) ** 4) + a * Math.sin(y[i] as number) ** 2);
		});
		expect(found.mean).toBeCloseTo(3.5, 2);
		expect(found.variance / variance).toBeCloseTo(1, 2);
		found.shares.forEach((share, i) => {
			expect(Math.abs(share.first.value - (first[i] as number))).toBeLessThan(0.01);
			expect(Math.abs(share.total.value - (total[i] as number))).toBeLessThan(0.01);
			expect(share.first.low).toBeLessThanOrEqual(share.first.value);
			expect(share.first.high).toBeGreaterThanOrEqual(share.first.value);
			expect(share.total.high - share.total.low).toBeLessThan(0.1);
		});
	});

	it("has confidence that holds the truth about as often as it says, and narrows with the rows", () => {
		// A sum with weights 3, 2, 1: shares 9/14, 4/14, 1/14.
		const of = (columns: readonly Float64Array[]): Float64Array =>
			(columns[0] as Float64Array).map((_, i) => columns.reduce((sum, u, k) => sum + (3 - k) * (u[i] as number), 0));
		let held = 0;
		for (let seed = 0; seed < 20; seed++) {
			const { shares } = varianceShares({ args: 3, rows: 256, seed, resamples: 100 }, of);
			shares.forEach(({ first, total }, k) => {
				const truth = (3 - k) ** 2 / 14;
				for (const { low, high } of [first, total]) if (low <= truth && truth <= high) held++;
			});
		}
		expect(held / 120).toBeGreaterThan(0.9);
		const width = (rows: number): number => {
			const { total } = varianceShares({ args: 3, rows, seed: 1 }, of).shares[0] as {
				total: { low: number; high: number };
			};
			return total.high - total.low;
		};
		expect(width(4096)).toBeLessThan(0.4 * width(256));
	});

	it("leaves rows without a value out, and says how many", () => {
		const { coverage, shares } = varianceShares({ args: 2, rows: 1024, seed: 1 }, ([x]) =>
			(x as Float64Array).map((u) => (u < 0.25 ? Number.NaN : u)),
		);
		// Three designs have columns of their own: the first argument of A, B and the mixture (B again).
		expect(coverage).toBeCloseTo(0.75 * 0.75, 1);
		expect(shares[0]?.total.value).toBeCloseTo(1, 1);
		expect(shares[1]?.total.value).toBe(0);
	});
});
