import { describe, expect, it } from "vitest";
import { evidence, numberInput, plain } from "../../test-support/random-graph.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import { hour, one, quantity, second, usd } from "../quantity/unit.ts";
import type { Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { table } from "./table.ts";

const dollars = e.constant(3, usd);
const seconds = e.constant(2, hour);
const number = plain(4);
const monthly = e.monthIndex();

describe("units are checked where types could not tell", () => {
	const asNumber = (of: unknown): Expr<Dimensionless> => of as Expr<Dimensionless>;
	const cost = (): unknown => e.define("cost", one, asNumber(dollars), { label: "cost" });
	it("and the message has both units", () => {
		expect(cost).toThrow(expect.objectContaining({ code: "unit-mismatch", node: "cost" }));
		expect(cost).toThrow("cost is declared in plain numbers (1), its formula gives USD");
		expect(() => e.define("t", hour, asNumber(dollars) as never, { label: "t" })).toThrow(
			"t is declared in hr (s), its formula gives USD",
		);
	});
	it.each<[string, () => unknown, string]>([
		["add", () => e.add(dollars, seconds as never), "cannot add USD and s"],
		["subtract", () => e.subtract(dollars, seconds as never), "cannot subtract USD and s"],
		["min", () => e.minimum(dollars, seconds as never), "cannot min USD and s"],
		["max", () => e.maximum(dollars, dollars, seconds as never), "cannot max USD and s"],
		["ceil", () => e.ceilTo(dollars, asNumber(number) as never), "cannot ceil USD and 1"],
		["compare", () => e.when(dollars, "<", seconds as never, number, number), "cannot compare USD and s"],
		["choose", () => e.when(number, "<", number, dollars, seconds as never), "cannot choose between USD and s"],
		["first month", () => e.firstMonthWhere(dollars, "<", seconds as never), "cannot compare USD and s"],
		["exp", () => e.exponential(asNumber(dollars)), "exp needs a plain number, not USD"],
		["log", () => e.logarithm(asNumber(seconds)), "log needs a plain number, not s"],
		["power", () => e.power(number, asNumber(seconds)), "power needs a plain number, not s"],
		["npv", () => e.presentValue(e.everyMonth(dollars), asNumber(seconds)), "npv needs a plain number, not s"],
		["lag", () => e.previous(e.everyMonth(dollars), seconds as never), "lag of USD starts with s"],
		["lookup", () => e.lookup(usdByHour(), dollars as never), "table t is read in hr (s), not in USD"],
	])("%s", (_, act, message) => {
		expect(act).toThrow(expect.objectContaining({ code: "unit-mismatch", message }));
	});
	it("products and quotients carry the dimension of their result", () => {
		expect(e.divide(dollars, seconds).dims).toEqual({ USD: 1, s: -1 });
		expect(e.multiply(e.divide(dollars, seconds), seconds).dims).toEqual({ USD: 1 });
	});
});

describe("shapes are checked", () => {
	it.each<[string, () => unknown]>([
		["a total of what does not change", () => e.sumOverMonths(dollars)],
		["a running sum of what does not change", () => e.cumulative(dollars)],
		["a first month of what does not change", () => e.firstMonth(dollars)],
		["a rate of return of what does not change", () => e.internalRateOfReturn(dollars)],
		["a start that changes by month", () => e.previous(monthly, monthly)],
		["a discount rate that changes by month", () => e.presentValue(monthly, monthly)],
	])("%s", (_, act) => {
		expect(act).toThrow(expect.objectContaining({ code: "series-mismatch" }));
	});
	it("what has a series in it is a series; a total is not", () => {
		expect(e.add(number, monthly).shape).toBe("series");
		expect(e.sumOverMonths(e.add(number, monthly)).shape).toBe("scalar");
		expect(e.everyMonth(monthly)).toBe(monthly);
	});
});

describe("values are checked", () => {
	it.each<[string, string, () => unknown]>([
		["a constant that is no number", "not-finite", () => e.constant(Number.NaN, usd)],
		["an input that is no number", "bad-distribution", () => numberInput("x", Number.POSITIVE_INFINITY)],
		["an empty range", "bad-distribution", () => ranged(2, 1)],
		["a series with a gap", "bad-distribution", () => series([1, Number.NaN])],
		["a lag into the future", "bad-step", () => e.lagged(monthly, -1, number)],
		["a lag of half a month", "bad-step", () => e.lagged(monthly, 0.5, number)],
		["a lag of no month", "bad-step", () => e.lagged(monthly, 0, number)],
	])("%s", (_, code, act) => {
		expect(act).toThrow(expect.objectContaining({ code }));
	});
	it("a constant is kept in base units and never −0", () => {
		expect(e.constant(2, hour).data).toMatchObject({ value: 7200, symbol: "hr" });
		expect(e.constantOf(quantity(90, second), hour).data).toMatchObject({ value: 90 });
		expect(plain(-0).data).toMatchObject({ value: 0 });
	});
});

function ranged(low: number, high: number): unknown {
	return e.input("r", one, { ...evidence, label: "r", value: { kind: "uniform", low, high } });
}

function series(values: readonly number[]): unknown {
	return e.input("s", one, { ...evidence, label: "s", value: { kind: "series", values } });
}

function usdByHour(): ReturnType<typeof table<{ readonly s: 1 }, { readonly USD: 1 }>> {
	const knots = [{ ...evidence, x: 1, y: 1, row: "a" }];
	return table({ id: "t", label: "t", xUnit: hour, yUnit: usd, scale: "linear", between: "C", knots });
}
