import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeInput } from "../../test-support/random-graph.ts";
import type { Distribution } from "./distribution.ts";
import { centralValue, distributionProblem, isRanged, quantileFunction, Z95 } from "./distribution.ts";
import { buildModel } from "./flatten.ts";
import { quantile, sample } from "./sample.ts";

/** Standard normal quantiles from published tables. */
const NORMAL: readonly (readonly [number, number])[] = [
	[0.05, -1.6448536269514722],
	[0.5, 0],
	[0.95, 1.6448536269514722],
	[0.99, 2.3263478740408408],
];
const UNIFORM: Distribution = { kind: "uniform", low: -2, high: 6 };
const RATE: Distribution = { kind: "lognormal", p5: 1.85, p95: 2.6 };
const WIDE: Distribution = { kind: "lognormal", p5: 0.001, p95: 40 };
const LOAD: Distribution = { kind: "logitnormal", p5: 0.3, p95: 0.75 };
const FULL: Distribution = { kind: "logitnormal", p5: 0.9, p95: 0.999 };

describe("draws of a distribution", () => {
	it.each([
		["uniform", UNIFORM],
		["lognormal", RATE],
		["wide lognormal", WIDE],
		["logit-normal", LOAD],
		["logit-normal near 1", FULL],
	])("have quantiles within three standard errors of the closed form: %s", (id, distribution) => {
		const n = 100_000;
		const model = buildModel([rangeInput(id, distribution)]);
		const draws = sample(model, { draws: n, seed: 1 }).values.get(id) as Float64Array;
		for (const [p, z] of NORMAL) {
			const { value, density } = closedForm(distribution, p, z);
			const standardError = Math.sqrt((p * (1 - p)) / n) / density;
			expect(Math.abs(quantile(draws, p) - value) / standardError).toBeLessThan(3);
		}
	});

	it("are all the same for a point", () => {
		const model = buildModel([rangeInput("point", { kind: "point", value: 3.5 })]);
		expect(sample(model, { draws: 3, seed: 1 }).values.get("point")).toEqual(Float64Array.of(3.5, 3.5, 3.5));
	});
});

describe("quantileFunction", () => {
	it("gives the ends of a range back as written", () => {
		const end = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
		const range = fc.tuple(end, end).filter(([a, b]) => a < b);
		const share = fc.double({ min: 1e-6, max: 0.999999, noNaN: true });
		const shares = fc.tuple(share, share).filter(([a, b]) => a < b);
		const check = (kind: "lognormal" | "logitnormal") => (p: readonly [number, number]) => {
			const at = quantileFunction({ kind, p5: p[0], p95: p[1] });
			expect(at(0.05)).toBe(p[0]);
			expect(at(0.95)).toBe(p[1]);
		};
		fc.assert(fc.property(range, check("lognormal")), { numRuns: 300, seed: 1 });
		fc.assert(fc.property(shares, check("logitnormal")), { numRuns: 300, seed: 2 });
	});

	it("agrees with the closed form near its ends without being told", () => {
		for (const distribution of [RATE, WIDE, LOAD, FULL]) {
			const at = quantileFunction(distribution);
			for (const [p, z] of NORMAL) {
				const just = at(p * (1 + 1e-13));
				expect(Math.abs(just / closedForm(distribution, p, z).value - 1)).toBeLessThan(1e-10);
			}
		}
	});

	it("never falls, and its middle is the central value to the bit", () => {
		for (const distribution of [UNIFORM, RATE, WIDE, LOAD, FULL]) {
			const values = Array.from({ length: 999 }, (_, i) => quantileFunction(distribution)((i + 1) / 1000));
			values.forEach((value, i) => expect(value).toBeGreaterThanOrEqual(values[i - 1] ?? value));
			expect(quantileFunction(distribution)(0.5)).toBe(centralValue(distribution));
		}
	});

	it("has geometric middles for rates and stays inside 0 and 1 for fractions", () => {
		expect(centralValue(RATE)).toBeCloseTo(Math.sqrt(1.85 * 2.6), 14);
		const at = quantileFunction(FULL);
		expect(at(1e-16)).toBeGreaterThan(0);
		expect(at(1 - 1e-16)).toBeLessThanOrEqual(1);
	});
});

describe("distributionProblem", () => {
	it.each<[Distribution, RegExp | undefined]>([
		[{ kind: "point", value: 3 }, undefined],
		[RATE, undefined],
		[LOAD, undefined],
		[UNIFORM, undefined],
		[{ kind: "point", value: Number.NaN }, /finite/],
		[{ kind: "uniform", low: 1, high: Number.POSITIVE_INFINITY }, /finite/],
		[{ kind: "uniform", low: 2, high: 1 }, /below its high end/],
		[{ kind: "lognormal", p5: 1, p95: 1 }, /below its high end/],
		[{ kind: "lognormal", p5: 0, p95: 1 }, /above 0/],
		[{ kind: "logitnormal", p5: 0.2, p95: 1 }, /inside 0 and 1/],
		[{ kind: "logitnormal", p5: 0, p95: 0.5 }, /inside 0 and 1/],
	])("judges %o", (distribution, problem) => {
		if (problem === undefined) expect(distributionProblem(distribution)).toBeUndefined();
		else expect(distributionProblem(distribution)).toMatch(problem);
	});
});

describe("isRanged", () => {
	it("is true for what is drawn", () => {
		expect([UNIFORM, RATE, LOAD].every(isRanged)).toBe(true);
		expect(isRanged({ kind: "point", value: 1 })).toBe(false);
		expect(isRanged({ kind: "series" })).toBe(false);
	});
	it("takes 1.6449 standard deviations to the 95th percentile", () => {
		expect(Z95).toBeCloseTo(1.6448536269514722, 14);
	});
});

/** Quantile and density there, by the host's own functions. */
function closedForm(d: Distribution, p: number, z: number): { value: number; density: number } {
	const normal = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
	switch (d.kind) {
		case "uniform":
			return { value: d.low + p * (d.high - d.low), density: 1 / (d.high - d.low) };
		case "lognormal": {
			const sigma = Math.log(d.p95 / d.p5) / (2 * 1.6448536269514722);
			const value = Math.sqrt(d.p5 * d.p95) * Math.exp(sigma * z);
			return { value, density: normal / (sigma * value) };
		}
		case "logitnormal": {
			const [low, high] = [d.p5, d.p95].map((q) => Math.log(q / (1 - q))) as [number, number];
			const sigma = (high - low) / (2 * 1.6448536269514722);
			const value = 1 / (1 + Math.exp(-((low + high) / 2 + sigma * z)));
			return { value, density: normal / (sigma * value * (1 - value)) };
		}
		default:
			throw new Error("a point has no density");
	}
}
