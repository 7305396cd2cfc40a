/**
 * A workbook as the bytes of an XLSX file. The one place that knows the library: all else sees plain data. The same workbook
 * gives the same bytes; the clock is not read, so the dates that the format asks for are those of the result, or 1980.
 */
import type { Workbook, WorkbookCell, WorkbookName, WorkbookSheet } from "@farthing/engine";
import type { Cell, ConditionalRule, WriteSheet } from "hucre/xlsx";
import { harmless } from "../plain-text.ts";
import { rowFormat, styleOf } from "./cell-style.ts";

export interface XlsxOptions {
	/** Date of the result, `2026-11-22`, for the properties of the document. */
	readonly date?: string;
	/** Words for the properties of the document. */
	readonly description?: string;
	/**
	 * Whether formulas carry the engine's values for programs that only look (mail, telephones). Every program that
	 * calculates does so anew when it opens the file. True unless told.
	 */
	readonly cached?: boolean;
}

export async function workbookXlsx(book: Workbook, options: XlsxOptions = {}): Promise<Uint8Array> {
	const { writeXlsx } = await import("hucre/xlsx");
	const date = new Date(`${options.date ?? "1980-01-01"}T00:00:00Z`);
	const description = options.description === undefined ? {} : { description: harmless(options.description) };
	return writeXlsx({
		sheets: book.sheets.map((sheet) => writtenSheet(sheet, options.cached ?? true)),
		namedRanges: [...book.names.map(({ name, range }: WorkbookName) => ({ name, range })), ...printTitles(book)],
		properties: { title: harmless(book.title), creator: "farthing", created: date, modified: date, ...description },
	});
}

const LONGEST_TEXT = 32_000;

function writtenSheet(sheet: WorkbookSheet, cached: boolean): WriteSheet {
	const cells = new Map<string, Partial<Cell>>();
	for (const [r, row] of sheet.rows.entries()) {
		const format = rowFormat(row);
		for (const [c, cell] of row.entries()) {
			if (cell !== undefined) cells.set(`${r},${c}`, { ...written(cell, cached), style: styleOf(cell, format(cell)) });
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
		pageSetup: { paperSize: "a4", orientation: "landscape", fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
		headerFooter: { oddFooter: "&L&A&R&P / &N" },
	};
}

function written({ content, formula, value }: WorkbookCell, cached: boolean): Partial<Cell> {
	if (formula === undefined) return { value: typeof content === "string" ? safeText(content) : (content ?? null) };
	const known = cached && value !== undefined && !Number.isNaN(value);
	return { value: null, type: "formula", formula, ...(known ? { formulaResult: value } : {}) };
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

function printTitles({ sheets }: Workbook): { name: string; range: string; scope: string }[] {
	return sheets.flatMap(({ name, frozen: { rows, columns } }) => {
		const across = columns === 0 ? [] : [`'${name}'!$A:$${String.fromCharCode(64 + columns)}`];
		const down = rows === 0 ? [] : [`'${name}'!$1:$${rows}`];
		const parts = [...across, ...down];
		return parts.length === 0 ? [] : [{ name: "_xlnm.Print_Titles", range: parts.join(","), scope: name }];
	});
}

/** The only conditional format: a check that fails must not look like one that holds. */
function falseInRed({ rows }: WorkbookSheet): ConditionalRule[] {
	const checks = rows.flatMap((row, r) =>
		row.flatMap((cell, c) => (cell?.role === "verdict" && cell.value === true ? [`${letter(c)}${r + 1}`] : [])),
	);
	return checks.length === 0 ? [] : [{ ...FALSE_IN_RED, range: checks.join(" ") }];
}

const FALSE_IN_RED: Omit<ConditionalRule, "range"> = {
	type: "cellIs",
	priority: 1,
	operator: "equal",
	formula: "FALSE",
	style: { font: { bold: true, color: { rgb: "C00000" } } },
};

function letter(column: number): string {
	const rest = column % 26;
	const own = String.fromCharCode(65 + rest);
	return column < 26 ? own : letter((column - rest) / 26 - 1) + own;
}
