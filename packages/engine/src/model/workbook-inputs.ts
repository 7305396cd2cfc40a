/** The sheet of inputs: one row each, with where it comes from. Its coloured cells are the only numbers to change. */
import type { Distribution } from "./distribution.ts";
import { isPoint, quantileFunction } from "./distribution.ts";
import type { InputSpec } from "./expression.ts";
import type { FlatNode } from "./flatten.ts";
import type { Plan } from "./workbook-plan.ts";
import { INPUT_MONTH_COLUMN } from "./workbook-plan.ts";
import type { Cells, WorkbookCell, WorkbookSheet } from "./workbook-sheet.ts";
import { heads, maybe, monthHeads, numberCell, titled, unitWords, words } from "./workbook-sheet.ts";

export function inputsSheet(plan: Plan): WorkbookSheet {
	const { months } = plan.evaluation;
	const monthly = plan.inputs.some(({ shape }) => shape === "series");
	const monthsOfIt = monthly ? monthHeads(months) : [];
	return {
		name: "Inputs",
		widths: [34, 44, 16, 16, 12, 12, 24, 7, 40, 12, 18, 30, 40, ...monthsOfIt.map(() => 12)],
		frozen: { rows: 3, columns: 2 },
		rows: [
			...titled(
				"Inputs",
				"The only numbers to change. Each has a name, which the formulas use; ranges serve draws, not this book.",
			),
			[...heads(...HEADS), ...monthsOfIt],
			...plan.inputs.map((node) => inputRow(plan, node)),
		],
	};
}

const HEADS = [
	"id",
	"label",
	"value",
	"unit",
	"low (5%)",
	"high (95%)",
	"range",
	"grade",
	"source",
	"as of",
	"owner",
	"where",
	"note",
];

function inputRow({ evaluation }: Plan, node: FlatNode): Cells {
	const { id, unit } = node;
	const spec = node.spec as InputSpec;
	const [low, high, range] = spec.value.kind === "series" ? [] : rangeOf(spec.value);
	const end = (base: number | undefined): WorkbookCell | undefined =>
		base === undefined ? undefined : numberCell("static", base, unit);
	const path = evaluation.series[node.index];
	const cells = [
		words(id as string, "id"),
		words(spec.label),
		path === undefined ? numberCell("input", evaluation.scalars[node.index] as number, unit) : words("by month"),
		unitWords(unit),
		end(low),
		end(high),
		maybe(range),
		maybe(spec.grade),
		maybe(spec.source),
		maybe(spec.asOf),
		maybe(spec.owner),
		maybe(spec.at),
		maybe(noteOf(spec)),
	];
	const values = Array.from(path ?? [], (base) => numberCell("input", base, unit));
	return [...cells, ...Array.from({ length: INPUT_MONTH_COLUMN - cells.length }, () => undefined), ...values];
}

/** The values below which 5% and 95% of its draws fall. */
function rangeOf(value: Distribution): [number, number, string] | [] {
	if (isPoint(value)) return [];
	const quantile = quantileFunction(value);
	return [quantile(0.05), quantile(0.95), value.kind];
}

function noteOf({ note, role, state }: InputSpec): string {
	const parts = [role === "condition" ? "part of the question" : undefined, state, note];
	return parts.filter((part) => part !== undefined).join("; ");
}
