import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluated, evidence, numberInput, plain, randomGraph, rangeInput } from "../../test-support/random-graph.ts";
import type { Dims } from "../quantity/dimension.ts";
import {
	fraction,
	gpu,
	gpuHour,
	hour,
	kilowatt,
	kilowattHour,
	month as monthUnit,
	one,
	per,
	percent,
	tokensPerGpuSecond,
	type Unit,
	usd,
	usdPerGpuHour,
	usdPerMtok,
} from "../quantity/unit.ts";
import { evaluate } from "./evaluate.ts";
import type { AnyExpr, Expr } from "./expression.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { sample } from "./sample.ts";
import { table } from "./table.ts";
import { columnLetters } from "./workbook-names.ts";
import type { Workbook, WorkbookCell } from "./workbook.ts";
import { workbookOf } from "./workbook.ts";

function bookOf(outputs: readonly AnyExpr[], months?: number): Workbook {
	return workbookOf(evaluate(buildModel(outputs), months === undefined ? {} : { months }));
}

function given<D extends Dims>(id: string, unit: Unit<D>, value: number): Expr<D> {
	return e.input(id, unit, { ...evidence, label: id, value: { kind: "point", value: value * unit.factor } });
}

function path(id: string, ...values: number[]): Expr<Record<never, never>> {
	return e.input(id, one, { ...evidence, label: id, value: { kind: "series", values } });
}

/** The cell of a sheet in the row of an id, or of a label. */
function cellOf(book: Workbook, sheet: string, name: string, column: number): WorkbookCell | undefined {
	const rows = book.sheets.find((each) => each.name === sheet)?.rows ?? [];
	return rows.find(([id, label]) => id?.content === name || label?.content === name)?.[column];
}

function formulaOf(of: AnyExpr): string | undefined {
	return cellOf(bookOf([of]), "Model", of.data.op === "node" ? of.data.id : "", 2)?.formula;
}

/** Formulas of a row of months. */
function monthsOf(book: Workbook, name: string): (string | undefined)[] {
	const rows = book.sheets.find((each) => each.name === "Months")?.rows ?? [];
	return (rows.find(([id, label]) => id?.content === name || label?.content === name) ?? [])
		.slice(3)
		.map((cell) => cell?.formula);
}

function named<D extends Dims>(unit: Unit<D>, of: Expr<D>): Expr<D> {
	return e.define("result", unit, of, { label: "the result" });
}

const number = (id: string, value = 2): Expr<Record<never, never>> => numberInput(id, value);

describe("formulas", () => {
	it("read like a textbook, with conversions where units meet", () => {
		const rate = given("rate.gpu_hour", usdPerGpuHour, 1.95);
		const speed = given("speed", tokensPerGpuSecond("total"), 28_724);
		const load = given("load", percent, 45);
		const cost = named(usdPerMtok("total"), e.divide(rate, e.multiply(speed, load)));
		expect(formulaOf(cost)).toBe("rate_gpu_hour/(speed*load)*100*1000000/3600");
	});

	it("turn hours of a month, kilowatts and prices into money without a hidden factor", () => {
		const power = given("power", kilowatt, 10);
		const price = given("price", per(usd, kilowattHour), 0.08);
		const cost = named(usd, e.multiply(e.multiply(power, e.constant(1, monthUnit)), price));
		expect(formulaOf(cost)).toBe("power*price*730");
		const hours = named(gpuHour, e.multiply(given("gpus", gpu, 8), e.constant(2, hour)));
		expect(formulaOf(hours)).toBe("gpus*2");
	});

	it("bring terms to one unit and fold numbers into it", () => {
		const share = given("share", percent, 5);
		expect(formulaOf(named(fraction, e.add(plain(1), share)))).toBe("1+share/100");
		expect(formulaOf(named(percent, e.subtract(e.add(plain(1), share), plain(0.5))))).toBe("100+share-50");
		expect(formulaOf(named(one, e.maximum(share, number("a"))))).toBe("MAX(share/100,a)");
	});

	it("put brackets only where they are needed", () => {
		const [a, b, c] = [number("a"), number("b"), number("d")];
		expect(formulaOf(named(one, e.subtract(a, e.subtract(b, c))))).toBe("a-(b-d)");
		expect(formulaOf(named(one, e.divide(a, e.multiply(b, c))))).toBe("a/(b*d)");
		expect(formulaOf(named(one, e.multiply(e.add(a, b), e.negate(c))))).toBe("(a+b)*(-d)");
		expect(formulaOf(named(one, e.add(a, e.negate(b), plain(-3))))).toBe("a-b-3");
		expect(formulaOf(named(one, e.negate(e.add(a, b))))).toBe("-(a+b)");
		expect(formulaOf(named(one, e.add(plain(0), a)))).toBe("a");
	});

	it("use the functions that programs have", () => {
		const [a, b] = [number("a"), number("b")];
		expect(formulaOf(named(one, e.absolute(e.logarithm(a))))).toBe("ABS(LN(a))");
		expect(formulaOf(named(one, e.exponential(e.minimum(a, b, plain(3)))))).toBe("EXP(MIN(a,b,3))");
		expect(formulaOf(named(one, e.power(a, plain(1 / 12))))).toBe("POWER(a,1/12)");
		expect(formulaOf(named(one, e.power(a, b)))).toBe("IF(b=0,1,POWER(a,b))");
		expect(formulaOf(named(one, e.when(a, "<=", b, plain(1), e.divide(a, b))))).toBe("IF(a<=b,1,a/b)");
	});

	it("round with the engine's forgiveness", () => {
		const a = number("a", 11.6);
		const forgiven = (s: string, away: string): string =>
			`IF(ABS(${s}-ROUND(${s},0))<=1E-9*ABS(${s}),ROUND(${s},0),${away}(${s},1))`;
		expect(formulaOf(named(one, e.ceilTo(a, plain(1))))).toBe(forgiven("a", "CEILING"));
		const book = bookOf([named(one, e.floorTo(e.multiply(a, number("b")), plain(4)))]);
		expect(cellOf(book, "Model", "steps, before rounding, of the result", 2)?.formula).toBe("a*b/4");
		expect(cellOf(book, "Model", "result", 2)).toMatchObject({ formula: `${forgiven("$C$4", "FLOOR")}*4`, value: 20 });
		expect(formulaOf(named(one, e.roundTo(a, plain(1))))).toBe("INT(a+0.5)");
	});

	it("write a part that is used twice in one cell", () => {
		const both = e.add(number("a"), number("b"));
		const book = bookOf([named(one, e.multiply(both, e.exponential(both)))]);
		expect(cellOf(book, "Model", "part of the result", 2)).toMatchObject({ formula: "a+b", value: 4, role: "helper" });
		expect(cellOf(book, "Model", "result", 2)?.formula).toBe("$C$4*EXP($C$4)");
	});

	it("never outgrow a cell, however long the list or deep the nesting", () => {
		const many = Array.from({ length: 400 }, (_, i) => number(`a.quantity.with.a.rather.long.name.${i}`, i + 1));
		const [first, ...rest] = many as [Expr<Record<never, never>>, ...Expr<Record<never, never>>[]];
		const list = named(one, e.add(first, ...rest));
		let [deep, signs] = [first, e.multiply(first, first) as typeof first];
		for (const each of many) {
			deep = e.exponential(e.minimum(e.logarithm(e.maximum(deep, each)), plain(1)));
			signs = e.negate(signs);
		}
		const book = bookOf([
			list,
			e.define("deep", one, deep, { label: "deep" }),
			e.define("signs", one, signs, { label: "signs" }),
		]);
		for (const formula of formulasOf(book)) {
			expect(formula.length).toBeLessThan(4000);
			expect(depthOf(formula)).toBeLessThan(30);
		}
		expect(cellOf(book, "Model", "result", 2)?.value).toBe((400 * 401) / 2);
	});
});

describe("months", () => {
	it("read what came before from the cell to the left", () => {
		const growth = number("growth", 0.1);
		const before = e.previous(e.seriesRef("stock", one), number("start", 10));
		const stock = e.define("stock", one, e.multiply(before, e.add(plain(1), growth)), { label: "stock" });
		const book = bookOf([stock, e.define("late", one, e.lagged(stock, 2, plain(7)), { label: "late" })], 4);
		expect(monthsOf(book, "stock")).toEqual(["start*(1+growth)", "D4*(1+growth)", "E4*(1+growth)", "F4*(1+growth)"]);
		expect(monthsOf(book, "late")).toEqual(["7", "7", "D4", "E4"]);
		expect(
			book.sheets
				.find(({ name }) => name === "Months")
				?.rows[2]?.slice(3)
				.map(({ content, formula } = {} as WorkbookCell) => content ?? formula),
		).toEqual([0, "D3+1", "E3+1", "F3+1"]);
	});

	it("run sums in the row that they are named for", () => {
		const flow = path("flow", 1, 2, 3);
		const book = bookOf([e.define("total", one, e.cumulative(e.negate(flow)), { label: "total" })], 3);
		expect(monthsOf(book, "flow")).toEqual(["Inputs!N4", "Inputs!O4", "Inputs!P4"]);
		expect(monthsOf(book, "total")).toEqual(["-D4", "D5-E4", "E5-F4"]);
	});

	it("are totalled, discounted and searched on the sheet of scalars", () => {
		const flow = path("flow", -5, 2, 3, 4);
		const rate = given("rate", percent, 1);
		const define = (id: string, of: Expr<Record<never, never>>): Expr<Record<never, never>> =>
			e.define(id, one, of, { label: id });
		const book = bookOf([
			define("sum", e.sumOverMonths(flow)),
			define("first", e.firstMonth(flow)),
			define("last", e.lastMonth(flow)),
			define("npv", e.presentValue(flow, rate)),
			define("irr", e.internalRateOfReturn(flow)),
			define("when", e.firstMonthWhere(flow, ">", e.monthIndex())),
			define("count", e.sumOverMonths(e.monthIndex())),
		]);
		const formula = (id: string): string | undefined => cellOf(book, "Model", id, 2)?.formula;
		expect(formula("sum")).toBe("SUM(Months!$D$4:$G$4)");
		expect(formula("first")).toBe("Months!$D$4");
		expect(formula("last")).toBe("Months!$G$4");
		expect(formula("npv")).toBe("Months!$D$4+NPV(rate/100,Months!$E$4:$G$4)");
		expect(formula("irr")).toBe("IF(Rates!$C$4=1,IRR(Months!$D$4:$G$4,Rates!$C$5),NA())");
		expect(formula("when")).toBe("IF(SUM(Months!$D$5:$G$5)=0,NA(),MATCH(1,Months!$D$5:$G$5,0)-1)");
		expect(monthsOf(book, "1 where it holds, for when")[1]).toBe("IF(ISNA(E4-E$3),0,IF(E4>E$3,1,0))");
		expect(formula("count")).toBe("SUM(Months!$D$3:$G$3)");
		expect(cellOf(book, "Months", "1 where it holds, for when", 4)?.value).toBe(1);
	});

	it("are dated from the first one", () => {
		const evaluation = evaluate(buildModel([named(one, path("flow", 1, 2, 3))]));
		const heads = workbookOf(evaluation, { start: "2026-11" }).sheets.find(({ name }) => name === "Months")?.rows[1];
		expect(heads?.slice(3).map((cell) => cell?.content)).toEqual(["2026-11", "2026-12", "2027-01"]);
		expect(() => workbookOf(evaluation, { start: "next month" })).toThrow(/2026-10/);
	});
});

describe("tables", () => {
	const knots = [
		[1, 4],
		[2, 9],
		[4, 8],
	].map(([x = 0, y = 0], i) => ({ ...evidence, x, y, row: `row ${i}` }));
	const spec = { id: "curve", label: "a curve", xUnit: one, yUnit: usd, between: "C" as const, knots };

	it("hold knots and live tangents, which a look-up reads at its place", () => {
		const curve = table({ ...spec, scale: "linear" });
		const book = bookOf([named(usd, e.lookup(curve, number("at", 2.5)))]);
		expect(cellOf(book, "Model", "row of the table for the result", 2)).toMatchObject({
			formula: "IF(OR(at<Tables!$B$5,at>Tables!$D$5),NA(),MATCH(MAX(at,Tables!$A$7),Tables!$A$7:$A$9,1))",
			value: 2,
		});
		expect(cellOf(book, "Model", "above that row, for the result", 2)).toMatchObject({
			formula: "MAX(at,Tables!$A$7)-INDEX(Tables!$A$7:$A$9,$C$4)",
			value: 0.5,
		});
		const read = (column: string): string => `INDEX(Tables!$${column}$7:$${column}$9,$C$4)`;
		expect(cellOf(book, "Model", "result", 2)?.formula).toBe(
			`((${read("H")}*$C$5+${read("G")})*$C$5+${read("F")})*$C$5+${read("C")}`,
		);
		const rows = book.sheets.find(({ name }) => name === "Tables")?.rows ?? [];
		expect(rows.slice(6, 9).map((row) => row[5]?.value)).toEqual(curve.curve.tangents);
	});

	it("interpolate logarithms, and hold their first value below it where they say so", () => {
		const curve = table({ ...spec, scale: "log", below: "first" });
		const book = bookOf([named(usd, e.lookup(curve, number("at", 0.5)))]);
		expect(cellOf(book, "Model", "row of the table for the result", 2)).toMatchObject({
			formula: "IF(at>Tables!$D$5,NA(),MATCH(MAX(at,Tables!$A$7),Tables!$A$7:$A$9,1))",
			value: 1,
		});
		expect(cellOf(book, "Model", "above that row, for the result", 2)?.value).toBe(0);
		expect(cellOf(book, "Model", "result", 2)?.formula).toMatch(/^EXP\(\(\(INDEX/);
	});

	it("give no number outside their knots", () => {
		const book = bookOf([named(usd, e.lookup(table({ ...spec, scale: "linear" }), number("at", 9)))]);
		expect(cellOf(book, "Model", "result", 2)?.value).toBeNaN();
		expect(cellOf(book, "Check", "result", 3)?.content).toBe("unreachable");
	});
});

describe("inputs", () => {
	const rate = e.input("rate.gpu_hour", usdPerGpuHour, {
		...evidence,
		owner: "finance",
		at: "rates/2026",
		label: "price of a GPU-hour",
		value: { kind: "lognormal", p5: 1.8 / 3600, p95: 2.2 / 3600 },
	});
	const book = bookOf([named(usdPerGpuHour, rate)]);

	it("stand in their unit, with range, source, date, grade and owner", () => {
		const row = book.sheets.find(({ name }) => name === "Inputs")?.rows[3];
		expect(row?.map((cell) => cell?.content)).toEqual([
			"rate.gpu_hour",
			"price of a GPU-hour",
			expect.closeTo(Math.sqrt(1.8 * 2.2), 12),
			"USD/GPU-hr",
			1.8,
			2.2,
			"lognormal",
			"B",
			"a test",
			"2026-05-01",
			"finance",
			"rates/2026",
			undefined,
		]);
		expect(row?.[2]?.role).toBe("input");
	});

	it("are the only numbers of the book that are written, but for static ones", () => {
		const written = book.sheets.flatMap(({ rows }) => rows.flat()).filter((cell) => typeof cell?.content === "number");
		expect(new Set(written.map((cell) => cell?.role))).toEqual(new Set(["input", "static"]));
	});

	it("have names that formulas and people can use", () => {
		expect(book.names).toEqual([
			{ name: "rate_gpu_hour", id: "rate.gpu_hour", range: "Inputs!$C$4" },
			{ name: "result", id: "result", range: "Model!$C$4" },
		]);
	});

	it("show the values that the evaluation was given", () => {
		const model = buildModel([named(usdPerGpuHour, rate)]);
		const other = workbookOf(evaluate(model, { inputs: new Map([["rate.gpu_hour", 2.5 / 3600]]) }));
		expect(cellOf(other, "Inputs", "rate.gpu_hour", 2)?.content).toBe(2.5);
	});
});

describe("the check", () => {
	it("sets the engine's number beside the formula's, and knows whether inputs were changed", () => {
		const book = bookOf([named(one, e.add(number("a"), path("flow", 1, 2)))]);
		const rows = book.sheets.find(({ name }) => name === "Check")?.rows ?? [];
		expect(rows[2]?.[1]).toEqual({ role: "verdict", formula: "AND(C8:C10)", value: true });
		expect(rows[3]?.[1]).toEqual({ role: "formula", formula: "COUNTIF(F14:F14,TRUE)+COUNTIF(C18:C19,TRUE)", value: 0 });
		expect(rows[7]?.slice(3, 5).map((cell) => cell?.content)).toEqual([3, 4]);
		expect(rows[9]?.[2]?.formula).toBe("AND(D10:E10)");
		expect(rows[9]?.[3]?.formula).toBe(
			"IF(ISNUMBER(D8),IF(ISNUMBER(Months!D5),ABS(Months!D5-D8)<=MAX(1E-9*MAX(ABS(Months!D5),ABS(D8)),D9),FALSE),NOT(ISNUMBER(Months!D5)))",
		);
		expect(rows[13]?.[5]?.formula).toBe("E14<>D14");
		expect(rows[18]?.[2]?.formula).toBe("SUMPRODUCT(ABS(Inputs!$N$5:$O$5-D18:E18))<>0");
	});

	it("allows what rounding does where terms cancel, and hardly more", () => {
		const big = number("big", 1e6);
		const little = e.subtract(e.add(big, number("small", 1e-3)), big);
		const tolerance = cellOf(bookOf([named(one, little)]), "Check", "result", 7)?.content as number;
		expect(tolerance).toBeGreaterThan(1e-10);
		expect(tolerance).toBeLessThan(1e-7);
		const exact = cellOf(bookOf([named(one, e.multiply(big, number("x")))]), "Check", "result", 7)?.content as number;
		expect(exact).toBeLessThan(1e-9 * 2e6);
	});
});

describe("the book", () => {
	it("has the sheets that the model needs", () => {
		const sheets = (book: Workbook): string[] => book.sheets.map(({ name }) => name);
		expect(sheets(bookOf([named(one, number("a"))]))).toEqual(["Summary", "Inputs", "Model", "Check"]);
		const flow = path("flow", -1, 2);
		const every = bookOf([named(one, e.internalRateOfReturn(flow))]);
		expect(sheets(every)).toEqual(["Summary", "Inputs", "Model", "Months", "Rates", "Check"]);
	});

	it("shows draws as static quantiles", () => {
		const model = buildModel([named(one, rangeInput("a", { kind: "uniform", low: 0, high: 100 }))]);
		const draws = sample(model, { draws: 2000, seed: 7 });
		const rows = workbookOf(evaluate(model), { draws }).sheets.at(-1)?.rows ?? [];
		expect(rows.slice(2, 4).map((row) => row[1]?.content)).toEqual([2000, 7]);
		expect(rows[5]?.slice(3).every((cell) => cell?.role === "static")).toBe(true);
		expect(rows[5]?.[6]?.content).toBeCloseTo(50, -1);
	});

	it("carries the engine's value of every formula of the model", () => {
		const book = bookOf([named(percent, e.divide(number("a", 1), number("b", 8)))]);
		expect(cellOf(book, "Model", "result", 2)).toMatchObject({ value: 12.5, unit: "%" });
		expect(cellOf(book, "Summary", "the result", 1)).toMatchObject({ formula: "result", value: 12.5 });
	});
});

describe("any model", () => {
	it("has formulas that refer to cells which are there, and never to themselves", () => {
		fc.assert(
			fc.property(randomGraph(), (graph) => {
				const evaluation = evaluated(graph);
				if (evaluation === undefined) return;
				const book = workbookOf(evaluation);
				const cells = cellsOf(book);
				const names = new Map(book.names.map(({ name, range }) => [name, range]));
				for (const cell of cells.values()) expectWhole(cell.formula ?? "");
				expect(cycleIn(cells, names)).toBeUndefined();
			}),
			{ numRuns: 150, seed: 20261122 },
		);
	}, 60_000);
});

/** Every cell by address, `Model!C4`. */
function cellsOf({ sheets }: Workbook): Map<string, WorkbookCell> {
	const cells = new Map<string, WorkbookCell>();
	for (const { name, rows } of sheets) {
		if (name === "Rates") continue;
		for (const [r, row] of rows.entries()) {
			for (const [c, cell] of row.entries())
				if (cell !== undefined) cells.set(`${name}!${columnLetters(c)}${r + 1}`, cell);
		}
	}
	return cells;
}

function expectWhole(formula: string): void {
	expect(formula.split("(").length).toBe(formula.split(")").length);
	expect(formula).not.toMatch(/NaN|Infinity|undefined|\d,\d{3}\b|e[+-]?\d/);
}

/** Addresses that a formula reads; those of a range all. */
function readBy(formula: string, sheet: string, names: ReadonlyMap<string, string>): string[] {
	const spelled = formula.replace(/[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_!(])/g, (word) => names.get(word) ?? word);
	const found = spelled.matchAll(/(?:(\w+)!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?/g);
	return [...found].flatMap(([, on = sheet, from = "", top = "", to = from, bottom = top]) => {
		const addresses: string[] = [];
		for (let column = columnNumber(from); column <= columnNumber(to); column++) {
			for (let row = Number(top); row <= Number(bottom); row++) addresses.push(`${on}!${columnLetters(column)}${row}`);
		}
		return addresses;
	});
}

function columnNumber(letters: string): number {
	return letters.split("").reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** An address that reads itself on some way, or one that is read and not there. */
function cycleIn(cells: ReadonlyMap<string, WorkbookCell>, names: ReadonlyMap<string, string>): string | undefined {
	const state = new Map<string, "open" | "done">();
	const visit = (address: string): string | undefined => {
		if (state.get(address) === "done" || address.startsWith("Rates!")) return undefined;
		if (state.get(address) === "open") return `${address} reads itself`;
		const cell = cells.get(address);
		if (cell === undefined)
			return address.startsWith("Check!") || address.startsWith("Tables!") ? undefined : `${address} is empty`;
		state.set(address, "open");
		for (const read of readBy(cell.formula ?? "", address.split("!")[0] as string, names)) {
			const fault = visit(read);
			if (fault !== undefined) return `${fault} < ${address} =${cell.formula}`;
		}
		state.set(address, "done");
		return undefined;
	};
	for (const address of cells.keys()) {
		const fault = visit(address);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

function formulasOf({ sheets }: Workbook): string[] {
	return sheets
		.flatMap(({ rows }) => rows.flat())
		.flatMap((cell) => (cell?.formula === undefined ? [] : [cell.formula]));
}

function depthOf(formula: string): number {
	let [depth, most] = [0, 0];
	for (const character of formula) {
		if (character === "(") most = Math.max(most, ++depth);
		if (character === ")") depth--;
	}
	return most;
}
