import type { Issue, Place } from "./issue.ts";
import { Issues } from "./issue.ts";

/** A row of a table; cells are read by the name of their column and reported with line and column. */
export interface CsvRow {
	readonly line: number;
	readonly cells: readonly string[];
	/** Column at which each cell starts, from 1. */
	readonly starts: readonly number[];
	readonly table: CsvTable;
}

interface CsvTable {
	readonly file: string;
	readonly issues: Issues;
	readonly columns: ReadonlyMap<string, number>;
}

/**
 * Reads a table of our own layout: comma, RFC 4180 quotes, a header line. Reports rows of the wrong width, columns that
 * are missing and columns that nobody reads.
 */
export function openCsv(
	file: string,
	text: string,
	issues: Issues,
	columns: { readonly required: readonly string[]; readonly optional?: readonly string[] },
): CsvRow[] {
	const records = parseRecords(text.startsWith("\uFEFF") ? text.slice(1) : text, file, issues);
	const header = records[0];
	if (header === undefined) {
		issues.add({ file, line: 1, column: 1, path: "" }, "found no header line", columns.required.join(","));
		return [];
	}
	const index = new Map(header.cells.map((name, i) => [name, i]));
	const table = { file, issues, columns: index };
	checkHeader(header, table, columns);
	return records.slice(1).flatMap((record) => {
		if (record.cells.length === header.cells.length) return [{ ...record, table }];
		const message = `found ${record.cells.length} cells`;
		issues.add({ file, line: record.line, column: 1, path: "" }, message, `${header.cells.length} cells`);
		return [];
	});
}

/** The text of a cell; empty where the cell is empty or the table lacks the column. */
export function cell(row: CsvRow, column: string): string {
	const index = row.table.columns.get(column);
	return index === undefined ? "" : (row.cells[index] ?? "");
}

export function cellPlace(row: CsvRow, column: string): Place {
	const start = row.starts[row.table.columns.get(column) ?? 0] ?? 1;
	return { file: row.table.file, line: row.line, column: start, path: column };
}

export function reportCell(row: CsvRow, column: string, message: string, expected: string): undefined {
	return row.table.issues.add(cellPlace(row, column), message, expected);
}

export function textCell(row: CsvRow, column: string): string | undefined {
	const text = cell(row, column);
	return text === "" ? reportCell(row, column, "found an empty cell", "text") : text;
}

export function numberCell(row: CsvRow, column: string): number | undefined {
	const text = cell(row, column);
	const value = text === "" ? Number.NaN : Number(text);
	if (Number.isFinite(value) && text.trim() === text) return value;
	return reportCell(row, column, text === "" ? "found an empty cell" : `found "${text}"`, "a number");
}

/** A number that may be absent: an empty cell is absence, never 0. */
export function optionalNumberCell(row: CsvRow, column: string): number | undefined {
	return cell(row, column) === "" ? undefined : numberCell(row, column);
}

export function countCell(row: CsvRow, column: string): number | undefined {
	const value = numberCell(row, column);
	if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value;
	return reportCell(row, column, `found ${value}`, "a whole number, 0 or more");
}

export function optionalCountCell(row: CsvRow, column: string): number | undefined {
	return cell(row, column) === "" ? undefined : countCell(row, column);
}

export function flagCell(row: CsvRow, column: string): boolean | undefined {
	const text = cell(row, column);
	if (text === "0" || text === "1") return text === "1";
	return reportCell(row, column, `found "${text}"`, "0 or 1");
}

export function choiceCell<T extends string>(row: CsvRow, column: string, choices: readonly T[]): T | undefined {
	const text = cell(row, column);
	const choice = choices.find((c) => c === text);
	return choice ?? reportCell(row, column, `found "${text}"`, `one of ${choices.join(", ")}`);
}

/** Reports an id that an earlier row has. */
export function noteId(row: CsvRow, column: string, id: string, seen: Set<string>): void {
	if (seen.has(id)) reportCell(row, column, `id "${id}" stands twice`, "each id once");
	seen.add(id);
}

/** A table of somebody else's layout: records by the names of their columns, and what is wrong with the text. */
export function csvObjects(
	file: string,
	text: string,
): { readonly rows: readonly CsvObject[]; readonly issues: readonly Issue[] } {
	const issues = new Issues();
	const [header, ...records] = parseRecords(text.startsWith("\uFEFF") ? text.slice(1) : text, file, issues);
	const rows = records.map(({ line, cells }) => ({
		line,
		cells: Object.fromEntries((header?.cells ?? []).map((name, i) => [name, cells[i] ?? ""])),
	}));
	return { rows, issues: issues.list };
}

export interface CsvObject {
	readonly line: number;
	readonly cells: Readonly<Record<string, string>>;
}

interface CsvRecord {
	readonly line: number;
	readonly cells: string[];
	readonly starts: number[];
}

function parseRecords(text: string, file: string, issues: Issues): CsvRecord[] {
	const records: CsvRecord[] = [];
	const scan = { at: 0, line: 1, lineStart: 0 };
	while (scan.at < text.length) {
		const record: CsvRecord = { line: scan.line, cells: [], starts: [] };
		let ended = false;
		while (!ended) {
			record.starts.push(scan.at - scan.lineStart + 1);
			record.cells.push(readCell(text, scan, file, issues));
			ended = text[scan.at] !== ",";
			scan.at++;
		}
		if (text[scan.at - 1] === "\r" && text[scan.at] === "\n") scan.at++;
		scan.line++;
		scan.lineStart = scan.at;
		if (record.cells.length > 1 || record.cells[0] !== "") records.push(record);
	}
	return records;
}

interface Scan {
	at: number;
	line: number;
	lineStart: number;
}

/** Leaves `scan.at` on the comma or line end behind the cell. */
function readCell(text: string, scan: Scan, file: string, issues: Issues): string {
	if (text[scan.at] === '"') return readQuoted(text, scan, file, issues);
	const start = scan.at;
	while (scan.at < text.length && !isCellEnd(text.charCodeAt(scan.at))) scan.at++;
	return text.slice(start, scan.at);
}

function readQuoted(text: string, scan: Scan, file: string, issues: Issues): string {
	const place = { file, line: scan.line, column: scan.at - scan.lineStart + 1, path: "" };
	let value = "";
	let start = ++scan.at;
	for (;;) {
		const close = text.indexOf('"', scan.at);
		if (close === -1) {
			issues.add(place, "found a quote that never closes", 'a closing "');
			scan.at = text.length;
			return value;
		}
		value += text.slice(start, close);
		scan.at = close + 1;
		if (text[scan.at] !== '"') break;
		value += '"';
		start = ++scan.at;
	}
	for (let i = value.indexOf("\n"); i !== -1; i = value.indexOf("\n", i + 1)) scan.line++;
	if (scan.at < text.length && !isCellEnd(text.charCodeAt(scan.at))) {
		issues.add(place, "found text behind a closing quote", "a comma or the end of the line");
		while (scan.at < text.length && !isCellEnd(text.charCodeAt(scan.at))) scan.at++;
	}
	return value;
}

/** Comma, line feed or carriage return. */
function isCellEnd(code: number): boolean {
	return code === 44 || code === 10 || code === 13;
}

function checkHeader(
	header: CsvRecord,
	table: CsvTable,
	columns: { readonly required: readonly string[]; readonly optional?: readonly string[] },
): void {
	const known = [...columns.required, ...(columns.optional ?? [])];
	for (const name of columns.required) {
		if (table.columns.has(name)) continue;
		table.issues.add({ file: table.file, line: 1, column: 1, path: "" }, `column "${name}" is missing`, `it in line 1`);
	}
	header.cells.forEach((name, i) => {
		const place = { file: table.file, line: 1, column: header.starts[i] ?? 1, path: name };
		if (header.cells.indexOf(name) !== i) table.issues.add(place, `column "${name}" stands twice`, "each column once");
		if (!known.includes(name)) table.issues.add(place, `unknown column "${name}"`, `one of ${known.join(", ")}`);
	});
}
