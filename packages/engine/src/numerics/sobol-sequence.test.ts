import { describe, expect, it } from "vitest";
import { SOBOL_DIMENSIONS, sobolColumn, sobolColumns } from "./sobol-sequence.ts";

const DIMENSIONS = [0, 1, 2, 3, 9, 19, 49, 99, 150, 199];
/** Points of scipy.stats.qmc.Sobol(200, scramble=False), scipy 1.17, in these dimensions. */
const POINTS: Readonly<Record<number, readonly number[]>> = {
	1: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
	2: [0.75, 0.25, 0.25, 0.25, 0.75, 0.25, 0.75, 0.75, 0.25, 0.25],
	3: [0.25, 0.75, 0.75, 0.75, 0.25, 0.75, 0.25, 0.25, 0.75, 0.75],
	5: [0.875, 0.875, 0.125, 0.375, 0.125, 0.625, 0.875, 0.375, 0.625, 0.375],
	17: [0.59375, 0.96875, 0.96875, 0.15625, 0.65625, 0.53125, 0.03125, 0.53125, 0.96875, 0.34375],
	100: [0.4140625, 0.2578125, 0.7734375, 0.7265625, 0.6953125, 0.3359375, 0.6640625, 0.8828125, 0.6171875, 0.1328125],
	255: [
		0.00390625, 0.99609375, 0.76953125, 0.57421875, 0.35546875, 0.25390625, 0.69140625, 0.45703125, 0.97265625,
		0.60546875,
	],
};

describe("Sobol's sequence", () => {
	it("has the points of a second implementation", () => {
		DIMENSIONS.forEach((dimension, place) => {
			const column = sobolColumn(dimension, 256, 0);
			for (const [i, point] of Object.entries(POINTS)) {
				expect(column[Number(i)]).toBeCloseTo(point[place] as number, 9);
			}
		});
	});

	it("puts one point in each of 2ᵐ equal cells of every dimension, shifted or not", () => {
		for (const column of sobolColumns(SOBOL_DIMENSIONS, 1024, 3)) {
			expect(new Set(Array.from(column, (u) => Math.floor(u * 1024))).size).toBe(1024);
		}
	});

	it("averages a smooth function to better than random draws would", () => {
		const columns = sobolColumns(5, 4096, 1);
		let sum = 0;
		for (let i = 0; i < 4096; i++) sum += columns.reduce((product, u) => product * 2 * (u[i] as number), 1);
		// The standard error of 4096 random draws is √((4/3)⁵ − 1) / 64 = 0.028.
		expect(Math.abs(sum / 4096 - 1)).toBeLessThan(0.003);
	});

	it("goes on with random draws beyond its last dimension, and starts anew with another seed", () => {
		const columns = sobolColumns(SOBOL_DIMENSIONS + 2, 64, 1);
		expect(columns).toHaveLength(202);
		expect(columns.every((column) => column.every((u) => u > 0 && u < 1))).toBe(true);
		expect(sobolColumns(2, 64, 2)[1]).not.toEqual(columns[1]);
		expect(sobolColumns(2, 64, 1)[1]).toEqual(columns[1]);
	});
});
