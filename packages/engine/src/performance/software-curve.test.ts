import { describe, expect, it } from "vitest";
import { fact } from "../../test-support/point-fact.ts";
import { monthly } from "../economics/five-years/formula.ts";
import { evaluate, scalarOf, seriesOf } from "../model/evaluate.ts";
import type { Expr } from "../model/expression.ts";
import { input, monthIndex } from "../model/expression.ts";
import { buildModel } from "../model/flatten.ts";
import { quantiles, sample } from "../model/sample.ts";
import { month, one, ratio } from "../quantity/unit.ts";
import type { BenchmarkPoint } from "./benchmark-point.ts";
import type { SoftwareCurveInputs } from "./software-curve.ts";
import { driftOf, estimateDrift, recipeStep, softwareCurve, vendorCurve } from "./software-curve.ts";
import type { DriftPair } from "./software-drift.ts";

type Plain = Expr<Record<never, never>>;
const row = (id: string, more: Partial<BenchmarkPoint> = {}): BenchmarkPoint =>
	({
		id,
		hardware: "b200",
		stack: "vllm",
		measuredOn: "2026-01-01",
		tokensPerGpuSecond: 100,
		interactivityTokensPerSecond: 50,
		...more,
	}) as BenchmarkPoint;
const pair = (ratioPerSpan: number, id: string, more: Partial<BenchmarkPoint> = {}): DriftPair => ({
	first: row(`${id}-first`, more),
	last: row(id, { ...more, measuredOn: "2026-04-01" }),
	days: 90,
	ratio: ratioPerSpan,
	ratioPerSpan,
});
const along = (of: ReturnType<typeof softwareCurve>, months: number): Float64Array =>
	seriesOf(
		evaluate(buildModel([monthly("factor", one, of(monthIndex()), { label: "factor" })]), { months: months + 1 }),
		"factor",
	);
const curve = (more: Partial<SoftwareCurveInputs> = {}): ReturnType<typeof softwareCurve> =>
	softwareCurve({
		drift: fact("drift", ratio, 1.1),
		steps: [],
		halfLife: fact("half_life", month, 12),
		apply: fact("apply", one, 1),
		...more,
	});

describe("softwareCurve", () => {
	it("starts at the pace that was measured, which halves in its half-life", () => {
		const factor = along(curve({ halfLife: fact("half_life", month, 1200) }), 12);
		expect(factor[0]).toBe(1);
		expect(factor[3]).toBeCloseTo(1.1 ** (91.25 / 90), 3);
		const decaying = along(curve(), 240);
		const gain = (t: number): number => Math.log((decaying[t + 1] as number) / (decaying[t] as number));
		expect(gain(12) / gain(0)).toBeCloseTo(0.5, 9);
		// all it will ever bring: 12 / ln 2 months of the first pace
		expect(Math.log(decaying[240] as number)).toBeCloseTo(((12 / Math.LN2) * 30.4166667 * Math.log(1.1)) / 90, 4);
	});

	it("takes a step at its month, smaller the later it comes", () => {
		const steps = [{ atMonth: 12, ratio: fact("step", ratio, 4) }];
		const factor = along(curve({ drift: fact("drift", ratio, 1), steps }), 13);
		expect(factor[11]).toBe(1);
		expect(factor[12]).toBeCloseTo(2, 12);
	});

	it("keeps a loss, and stops at the data sheet", () => {
		expect(along(curve({ drift: fact("drift", ratio, 0.9) }), 6)[6]).toBeLessThan(1);
		expect(along(curve({ drift: fact("drift", ratio, 3), bound: fact("bound", ratio, 1.5) }), 24)[24]).toBe(1.5);
		expect(along(curve({ apply: fact("apply", one, 0) }), 6)[6]).toBe(1);
	});
});

describe("vendorCurve", () => {
	it("reaches its claim in its time and stays", () => {
		const factor = along(vendorCurve({ ratio: fact("claim", ratio, 5), fromMonth: 0, overMonths: 2 }), 6);
		expect(Array.from(factor.slice(0, 4)).map((x) => Math.round(x * 1e6) / 1e6)).toEqual([1, 2.236068, 5, 5]);
	});
});

describe("estimateDrift", () => {
	const pairs = [0.7, 0.95, 1, 1.05, 1.08, 1.2, 2.4].map((each, i) => pair(each, `b${i}`));
	const groups = [
		{ name: "vllm on mi355x", has: (of: BenchmarkPoint) => of.hardware === "mi355x" },
		{ name: "vllm on b200", has: (of: BenchmarkPoint) => of.hardware === "b200" },
		{ name: "all", has: () => true },
	];

	it("takes the narrowest group with enough pairs, losses and all", () => {
		const few = pair(9, "m", { hardware: "mi355x" });
		expect(estimateDrift([...pairs, few], groups)).toMatchObject({
			group: "vllm on b200",
			pairs: 7,
			regressions: 2,
			median: 1.05,
		});
		expect(estimateDrift([few], groups)).toMatchObject({ group: "all", pairs: 1 });
		expect(estimateDrift([], groups)).toBeUndefined();
	});

	it("draws what was measured: median, losses and the long tail of gains", () => {
		const estimate = estimateDrift(pairs, groups);
		if (estimate === undefined) throw new Error("no estimate");
		const place = input("place", one, {
			label: "place",
			value: { kind: "uniform", low: 0, high: 1 },
			source: "a test",
			asOf: "2026",
			grade: "D",
		});
		const drift = driftOf("drift", estimate, place as Plain, ({ last }) => ({
			source: last.id,
			asOf: "2026",
			grade: "B",
		}));
		const model = buildModel([drift]);
		expect(scalarOf(evaluate(model), "drift")).toBe(1.05);
		const draws = sample(model, { draws: 4096, seed: 1 }).values.get("drift") as Float64Array;
		const [low, middle, high] = quantiles(draws, [0.001, 0.5, 0.999]) as [number, number, number];
		expect(low).toBeCloseTo(0.7, 1);
		expect(middle).toBeCloseTo(1.05, 1);
		expect(high).toBeCloseTo(2.4, 1);
	});
});

describe("recipeStep", () => {
	it("is the best that kept the speed later, over the best that did before", () => {
		const rows = [
			row("a", { tokensPerGpuSecond: 100 }),
			row("slow", { tokensPerGpuSecond: 900, interactivityTokensPerSecond: 20 }),
			row("b", { tokensPerGpuSecond: 350, measuredOn: "2026-06-01" }),
		];
		expect(recipeStep(rows, { interactivity: 40, until: "2026-02-01", and: "2026-06-30" })?.ratio).toBe(3.5);
		expect(recipeStep(rows, { interactivity: 40, until: "2025-02-01", and: "2026-06-30" })).toBeUndefined();
	});
});
