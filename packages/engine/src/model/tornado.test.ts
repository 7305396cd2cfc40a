import { describe, expect, it } from "vitest";
import { evidence, numberInput, plain, rangeInput } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { table } from "./table.ts";
import { tornado } from "./tornado.ts";

type Bare = Expr<Record<never, never>>;

describe("tornado", () => {
	const rate = rangeInput("rate", { kind: "lognormal", p5: 2, p95: 4.5 });
	const load = rangeInput("load", { kind: "uniform", low: 0.4, high: 0.8 });
	const cost = named("cost", e.divide(rate, e.multiply(load, numberInput("speed", 2))));
	const model = buildModel([cost, named("other", rangeInput("alone", { kind: "uniform", low: 0, high: 9 }))]);

	it("moves one input at a time from end to end, the widest first", () => {
		const { central, bars } = tornado(model, "cost");
		expect(central).toBeCloseTo(3 / 1.2, 12);
		expect(bars.map(({ input }) => input)).toEqual(["rate", "load"]);
		expect(bars[0]).toEqual({
			input: "rate",
			low: 2,
			high: 4.5,
			atLow: expect.closeTo(2 / 1.2, 12),
			atHigh: expect.closeTo(3.75, 12),
			swing: expect.closeTo(2.5 / 1.2, 12),
		});
		expect(bars[1]?.low).toBeCloseTo(0.42, 14);
		expect(bars[1]?.atLow).toBeCloseTo(3 / 0.84, 12);
		expect(tornado(model, "cost", { tail: 0.1 }).bars[0]?.low).toBeGreaterThan(2);
	});

	it("leaves inputs alone that are given", () => {
		const { central, bars } = tornado(model, "cost", {
			inputs: new Map([
				["load", 0.5],
				["alone", 1],
			]),
		});
		expect(central).toBeCloseTo(3, 12);
		expect(bars.map(({ input }) => input)).toEqual(["rate"]);
	});

	it("puts what makes the number unreachable first", () => {
		const knots = [1, 2].map((x) => ({ ...evidence, x, y: x, row: `row ${x}` }));
		const speed = table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
		const at = rangeInput("at", { kind: "uniform", low: 1, high: 2.5 });
		const read = named("read", e.add(e.lookup(speed, at), e.multiply(rate, plain(1000))));
		const { bars } = tornado(buildModel([read]), "read");
		expect(bars.map(({ input }) => input)).toEqual(["at", "rate"]);
		expect(bars[0]?.atHigh).toBeNaN();
	});
});

function named(id: string, of: AnyExpr): Bare {
	return e.define(id, one, of as Bare, { label: id });
}
