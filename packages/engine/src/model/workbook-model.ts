/** The sheets of formulas: `Model` for what does not change by month, `Months` for what does, a column a month. */
import { curveValue, segmentOf } from "../numerics/steffen.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode } from "./flatten.ts";
import { valueAt } from "./node-value.ts";
import { compare } from "./arithmetic.ts";
import type { AnyTable, Knot } from "./table.ts";
import { rowFormula } from "./workbook-formula.ts";
import type { Plan, PlannedRow, RowKind } from "./workbook-plan.ts";
import { MONTH_COLUMN, monthColumn } from "./workbook-plan.ts";
import type { Cells, WorkbookCell, WorkbookSheet } from "./workbook-sheet.ts";
import { formulaCell, heads, maybe, titled, unitWords, words } from "./workbook-sheet.ts";

export function modelSheet(plan: Plan): WorkbookSheet | undefined {
	const rows = plan.rows.filter(({ sheet }) => sheet === "Model");
	if (rows.length === 0) return undefined;
	return {
		name: "Model",
		widths: [34, 56, 18, 16, 60, 40],
		frozen: { rows: 3, columns: 2 },
		rows: [
			...titled(
				"Model",
				"Every quantity that does not change by month, as a live formula. Grey rows only serve the rows below them.",
			),
			heads("id", "label", "value", "unit", "where the formula comes from", "note"),
			...rows.map((row) => modelRow(plan, row)),
		],
	};
}

export function monthsSheet(plan: Plan, start: string | undefined): WorkbookSheet | undefined {
	const { months, model } = plan.evaluation;
	if (!model.nodes.some(({ shape }) => shape === "series")) return undefined;
	const rows = plan.rows.filter(({ sheet }) => sheet === "Months");
	const numbers = Array.from({ length: months }, (_, t) => monthNumber(t));
	const [title, note] = titled("Months", "Month by month; what came before is the cell to the left.");
	return {
		name: "Months",
		widths: [34, 44, 16, ...numbers.map(() => 13)],
		frozen: { rows: 3, columns: MONTH_COLUMN },
		rows: [
			title,
			start === undefined ? note : [...note, undefined, undefined, ...monthNames(start, months)],
			[...heads("id", "label", "unit"), ...numbers],
			...rows.map((row) => monthRow(plan, row)),
		],
	};
}

/** `2026-10` and so on. */
function monthNames(start: string, months: number): WorkbookCell[] {
	const [year, month] = start.split("-").map(Number) as [number, number];
	return Array.from({ length: months }, (_, t) => {
		const at = month - 1 + t;
		const name = `${year + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
		return words(name, "month");
	});
}

function monthNumber(t: number): WorkbookCell {
	return t === 0 ? { role: "header", content: 0 } : { role: "header", formula: `${monthColumn(t - 1)}3+1`, value: t };
}

function modelRow(plan: Plan, row: PlannedRow): Cells {
	const meta = row.kind === "node" ? row.node.meta : undefined;
	const [id, label] = named(plan, row);
	return [id, label, cell(plan, row, 0), unitOfRow(row), maybe(meta?.formula), maybe(meta?.note)];
}

function monthRow(plan: Plan, row: PlannedRow): Cells {
	const [id, label] = named(plan, row);
	const cells = Array.from({ length: plan.evaluation.months }, (_, t) => cell(plan, row, t));
	return [id, label, unitOfRow(row), ...cells];
}

function cell(plan: Plan, row: PlannedRow, t: number): WorkbookCell {
	const role = isNamed(row) ? "formula" : "helper";
	const made = formulaCell(role, rowFormula(plan, row, t), engineValue(plan.evaluation, row, t), row.unit);
	const rounding = roundingIn(plan, row, t) / (row.unit?.factor ?? 1);
	return rounding > 0 ? { ...made, rounding } : made;
}

function unitOfRow({ unit }: PlannedRow): WorkbookCell | undefined {
	return unitWords(unit);
}

function isNamed({ kind, node }: PlannedRow): boolean {
	return kind === "node" && node.id !== undefined;
}

const KIND_WORDS: Readonly<Record<RowKind, string>> = {
	node: "part of",
	steps: "steps, before rounding, of",
	place: "row of the table for",
	distance: "above that row, for",
	condition: "1 where it holds, for",
	part: "first terms of",
};

function named(plan: Plan, row: PlannedRow): [WorkbookCell | undefined, WorkbookCell] {
	const { kind, node } = row;
	if (isNamed(row)) return [words(node.id as string, "id"), words(labelOf(node))];
	return [undefined, words(`${KIND_WORDS[kind]} ${labelOf(plan.named(node.index))}`, "helper")];
}

function labelOf({ id, meta, spec }: FlatNode): string {
	return meta?.label ?? spec?.label ?? (id as string);
}

/** What the engine has for a row, in base units; undefined where it has no such number. */
function engineValue(evaluation: Evaluation, { kind, node, terms }: PlannedRow, t: number): number | undefined {
	const arg = (i: number): number => valueAt(evaluation, node.args[i] as number, t);
	switch (kind) {
		case "node":
			return valueAt(evaluation, node.index, t);
		case "steps":
			return arg(0) / arg(1);
		case "condition":
			return compare(arg(0), node.comparison as "<", arg(1)) ? 1 : 0;
		case "place":
			return placeOf(node.table as AnyTable, arg(0)) + 1;
		case "distance": {
			const table = node.table as AnyTable;
			const at = Math.max(arg(0), table.knots[0]?.x as number);
			return at - (table.knots[placeOf(table, arg(0))]?.x ?? Number.NaN);
		}
		case "part":
			return folded(node, terms?.to as number, arg);
	}
}

/** What rounding may do to the value of a row, in base units. */
function roundingIn({ evaluation, rounding }: Plan, { kind, node }: PlannedRow, t: number): number {
	const value = (i: number): number => valueAt(evaluation, node.args[i] as number, t);
	const error = (i: number): number =>
		valueAt(rounding, node.args[i] as number, t) + 4 * Number.EPSILON * Math.abs(value(i));
	switch (kind) {
		case "node":
			return valueAt(rounding, node.index, t);
		case "steps":
			return (error(0) + Math.abs(value(0) / value(1)) * error(1)) / Math.abs(value(1));
		case "distance":
			return error(0);
		case "part":
			return node.args.reduce((sum, _, i) => sum + error(i), 0);
		case "place":
		case "condition":
			return 0;
	}
}

/** Index of the knot at or below `at`; NaN outside the table. */
function placeOf({ curve, below, knots }: AnyTable, at: number): number {
	if (below === "first" && at < (knots[0] as Knot).x) return 0;
	return Number.isNaN(curveValue(curve, at)) ? Number.NaN : segmentOf(curve.x, at);
}

function folded(node: FlatNode, to: number, arg: (i: number) => number): number {
	let result = arg(0);
	for (let i = 1; i < to; i++) {
		if (node.op === "add") result += arg(i);
		else result = node.op === "min" ? Math.min(result, arg(i)) : Math.max(result, arg(i));
	}
	return result;
}
