/**
 * The sheet behind internal rates of return: the sign of the present value at every growth factor the engine looks at, from
 * −99% to 1000% a month. Where it turns once there is one rate, and IRR starts beside it; where it turns never or more
 * than once there is none to report, which a bare IRR would hide.
 */
import type { FlatNode } from "./flatten.ts";
import { columnLetters } from "./workbook-names.ts";
import type { Plan } from "./workbook-plan.ts";
import { HEADER_ROWS, monthColumn, monthsRange } from "./workbook-plan.ts";
import type { Cells, WorkbookCell, WorkbookSheet } from "./workbook-sheet.ts";
import { formulaCell, heads, titled, words } from "./workbook-sheet.ts";

/** Where the number of rates, and the one to start from, stand. */
export function rateCells({ rates }: Plan, node: FlatNode): { readonly roots: string; readonly near: string } {
	const column = columnLetters(turnColumn(rates.indexOf(node)));
	return { roots: `Rates!$${column}$${COUNT_ROW}`, near: `Rates!$${column}$${NEAR_ROW}` };
}

export function ratesSheet(plan: Plan): WorkbookSheet | undefined {
	const { rates } = plan;
	if (rates.length === 0) return undefined;
	const names = rates.map(({ index }) => plan.named(index).id as string);
	return {
		name: "Rates",
		widths: [22, ...rates.flatMap(() => [22, 22])],
		frozen: { rows: TOP - 1, columns: 1 },
		printedRows: TOP - 1,
		rows: [
			...titled("Rates of return", "Where the present value changes its sign over rates from −99% to 1000% a month."),
			heads("growth a month", ...names.flatMap((name) => [`sign: ${name}`, "turns here"])),
			[words("number of rates"), ...rates.flatMap((_, i) => [undefined, live(`SUM(${turns(i)})`)])],
			[words("look near"), ...rates.flatMap((_, i) => [undefined, live(nearest(i))])],
			...Array.from({ length: STEPS + 1 }, (_, step) => growthRow(plan, step)),
		],
	};
}

const LEAST = "0.01";
const MOST = "11";
const STEPS = 2400;
const COUNT_ROW = HEADER_ROWS + 1;
const NEAR_ROW = HEADER_ROWS + 2;
const TOP = HEADER_ROWS + 3;

function growthRow(plan: Plan, step: number): Cells {
	const row = TOP + step;
	const growth = live(step === 0 ? LEAST : `A${row - 1}*(${MOST}/${LEAST})^(1/${STEPS})`);
	return [growth, ...plan.rates.flatMap((node, i) => [live(sign(plan, node, row)), live(turn(i, step, row))])];
}

/** Present value, or for growth below 1 the value at the end, which has the same sign and no overflow. */
function sign(plan: Plan, { args }: FlatNode, row: number): string {
	const flows = monthsRange(plan, plan.find(args[0] as number)?.number ?? HEADER_ROWS);
	const months = monthsRange(plan, HEADER_ROWS);
	const last = `Months!$${monthColumn(plan.evaluation.months - 1)}$${HEADER_ROWS}`;
	return `SIGN(SUMPRODUCT(${flows},$A${row}^(IF($A${row}<1,${last},0)-${months})))`;
}

function turn(i: number, step: number, row: number): string {
	const column = columnLetters(turnColumn(i) - 1);
	const otherwise = step === 0 ? "0" : `IF(${column}${row}*${column}${row - 1}=-1,1,0)`;
	return `IF(${column}${row}=0,1,${otherwise})`;
}

function nearest(i: number): string {
	return `INDEX($A$${TOP}:$A$${TOP + STEPS},MATCH(1,${turns(i)},0))-1`;
}

function turns(i: number): string {
	const column = columnLetters(turnColumn(i));
	return `${column}$${TOP}:${column}$${TOP + STEPS}`;
}

function turnColumn(i: number): number {
	return 2 + 2 * i;
}

function live(formula: string): WorkbookCell {
	return formulaCell("helper", formula, undefined, undefined);
}
