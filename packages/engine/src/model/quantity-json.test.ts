import { describe, expect, it } from "vitest";
import { evidence, numberInput, rangeInput } from "../../test-support/random-graph.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import { megatoken, one, percent, quantity, usd, usdPerMtok } from "../quantity/unit.ts";
import { evaluate } from "./evaluate.ts";
import type { Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import type { QuantityJson, QuantityJsonOptions } from "./quantity-json.ts";
import { quantityInMonth, quantityJson } from "./quantity-json.ts";
import { sample } from "./sample.ts";
import { table } from "./table.ts";

type Bare = Expr<Dimensionless>;

describe("quantityJson", () => {
	it("says what a number is and what it stands on", () => {
		const bill = e.input("bill", usd, { ...evidence, label: "Bill", value: { kind: "point", value: 3 } });
		const volume = e.constant(4, megatoken("output"));
		const tags = { basis: "delivered" };
		const cost = e.define("cost", usdPerMtok("output"), e.divide(bill, volume), { label: "Cost", tags });
		const evaluation = evaluate(buildModel([cost]));
		const expected = {
			unit: "USD/Mtok",
			tokens: "output",
			basis: "delivered",
			grade: "B",
			as_of: "2026-05-01",
			currency_date: "2026-05-01",
			node: "cost",
		};
		const found = quantityJson(evaluation, "cost");
		expect(found).toEqual({ ...expected, value: expect.closeTo(0.75, 12) });
		expect(quantityJson(evaluation, "cost", { currencyDate: "2026-11-01" }).currency_date).toBe("2026-11-01");
	});

	it("reads in the unit of the node", () => {
		const load = e.input("load", percent, { ...evidence, label: "Load", value: { kind: "point", value: 0.6 } });
		expect(quantityJson(evaluate(buildModel([load])), "load")).toMatchObject({ value: 60, unit: "%" });
		expect(quantity(60, percent).base).toBeCloseTo(0.6, 15);
	});

	it("has a range in draws, and coverage where some are unreachable", () => {
		const x = rangeInput("x", { kind: "uniform", low: 0, high: 1 });
		expect(inDraws(e.add(x, numberInput("a", 1)))).toMatchObject({
			value: 1.5,
			p10: expect.closeTo(1.1, 1),
			p50: expect.closeTo(1.5, 1),
			p90: expect.closeTo(1.9, 1),
		});
		expect(inDraws(x)).not.toHaveProperty("coverage");
		const knots = [0, 0.75].map((at) => ({ ...evidence, x: at, y: at, row: `r${at}` }));
		const read = table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
		expect(inDraws(e.lookup(read, x)).coverage).toBeCloseTo(0.75, 1);
	});

	it("is unreachable, with no value, outside a table", () => {
		const knots = [{ ...evidence, x: 0, y: 1, row: "r" }];
		const read = table({ id: "t", label: "t", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
		const found = jsonOf(e.lookup(read, numberInput("x", 7)));
		expect(found).toEqual({ unit: "", grade: "C", as_of: "2026-05-01", node: "y", state: "unreachable" });
	});

	it("leaves out what is not there, and is never −0", () => {
		const found = jsonOf(e.negate(numberInput("x", 0)));
		expect(found.value).toBe(0);
		expect(Object.keys(found)).toEqual(["value", "unit", "grade", "as_of", "node"]);
		expect(jsonOf(e.constant(2, one))).toEqual({ value: 2, unit: "", grade: "E", node: "y" });
	});

	it("takes a month of a series when told which, and not otherwise", () => {
		const path = e.define("m", one, e.multiply(e.monthIndex(), numberInput("x", 3)), { label: "m" });
		const evaluation = evaluate(buildModel([path]), { months: 4 });
		expect(quantityInMonth(evaluation, "m", 2)).toMatchObject({ value: 6, grade: "B", as_of: "2026-05-01" });
		expect(() => quantityJson(evaluation, "m")).toThrow(expect.objectContaining({ code: "series-mismatch" }));
		expect(() => quantityJson(evaluation, "nobody")).toThrow(expect.objectContaining({ code: "unknown-node" }));
	});
});

function jsonOf(of: Bare, options: QuantityJsonOptions = {}): QuantityJson {
	return quantityJson(evaluate(buildModel([e.define("y", one, of, { label: "y" })])), "y", options);
}

function inDraws(of: Bare): QuantityJson {
	const model = buildModel([e.define("y", one, of, { label: "y" })]);
	return quantityJson(evaluate(model), "y", { draws: sample(model, { draws: 2000, seed: 1 }) });
}
