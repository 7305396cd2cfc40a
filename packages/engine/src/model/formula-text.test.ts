import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidence, numberInput, plain } from "../../test-support/random-graph.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import { gpu, hour, kilowatt, one, replica, usd } from "../quantity/unit.ts";
import { evaluate, scalarOf } from "./evaluate.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import type { FlatNode } from "./flatten.ts";
import { buildModel } from "./flatten.ts";
import { formulaText, plainNumber } from "./formula-text.ts";
import { table } from "./table.ts";

type Bare = Expr<Dimensionless>;

const [a, b, c] = [numberInput("a", 2), numberInput("b", 3), numberInput("c", 5)];

describe("the text of a formula", () => {
	it.each<[Bare, string]>([
		[e.add(a, b, c), "a + b + c"],
		[e.multiply(e.add(a, b), c), "(a + b) × c"],
		[e.add(a, e.multiply(b, c)), "a + b × c"],
		[e.subtract(a, e.subtract(b, c)), "a − (b − c)"],
		[e.subtract(e.subtract(a, b), c), "a − b − c"],
		[e.subtract(a, e.add(b, c)), "a − (b + c)"],
		[e.add(a, e.subtract(b, c)), "a + b − c"],
		[e.divide(a, e.multiply(b, c)), "a ÷ (b × c)"],
		[e.divide(a, e.divide(b, c)), "a ÷ (b ÷ c)"],
		[e.divide(e.divide(a, b), c), "a ÷ b ÷ c"],
		[e.multiply(a, e.divide(b, c)), "a × b ÷ c"],
		[e.divide(e.multiply(a, b), c), "a × b ÷ c"],
		[e.power(e.add(a, b), e.subtract(b, c)), "(a + b) ^ (b − c)"],
		[e.power(e.power(a, b), c), "(a ^ b) ^ c"],
		[e.multiply(a, e.power(b, c)), "a × b ^ c"],
		[e.negate(e.add(a, b)), "−(a + b)"],
		[e.negate(e.negate(a)), "−(−a)"],
		[e.negate(e.power(a, b)), "−a ^ b"],
		[e.negate(e.multiply(a, b)), "−(a × b)"],
		[e.power(e.negate(a), b), "(−a) ^ b"],
		[e.multiply(e.negate(a), b), "(−a) × b"],
		[e.subtract(a, e.negate(b)), "a − (−b)"],
		[e.add(a, e.negate(b)), "a + (−b)"],
		[e.add(plain(-2), a), "−2 + a"],
		[e.add(a, plain(-2)), "a + (−2)"],
		[e.multiply(plain(-2), a), "(−2) × a"],
		[e.minimum(e.add(a, b), c), "min(a + b, c)"],
		[e.absolute(e.subtract(a, b)), "absolute value(a − b)"],
		[e.exponential(e.logarithm(a)), "exp(log(a))"],
		[e.when(a, "<", b, e.add(a, c), b), "a + c (since a < b is true)"],
		[e.when(a, ">=", e.add(b, c), a, b), "b (since a >= b + c is false)"],
		[e.multiply(e.when(a, "<", b, e.add(a, c), b), c), "(a + c, since a < b is true) × c"],
		[
			e.multiply(e.when(a, ">", b, a, e.when(b, ">", c, a, b)), c),
			"((b, since b > c is false), since a > b is false) × c",
		],
		[e.ceilTo(e.add(a, b), plain(8)), "round up(a + b to whole 8)"],
		[e.multiply(e.floorTo(a, b), c), "round down(a to whole b) × c"],
		[e.roundTo(a, plain(0.05)), "round(a to 0.05)"],
		[e.lookup(curve(), e.add(a, b)), "speed[a + b]"],
		[
			e.add(e.lookup(curve(), a), e.when(e.lookup(curve(), plain(99)), ">", a, b, c)),
			"speed[a] + (unreachable, since speed[99] > a cannot be told)",
		],
	])("%#: %s", (of, text) => {
		expect(textOf(of)).toBe(text);
	});

	it("shows constants in their units, with groups of three and without powers of ten", () => {
		const price = e.multiply(e.constant(8760, hour), e.constant(0.085, kilowatt));
		expect(textOf(e.divide(price, price) as Bare)).toBe("8,760 hr × 0.085 kW ÷ (8,760 hr × 0.085 kW)");
		expect(textOf(e.divide(e.constant(1e9, usd), e.constant(4, replica)) as never)).toBe(
			"1,000,000,000 USD ÷ 4 replica",
		);
		expect(textOf(e.divide(e.constant(8, gpu), e.constant(1, gpu)) as Bare)).toBe("8 GPU ÷ 1 GPU");
	});

	it.each<[string, AnyExpr, number, string]>([
		["a month", e.monthIndex(), 3, "month"],
		["a first month", e.multiply(e.previous(path(), e.add(a, b)), c), 0, "(a + b) × c"],
		["a month before", e.multiply(e.previous(path(), a), c), 2, "path[1 month before] × c"],
		["the first month that has one before", e.previous(path(), a), 1, "path[1 month before]"],
		["a year before", e.lagged(path(), 12, a), 13, "path[12 months before]"],
		["a nameless one before", e.previous(e.add(path(), a), b), 2, "(path + a)[1 month before]"],
		["a branch of the month", e.when(e.monthIndex(), "<", plain(2), a, b), 2, "b (since month < 2 is false)"],
		["every month the same", e.multiply(e.everyMonth(e.add(a, b)), path()), 0, "(a + b) × path"],
		[
			"totals",
			e.subtract(e.sumOverMonths(path()), e.presentValue(path(), a)),
			0,
			"sum over months(path) − present value(path, a)",
		],
		["ends", e.add(e.firstMonth(path()), e.lastMonth(path())), 0, "first month of(path) + last month of(path)"],
		["a running sum", e.cumulative(e.add(path(), a)), 0, "running sum(path + a)"],
		["a rate", e.internalRateOfReturn(path()), 0, "internal rate of return(path)"],
		["a search", e.firstMonthWhere(path(), ">", e.add(a, b)), 0, "first month where(path > a + b)"],
	])("over months: %s", (_, of, month, text) => {
		expect(textOf(of, month)).toBe(text);
	});

	it("means what it says: read back by the rules of arithmetic it has the same value", () => {
		fc.assert(
			fc.property(arithmetic, (of) => {
				const expected = scalarOf(evaluate(buildModel([named(of)])), "y");
				const found = new Reader(textOf(of)).value();
				expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
			}),
			{ numRuns: 1000, seed: 1 },
		);
	});
});

describe("plainNumber", () => {
	it.each([
		[0, "0"],
		[1234567.5, "1,234,567.5"],
		[-1200, "−1,200"],
		[0.1 + 0.2, "0.3"],
		[1e-7, "0.0000001"],
		[1e21, "1,000,000,000,000,000,000,000"],
		[100, "100"],
		[0.5, "0.5"],
		[28724.2, "28,724.2"],
	])("writes %d as %s", (x, text) => {
		expect(plainNumber(x)).toBe(text);
	});
});

function path(): Bare {
	const values = Array.from({ length: 14 }, (_, t) => t - 3);
	return e.input("path", one, { ...evidence, label: "path", value: { kind: "series", values } });
}

function curve(): ReturnType<typeof table<Dimensionless, Dimensionless>> {
	const knots = [0, 9].map((x) => ({ ...evidence, x, y: x + 1, row: `r${x}` }));
	return table({ id: "t", label: "speed", xUnit: one, yUnit: one, scale: "linear", between: "C", knots });
}

function named(of: AnyExpr): AnyExpr {
	return e.define("y", { symbol: "", dims: of.dims, factor: 1 }, of, { label: "y" });
}

function textOf(of: AnyExpr, month = 0): string {
	const model = buildModel([named(of)]);
	const evaluation = evaluate(model, model.nodes.some(({ shape }) => shape === "series") ? { months: 14 } : {});
	const nothing = (): void => {};
	const body = model.nodes[(model.nodes.at(-1) as FlatNode).args[0] as number] as FlatNode;
	return formulaText(evaluation, body, month, { named: nothing, earlier: nothing, table: nothing });
}

const arithmetic: fc.Arbitrary<Bare> = fc.letrec<{ expr: Bare }>((tie) => ({
	expr: fc.oneof(
		{ maxDepth: 5, withCrossShrink: true },
		fc.constantFrom(a, b, c, plain(-2), plain(0.25), plain(1500)),
		fc.tuple(tie("expr"), tie("expr")).map(([x, y]) => e.add(x, y)),
		fc.tuple(tie("expr"), tie("expr"), tie("expr")).map(([x, y, z]) => e.add(x, y, z)),
		fc.tuple(tie("expr"), tie("expr")).map(([x, y]) => e.subtract(x, y)),
		fc.tuple(tie("expr"), tie("expr")).map(([x, y]) => e.multiply(x, y)),
		fc.tuple(tie("expr"), tie("expr")).map(([x, y]) => e.divide(x, e.add(e.power(y, plain(2)), plain(1)))),
		tie("expr").map((x) => e.negate(x)),
		fc.tuple(tie("expr"), fc.constantFrom(2, 3)).map(([x, n]) => e.power(x, plain(n))),
	),
})).expr;

/** Sum, product, sign, power and brackets, by recursive descent. */
class Reader {
	private readonly tokens: string[];

	constructor(text: string) {
		this.tokens = text.match(/[\d.,]+|[a-c]|[+−×÷^()]/g) ?? [];
	}

	value(): number {
		let sum = this.product();
		for (let sign = this.take("+", "−"); sign !== undefined; sign = this.take("+", "−")) {
			sum = sign === "+" ? sum + this.product() : sum - this.product();
		}
		return sum;
	}

	private product(): number {
		let result = this.signed();
		for (let sign = this.take("×", "÷"); sign !== undefined; sign = this.take("×", "÷")) {
			result = sign === "×" ? result * this.signed() : result / this.signed();
		}
		return result;
	}

	private signed(): number {
		return this.take("−") === undefined ? this.power() : -this.signed();
	}

	private power(): number {
		const base = this.atom();
		return this.take("^") === undefined ? base : base ** this.signed();
	}

	private atom(): number {
		if (this.take("(") !== undefined) {
			const inner = this.value();
			expect(this.take(")")).toBe(")");
			return inner;
		}
		const token = this.tokens.shift() as string;
		return { a: 2, b: 3, c: 5 }[token] ?? Number(token.replaceAll(",", ""));
	}

	private take(...wanted: string[]): string | undefined {
		return wanted.includes(this.tokens[0] as string) ? this.tokens.shift() : undefined;
	}
}
