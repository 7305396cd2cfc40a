/**
 * A workbook as the bytes of an XLSX file. The one place that knows the library: all else sees plain data. The same workbook
 * gives the same bytes; the clock is not read, so the dates that the format asks for are those of the result, or 1980.
 */
import type { Workbook, WorkbookCell, WorkbookName, WorkbookSheet } from "@farthing/engine";
import { columnLetters } from "@farthing/engine";
import type { Cell, CellStyle, ConditionalRule, WriteSheet } from "hucre/xlsx";
import { harmless } from "../plain-text.ts";
import { rowFormat, styleOf } from "./cell-style.ts";

export interface XlsxOptions {
	/** Date of the result, `2026-11-22`, for the properties of the document. */
	readonly date?: string;
	/** Words for the properties of the document. */
	readonly description?: string;
}

export async function workbookXlsx(book: Workbook, options: XlsxOptions = {}): Promise<Uint8Array> {
	const { writeXlsx } = await import("hucre/xlsx");
	const date = new Date(`${options.date ?? "1980-01-01"}T00:00:00Z`);
	const description = options.description === undefined ? {} : { description: harmless(options.description) };
	return writeXlsx({
		sheets: book.sheets.map(writtenOnce),
		namedRanges: [...book.names.map(({ name, range }: WorkbookName) => ({ name, range })), ...printNames(book)],
		properties: { title: harmless(book.title), creator: "farthing", created: date, modified: date, ...description },
	});
}

/** Does now what `workbookXlsx` would do for these sheets, which then need not wait for the others. */
export function prepareSheets({ sheets }: Workbook): void {
	for (const sheet of sheets) writtenOnce(sheet);
}

const WRITTEN = new WeakMap<WorkbookSheet, WriteSheet>();

function writtenOnce(sheet: WorkbookSheet): WriteSheet {
	const known = WRITTEN.get(sheet) ?? writtenSheet(sheet);
	WRITTEN.set(sheet, known);
	return known;
}

const LONGEST_TEXT = 32_000;
/** On one page beside each other: the heads of the rows and a year of months. */
const MOST_COLUMNS = 15;

function writtenSheet(sheet: WorkbookSheet): WriteSheet {
	const cells = new Map<string, Partial<Cell>>();
	for (const [r, row] of sheet.rows.entries()) {
		const format = rowFormat(row);
		for (const [c, cell] of row.entries()) {
			if (cell !== undefined) cells.set(`${r},${c}`, written(cell, styleOf(cell, format(cell))));
		}
	}
	const { rows, columns } = sheet.frozen;
	return {
		name: sheet.name,
		rows: [],
		columns: sheet.widths.map((width) => ({ width })),
		cells,
		...(rows + columns === 0 ? {} : { freezePane: { rows, columns } }),
		conditionalRules: falseInRed(sheet),
		pageSetup: {
			paperSize: "a4",
			orientation: "landscape",
			fitToPage: true,
			fitToWidth: Math.ceil(sheet.widths.length / MOST_COLUMNS),
			fitToHeight: 0,
		},
		headerFooter: { oddFooter: "&L&A&R&P / &N" },
	};
}

/**
 * A formula stands with the number that the engine has for it, for previews and programs that calculate nothing; those
 * that do are told to calculate all when they open the file. A verdict stands without: it says what was calculated there.
 */
function written({ content, formula, value, role }: WorkbookCell, style: CellStyle): Partial<Cell> {
	if (formula !== undefined) {
		const isKnown = typeof value === "number" && Number.isFinite(value) && role !== "verdict";
		return { value: null, type: "formula", formula, ...(isKnown ? { formulaResult: value } : {}), style };
	}
	return { value: typeof content === "string" ? safeText(content) : (content ?? null), style };
}

/**
 * Words that a spreadsheet program cannot take for a formula or an error, here or when the sheet is saved as CSV: an
 * apostrophe stands before what begins like one.
 */
export function safeText(text: string): string {
	const clean = harmless(text)
		.slice(0, LONGEST_TEXT)
		.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
	return /^[=+\-@\t\r#]/.test(clean) ? `'${clean}` : clean;
}

/** What is printed, and what on every page. The library's own settings leave the name of a sheet without its quotes. */
function printNames({ sheets }: Workbook): { name: string; range: string; scope: string }[] {
	return sheets.flatMap(({ name, widths, printedRows, frozen: { rows, columns } }) => {
		const across = columns === 0 ? [] : [`'${name}'!$A:$${columnLetters(columns - 1)}`];
		const down = rows === 0 ? [] : [`'${name}'!$1:$${rows}`];
		const titles = [...across, ...down].join(",");
		const area = printedRows === undefined ? "" : `'${name}'!$A$1:$${columnLetters(widths.length - 1)}$${printedRows}`;
		return [
			{ name: "_xlnm.Print_Titles", range: titles, scope: name },
			{ name: "_xlnm.Print_Area", range: area, scope: name },
		].filter(({ range }) => range !== "");
	});
}

/** The only conditional format: a check that fails must not look like one that holds. */
function falseInRed({ rows }: WorkbookSheet): ConditionalRule[] {
	const ranges = rows.flatMap((row, r) => checksIn(row).map(([from, to]) => rangeText(from, to, r + 1)));
	return ranges.length === 0 ? [] : [{ ...FALSE_IN_RED, range: ranges.join(" ") }];
}

/** Columns of a row that hold checks, from and to. */
function checksIn(row: readonly (WorkbookCell | undefined)[]): [number, number][] {
	const spans: [number, number][] = [];
	for (const [c, cell] of row.entries()) {
		if (cell?.role !== "verdict" || cell.value !== true) continue;
		const last = spans.at(-1);
		if (last !== undefined && last[1] === c - 1) last[1] = c;
		else spans.push([c, c]);
	}
	return spans;
}

function rangeText(from: number, to: number, row: number): string {
	const first = `${columnLetters(from)}${row}`;
	return from === to ? first : `${first}:${columnLetters(to)}${row}`;
}

const FALSE_IN_RED: Omit<ConditionalRule, "range"> = {
	type: "cellIs",
	priority: 1,
	operator: "equal",
	formula: "FALSE",
	style: { font: { bold: true, color: { rgb: "C00000" } } },
};
