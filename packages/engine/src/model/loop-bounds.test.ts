import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidence, plain, randomGraph, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { drawRunner } from "./draw-runner.ts";
import { planLoop } from "./loop-plan.ts";
import { ModelError } from "./model-error.ts";
import { table } from "./table.ts";

type Bare = Expr<Record<never, never>>;
const x = rangeInput("x", { kind: "lognormal", p5: 1, p95: 2 });
const y = rangeInput("y", { kind: "uniform", low: -1, high: 3 });
const place = rangeInput("place", { kind: "uniform", low: 0, high: 1 });

const knots = [0, 0.5, 1].map((at) => ({ ...evidence, x: at, y: 1 + at, row: `row ${at}` }));
const places = table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "log", between: "C", knots });

describe("bounds of values", () => {
	it("never call finite, or other than 0, what is not, in random graphs", { timeout: 60_000 }, () => {
		let told = 0;
		fc.assert(
			fc.property(randomGraph(), fc.nat(1000), ({ outputs, months }, seed) => {
				const model = buildModel(outputs);
				const keep = outputs.map(({ data }) => (data as { id: string }).id);
				const { bounded, operand } = planLoop(model, { months, keep });
				const runner = drawRunner(model, { seed, months, keep, size: 30, backend: "interpreted" });
				try {
					runner.run(0, 30);
				} catch (error) {
					if (error instanceof ModelError) return;
					throw error;
				}
				for (const [place, id] of keep.entries()) {
					const of = operand(planLoop(model, { months, keep }).model.byId.get(id) as number, 0);
					if (of.kind !== "local") continue;
					const length = outputs[place]?.shape === "series" ? months : 1;
					for (let t = 0; t < length; t++) {
						const column = runner.column(id, t);
						if (bounded.finite.has(of.index)) expect(column.every(Number.isFinite)).toBe(true);
						if (bounded.nonzero.has(of.index)) expect(column.every((value) => value !== 0)).toBe(true);
						told++;
					}
				}
			}),
			{ numRuns: 300, seed: 5 },
		);
		expect(told).toBeGreaterThan(300);
	});

	it.each<[string, AnyExpr, boolean]>([
		["a quotient by what is above 0", e.divide(y, x), true],
		["a quotient by what may be 0", e.divide(x, y), false],
		["the logarithm of what is above 0", e.logarithm(x), true],
		["the logarithm of what may be below", e.logarithm(y), false],
		["a power of what is above 0", e.power(x, y), true],
		["a whole power of anything", e.power(y, plain(3)), true],
		["a broken power of what may be below 0", e.power(y, plain(0.5)), false],
		["an exponential that may overflow", e.exponential(e.multiply(x, plain(500))), false],
		["a guarded quotient, which is left to be looked at", e.when(y, ">", plain(0), e.divide(x, y), x), false],
		["a quotient by the larger of two", e.divide(x, e.maximum(y, plain(0.1))), true],
		["steps of what is above 0", e.ceilTo(y, x), true],
		["steps of what may be 0", e.ceilTo(x, y), false],
		["growth over the months", e.sumOverMonths(e.power(x, e.monthIndex())), true],
		["growth that overflows", e.sumOverMonths(e.power(e.multiply(x, plain(1e9)), e.monthIndex())), false],
		["a present value", e.presentValue(e.multiply(x, e.monthIndex()), x), true],
		["a present value at −100% a month", e.presentValue(e.multiply(x, e.monthIndex()), y), false],
		["a balance that grows", recurrence(1.1), true],
		["a balance that overflows", recurrence(1e9), false],
		["a place in a table, up to both ends", e.lookup(places, place), true],
		["a place that may lie beyond a table", e.lookup(places, x), false],
		["a month that may not be found", e.firstMonthWhere(e.multiply(y, e.monthIndex()), ">", plain(1)), false],
	])("of %s", (_, of, isFinite) => {
		const model = buildModel([e.define("out", one, of as Bare, { label: "out" })]);
		const plan = planLoop(model, { months: 60, keep: ["out"] });
		const operand = plan.operand(plan.model.byId.get("out") as number, 0);
		expect(plan.bounded.finite.has((operand as { index: number }).index)).toBe(isFinite);
	});

	it("tell what is never 0, such as a number of replicas", () => {
		const replicas = e.add(e.ceilTo(x, plain(1)), plain(1));
		const plan = planLoop(buildModel([e.define("out", one, replicas, { label: "out" })]), { months: 0, keep: ["out"] });
		expect(plan.bounded.nonzero.size).toBeGreaterThanOrEqual(2);
	});
});

function recurrence(growth: number): AnyExpr {
	const before = e.previous(e.seriesRef("balance", one), x);
	return e.lastMonth(e.define("balance", one, e.multiply(before, plain(growth)), { label: "balance" }));
}
