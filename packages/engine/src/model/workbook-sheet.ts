/** A workbook as plain data: what stands in which cell, in the words and numbers that a reader sees. */
import type { AnyUnit } from "../quantity/unit.ts";
import { unitName } from "../quantity/unit-registry.ts";
import { LEAST_NUMBER } from "./workbook-names.ts";
import { tidy } from "./workbook-piece.ts";

/**
 * What a cell is for, which decides how it looks. `input`: the only numbers to change. `static`: a number that is not
 * recalculated, and marked as such. `helper`: a formula that only serves another.
 */
export type CellRole =
	| "title"
	| "note"
	| "section"
	| "header"
	| "month"
	| "id"
	| "text"
	| "unit"
	| "input"
	| "formula"
	| "helper"
	| "static"
	| "verdict";

export interface WorkbookCell {
	readonly role: CellRole;
	/** Words or a number, where there is no formula. */
	readonly content?: string | number;
	/** In the form in which files store formulas: English names, commas, no `=`. */
	readonly formula?: string;
	/** What the engine says a formula comes to, in the unit shown; NaN where unreachable, absent where it does not say. */
	readonly value?: number | boolean;
	/** How far rounding alone may move the value where terms cancel, in the unit shown. */
	readonly rounding?: number;
	/** Symbol of the unit of a number. */
	readonly unit?: string;
}

export interface WorkbookSheet {
	readonly name: string;
	/** Widths of the columns, in characters. */
	readonly widths: readonly number[];
	/** Rows and columns that stay in sight and on every printed page. */
	readonly frozen: { readonly rows: number; readonly columns: number };
	readonly rows: readonly (readonly (WorkbookCell | undefined)[])[];
	/** Rows that go on paper, where not all of them do. */
	readonly printedRows?: number;
}

export interface WorkbookName {
	readonly name: string;
	/** `Inputs!$C$4`. */
	readonly range: string;
	/** Id of the quantity. */
	readonly id: string;
}

export interface Workbook {
	readonly title: string;
	readonly sheets: readonly WorkbookSheet[];
	readonly names: readonly WorkbookName[];
}

export type Cells = readonly (WorkbookCell | undefined)[];

export function words(content: string, role: CellRole = "text"): WorkbookCell {
	return { role, content };
}

/** Words where there are any. */
export function maybe(content: string | undefined): WorkbookCell | undefined {
	return content === undefined || content === "" ? undefined : words(content);
}

/** A row of column heads. */
export function heads(...names: readonly string[]): Cells {
	return names.map((name) => words(name, "header"));
}

/** A number in its unit, from base units; a word where there is none. */
export function numberCell(role: CellRole, base: number, unit: AnyUnit | undefined): WorkbookCell {
	if (!Number.isFinite(base)) return words("unreachable", role);
	return { role, content: shown(base, unit), unit: unit?.symbol ?? "" };
}

/** A formula with the engine's value, given in base units. */
export function formulaCell(
	role: CellRole,
	formula: string,
	base: number | undefined,
	unit: AnyUnit | undefined,
): WorkbookCell {
	const value = base === undefined ? {} : { value: shown(base, unit) };
	return { role, formula, ...value, unit: unit?.symbol ?? "" };
}

/** The head of each month: its number, or its date where the first one is known. */
export function monthHeads(months: number): WorkbookCell[] {
	return Array.from({ length: months }, (_, t) => words(`month ${t}`, "month"));
}

export function unitWords(unit: AnyUnit | undefined): WorkbookCell | undefined {
	return unit === undefined || unit.symbol === "" ? undefined : words(unitName(unit), "unit");
}

/** The first rows of a sheet. */
export function titled(title: string, note: string): [Cells, Cells] {
	return [[words(title, "title")], [words(note, "note")]];
}

function shown(base: number, unit: AnyUnit | undefined): number {
	const number = tidy(base / (unit?.factor ?? 1));
	return Math.abs(number) < LEAST_NUMBER ? 0 : number;
}
