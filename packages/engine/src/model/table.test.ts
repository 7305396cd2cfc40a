import { describe, expect, it } from "vitest";
import { evidence } from "../../test-support/random-graph.ts";
import type { Dimensionless } from "../quantity/dimension.ts";
import { one } from "../quantity/unit.ts";
import type { Table } from "./table.ts";
import { placeInTable, table, tableValue } from "./table.ts";

describe("tableValue", () => {
	it("gives a knot's own value at a knot, on both scales", () => {
		for (const scale of ["linear", "log"] as const) {
			const read = of([10, 20, 40], [2891.31, 1044.7, 96.2], scale);
			for (const { x, y } of read.knots) expect(tableValue(read, x)).toBe(y);
		}
	});
	it("is geometric halfway between two knots on a log scale", () => {
		expect(tableValue(of([0, 1], [1, 100], "log"), 0.5)).toBeCloseTo(10, 12);
		expect(tableValue(of([0, 1], [1, 100], "linear"), 0.5)).toBe(50.5);
	});
	it("has nothing outside, and never guesses", () => {
		const read = of([10, 20], [1, 2], "log");
		expect([9.99, 20.01, Number.NaN].map((at) => tableValue(read, at))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
	});
});

describe("placeInTable", () => {
	const read = of([10, 20, 40], [1, 2, 3], "linear");
	it("knows the rows on both sides, the nearest, and whether it stands on one", () => {
		expect(rows(read, 20)).toEqual(["measured", "r1", "r1", "r1"]);
		expect(rows(read, 24)).toEqual(["interpolated", "r1", "r2", "r1"]);
		expect(rows(read, 36)).toEqual(["interpolated", "r1", "r2", "r2"]);
		expect(rows(read, 30)).toEqual(["interpolated", "r1", "r2", "r1"]);
		expect(rows(read, 10)).toEqual(["measured", "r0", "r0", "r0"]);
		expect(rows(read, 40)).toEqual(["measured", "r2", "r2", "r2"]);
	});
	it("is unreachable outside, with the row at that end", () => {
		expect(rows(read, 9)).toEqual(["unreachable", undefined, "r0", "r0"]);
		expect(rows(read, 41)).toEqual(["unreachable", "r2", undefined, "r2"]);
		expect(rows(read, Number.NaN)[0]).toBe("unreachable");
	});
});

describe("table", () => {
	it.each<[string, () => unknown, string]>([
		["no knots", () => of([], [], "linear"), "table t has no knots"],
		["knots that fall", () => of([2, 1], [1, 1], "linear"), "knots must rise at row r1"],
		["two knots at one place", () => of([1, 1], [1, 2], "linear"), "knots must rise at row r1"],
		["a zero on a log scale", () => of([1, 2], [1, 0], "log"), "row r1 cannot be a knot (2, 0)"],
		["no number", () => of([1, Number.NaN], [1, 1], "linear"), "row r1 cannot be a knot"],
		["an infinity", () => of([1, 2], [1, Number.POSITIVE_INFINITY], "linear"), "row r1 cannot be a knot"],
	])("refuses %s and names the row", (_, act, message) => {
		expect(act).toThrow(expect.objectContaining({ code: "bad-table", message: expect.stringContaining(message) }));
	});
});

function of(
	xs: readonly number[],
	ys: readonly number[],
	scale: "linear" | "log",
): Table<Dimensionless, Dimensionless> {
	const knots = xs.map((x, i) => ({ ...evidence, x, y: ys[i] as number, row: `r${i}` }));
	return table({ id: "t", label: "t", xUnit: one, yUnit: one, scale, between: "C", knots });
}

function rows(read: Table<Dimensionless, Dimensionless>, at: number): (string | undefined)[] {
	const { state, below, above, nearest } = placeInTable(read, at);
	return [state, below?.row, above?.row, nearest.row];
}
