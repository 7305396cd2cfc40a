import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { exp, log, normalQuantile, pow } from "./elementary.ts";

/** Distance in units of the last place of the larger. */
function ulps(a: number, b: number): number {
	if (a === b) return 0;
	const size = Math.max(Math.abs(a), Math.abs(b));
	return Math.abs(a - b) / (size * Number.EPSILON);
}

describe("exp and log", () => {
	it("agree with the host's to 2 units in the last place", () => {
		fc.assert(
			fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
				expect(ulps(exp(x), Math.exp(x))).toBeLessThanOrEqual(2);
			}),
			{ numRuns: 5000, seed: 1 },
		);
		fc.assert(
			fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
				expect(ulps(log(x), Math.log(x))).toBeLessThanOrEqual(2);
			}),
			{ numRuns: 5000, seed: 2 },
		);
		fc.assert(
			fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (x) => {
				expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(2.3e-16);
			}),
			{ numRuns: 5000, seed: 3 },
		);
	});
	it("keep the exact points and the ends", () => {
		expect(exp(0)).toBe(1);
		expect(log(1)).toBe(0);
		expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
		expect(log(-1)).toBeNaN();
		expect(exp(1000)).toBe(Number.POSITIVE_INFINITY);
		expect(exp(-1000)).toBe(0);
		expect(ulps(log(5e-324), Math.log(5e-324))).toBeLessThanOrEqual(2);
	});
});

describe("pow", () => {
	it("is repeated multiplication for whole exponents", () => {
		expect(pow(1.5, 3)).toBe(3.375);
		expect(pow(2, -2)).toBe(0.25);
		expect(pow(0, 0)).toBe(1);
	});
	it("agrees with the host's for broken exponents", () => {
		fc.assert(
			fc.property(
				fc.double({ min: 0.01, max: 100, noNaN: true }),
				fc.double({ min: -20, max: 20, noNaN: true }),
				(x, y) => {
					expect(ulps(pow(x, y), Math.pow(x, y))).toBeLessThanOrEqual(200);
				},
			),
			{ numRuns: 2000, seed: 4 },
		);
	});
});

describe("normalQuantile", () => {
	// Values of the standard normal quantile to 15 digits; the one at 1e-12 from the research note on broken packages.
	it.each([
		[0.5, 0],
		[0.95, 1.6448536269514722],
		[0.975, 1.959963984540054],
		[0.999, 3.090232306167813],
		[1e-12, -7.034483825301131],
	])("at %f is %f", (p, z) => {
		expect(normalQuantile(p)).toBeCloseTo(z, 12);
	});
	it("is odd about a half", () => {
		for (const p of [0.01, 0.1, 0.3, 0.49]) expect(normalQuantile(p)).toBeCloseTo(-normalQuantile(1 - p), 12);
	});
});
