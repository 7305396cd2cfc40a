/**
 * The sheet that holds the workbook against the engine: its outputs as the engine computed them, static, beside what the
 * formulas come to now. They agree within 1e-9 of the value, or within what rounding alone can make of it where terms
 * cancel. The inputs as delivered stand there too: after a change the engine's numbers belong to other inputs.
 */
import type { FlatNode } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import { valueAt } from "./node-value.ts";
import type { Plan } from "./workbook-plan.ts";
import { inputMonthsRange, monthColumn } from "./workbook-plan.ts";
import type { Cells, WorkbookCell, WorkbookSheet } from "./workbook-sheet.ts";
import { formulaCell, heads, monthHeads, numberCell, titled, unitWords, words } from "./workbook-sheet.ts";

export const MATCHES_CELL = "Check!$B$3";
export const CHANGED_CELL = "Check!$B$4";

export function checkSheet(plan: Plan): WorkbookSheet {
	const outputs = outputsOf(plan);
	const blocks = new Blocks(plan);
	const rows = [...blocks.outputs(outputs), ...blocks.inputs()];
	return {
		name: "Check",
		widths: [40, 44, 16, ...Array.from({ length: Math.max(6, plan.evaluation.months) }, () => 14)],
		frozen: { rows: 4, columns: 0 },
		rows: [
			...titled(
				"Check",
				"Agrees: within 1e-9 of the value, or within rounding where terms cancel. Grey numbers are static.",
			),
			[words("matches engine"), verdict(blocks.matches(), true)],
			[words("inputs changed"), { role: "formula", formula: blocks.changed(), value: 0 }],
			...rows,
		],
	};
}

/** Outputs, each once. */
export function outputsOf({ evaluation: { model } }: Plan): FlatNode[] {
	return [...new Set(model.outputs)].map((id) => model.nodes[nodeIndex(model, id)] as FlatNode);
}

/** What a named scalar comes to now. */
export function linkTo({ evaluation, names, rounding }: Plan, { id, index, unit }: FlatNode): WorkbookCell {
	const cell = formulaCell("formula", names.get(id as string) as string, valueAt(evaluation, index, 0), unit);
	return { ...cell, rounding: valueAt(rounding, index, 0) / (unit?.factor ?? 1) };
}

const FIRST_ROW = 5;
/** Two right computations may differ by this many times the bound of first order. */
const LEEWAY = 8;

class Blocks {
	private readonly plan: Plan;
	private readonly verdicts: string[] = [];
	private readonly changes: string[] = [];
	private row = FIRST_ROW;

	constructor(plan: Plan) {
		this.plan = plan;
	}

	outputs(nodes: readonly FlatNode[]): Cells[] {
		const scalars = nodes.filter(({ shape }) => shape === "scalar");
		const series = nodes.filter(({ shape }) => shape === "series");
		const rows: Cells[] = [];
		if (scalars.length > 0) {
			rows.push(...this.section("Outputs"), this.headed("id", "label", "unit", ...COMPARISON));
			rows.push(...this.listed(scalars, (node) => this.scalar(node), this.verdicts, "I"));
		}
		if (series.length > 0) {
			rows.push(...this.section("Outputs by month"), this.monthly());
			const from = this.row;
			for (const node of series) rows.push(...this.series(node));
			this.verdicts.push(`C${from}:C${this.row - 1}`);
		}
		return rows;
	}

	inputs(): Cells[] {
		const scalars = this.plan.inputs.filter(({ shape }) => shape === "scalar");
		const series = this.plan.inputs.filter(({ shape }) => shape === "series");
		const rows: Cells[] = [];
		if (scalars.length > 0) {
			rows.push(...this.section("Inputs as delivered"));
			rows.push(this.headed("id", "label", "unit", "as delivered", "now", "changed"));
			rows.push(...this.listed(scalars, (node) => this.scalarInput(node), this.changes, "F"));
		}
		if (series.length > 0) {
			rows.push(...this.section("Inputs by month as delivered"));
			rows.push(this.monthly());
			const from = this.row;
			for (const node of series) rows.push(...this.seriesInput(node));
			this.changes.push(`C${from}:C${this.row - 1}`);
		}
		return rows;
	}

	/** TRUE where every output agrees. */
	matches(): string {
		return this.verdicts.length === 0 ? "TRUE" : `AND(${this.verdicts.join(",")})`;
	}

	changed(): string {
		return this.changes.length === 0 ? "0" : this.changes.map((range) => `COUNTIF(${range},TRUE)`).join("+");
	}

	private section(title: string): Cells[] {
		this.row += 2;
		return [[], [words(title, "section")]];
	}

	private headed(...names: readonly string[]): Cells {
		this.row += 1;
		return heads(...names);
	}

	private listed(nodes: readonly FlatNode[], of: (node: FlatNode) => Cells, ranges: string[], column: string): Cells[] {
		const from = this.row;
		const rows = nodes.map((node) => {
			const cells = of(node);
			this.row += 1;
			return cells;
		});
		ranges.push(`${column}${from}:${column}${this.row - 1}`);
		return rows;
	}

	private scalar(node: FlatNode): Cells {
		const { row } = this;
		const { unit, index } = node;
		const value = valueAt(this.plan.evaluation, index, 0);
		return [
			...this.titles(node),
			numberCell("static", value, unit),
			linkTo(this.plan, node),
			formulaCell("helper", `IFERROR(E${row}-D${row},"")`, undefined, unit),
			formulaCell(
				"helper",
				`IFERROR(IF(E${row}=D${row},0,ABS(E${row}-D${row})/MAX(ABS(E${row}),ABS(D${row}))),"")`,
				undefined,
				undefined,
			),
			numberCell("static", this.tolerance(node, 0), unit),
			verdict(agreement(`D${row}`, `E${row}`, `H${row}`), true),
		];
	}

	/** Three rows: the engine's numbers, what rounding may do, whether they agree. */
	private series(node: FlatNode): Cells[] {
		const { row } = this;
		const { months, series } = this.plan.evaluation;
		const path = series[node.index] as Float64Array;
		const link = this.plan.find(node.index)?.number;
		const columns = Array.from({ length: months }, (_, t) => monthColumn(t));
		this.row += 3;
		return [
			[...this.titles(node), ...Array.from(path, (value) => numberCell("static", value, node.unit))],
			[
				undefined,
				words("rounding", "helper"),
				unitWords(node.unit),
				...columns.map((_, t) => numberCell("static", this.tolerance(node, t), node.unit)),
			],
			[
				undefined,
				words("agrees", "helper"),
				verdict(`AND(${columns[0]}${row + 2}:${columns.at(-1)}${row + 2})`, true),
				...columns.map((column) =>
					verdict(agreement(`${column}${row}`, `Months!${column}${link}`, `${column}${row + 1}`), true),
				),
			],
		];
	}

	private scalarInput(node: FlatNode): Cells {
		const { row } = this;
		const value = valueAt(this.plan.evaluation, node.index, 0);
		return [
			...this.titles(node),
			numberCell("static", value, node.unit),
			linkTo(this.plan, node),
			verdict(`E${row}<>D${row}`, false),
		];
	}

	/** Two rows: the numbers as delivered, and in how many months they differ now. */
	private seriesInput(node: FlatNode): Cells[] {
		const { row } = this;
		const { months, series } = this.plan.evaluation;
		const delivered = `${monthColumn(0)}${row}:${monthColumn(months - 1)}${row}`;
		const now = inputMonthsRange(this.plan, node);
		this.row += 2;
		const path = series[node.index] as Float64Array;
		return [
			[...this.titles(node), ...Array.from(path, (value) => numberCell("static", value, node.unit))],
			[undefined, words("changed", "helper"), verdict(`SUMPRODUCT(ABS(${now}-${delivered}))<>0`, false)],
		];
	}

	private tolerance(node: FlatNode, t: number): number {
		const bound = LEEWAY * valueAt(this.plan.rounding, node.index, t);
		return Number.isFinite(bound) ? bound : 0;
	}

	private titles({ id, meta, spec, unit }: FlatNode): Cells {
		return [words(id as string, "id"), words(meta?.label ?? spec?.label ?? ""), unitWords(unit)];
	}

	private monthly(): Cells {
		return [...this.headed("id", "label", "unit"), ...monthHeads(this.plan.evaluation.months)];
	}
}

const COMPARISON = ["engine", "workbook", "difference", "relative", "rounding", "agrees"];

/** Words stand where the engine found no number; then the workbook must find none either. */
function agreement(engine: string, workbook: string, rounding: string): string {
	const near = `ABS(${workbook}-${engine})<=MAX(1E-9*MAX(ABS(${workbook}),ABS(${engine})),${rounding})`;
	return `IF(ISNUMBER(${engine}),IF(ISNUMBER(${workbook}),${near},FALSE),NOT(ISNUMBER(${workbook})))`;
}

function verdict(formula: string, value: boolean): WorkbookCell {
	return { role: "verdict", formula, value };
}
