import { describe, expect, it } from "vitest";
import { normalQuantile } from "./elementary.ts";
import { normalProbability } from "./normal.ts";

describe("normalProbability", () => {
	// scipy.special.ndtr, scipy 1.17
	it.each([
		[-37, 5.7255712225239266e-300],
		[-8, 6.22096057427174e-16],
		[-5.8, 3.3157459783261613e-9],
		[-5, 2.866515718791933e-7],
		[-3, 0.0013498980316300933],
		[-1.96, 0.024997895148220435],
		[-0.7, 0.24196365222307303],
		[-0.3, 0.3820885778110474],
		[0, 0.5],
		[0.2, 0.579259709439103],
		[0.66, 0.7453730853286639],
		[1, 0.8413447460685429],
		[2.5, 0.9937903346742238],
		[6, 0.9999999990134123],
		[9, 1],
	])("at %f is %f", (z, p) => {
		expect(Math.abs(normalProbability(z) / p - 1)).toBeLessThan(Math.abs(z) > 30 ? 1e-12 : 4e-15);
	});
	it("is the inverse of the quantile", () => {
		for (const p of [1e-15, 1e-6, 0.02, 0.3, 0.5, 0.77, 0.999]) {
			expect(normalProbability(normalQuantile(p)) / p).toBeCloseTo(1, 12);
		}
	});
});
