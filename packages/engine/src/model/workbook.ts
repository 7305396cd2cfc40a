/**
 * A model as a workbook of live formulas, for those who trust what they can trace: inputs with their sources, a row a
 * quantity, a column a month, and a check against the engine. Plain data; how a file of it is made is not known here.
 */
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import type { Draws } from "./sample.ts";
import { quantiles, reachedShare } from "./sample.ts";
import { CHANGED_CELL, checkSheet, linkTo, MATCHES_CELL, outputsOf } from "./workbook-check.ts";
import { inputsSheet } from "./workbook-inputs.ts";
import { modelSheet, monthsSheet } from "./workbook-model.ts";
import { columnLetters } from "./workbook-names.ts";
import type { Plan } from "./workbook-plan.ts";
import { inputMonthsRange, monthsRange, planWorkbook, VALUE_COLUMN } from "./workbook-plan.ts";
import { ratesSheet } from "./workbook-rates.ts";
import type { Cells, Workbook, WorkbookCell, WorkbookName, WorkbookSheet } from "./workbook-sheet.ts";
import { heads, numberCell, titled, unitWords, words } from "./workbook-sheet.ts";
import { tablesSheet } from "./workbook-tables.ts";

export { columnLetters } from "./workbook-names.ts";
export type { CellRole, Workbook, WorkbookCell, WorkbookName, WorkbookSheet } from "./workbook-sheet.ts";

export interface WorkbookOptions {
	readonly title?: string;
	/** What the first sheet says about the result, line by line: a name and its words. */
	readonly about?: readonly (readonly [string, string])[];
	/** The first month, `2026-10`. */
	readonly start?: string;
	/** Draws whose quantiles are shown, static. */
	readonly draws?: Draws;
}

/**
 * The workbook of an evaluation with exact rounding. Throws `bad-step` for a start that is no month, and where a formula
 * cannot be made to fit into a cell.
 */
export function workbookOf(evaluation: Evaluation, options: WorkbookOptions = {}): Workbook {
	const { start, title = "Model", draws } = options;
	if (start !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(start)) {
		throw new ModelError("bad-step", `a workbook cannot start in ${start}: write a month such as 2026-10`);
	}
	const plan = planWorkbook(evaluation);
	const sheets = [
		summarySheet(plan, title, options),
		inputsSheet(plan),
		modelSheet(plan),
		monthsSheet(plan, start),
		tablesSheet(plan),
		ratesSheet(plan),
		checkSheet(plan),
		draws === undefined ? undefined : drawsSheet(plan, draws),
	];
	return { title, sheets: sheets.filter((sheet) => sheet !== undefined), names: namesOf(plan) };
}

/** The same workbook under another title. */
export function retitled(book: Workbook, title: string): Workbook {
	const [summary, ...sheets] = book.sheets as [WorkbookSheet, ...WorkbookSheet[]];
	const [, ...rows] = summary.rows;
	return { ...book, title, sheets: [{ ...summary, rows: [[words(title, "title")], ...rows] }, ...sheets] };
}

function namesOf(plan: Plan): WorkbookName[] {
	return [...plan.names].map(([id, name]) => {
		const index = nodeIndex(plan.evaluation.model, id);
		return { name, id, range: rangeOf(plan, plan.evaluation.model.nodes[index] as FlatNode) };
	});
}

function rangeOf(plan: Plan, node: FlatNode): string {
	const column = columnLetters(VALUE_COLUMN);
	const row = node.op === "input" ? plan.inputRows.get(node.index) : plan.find(node.index)?.number;
	if (node.op === "input") {
		return node.shape === "series" ? inputMonthsRange(plan, node) : `Inputs!$${column}$${row}`;
	}
	return node.shape === "series" ? monthsRange(plan, row as number) : `Model!$${column}$${row}`;
}

function summarySheet(plan: Plan, title: string, { about = [], draws }: WorkbookOptions): WorkbookSheet {
	const outputs = outputsOf(plan);
	return {
		name: "Summary",
		widths: [56, 20, 18, 40],
		frozen: { rows: 0, columns: 0 },
		rows: [
			[words(title, "title")],
			...about.map(([name, text]): Cells => [words(name), words(text)]),
			[],
			[words("matches engine"), { role: "verdict", formula: MATCHES_CELL, value: true }],
			[words("inputs changed since"), { role: "formula", formula: CHANGED_CELL, value: 0 }],
			[],
			[words("Results", "section")],
			heads("quantity", "value", "unit", "id"),
			...outputs.map((node) => summaryRow(plan, node)),
			[],
			[words("How to read it", "section")],
			[{ role: "input", content: "an input: the numbers to change, on Inputs and Tables" }],
			[{ role: "formula", content: "a formula: recalculated from them" }],
			[
				{
					role: "static",
					content: `static: the engine's own number, on Check${draws === undefined ? "" : " and Monte Carlo"}`,
				},
			],
			[words("where there is no such value, as outside the points of a table, a cell shows #N/A")],
		],
	};
}

function summaryRow(plan: Plan, node: FlatNode): Cells {
	const label = words(node.meta?.label ?? node.spec?.label ?? "");
	const value = node.shape === "series" ? words("by month") : linkTo(plan, node);
	return [label, value, unitWords(node.unit), words(node.id as string, "id")];
}

const SHOWN_QUANTILES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

function drawsSheet({ evaluation: { model } }: Plan, { values, draws, seed }: Draws): WorkbookSheet {
	const fixed = (content: number): WorkbookCell => ({ role: "static", content, unit: "" });
	return {
		name: "Monte Carlo",
		widths: [40, 44, 16, ...SHOWN_QUANTILES.map(() => 14), 12],
		frozen: { rows: 5, columns: 2 },
		rows: [
			...titled(
				"Monte Carlo",
				"Static: drawn by the engine from the ranges of the inputs. Nothing here follows a change of an input.",
			),
			[words("draws"), fixed(draws)],
			[words("seed"), fixed(seed)],
			heads("id", "label", "unit", ...SHOWN_QUANTILES.map((p) => `P${Math.round(p * 100)}`), "reached"),
			...[...values].map(([id, kept]): Cells => {
				const { meta, spec, unit } = model.nodes[nodeIndex(model, id)] as FlatNode;
				const shares = quantiles(kept, SHOWN_QUANTILES).map((base) => numberCell("static", base, unit));
				const label = words(meta?.label ?? spec?.label ?? "");
				return [
					words(id, "id"),
					label,
					unitWords(unit),
					...shares,
					{ role: "static", content: reachedShare(kept), unit: "fraction" },
				];
			}),
		],
	};
}
