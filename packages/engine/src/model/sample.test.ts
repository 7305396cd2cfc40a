import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidence, numberInput, plain, randomGraph, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import { isRanged } from "./distribution.ts";
import { evaluate, scalarOf } from "./evaluate.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import type { Model } from "./flatten.ts";
import { buildModel } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import { quantile, quantiles, reachedShare, sample } from "./sample.ts";
import { subModel } from "./sub-model.ts";
import { table } from "./table.ts";

type Bare = Expr<Record<never, never>>;

describe("sample", () => {
	it("agrees to the bit with evaluate at the same inputs, draw by draw, for any block size", () => {
		let compared = 0;
		fc.assert(
			fc.property(randomGraph(), fc.constantFrom(1, 3, 16, 25, 512), fc.nat(), ({ outputs, months }, block, seed) => {
				const model = buildModel(outputs);
				const keep = outputs.filter(({ shape }) => shape === "scalar").map((output) => idOf(output));
				if (keep.length === 0) return;
				const inputs = inputDraws(model, seed, months);
				const expected = evaluatedDraws(subModel(model, keep), keep, inputs, months);
				const options = { draws: DRAWS, seed, months, keep, block };
				if (expected === undefined) {
					expect(() => sample(model, options)).toThrow(ModelError);
					return;
				}
				const found = sample(model, options).values;
				for (const id of keep) expect(Array.from(found.get(id) as Float64Array)).toEqual(expected.get(id));
				compared += keep.length;
			}),
			{ numRuns: 500, seed: 1 },
		);
		expect(compared).toBeGreaterThan(500);
	});

	it("does not depend on the size of its blocks", () => {
		const model = buildModel([cost()]);
		const draws = (block: number): Float64Array | undefined =>
			sample(model, { draws: 1000, seed: 7, block }).values.get("cost");
		expect(draws(1000)).toEqual(draws(1));
		expect(draws(333)).toEqual(draws(1));
		expect(draws(5000)).toEqual(draws(1));
	});

	it("gives the same bytes for the same seed, and others for another", () => {
		const model = buildModel([cost()]);
		const draws = (seed: number): Float64Array =>
			sample(model, { draws: 500, seed }).values.get("cost") as Float64Array;
		expect(draws(3)).toEqual(draws(3));
		expect(draws(3)).not.toEqual(draws(4));
	});

	it("draws an input from its name and the seed alone", () => {
		const rate = rangeInput("rate", { kind: "lognormal", p5: 1.85, p95: 2.6 });
		const other = rangeInput("other", { kind: "uniform", low: 0, high: 1 });
		const alone = buildModel([named("a", e.multiply(rate, plain(2)))]);
		const among = buildModel([named("b", e.add(other, e.exponential(rate)))]);
		const of = (model: Model): Float64Array | undefined =>
			sample(model, { draws: 300, seed: 5, keep: ["rate"] }).values.get("rate");
		expect(of(alone)).toEqual(of(among));
	});

	it("keeps the correlation of two models that share an input", () => {
		const rate = rangeInput("rate", { kind: "lognormal", p5: 1, p95: 3 });
		const [a, b] = [named("a", e.multiply(rate, plain(2))), named("b", e.multiply(rate, plain(3)))];
		const apart = [a, b].map((each) => sample(buildModel([each]), { draws: 100, seed: 1 }).values);
		const together = sample(buildModel([a, b]), { draws: 100, seed: 1 }).values;
		expect(together.get("a")).toEqual(apart[0]?.get("a"));
		expect(together.get("b")).toEqual(apart[1]?.get("b"));
	});

	it("takes quantiles given instead of the stream's", () => {
		const model = buildModel([
			named("x2", e.multiply(rangeInput("x", { kind: "uniform", low: 0, high: 10 }), plain(2))),
		]);
		const uniforms = new Map([["x", Float64Array.of(0.25, 0.5, 0.75)]]);
		expect(sample(model, { draws: 3, seed: 1, uniforms, block: 2 }).values.get("x2")).toEqual(
			Float64Array.of(5, 10, 15),
		);
	});

	it("gives a share of a run the draws that it has within the whole", () => {
		const model = buildModel([cost()]);
		const of = (draws: number, first: number): number[] =>
			Array.from(sample(model, { draws, first, seed: 2 }).values.get("cost") as Float64Array);
		expect([...of(700, 0), ...of(1100, 700), ...of(1, 1800)]).toEqual(of(1801, 0));
		expect(() => of(5, -1)).toThrow(expect.objectContaining({ code: "bad-step" }));
		expect(() => of(5, 0.5)).toThrow(expect.objectContaining({ code: "bad-step" }));
	});

	it("marks unreachable draws, and only those", () => {
		const at = rangeInput("at", { kind: "uniform", low: 0, high: 2 });
		const draws = sample(buildModel([named("y", e.lookup(unitTable(), at))]), {
			draws: 4000,
			seed: 1,
			keep: ["y", "at"],
		});
		const [y, x] = [draws.values.get("y") as Float64Array, draws.values.get("at") as Float64Array];
		expect(y.every((value, i) => Number.isNaN(value) === (x[i] as number) > 1)).toBe(true);
		expect(reachedShare(y)).toBeCloseTo(0.5, 1);
	});

	it("uses one block of memory however many draws there are", () => {
		const sizes: number[] = [];
		const own = globalThis.Float64Array;
		class Counted extends own {
			constructor(...args: [number]) {
				super(...args);
				if (typeof args[0] === "number") sizes.push(args[0]);
			}
		}
		const model = buildModel([cost()]);
		const total = (draws: number): number => {
			sizes.length = 0;
			globalThis.Float64Array = Counted as never;
			try {
				sample(model, { draws, seed: 1, block: 100 });
			} finally {
				globalThis.Float64Array = own;
			}
			return sizes.reduce((sum, size) => sum + size, 0) - draws;
		};
		// The loop of a model is made once, in the first run.
		total(1000);
		expect(total(50_000)).toBe(total(1000));
	});

	it.each<[string, string, (model: Model) => unknown]>([
		["no draws", "bad-step", (model) => sample(model, { draws: 0, seed: 1 })],
		["a part of a draw", "bad-step", (model) => sample(model, { draws: 1.5, seed: 1 })],
		["an empty block", "bad-step", (model) => sample(model, { draws: 10, seed: 1, block: 0 })],
		[
			"too few quantiles",
			"bad-step",
			(model) => sample(model, { draws: 10, seed: 1, uniforms: new Map([["rate", new Float64Array(9)]]) }),
		],
		["an unknown name", "unknown-node", (model) => sample(model, { draws: 10, seed: 1, keep: ["nobody"] })],
	])("refuses %s", (_, code, act) => {
		expect(() => act(buildModel([cost()]))).toThrow(expect.objectContaining({ code }));
	});

	it("keeps no series, and says so when asked to", () => {
		const model = buildModel([named("m", e.monthIndex()), named("s", e.sumOverMonths(e.monthIndex()))]);
		expect([...sample(model, { draws: 2, seed: 1, months: 3 }).values]).toEqual([["s", Float64Array.of(3, 3)]]);
		expect(() => sample(model, { draws: 2, seed: 1, months: 3, keep: ["m"] })).toThrow(
			expect.objectContaining({ code: "series-mismatch" }),
		);
	});

	it("refuses a formula that breaks in one draw, and names quantity and draw", () => {
		const x = rangeInput("x", { kind: "uniform", low: 0, high: 1 });
		const steps = named("steps", e.floorTo(x, plain(0.01)));
		const model = buildModel([named("share", e.divide(plain(1), steps))]);
		expect(() => sample(model, { draws: 2000, seed: 1 })).toThrow(/^share is not finite in draw \d+/);
		const guarded = e.when(steps, ">", plain(0), e.divide(plain(1), steps), plain(0));
		const values = sample(buildModel([named("safe", guarded)]), { draws: 2000, seed: 1 }).values.get("safe");
		expect(values?.every(Number.isFinite)).toBe(true);
	});
});

describe("quantile", () => {
	it("interpolates between order statistics and leaves unreachable draws out", () => {
		const draws = Float64Array.of(4, Number.NaN, 1, 3, 2);
		expect(quantile(draws, 0)).toBe(1);
		expect(quantile(draws, 0.5)).toBe(2.5);
		expect(quantile(draws, 0.9)).toBeCloseTo(3.7, 12);
		expect(quantile(draws, 1)).toBe(4);
		expect(quantile(Float64Array.of(Number.NaN), 0.5)).toBeNaN();
		expect(quantiles(draws, [0, 1])).toEqual([1, 4]);
	});
});

const DRAWS = 25;

function cost(): Bare {
	const rate = rangeInput("rate", { kind: "lognormal", p5: 1.85, p95: 2.6 });
	const load = rangeInput("load", { kind: "logitnormal", p5: 0.3, p95: 0.7 });
	return named("cost", e.divide(rate, e.multiply(load, numberInput("speed", 3))));
}

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}

function unitTable(): ReturnType<typeof table<Record<never, never>, Record<never, never>>> {
	const knots = [0, 1].map((x) => ({ ...evidence, x, y: x + 1, row: `row ${x}` }));
	return table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
}

function idOf(output: AnyExpr): string {
	return (output.data as { id: string }).id;
}

/** Draws of the ranged inputs, each from a model of its own. */
function inputDraws(model: Model, seed: number, months: number): ReadonlyMap<string, Float64Array> {
	const ids = model.nodes
		.filter(({ spec }) => spec !== undefined && isRanged(spec.value))
		.map(({ id }) => id as string);
	return new Map(
		ids.map((id) => [id, sample(subModel(model, [id]), { draws: DRAWS, seed, months }).values.get(id) as Float64Array]),
	);
}

/** Undefined: some draw breaks. */
function evaluatedDraws(
	model: Model,
	keep: readonly string[],
	inputs: ReadonlyMap<string, Float64Array>,
	months: number,
): ReadonlyMap<string, number[]> | undefined {
	const known = [...inputs].filter(([id]) => model.byId.has(id));
	try {
		const all = Array.from({ length: DRAWS }, (_, i) => {
			const drawn = new Map(known.map(([id, draws]) => [id, draws[i] as number]));
			return evaluate(model, { months, inputs: drawn });
		});
		return new Map(keep.map((id) => [id, all.map((evaluation) => scalarOf(evaluation, id))]));
	} catch (error) {
		if (error instanceof ModelError && error.code === "not-finite") return undefined;
		throw error;
	}
}
