import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluated, evidence, numberInput, plain, randomGraph, rangeInput } from "../../test-support/random-graph.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import { one } from "../quantity/unit.ts";
import { evaluate, scalarOf } from "./evaluate.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import type { Leaf, Standing, StandingOptions } from "./influence.ts";
import { standingOf } from "./influence.ts";
import { ModelError } from "./model-error.ts";
import type { Grade } from "./provenance.ts";
import { sample } from "./sample.ts";
import type { Table } from "./table.ts";
import { table } from "./table.ts";

type Bare = Expr<Dimensionless>;

describe("the grade of a number", () => {
	it("is the worst among the evidence that carries a tenth of it", () => {
		const total = (small: number): Standing =>
			standing(e.add(graded("a", "A", 100 - small), graded("b", "B", 30), graded("e", "E", small)));
		expect(total(12).grade).toBe("B");
		expect(total(14).grade).toBe("E");
	});

	it("takes the worse of two that carry the same, and counts a tenth itself", () => {
		expect(standing(e.multiply(graded("a", "A", 2), graded("d", "D", 3))).grade).toBe("D");
		expect(standing(e.add(graded("a", "A", 9), graded("e", "E", 1))).grade).toBe("E");
		expect(standing(e.add(graded("a", "A", 9.001), graded("e", "E", 1))).grade).toBe("A");
	});

	it("counts what leads where nothing carries a tenth", () => {
		const many = Array.from({ length: 20 }, (_, i) => graded(`a${i}`, i % 2 === 0 ? "B" : "D", 1 - 0.2 * (i % 2)));
		const sum = e.add(...(many as [Bare, ...Bare[]]), graded("tiny", "E", 0.01));
		expect(standing(sum).grade).toBe("D");
	});

	it("counts an input by how it acts, not by its size", () => {
		// x² + 1 at x = 2: elasticity 8 ÷ 5.
		const of = standing(e.add(e.power(graded("x", "C", 2), plain(2)), plain(1)));
		expect(leaf(of, "x").share).toBeCloseTo(1.6, 6);
		expect(leaf(standing(e.divide(plain(1), graded("x", "C", 4))), "x").share).toBeCloseTo(1, 6);
		expect(leaf(standing(e.exponential(graded("x", "C", 3))), "x").share).toBeCloseTo(3, 6);
	});

	it("is not set by a condition, which is listed all the same", () => {
		const of = standing(e.divide(graded("rate", "B", 2), numberInput("demand", 5, { grade: "E", role: "condition" })));
		expect(of.grade).toBe("B");
		expect(leaf(of, "demand")).toMatchObject({ role: "condition", grade: "E" });
		expect(leaf(of, "demand").share).toBeCloseTo(1, 6);
		expect(standing(numberInput("demand", 5, { grade: "E", role: "condition" })).grade).toBe("E");
	});

	it("sees through a step that hides the input behind it", () => {
		const replicas = e.ceilTo(e.divide(plain(100), graded("speed", "D", 7)), plain(1));
		const of = standing(e.multiply(replicas, graded("price", "B", 3)));
		expect(of.grade).toBe("D");
		expect(leaf(of, "speed").share).toBeCloseTo(1, 6);
	});

	it("counts all evidence where the number is 0, for then no share can be told", () => {
		const of = standing(e.subtract(graded("a", "A", 3), graded("e", "E", 3)));
		expect(of.grade).toBe("E");
		expect(of.leaves.every(({ share }) => !Number.isFinite(share))).toBe(true);
		expect(standing(e.multiply(graded("a", "B", 0), graded("d", "D", 3))).grade).toBe("D");
	});

	it("counts evidence of no known share, but not others that are known to carry little", () => {
		const single = oneKnot("C");
		const of = standing(e.add(e.multiply(e.lookup(single, graded("at", "D", 1)), plain(1)), graded("tiny", "E", 1e-6)));
		expect(leaf(of, "at").share).toBeNaN();
		expect(of.grade).toBe("D");
	});

	it("is that of the inputs in the branch taken", () => {
		const x = graded("n", "A", 3);
		const chosen = e.when(x, "<", plain(5), graded("b", "B", 1), e.lookup(knots("t", "E"), plain(99)));
		const of = standing(chosen);
		expect(of).toMatchObject({ grade: "B" });
		expect(of.state).toBeUndefined();
		expect(of.leaves.map(({ id }) => id)).toEqual(["n", "b"]);
	});

	it("has the oldest date among what carries it", () => {
		const dated = (id: string, value: number, asOf: string): Bare => numberInput(id, value, { asOf });
		expect(standing(e.add(dated("a", 9, "2026-07"), dated("b", 9, "2025-12-24"), dated("c", 0.1, "2019"))).asOf).toBe(
			"2025-12-24",
		);
	});

	it("is E, without a date, where there is nothing but constants", () => {
		expect(standing(plain(3))).toEqual({ grade: "E", asOf: "", leaves: [] });
	});

	it("uses the input values of the evaluation, or those given", () => {
		const model = buildModel([named("y", e.add(graded("a", "A", 1), graded("e", "E", 0.01)))]);
		const other = new Map([["e", 5]]);
		expect(standingOf(evaluate(model), "y").grade).toBe("A");
		expect(standingOf(evaluate(model, { inputs: other }), "y").grade).toBe("E");
		expect(standingOf(evaluate(model), "y", { inputs: other }).grade).toBe("E");
		expect(standingOf(evaluate(model, { inputs: other }), "y", { inputs: new Map([["e", 0.01]]) }).grade).toBe("A");
	});

	it("refuses a series", () => {
		const evaluation = evaluate(buildModel([named("m", e.monthIndex())]), { months: 2 });
		expect(() => standingOf(evaluation, "m")).toThrow(expect.objectContaining({ code: "series-mismatch" }));
	});
});

describe("a table read for a number", () => {
	it("is measured, with the grade and date of its row, at a knot", () => {
		const of = standing(e.lookup(knots("t", "B"), plain(2)));
		expect(of).toMatchObject({ grade: "B", asOf: "2026-02", state: "measured" });
		expect(leaf(of, "t").share).toBeCloseTo(1, 6);
	});
	it("is interpolated, C, with the older date, between knots", () => {
		expect(standing(e.lookup(knots("t", "B"), plain(2.5)))).toMatchObject({
			grade: "C",
			asOf: "2026-02",
			state: "interpolated",
		});
		expect(standing(e.lookup(knots("t", "D"), plain(2.5))).grade).toBe("D");
	});
	it("marks the number however little it carries", () => {
		const of = standing(e.add(graded("a", "A", 1e6), e.lookup(knots("t", "B"), plain(2.5))));
		expect(of).toMatchObject({ grade: "A", state: "interpolated" });
	});
	it("is measured where a whole number of something stands on a knot", () => {
		const users = e.ceilTo(graded("users", "A", 1.7), plain(1));
		expect(standing(e.lookup(knots("t", "B"), users)).state).toBe("measured");
	});
	it("is unreachable outside, and so is the number", () => {
		const of = standing(e.lookup(knots("t", "B"), plain(9)));
		expect(of).toMatchObject({ grade: "C", state: "unreachable", asOf: "2026-03" });
	});
	it("is one piece of evidence however often it is read", () => {
		const part = (x: number): Bare => e.multiply(e.lookup(knots("t", "B"), plain(x)), plain(0.0016));
		const of = standing(e.add(graded("a", "A", 1), part(1), part(2), part(3)));
		expect(of.leaves.map(({ id }) => id)).toEqual(["a", "t"]);
		expect(leaf(of, "t").share).toBeCloseTo(0.192 / 1.192, 6);
		expect(of.grade).toBe("B");
	});
	it("gives the slope at its end from the inside", () => {
		expect(leaf(standing(e.lookup(knots("t", "B"), graded("x", "A", 3))), "x").share).toBeCloseTo(1, 3);
		expect(leaf(standing(e.lookup(knots("t", "B"), graded("x", "A", 1))), "x").share).toBeCloseTo(1, 3);
	});
	it("is read month by month", () => {
		const growing = e.add(graded("x", "A", 1), e.multiply(e.monthIndex(), plain(0.5)));
		const total = e.sumOverMonths(e.lookup(knots("t", "B"), growing));
		const of = standing(total, { months: 3 });
		expect(of).toMatchObject({ grade: "C", state: "interpolated", asOf: "2026-01" });
		expect(leaf(of, "t").share).toBeCloseTo(1, 6);
	});
	it("feeds back on itself in a recurrence", () => {
		// x[t] = f(x[t−1]) with f(x) = 20x scaled down: doubling the table doubles each month's step.
		const before = e.previous(e.seriesRef("path", one), plain(1));
		const path = named("path", e.divide(e.lookup(knots("t", "B"), before), plain(20)));
		expect(leaf(standing(e.lastMonth(path), { months: 3 }), "t").share).toBeCloseTo(3, 3);
	});
});

describe("in draws", () => {
	const wide = rangeInput("wide", { kind: "lognormal", p5: 1, p95: 10 }, { grade: "D" });
	const narrow = rangeInput("narrow", { kind: "lognormal", p5: 1, p95: 1.05 }, { grade: "E" });
	const product = e.multiply(e.multiply(wide, narrow), graded("point", "E", 7));

	it("a share is the squared rank correlation of input and result", () => {
		const of = inDraws(e.multiply(wide, narrow));
		expect(of.grade).toBe("D");
		expect(leaf(of, "wide").share).toBeGreaterThan(0.95);
		expect(leaf(of, "narrow").share).toBeLessThan(0.01);
	});

	it("a range of one input does not hide how poor another without a range is", () => {
		const of = inDraws(product);
		expect(leaf(of, "point").share).toBeCloseTo(1, 6);
		expect(of.grade).toBe("E");
	});

	it("agrees with a naive rank correlation, ties included", () => {
		const rounded = e.roundTo(e.add(wide, e.multiply(narrow, plain(5))), plain(1));
		const model = buildModel([named("y", rounded)]);
		const draws = sample(model, { draws: 400, seed: 2, keep: ["y", "wide", "narrow"] });
		const of = standingOf(evaluate(model), "y", { draws });
		for (const id of ["wide", "narrow"]) {
			const r = naiveRankCorrelation(draws.values.get(id) as Float64Array, draws.values.get("y") as Float64Array);
			expect(leaf(of, id).share).toBeCloseTo(r * r, 10);
		}
	});

	it("leaves draws out in which the number is unreachable", () => {
		const x = rangeInput("x", { kind: "uniform", low: 1, high: 5 });
		const model = buildModel([named("y", e.lookup(knots("t", "B"), x))]);
		const draws = sample(model, { draws: 500, seed: 1 });
		expect(leaf(standingOf(evaluate(model), "y", { draws }), "x").share).toBeCloseTo(1, 10);
	});

	it("draws what was not kept, over months too", () => {
		const flow = e.multiply(wide, e.add(e.monthIndex(), plain(1)));
		const model = buildModel([named("y", e.sumOverMonths(flow)), named("z", graded("a", "A", 1))]);
		const draws = sample(model, { draws: 200, seed: 1, months: 4, keep: ["z"] });
		expect(leaf(standingOf(evaluate(model, { months: 4 }), "y", { draws }), "wide").share).toBeCloseTo(1, 10);
	});

	it("falls back on elasticities where nothing has a range", () => {
		const of = inDraws(e.multiply(graded("a", "A", 2), graded("c", "C", 3)));
		expect(of.grade).toBe("C");
		expect(leaf(of, "c").share).toBeCloseTo(1, 6);
	});

	it("counts all evidence where only conditions have a range", () => {
		const demand = rangeInput("demand", { kind: "uniform", low: 1, high: 2 }, { role: "condition", grade: "E" });
		expect(inDraws(e.multiply(demand, graded("c", "C", 3))).grade).toBe("C");
	});

	it("lists inputs of a branch that only some draws take", () => {
		const chosen = e.when(wide, "<", plain(8), graded("a", "A", 1), narrow);
		const of = inDraws(chosen);
		expect(of.leaves.map(({ id }) => id)).toContain("narrow");
	});

	it("takes the quantiles that the draws were made from", () => {
		const uniforms = new Map([["wide", Float64Array.from({ length: 50 }, (_, i) => (i + 0.5) / 50)]]);
		const model = buildModel([named("y", e.negate(wide))]);
		const draws = sample(model, { draws: 50, seed: 1, uniforms });
		expect(leaf(standingOf(evaluate(model), "y", { draws }), "wide").share).toBeCloseTo(1, 12);
	});
});

describe("elasticities on random graphs", () => {
	it("are those of one input moved at a time, and never throw", () => {
		let checked = 0;
		fc.assert(
			fc.property(randomGraph(), (graph) => {
				const evaluation = evaluated(graph);
				if (evaluation === undefined) return;
				const { model, months } = evaluation;
				const relaxed = { months, rounding: "relaxed" as const };
				for (const output of graph.outputs) {
					if (output.shape === "series") continue;
					const { id } = output.data as { id: string };
					const of = standingOf(evaluation, id);
					expect(["A", "B", "C", "D", "E"]).toContain(of.grade);
					for (const { id: input, share } of of.leaves) {
						const node = model.nodes[model.byId.get(input) ?? -1];
						if (node?.spec === undefined || node.shape === "series" || !Number.isFinite(share)) continue;
						const at = (by: number): number | undefined => {
							const value = (evaluation.scalars[node.index] as number) * by;
							return tried(() => scalarOf(evaluate(model, { ...relaxed, inputs: new Map([[input, value]]) }), id));
						};
						const [up, down, here] = [at(1 + 1e-4), at(1 - 1e-4), at(1)];
						if (up === undefined || down === undefined || here === undefined) continue;
						if (Number.isNaN(up) || Number.isNaN(down)) continue;
						const expected = Math.abs((up - down) / 2e-4 / here);
						expect(Math.abs(share - expected)).toBeLessThanOrEqual(1e-9 * (1 + expected));
						checked++;
					}
				}
			}),
			{ numRuns: 300, seed: 4 },
		);
		expect(checked).toBeGreaterThan(500);
	});
});

function tried(act: () => number): number | undefined {
	try {
		return act();
	} catch (error) {
		if (error instanceof ModelError) return undefined;
		throw error;
	}
}

function graded(id: string, grade: Grade, value: number): Bare {
	return numberInput(id, value, { grade });
}

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}

function standing(of: AnyExpr, options: { months?: number } & StandingOptions = {}): Standing {
	return standingOf(evaluate(buildModel([named("y", of)]), options), "y");
}

function inDraws(of: AnyExpr): Standing {
	const model = buildModel([named("y", of)]);
	return standingOf(evaluate(model), "y", { draws: sample(model, { draws: 2000, seed: 1 }) });
}

function leaf({ leaves }: Standing, id: string): Leaf {
	return leaves.find((each) => each.id === id) as Leaf;
}

/** A straight line: 20, 40 and 60 at 1, 2 and 3. */
function knots(id: string, grade: Grade): Table<Dimensionless, Dimensionless> {
	const rows = [1, 2, 3].map((x) => ({ ...evidence, grade, asOf: `2026-0${x}`, x, y: 20 * x, row: `r${x}` }));
	return table({ id, label: id, xUnit: one, yUnit: one, scale: "linear", between: "C", knots: rows });
}

function oneKnot(grade: Grade): Table<Dimensionless, Dimensionless> {
	const rows = [{ ...evidence, grade, x: 1, y: 2, row: "r" }];
	return table({ id: "one", label: "one", xUnit: one, yUnit: one, scale: "linear", between: "C", knots: rows });
}

function naiveRankCorrelation(a: Float64Array, b: Float64Array): number {
	const rank = (values: Float64Array): number[] =>
		Array.from(values, (v) => values.reduce((sum, w) => sum + (w < v ? 1 : w === v ? 0.5 : 0), 0.5));
	const [ra, rb] = [rank(a), rank(b)];
	const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
	const [ma, mb] = [mean(ra), mean(rb)];
	const cov = ra.reduce((sum, v, i) => sum + (v - ma) * ((rb[i] as number) - mb), 0);
	const spread = (values: number[], m: number): number => Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0));
	return cov / (spread(ra, ma) * spread(rb, mb));
}
