import { describe, expect, it } from "vitest";
import { cell, cellPlace, numberCell, openCsv, optionalNumberCell } from "./csv-table.ts";
import { Issues, issueText } from "./issue.ts";

function open(text: string, required = ["a", "b"]) {
	const issues = new Issues();
	const rows = openCsv("t.csv", text, issues, { required });
	return { rows, issues, texts: () => issues.list.map(issueText) };
}

describe("a table", () => {
	it("reads quotes, doubled quotes, commas and line ends of any kind", () => {
		const { rows, texts } = open('a,b\r\n1,"x, ""y"""\r\n"two\nlines",\n');
		expect(texts()).toEqual([]);
		expect(rows.map((row) => row.cells)).toEqual([
			["1", 'x, "y"'],
			["two\nlines", ""],
		]);
	});

	it("keeps the place of each cell", () => {
		const { rows } = open('a,b\n"x",yy\n,z\n');
		expect(rows.map((row) => cellPlace(row, "b"))).toEqual([
			{ file: "t.csv", line: 2, column: 5, path: "b" },
			{ file: "t.csv", line: 3, column: 2, path: "b" },
		]);
	});

	it("counts lines through cells of several lines", () => {
		const { rows } = open('a,b\n"1\n2\n3",x\ny,z\n');
		expect(rows.map((row) => row.line)).toEqual([2, 5]);
	});

	it("tells absence from 0", () => {
		const { rows, texts } = open("a,b\n,0\n");
		const row = rows[0]!;
		expect(optionalNumberCell(row, "a")).toBeUndefined();
		expect(numberCell(row, "b")).toBe(0);
		expect(numberCell(row, "a")).toBeUndefined();
		expect(texts()).toEqual(["t.csv:2:1: a: found an empty cell; expected a number"]);
	});

	it.each(["1,5", "0x1g", "1 ", "NaN", "Infinity", "1e999"])("does not take %s for a number", (text) => {
		const { rows } = open(`a,b\n"${text}",x\n`);
		expect(numberCell(rows[0]!, "a")).toBeUndefined();
	});

	it("reports rows of another width, doubled and missing columns, and open quotes", () => {
		expect(open("a,b\n1\n").texts()).toEqual(["t.csv:2:1: found 1 cells; expected 2 cells"]);
		expect(open("a,a,b\n").texts()).toEqual(['t.csv:1:3: a: column "a" stands twice; expected each column once']);
		expect(open("a\n").texts()).toEqual(['t.csv:1:1: column "b" is missing; expected it in line 1']);
		expect(open('a,b\n1,"x\n').texts()[0]).toBe('t.csv:2:3: found a quote that never closes; expected a closing "');
		expect(open('a,b\n"1"2,x\n').texts()).toEqual([
			"t.csv:2:1: found text behind a closing quote; expected a comma or the end of the line",
		]);
		expect(open("").texts()).toEqual(["t.csv:1:1: found no header line; expected a,b"]);
	});

	it("ignores a byte order mark and empty lines", () => {
		const { rows, texts } = open("\uFEFFa,b\n\n1,2\n\n");
		expect(texts()).toEqual([]);
		expect(rows.map((row) => cell(row, "a"))).toEqual(["1"]);
	});
});
