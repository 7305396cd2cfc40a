import { describe, expect, it } from "vitest";
import { plain, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { Correlation } from "./correlation.ts";
import type { Distribution } from "./distribution.ts";
import { evaluate } from "./evaluate.ts";
import * as e from "./expression.ts";
import type { Model } from "./flatten.ts";
import { buildModel } from "./flatten.ts";
import { standingOf } from "./influence.ts";
import { sample } from "./sample.ts";

const N = 40_000;
const SHAPES: Readonly<Record<string, Distribution>> = {
	a: { kind: "lognormal", p5: 1, p95: 9 },
	b: { kind: "pert", low: 0, mode: 1, high: 9 },
	c: { kind: "uniform", low: -1, high: 1 },
	d: { kind: "normal", p5: -1, p95: 4 },
	e: { kind: "triangular", low: 0, mode: 3, high: 4 },
};

describe("correlated draws", () => {
	it("have the rank correlations asked for, within three standard errors, whatever their distributions", () => {
		const correlations = [of("a", "b", 0.7), of("b", "c", -0.4), of("a", "d", 0.25), of("e", "d", 0)];
		const draws = drawn(correlations);
		for (const { between, rank } of correlations) {
			// The standard error of a rank correlation is at most 1/√(n − 1), that of independence.
			expect(Math.abs(spearman(draws[between[0]], draws[between[1]]) - rank) * Math.sqrt(N - 1)).toBeLessThan(3);
		}
	});

	it("keep their own distributions", () => {
		const draws = drawn([of("a", "b", 0.9), of("b", "c", 0.8), of("c", "a", 0.7)]);
		const alone = drawn([]);
		for (const id of "abc") {
			const [with_, without] = [draws[id], alone[id]].map((each) => (each as Float64Array).toSorted());
			for (const p of [0.05, 0.5, 0.95]) {
				const [x, y] = [with_?.[p * N] as number, without?.[p * N] as number];
				const spread = (without?.[0.6 * N] as number) - (without?.[0.4 * N] as number);
				expect(Math.abs(x - y) / spread).toBeLessThan(0.2);
			}
		}
	});

	it("leave the inputs alone that are not named, and the first of each group", () => {
		const alone = drawn([]);
		const draws = drawn([of("b", "d", 0.5)]);
		for (const id of ["a", "b", "c", "e"]) expect(draws[id]).toEqual(alone[id]);
		expect(draws["d"]).not.toEqual(alone["d"]);
	});

	it("depend on names and correlations alone: not on their order, the block, the backend or the rest of the model", () => {
		const list = [of("a", "b", 0.7), of("b", "c", -0.4), of("d", "e", 0.3)];
		const turned = list.map(({ between: [x, y], rank }) => of(y, x, rank)).toReversed();
		const draws = 1500;
		const all = drawn(list, { draws });
		expect(drawn(turned, { draws })).toEqual(all);
		expect(drawn(list, { draws, block: 7 })).toEqual(all);
		expect(drawn(list, { draws, backend: "interpreted", block: 1000 })).toEqual(all);
		const first = { draws: 100, first: 500, seed: 1, correlations: list, keep: ["c"] };
		expect(sample(model(), first).values.get("c")).toEqual(all["c"]?.slice(500, 600));
	});

	it("are as one at 1 and mirrored at −1", () => {
		const draws = drawn([of("a", "c", 1), of("c", "e", -1), of("a", "e", -1)]);
		const [a, c, last] = [draws["a"], draws["c"], draws["e"]].map((each) => ranksOf(each));
		expect(c).toEqual(a);
		expect(last?.map((rank) => N - 1 - rank)).toEqual(a);
	});

	it("spread a sum as the closed form says", () => {
		const normal: Distribution = { kind: "normal", p5: -1, p95: 1 };
		const [x, y] = [rangeInput("x", normal), rangeInput("y", normal)];
		const sum = buildModel([e.define("sum", one, e.add(x, y), { label: "sum" })]);
		const values = sample(sum, { draws: N, seed: 3, correlations: [of("x", "y", 0.6)] }).values.get("sum");
		const rho = 2 * Math.sin((Math.PI * 0.6) / 6);
		const variance = (2 + 2 * rho) / 1.6448536269514722 ** 2;
		const found = (values as Float64Array).reduce((all, value) => all + value * value, 0) / N;
		expect(Math.abs(found / variance - 1)).toBeLessThan(3 * Math.sqrt(2 / N));
	});

	it("count in what a number leans on", () => {
		const [a, b] = [rangeInput("a", SHAPES["a"] as Distribution), rangeInput("b", SHAPES["b"] as Distribution)];
		const both = buildModel([e.define("y", one, e.add(a, e.multiply(b, plain(0.001))), { label: "y" })]);
		const draws = sample(both, { draws: 4000, seed: 1, correlations: [of("a", "b", 0.95)], keep: ["a"] });
		const { leaves } = standingOf(evaluate(both), "y", { draws });
		expect(leaves.find(({ id }) => id === "b")?.share).toBeGreaterThan(0.8);
	});
});

describe("correlations that cannot be", () => {
	it.each<[string, Correlation[], string, RegExp]>([
		["with itself", [of("a", "a", 0.5)], "bad-correlation", /a cannot be correlated with itself/],
		["beyond 1", [of("a", "b", 1.2)], "bad-correlation", /of a and b is 1\.2/],
		["not a number", [of("a", "b", Number.NaN)], "bad-correlation", /NaN/],
		["twice", [of("a", "b", 0.5), of("b", "a", 0.5)], "bad-correlation", /b and a have two/],
		["of an unknown input", [of("a", "nobody", 0.5)], "unknown-input", /nobody/],
		[
			"at once",
			[of("a", "b", 0.9), of("b", "c", 0.9), of("a", "c", -0.9)],
			"bad-correlation",
			/a and b 0\.9, b and c 0\.9, a and c -0\.9; all of them times 0\.\d+ could/,
		],
		[
			"by what is left out",
			[of("a", "b", 0.9), of("b", "c", 0.9)],
			"bad-correlation",
			/all other pairs among them 0; /,
		],
		["with two that are one", [of("a", "b", 1), of("b", "c", 0.5), of("a", "c", 0.4)], "bad-correlation", /times/],
	])("are refused: %s", (_, correlations, code, message) => {
		const act = (): unknown => sample(model(), { draws: 10, seed: 1, correlations });
		expect(act).toThrow(expect.objectContaining({ code }));
		expect(act).toThrow(message);
	});

	it("hold once they are shrunk as the message says", () => {
		const wild = [of("a", "b", 0.9), of("b", "c", 0.9), of("a", "c", -0.9)];
		let factor = 0;
		try {
			drawn(wild);
		} catch (error) {
			factor = Number(/times (0\.\d+)/.exec((error as Error).message)?.[1]);
		}
		const times = (by: number): Correlation[] => wild.map(({ between, rank }) => ({ between, rank: rank * by }));
		expect(() => drawn(times(factor))).not.toThrow();
		expect(() => drawn(times(factor + 0.002))).toThrow();
		expect(factor).toBeGreaterThan(0.4);
	});
});

function of(a: string, b: string, rank: number): Correlation {
	return { between: [a, b], rank };
}

function model(): Model {
	return buildModel(Object.entries(SHAPES).map(([id, shape]) => rangeInput(id, shape)));
}

function drawn(
	correlations: readonly Correlation[],
	more: { draws?: number; block?: number; backend?: "interpreted" } = {},
): Record<string, Float64Array> {
	return Object.fromEntries(sample(model(), { draws: N, seed: 1, correlations, ...more }).values);
}

function ranksOf(values: Float64Array | undefined): number[] {
	const order = [...(values as Float64Array).keys()].sort((i, j) => (values?.[i] as number) - (values?.[j] as number));
	const ranks = new Array<number>(order.length);
	order.forEach((at, rank) => (ranks[at] = rank));
	return ranks;
}

function spearman(x: Float64Array | undefined, y: Float64Array | undefined): number {
	const [a, b] = [ranksOf(x), ranksOf(y)];
	const mean = (N - 1) / 2;
	const covariance = a.reduce((sum, rank, i) => sum + (rank - mean) * ((b[i] as number) - mean), 0);
	return covariance / ((N * (N * N - 1)) / 12);
}
