import type { Workbook, WorkbookCell } from "@farthing/engine";
import { readXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { readZip } from "../../test-support/zip.ts";
import { safeText, workbookXlsx } from "./write-xlsx.ts";

const book: Workbook = {
	title: "A small book",
	sheets: [
		{
			name: "Inputs",
			widths: [20, 12],
			frozen: { rows: 1, columns: 1 },
			rows: [
				[head("id"), head("value")],
				[text("=cmd|'/c calc'!A1"), { role: "input", content: 1.95, unit: "USD/GPU-hr" }],
				[text("+1"), { role: "input", content: 0.45, unit: "fraction" }],
			],
		},
		{
			name: "Monte Carlo",
			widths: Array.from({ length: 30 }, () => 9),
			frozen: { rows: 2, columns: 2 },
			printedRows: 4,
			rows: [
				[
					head("twice"),
					undefined,
					{ role: "formula", formula: 'IF(rate<1E9,rate*2,"&")', value: 3.9, unit: "USD/GPU-hr" },
				],
				[undefined, { role: "verdict", formula: "C1=Inputs!B2*2", value: true }],
			],
		},
	],
	names: [{ name: "rate", id: "rate", range: "Inputs!$B$2" }],
};

function head(content: string): WorkbookCell {
	return { role: "header", content };
}

function text(content: string): WorkbookCell {
	return { role: "text", content };
}

async function partOf(path: string, of: Workbook = book): Promise<string> {
	return (
		readZip(await workbookXlsx(of))
			.get(path)
			?.toString("utf8") ?? ""
	);
}

describe("workbookXlsx", () => {
	it("writes numbers, words, formulas and names that a reader finds again", async () => {
		const read = await readXlsx(await workbookXlsx(book, { date: "2026-11-22", description: "result 3f9c" }), {
			readStyles: true,
		});
		expect(read.sheets.map(({ name }) => name)).toEqual(["Inputs", "Monte Carlo"]);
		expect(read.sheets[0]?.rows[1]).toEqual(["'=cmd|'/c calc'!A1", 1.95]);
		expect(read.sheets[1]?.cells?.get("0,2")?.formula).toBe('IF(rate<1E9,rate*2,"&")');
		expect(read.namedRanges).toContainEqual({ name: "rate", range: "Inputs!$B$2" });
		expect(read.properties).toMatchObject({ title: "A small book", creator: "farthing", description: "result 3f9c" });
		expect(read.properties?.modified?.toISOString()).toBe("2026-11-22T00:00:00.000Z");
		expect(read.sheets[0]?.cells?.get("1,1")?.style).toMatchObject({
			numFmt: "#,##0.00",
			font: { color: { rgb: expect.stringMatching(/0033CC$/) } },
			fill: { fgColor: { rgb: expect.stringMatching(/FFFBE6$/) } },
		});
	});

	it("gives the same bytes every time, and no date of its own", async () => {
		const [first, second] = [await workbookXlsx(book), await workbookXlsx(structuredClone(book))];
		expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
		expect(await partOf("docProps/core.xml")).not.toMatch(/20\d\d-/);
		const years = [...readZip(first).keys()].map((path) => {
			const at = Buffer.from(first).indexOf(path, 0, "latin1") - 30;
			return 1980 + (Buffer.from(first).readUInt16LE(at + 12) >> 9);
		});
		expect(new Set(years)).toEqual(new Set([1980]));
	});

	it("gives each formula its number for programs that calculate nothing, and leaves verdicts to those that do", async () => {
		const sheet = await partOf("xl/worksheets/sheet2.xml");
		expect(sheet).toContain('<f>IF(rate&lt;1E9,rate*2,"&amp;")</f><v>3.9</v></c>');
		expect(sheet).toContain("<f>C1=Inputs!B2*2</f></c>");
		expect(await partOf("xl/workbook.xml")).toContain('fullCalcOnLoad="1"');
	});

	it("keeps heads in sight and on every page, and a year of months on each", async () => {
		expect(await partOf("xl/worksheets/sheet1.xml")).toMatch(
			/<pane xSplit="1" ySplit="1" topLeftCell="B2" state="frozen"/,
		);
		const wide = await partOf("xl/worksheets/sheet2.xml");
		expect(wide).toMatch(/<pageSetup paperSize="9" orientation="landscape" fitToWidth="2" fitToHeight="0"\/>/);
		const names = await partOf("xl/workbook.xml");
		expect(names).toContain(">'Inputs'!$A:$A,'Inputs'!$1:$1</definedName>");
		expect(names).toContain(">'Monte Carlo'!$A:$B,'Monte Carlo'!$1:$2</definedName>");
		expect(names).toContain(">'Monte Carlo'!$A$1:$AD$4</definedName>");
	});

	it("shows a check that fails in red", async () => {
		expect(await partOf("xl/worksheets/sheet2.xml")).toMatch(
			/<conditionalFormatting sqref="B2"><cfRule type="cellIs" priority="1" dxfId="0" operator="equal"><formula>FALSE<\/formula>/,
		);
		expect(await partOf("xl/worksheets/sheet1.xml")).not.toContain("conditionalFormatting");
	});
});

describe("safeText", () => {
	it.each([
		["=1+1", "'=1+1"],
		["+1", "'+1"],
		["-1", "'-1"],
		["@SUM(A1)", "'@SUM(A1)"],
		["\tx", "'\tx"],
		["#N/A", "'#N/A"],
		["$2.07/GPU-hr = fine", "$2.07/GPU-hr = fine"],
		["left\u202eright", "leftright"],
		["_x0041_", "_x005F_x0041_"],
		["", ""],
	])("writes %j as %j", (words, safe) => {
		expect(safeText(words)).toBe(safe);
	});

	it("fits into a cell", () => {
		expect(safeText("long ".repeat(20_000)).length).toBeLessThan(32_767);
	});
});
