import { describe, expect, it } from "vitest";
import { evidence, plain, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { valueOfLearning } from "./learning.ts";
import { sample } from "./sample.ts";
import { table } from "./table.ts";

type Bare = Expr<Record<never, never>>;
const N = 100_000;
const DECISION = { options: ["go", "stay"], choose: "most" } as const;

describe("valueOfLearning", () => {
	// x − y against 0, both normal with standard deviations 2 and 1 and a mean of 0.5: closed forms from the normal loss.
	const sd = (s: number): { kind: "normal"; p5: number; p95: number } => {
		const reach = 1.6448536269514722 * s;
		return { kind: "normal", p5: -reach, p95: reach };
	};
	const x = rangeInput("x", sd(2));
	const y = rangeInput("y", sd(1));
	const idle = rangeInput("idle", { kind: "uniform", low: -1e-9, high: 1e-9 });
	const gain = named("go", e.add(x, e.negate(y), plain(0.5), idle));
	const model = buildModel([gain, named("stay", plain(0))]);
	const draws = sample(model, { draws: N, seed: 1 });

	it("agrees with the closed form of a normal decision", () => {
		const found = valueOfLearning(model, draws, DECISION);
		expect(found.choice).toBe("go");
		expect(found.expected).toBeCloseTo(0.5, 1);
		expect(found.everything).toBeCloseTo(loss(0.5, Math.sqrt(5)), 1);
		const worth = Object.fromEntries(found.inputs.map(({ input, value }) => [input, value]));
		expect(Math.abs((worth["x"] as number) - loss(0.5, 2))).toBeLessThan(0.02);
		expect(Math.abs((worth["y"] as number) - loss(0.5, 1))).toBeLessThan(0.02);
		expect(worth["idle"]).toBeLessThan(0.01);
		expect(found.noise).toBeLessThan(0.01);
		expect(found.inputs.map(({ input }) => input).slice(0, 2)).toEqual(["x", "y"]);
		// Knowing x changes the choice where x < −0.5: with probability Φ(−1/4).
		expect(found.inputs[0]?.changes).toBeCloseTo(0.4013, 1);
		expect(found.coverage).toBe(1);
	});

	it("takes costs the other way round", () => {
		const costs = buildModel([named("go", e.negate(gain)), named("stay", plain(0))].map(renamed));
		const again = sample(costs, { draws: N, seed: 1 });
		const found = valueOfLearning(costs, again, { options: ["cost.go", "cost.stay"], choose: "least" });
		expect(found.choice).toBe("cost.go");
		expect(found.expected).toBeCloseTo(-0.5, 1);
		expect(found.inputs[0]?.value).toBeCloseTo(loss(0.5, 2), 1);
	});

	it("is nothing where no value would change the choice", () => {
		const far = buildModel([named("go", e.add(x, plain(100))), named("stay", plain(0))]);
		const found = valueOfLearning(far, sample(far, { draws: 2000, seed: 1 }), DECISION);
		expect(found.everything).toBe(0);
		expect(found.inputs[0]).toEqual({ input: "x", value: expect.closeTo(0, 12), changes: 0 });
	});

	it("counts draws in which every option is reachable", () => {
		const knots = [-10, 0].map((at) => ({ ...evidence, x: at, y: at, row: `row ${at}` }));
		const half = table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
		const part = buildModel([named("go", e.lookup(half, x)), named("stay", plain(-1))]);
		const found = valueOfLearning(part, sample(part, { draws: 4000, seed: 1 }), DECISION);
		expect(found.coverage).toBeCloseTo(0.5, 1);
		expect(found.everything).toBeGreaterThan(0);
	});

	it("refuses options whose draws were not kept, and one option alone", () => {
		const only = sample(model, { draws: 10, seed: 1, keep: ["go"] });
		for (const options of [["go", "stay"], ["go"]]) {
			expect(() => valueOfLearning(model, only, { options, choose: "most" })).toThrow(
				expect.objectContaining({ code: "unknown-node" }),
			);
		}
	});
});

/** E max(Z, 0) − mean for a normal Z: what a mean > 0 loses by going in all cases. */
function loss(mean: number, sd: number): number {
	const z = mean / sd;
	const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
	return sd * (density - z * below(-z));
}

/** Φ by Simpson's rule. */
function below(z: number): number {
	let sum = 0;
	const n = 2000;
	const h = (z + 10) / n;
	for (let i = 0; i <= n; i++) {
		const at = -10 + i * h;
		sum += Math.exp(-0.5 * at * at) * (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2);
	}
	return (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}

function renamed(of: Bare): Bare {
	const { id } = of.data as { id: string };
	return e.define(`cost.${id}`, one, (of.data as { args: [Bare] }).args[0], { label: id });
}

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}
