import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeInput } from "../../test-support/random-graph.ts";
import type { Distribution } from "./distribution.ts";
import {
	centralValue,
	distributionProblem,
	isRanged,
	quantileEach,
	quantileFill,
	quantileFunction,
	rangeEnds,
	Z95,
} from "./distribution.ts";
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
const GROWTH: Distribution = { kind: "normal", p5: -0.4, p95: 1.2 };
const GUESS: Distribution = { kind: "triangular", low: 2, mode: 3, high: 9 };
const SKEWED: Distribution = { kind: "pert", low: 10, mode: 12.5, high: 20 };
const CHOICE: Distribution = { kind: "discrete", values: [8, 1, 72, 4], weights: [2, 1, 3, 0] };
const FULL: Distribution = { kind: "logitnormal", p5: 0.9, p95: 0.999 };

describe("draws of a distribution", () => {
	it.each([
		["uniform", UNIFORM],
		["lognormal", RATE],
		["wide lognormal", WIDE],
		["logit-normal", LOAD],
		["logit-normal near 1", FULL],
		["normal", GROWTH],
		["triangular", GUESS],
		["PERT", SKEWED],
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

describe("a discrete input", () => {
	it("takes its values by their weights, within three standard errors", () => {
		const n = 100_000;
		const draws = sample(buildModel([rangeInput("d", CHOICE)]), { draws: n, seed: 1 }).values.get("d") as Float64Array;
		for (const [value, share] of [
			[1, 1 / 6],
			[4, 0],
			[8, 1 / 3],
			[72, 1 / 2],
		] as const) {
			const found = draws.filter((draw) => draw === value).length / n;
			expect(Math.abs(found - share)).toBeLessThanOrEqual(3 * Math.sqrt((share * (1 - share)) / n));
		}
	});
	it("rises from its least to its largest value, and has a middle", () => {
		const at = quantileFunction(CHOICE);
		expect([0, 0.16, 0.17, 0.5, 0.51, 1].map(at)).toEqual([1, 1, 8, 8, 72, 72]);
		expect(centralValue(CHOICE)).toBe(8);
		expect(rangeEnds(CHOICE)).toEqual({ low: 1, high: 72 });
	});
});

describe("closed forms", () => {
	it("triangular: both parabolas, and a mode at either end", () => {
		const at = quantileFunction(GUESS);
		expect(at(1 / 7)).toBeCloseTo(3, 14);
		expect(at(0.05)).toBeCloseTo(2 + Math.sqrt(0.05 * 7), 14);
		expect(at(0.9)).toBeCloseTo(9 - Math.sqrt(0.1 * 42), 14);
		expect([at(0), at(1)]).toEqual([2, 9]);
		expect(quantileFunction({ kind: "triangular", low: 0, mode: 0, high: 1 })(0.36)).toBeCloseTo(0.2, 14);
		expect(quantileFunction({ kind: "triangular", low: 0, mode: 1, high: 1 })(0.36)).toBeCloseTo(0.6, 14);
	});
	it("PERT: the beta distribution of the textbook", () => {
		// Peak at 1/4 of the range: Beta(2, 4), whose distribution function is 1 − (1 − x)⁵ − 5x(1 − x)⁴.
		const at = quantileFunction(SKEWED);
		for (const p of [0.01, 0.3, 0.5, 0.99]) {
			const x = (at(p) - 10) / 10;
			expect(1 - (1 - x) ** 5 - 5 * x * (1 - x) ** 4).toBeCloseTo(p, 13);
		}
		const flat = quantileFunction({ kind: "pert", low: 0, mode: 0.3, high: 1, weight: 1e-9 });
		expect(flat(0.4)).toBeCloseTo(0.4, 7);
		const beta = quantileFunction({ kind: "pert", low: 0, mode: 0.2, high: 1, weight: 5 });
		expect(beta(0.3)).toBeCloseTo(0.1818034713, 10);
	});
	it("normal: symmetric about the middle of its ends", () => {
		const at = quantileFunction(GROWTH);
		expect(at(0.5)).toBe(centralValue(GROWTH));
		expect(at(0.3) + at(0.7)).toBeCloseTo(0.8, 14);
		expect([at(0.05), at(0.95)]).toEqual([-0.4, 1.2]);
	});
});

describe("quantileFill", () => {
	it("gives the bits of the quantile function, one by one the ends as written too", () => {
		for (const distribution of [UNIFORM, RATE, WIDE, LOAD, FULL, GROWTH, GUESS, SKEWED, CHOICE]) {
			const at = quantileFunction(distribution);
			for (const special of [0.5, 2 ** -53, 0.05, 0.95]) {
				const isEnd = special === 0.05 || special === 0.95;
				for (const fill of isEnd ? [quantileEach] : [quantileEach, quantileFill]) {
					const column = Float64Array.from({ length: 600 }, (_, i) => (i === 300 ? special : (i + 0.5) / 601));
					const expected = column.map((p, i) => (i < 599 ? at(p) : p));
					fill(distribution)(column, 599);
					expect(column).toEqual(expected);
				}
			}
		}
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
		for (const distribution of [UNIFORM, RATE, WIDE, LOAD, FULL, GROWTH, GUESS, SKEWED, CHOICE]) {
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
		[GROWTH, undefined],
		[GUESS, undefined],
		[SKEWED, undefined],
		[CHOICE, undefined],
		[{ kind: "normal", p5: 2, p95: 2 }, /below its high end/],
		[{ kind: "triangular", low: 1, mode: 4, high: 3 }, /most likely value/],
		[{ kind: "pert", low: 1, mode: 0.5, high: 3 }, /most likely value/],
		[{ kind: "pert", low: 1, mode: Number.NaN, high: 3 }, /most likely value/],
		[{ kind: "pert", low: 1, mode: 2, high: 3, weight: 0 }, /weight of a mode/],
		[{ kind: "discrete", values: [], weights: [] }, /as many weights/],
		[{ kind: "discrete", values: [1, 2], weights: [1] }, /as many weights/],
		[{ kind: "discrete", values: [1, Number.NaN], weights: [1, 1] }, /value must be finite/],
		[{ kind: "discrete", values: [1, 2], weights: [1, -1] }, /0 or more/],
		[{ kind: "discrete", values: [1, 2], weights: [0, 0] }, /0 or more/],
	])("judges %o", (distribution, problem) => {
		if (problem === undefined) expect(distributionProblem(distribution)).toBeUndefined();
		else expect(distributionProblem(distribution)).toMatch(problem);
	});
});

describe("isRanged", () => {
	it("is true for what is drawn", () => {
		expect([UNIFORM, RATE, LOAD, GROWTH, GUESS, SKEWED, CHOICE].every(isRanged)).toBe(true);
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
		case "normal": {
			const sigma = (d.p95 - d.p5) / (2 * 1.6448536269514722);
			return { value: (d.p5 + d.p95) / 2 + sigma * z, density: normal / sigma };
		}
		case "triangular": {
			const { low, mode, high } = d;
			const value =
				p < (mode - low) / (high - low)
					? low + Math.sqrt(p * (high - low) * (mode - low))
					: high - Math.sqrt((1 - p) * (high - low) * (high - mode));
			const density = value < mode ? (value - low) / (mode - low) : (high - value) / (high - mode);
			return { value, density: (2 * density) / (high - low) };
		}
		case "pert": {
			// Beta(2, 4) on [10, 20], by bisection of its polynomial.
			let [from, to] = [0, 1];
			for (let i = 0; i < 60; i++) {
				const x = (from + to) / 2;
				if (1 - (1 - x) ** 5 - 5 * x * (1 - x) ** 4 < p) from = x;
				else to = x;
			}
			return { value: 10 + 10 * from, density: 2 * from * (1 - from) ** 3 };
		}
		default:
			throw new Error(`a ${d.kind} has no density`);
	}
}
