import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RandomGraph } from "../../test-support/random-graph.ts";
import { evidence, numberInput, plain, randomGraph } from "../../test-support/random-graph.ts";
import { exp, log, pow } from "../numerics/elementary.ts";
import { one, percent, usd } from "../quantity/unit.ts";
import { onlyRateOfReturn } from "./arithmetic.ts";
import { centralValue } from "./distribution.ts";
import type { Evaluation } from "./evaluate.ts";
import { evaluate, scalarOf, seriesOf } from "./evaluate.ts";
import type { AnyExpr, AnySeriesRef, Comparison, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import { table, tableValue } from "./table.ts";

describe("evaluate", () => {
	it("agrees to the bit with a naive form that reads the expressions as they are", () => {
		let finite = 0;
		const runs = 1500;
		fc.assert(
			fc.property(randomGraph(), (graph) => {
				const expected = naiveOutputs(graph);
				const found = outcome(() => evaluate(buildModel(graph.outputs), { months: graph.months }));
				if (expected === undefined) expect(found).toBe("not-finite");
				else finite++;
				expected?.forEach((values, i) => expect(pathOf(found as Evaluation, `out${i}`)).toEqual(values));
			}),
			{ numRuns: runs, seed: 1 },
		);
		expect(finite).toBeGreaterThan(runs / 2);
	});

	it("agrees with a hand-written five-year cash model", () => {
		const evaluation = evaluate(buildModel(cashModel()), { months: 60 });
		const byHand = cashByHand();
		for (const [id, path] of Object.entries(byHand.series)) {
			const size = Math.max(...path.map(Math.abs));
			const errors = seriesOf(evaluation, id).map((value, t) => Math.abs(value - (path[t] as number)) / size);
			expect(Math.max(...errors)).toBeLessThan(1e-12);
		}
		for (const [id, value] of Object.entries(byHand.scalars)) {
			expect(relative(scalarOf(evaluation, id), value)).toBeLessThan(1e-12);
		}
	});

	it("takes other values of inputs, and those of series", () => {
		const price = e.input("price", usd, { ...evidence, label: "price", value: { kind: "series", values: [1, 2, 3] } });
		const sum = e.define("sum", usd, e.multiply(e.sumOverMonths(price), numberInput("k", 2)), { label: "sum" });
		const model = buildModel([sum]);
		expect(scalarOf(evaluate(model), "sum")).toBe(12);
		expect(scalarOf(evaluate(model, { inputs: new Map([["k", 3]]) }), "sum")).toBe(18);
		expect(scalarOf(evaluate(model, { inputs: new Map([["price", [1, 1, 1]]]) }), "sum")).toBe(6);
	});

	it("leaves rounding out when asked to", () => {
		const model = buildModel([e.define("n", one, e.ceilTo(numberInput("x", 1.2), plain(1)), { label: "n" })]);
		expect(scalarOf(evaluate(model), "n")).toBe(2);
		expect(scalarOf(evaluate(model, { rounding: "relaxed" }), "n")).toBe(1.2);
	});
});

describe("evaluate refuses", () => {
	const x = numberInput("x", 2);
	const path = e.input("path", one, { ...evidence, label: "path", value: { kind: "series", values: [1, 2, 3] } });
	const model = buildModel([
		e.define("scalar", one, e.sumOverMonths(e.multiply(x, path)), { label: "scalar" }),
		e.define("monthly", one, e.multiply(x, path), { label: "monthly" }),
	]);

	it.each<[string, string, () => unknown]>([
		["an unknown input", "unknown-input", () => evaluate(model, { inputs: new Map([["y", 1]]) })],
		["a formula as an input", "unknown-input", () => evaluate(model, { inputs: new Map([["scalar", 1]]) })],
		["a number for a series", "series-mismatch", () => evaluate(model, { inputs: new Map([["path", 1]]) })],
		["a series for a number", "series-mismatch", () => evaluate(model, { inputs: new Map([["x", [1, 2, 3]]]) })],
		["a series of another length", "series-mismatch", () => evaluate(model, { inputs: new Map([["path", [1, 2]]]) })],
		["other months than its series have", "series-mismatch", () => evaluate(model, { months: 4 })],
		["a part of a month", "series-mismatch", () => evaluate(buildModel([monthly()]), { months: 1.5 })],
		["no months", "series-mismatch", () => evaluate(buildModel([monthly()]), { months: 0 })],
		["to guess the months", "series-mismatch", () => evaluate(buildModel([monthly()]))],
		["to read a series as a number", "series-mismatch", () => scalarOf(evaluate(model), "monthly")],
		["to read a number as a series", "series-mismatch", () => seriesOf(evaluate(model), "scalar")],
		["an unknown name", "unknown-node", () => scalarOf(evaluate(model), "nobody")],
		["an input that is no number", "not-finite", () => evaluate(model, { inputs: new Map([["x", Number.NaN]]) })],
	])("%s", (_, code, act) => {
		expect(outcome(act)).toBe(code);
	});

	function monthly(): Expr<object & Record<never, never>> {
		return e.define("m", one, e.monthIndex(), { label: "m" });
	}
});

describe("a formula that breaks", () => {
	const zero = numberInput("zero", 0);

	it("names the quantity it breaks in", () => {
		const cost = e.define("cost", one, e.divide(plain(1), zero), { label: "cost" });
		const total = e.define("total", one, e.add(cost, plain(1)), { label: "total" });
		const error = thrown(() => evaluate(buildModel([total])));
		expect(error.code).toBe("not-finite");
		expect(error.node).toBe("cost");
		expect(error.message).toContain("cost is not finite");
	});

	it("breaks even where an infinity would vanish again", () => {
		const hidden = e.define("hidden", one, e.divide(plain(1), e.divide(plain(1), zero)), { label: "hidden" });
		expect(outcome(() => evaluate(buildModel([hidden])))).toBe("not-finite");
	});

	it("does not pass 0 ÷ 0 or a root of a negative number off as unreachable, downstream of a look-up or in a recurrence", () => {
		const read = table({
			id: "t",
			label: "t",
			xUnit: one,
			yUnit: one,
			scale: "linear",
			between: "C",
			knots: [
				{ ...evidence, x: 0, y: 1, row: "a" },
				{ ...evidence, x: 1, y: 2, row: "b" },
			],
		});
		const found = e.lookup(read, plain(0.5));
		const broken = e.define("broken", one, e.multiply(found, e.divide(zero, zero)), { label: "broken" });
		expect(thrown(() => evaluate(buildModel([broken]))).node).toBe("broken");
		const before = e.previous(e.seriesRef("path", one), plain(1));
		const path = e.define("path", one, e.logarithm(e.subtract(before, plain(2))), { label: "path" });
		expect(thrown(() => evaluate(buildModel([path]), { months: 3 })).node).toBe("path");
	});

	it("does no harm in a branch that is not taken, and leaves no infinity behind", () => {
		const share = e.define("share", one, e.divide(plain(1), zero), { label: "share" });
		const guarded = e.define("guarded", one, e.when(zero, "=", plain(0), plain(7), share), { label: "guarded" });
		const evaluation = evaluate(buildModel([guarded]));
		expect(scalarOf(evaluation, "guarded")).toBe(7);
		expect(scalarOf(evaluation, "share")).toBeNaN();
		expect(evaluation.scalars.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toBe(false);
	});

	it("guards month by month", () => {
		const month = e.monthIndex();
		const inverse = e.when(month, ">", plain(0), e.divide(plain(1), month), plain(0));
		const guarded = e.define("guarded", one, e.sumOverMonths(inverse), { label: "guarded" });
		expect(scalarOf(evaluate(buildModel([guarded]), { months: 3 }), "guarded")).toBe(1.5);
		const unguarded = e.when(month, ">=", plain(0), e.divide(plain(1), month), plain(0));
		const broken = e.define("broken", one, e.lastMonth(e.cumulative(unguarded)), { label: "broken" });
		expect(outcome(() => evaluate(buildModel([broken]), { months: 3 }))).toBe("not-finite");
	});

	it("does no harm in a month that nobody reads, nor behind a condition that cannot be told", () => {
		const early = e.divide(plain(1), e.monthIndex());
		const late = e.define("late", one, e.lastMonth(early), { label: "late" });
		expect(scalarOf(evaluate(buildModel([late]), { months: 3 }), "late")).toBe(0.5);
		const never = e.firstMonthWhere(e.monthIndex(), ">", plain(9));
		const untold = e.when(never, ">", plain(0), plain(1), e.divide(plain(1), zero));
		const model = buildModel([e.define("untold", one, untold, { label: "untold" })]);
		expect(scalarOf(evaluate(model, { months: 3 }), "untold")).toBeNaN();
	});

	it("is not the same as a month that is never reached", () => {
		const never = e.define("never", one, e.firstMonthWhere(e.monthIndex(), ">", plain(9)), { label: "never" });
		expect(scalarOf(evaluate(buildModel([never]), { months: 3 }), "never")).toBeNaN();
	});
});

/** Straight from the expressions: recursive, no order of computation, only what is asked for. Undefined: it breaks. */
function naiveOutputs({ outputs, months }: RandomGraph): number[][] | undefined {
	const named = new Map<string, AnyExpr>();
	for (const output of outputs) collectNames(output, named, new Set());
	const naive = new Naive(named, months);
	try {
		return outputs.map((output) =>
			output.shape === "scalar"
				? [naive.value(output, 0)]
				: Array.from({ length: months }, (_, t) => naive.value(output, t)),
		);
	} catch (error) {
		if (error instanceof RangeError && error.message === "broken") return undefined;
		throw error;
	}
}

function collectNames(of: AnyExpr, into: Map<string, AnyExpr>, seen: Set<AnyExpr>): void {
	if (seen.has(of)) return;
	seen.add(of);
	const { data } = of;
	if (data.op === "node") into.set(data.id, of);
	if ("args" in data) for (const arg of data.args) collectNames(arg, into, seen);
	if (data.op === "lag" && !("ref" in data.target)) collectNames(data.target, into, seen);
}

class Naive {
	private readonly named: ReadonlyMap<string, AnyExpr>;
	private readonly months: number;
	private readonly memo = new Map<AnyExpr, Map<number, number>>();

	constructor(named: ReadonlyMap<string, AnyExpr>, months: number) {
		this.named = named;
		this.months = months;
	}

	value(of: AnyExpr, month: number): number {
		const t = of.shape === "scalar" ? 0 : month;
		const known = this.memo.get(of) ?? new Map<number, number>();
		this.memo.set(of, known);
		const found = known.get(t);
		if (found !== undefined) return found;
		const feeds: number[] = [];
		const result = this.compute(of, t, (arg, at) => {
			const value = this.value(arg, at);
			feeds.push(value);
			return value;
		});
		const excused = ["lookup", "irr", "firstWhere"].includes(of.data.op) || feeds.some(Number.isNaN);
		if (!Number.isFinite(result) && !(Number.isNaN(result) && excused)) throw new RangeError("broken");
		known.set(t, result);
		return result;
	}

	private compute(of: AnyExpr, t: number, at: (arg: AnyExpr, t: number) => number): number {
		const data = of.data;
		const args = "args" in data ? (data.args as readonly AnyExpr[]) : [];
		const v = (i: number): number => at(args[i] as AnyExpr, t);
		const path = (i: number): number[] => Array.from({ length: this.months }, (_, m) => at(args[i] as AnyExpr, m));
		switch (data.op) {
			case "const":
				return data.value;
			case "input": {
				const { value } = data.spec;
				return value.kind === "series" ? (value.values[t] as number) : centralValue(value);
			}
			case "node":
			case "spread":
				return v(0);
			case "neg":
				return -v(0);
			case "abs":
				return Math.abs(v(0));
			case "exp":
				return exp(v(0));
			case "log":
				return log(v(0));
			case "add":
				return args.map((_, i) => v(i)).reduce((a, b) => a + b);
			case "min":
				return args.map((_, i) => v(i)).reduce((a, b) => Math.min(a, b));
			case "max":
				return args.map((_, i) => v(i)).reduce((a, b) => Math.max(a, b));
			case "sub":
				return v(0) - v(1);
			case "mul":
				return v(0) * v(1);
			case "div":
				return v(0) / v(1);
			case "pow":
				return pow(v(0), v(1));
			case "ceil":
			case "floor":
			case "round":
				return naiveRound(data.op, v(0), v(1));
			case "if": {
				const [left, right] = [v(0), v(1)];
				if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
				return holds(left, data.comparison, right) ? v(2) : v(3);
			}
			case "lookup":
				return tableValue(data.table, v(0));
			case "month":
				return t;
			case "lag":
				return t < data.months ? v(0) : at(this.target(data.target), t - data.months);
			case "cumulative":
				return v(0) + (t === 0 ? 0 : at(of, t - 1));
			case "sum":
				return path(0).reduce((a, b) => a + b, 0);
			case "first":
				return at(args[0] as AnyExpr, 0);
			case "last":
				return at(args[0] as AnyExpr, this.months - 1);
			case "irr":
				return onlyRateOfReturn(path(0));
			case "npv": {
				const rate = v(1);
				let factor = 1;
				return path(0).reduce((sum, flow, m) => {
					factor = m === 0 ? 1 : factor * (1 / (1 + rate));
					return sum + flow * factor;
				}, 0);
			}
			case "firstWhere": {
				const [left, right] = [path(0), path(1)];
				const found = left.findIndex((l, m) => holds(l, data.comparison, right[m] as number));
				return found < 0 ? Number.NaN : found;
			}
		}
	}

	private target(target: AnyExpr | AnySeriesRef): AnyExpr {
		return "ref" in target ? (this.named.get(target.ref) as AnyExpr) : target;
	}
}

function naiveRound(op: "ceil" | "floor" | "round", x: number, step: number): number {
	const steps = x / step;
	if (op === "round") return Math.round(steps) * step;
	const near = Math.abs(steps - Math.round(steps)) <= 1e-9 * Math.abs(steps);
	return (near ? Math.round(steps) : Math[op](steps)) * step;
}

function holds(a: number, comparison: Comparison, b: number): boolean {
	return { "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "=": a === b }[comparison];
}

function pathOf(evaluation: Evaluation, id: string): number[] {
	const index = evaluation.model.byId.get(id) as number;
	const path = evaluation.series[index];
	return path === undefined ? [evaluation.scalars[index] as number] : Array.from(path);
}

function outcome(act: () => unknown): unknown {
	try {
		return act();
	} catch (error) {
		if (error instanceof ModelError) return error.code;
		throw error;
	}
}

function thrown(act: () => unknown): ModelError {
	try {
		act();
	} catch (error) {
		if (error instanceof ModelError) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}

function relative(a: number, b: number): number {
	return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

/** Sixty months of a small token business; the same as {@link cashByHand}. */
function cashModel(): AnyExpr[] {
	const define = (id: string, of: Expr<Record<never, never>>): Expr<Record<never, never>> =>
		e.define(id, one, of, { label: id });
	const month = e.monthIndex();
	const growth = numberInput("growth", 1.04);
	const demand = define("demand", e.multiply(numberInput("start", 120), e.power(growth, month)));
	const speed = define("speed", e.multiply(numberInput("speed.start", 3), e.power(numberInput("drift", 1.01), month)));
	const needed = define("needed", e.divide(demand, e.multiply(speed, e.constant(60, percent))));
	const replicas = define("replicas", e.add(e.ceilTo(needed, plain(1)), plain(1)));
	const gpus = define("gpus", e.multiply(replicas, plain(8)));
	const bought = define(
		"bought",
		e.maximum(e.subtract(gpus, e.previous(e.seriesRef("owned", one), plain(0))), plain(0)),
	);
	const owned = define("owned", e.add(e.previous(e.seriesRef("owned", one), plain(0)), bought));
	const capital = define("capital", e.multiply(bought, numberInput("price", 31.5)));
	const power = define("power", e.multiply(owned, plain(0.9)) as Expr<Record<never, never>>);
	const staff = define("staff", e.when(month, "<", plain(12), plain(40), plain(65)));
	const cost = define("cost", e.add(capital, power, staff));
	const price = define("price.token", e.multiply(plain(9), e.power(numberInput("decline", 0.985), month)));
	const revenue = define("revenue", e.multiply(demand, price));
	const debt = define(
		"debt",
		e.maximum(
			e.subtract(
				e.multiply(e.previous(e.seriesRef("debt", one), numberInput("debt.start", 900)), plain(1.006)),
				e.multiply(e.previous(revenue, plain(0)), plain(0.1)),
			),
			plain(0),
		),
	);
	const interest = define("interest", e.multiply(debt, plain(0.006)));
	const cash = define("cash", e.subtract(e.subtract(revenue, cost), interest));
	const balance = define("balance", e.cumulative(cash));
	return [
		gpus,
		balance,
		define("total", e.sumOverMonths(cash)),
		define("worth", e.presentValue(cash, numberInput("rate", 0.01))),
		define("lowest", e.firstMonthWhere(cash, ">", plain(0))),
		define("end", e.lastMonth(balance)),
	];
}

function cashByHand(): { series: Record<string, number[]>; scalars: Record<string, number> } {
	const series: Record<string, number[]> = { gpus: [], cash: [], balance: [], debt: [], owned: [] };
	let owned = 0;
	let debt = 900;
	let revenueBefore = 0;
	let balance = 0;
	let worth = 0;
	let firstGain = Number.NaN;
	for (let t = 0; t < 60; t++) {
		const demand = 120 * 1.04 ** t;
		const speed = 3 * 1.01 ** t;
		const gpus = (Math.ceil(demand / (speed * 0.6) - 1e-9) + 1) * 8;
		const bought = Math.max(gpus - owned, 0);
		owned += bought;
		const cost = bought * 31.5 + owned * 0.9 + (t < 12 ? 40 : 65);
		const revenue = demand * 9 * 0.985 ** t;
		debt = Math.max(debt * 1.006 - 0.1 * revenueBefore, 0);
		revenueBefore = revenue;
		const cash = revenue - cost - debt * 0.006;
		balance += cash;
		worth += cash / 1.01 ** t;
		if (Number.isNaN(firstGain) && cash > 0) firstGain = t;
		series["gpus"]?.push(gpus);
		series["cash"]?.push(cash);
		series["balance"]?.push(balance);
		series["debt"]?.push(debt);
		series["owned"]?.push(owned);
	}
	return { series, scalars: { total: balance, worth, end: balance, lowest: firstGain } };
}
