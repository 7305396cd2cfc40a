/**
 * Formulas of a workbook as files store them: English names, commas, no `=`. Cells hold numbers in the unit shown beside
 * them, so a formula converts where units meet. Functions of spreadsheet programs differ from the engine's in the last
 * digits (EXP, LN, POWER, sums); rounding to steps forgives the same 1e-9, and comparisons there forgive about 1e-15.
 */
import { ModelError } from "./model-error.ts";
import type { FlatNode } from "./flatten.ts";
import type { AnyTable } from "./table.ts";
import { columnLetters } from "./workbook-names.ts";
import type { Piece } from "./workbook-piece.ts";
import {
	added,
	bracketed,
	call,
	converted,
	difference,
	loose,
	negated,
	numberPiece,
	product,
	quotient,
	reference,
	SUM,
	TIGHTEST,
	tidy,
} from "./workbook-piece.ts";
import type { Plan, PlannedRow, RowKind } from "./workbook-plan.ts";
import { HEADER_ROWS, inputMonthCell, monthColumn, monthsRange, VALUE_COLUMN } from "./workbook-plan.ts";
import { rateCells } from "./workbook-rates.ts";
import type { Scale } from "./workbook-scale.ts";
import { BASE, scaleOf } from "./workbook-scale.ts";
import type { TableRanges } from "./workbook-tables.ts";
import { tableRanges } from "./workbook-tables.ts";

/** Formula of a row: of its one cell on `Model`, of the cell of `month` on `Months`. Throws `bad-step` where too long. */
export function rowFormula(plan: Plan, row: PlannedRow, month: number): string {
	const text = new Writer(plan, row.sheet).row(row, month);
	if (text.length > MOST_CHARACTERS) {
		throw new ModelError("bad-step", `a formula of ${text.length} characters does not fit into a cell`, row.node.id);
	}
	return text;
}

const MOST_CHARACTERS = 8192;

class Writer {
	private readonly plan: Plan;
	private readonly sheet: "Model" | "Months";

	constructor(plan: Plan, sheet: "Model" | "Months") {
		this.plan = plan;
		this.sheet = sheet;
	}

	row(row: PlannedRow, t: number): string {
		const { node } = row;
		switch (row.kind) {
			case "steps":
				return this.steps(node, t);
			case "place":
				return this.tablePlace(node, t);
			case "distance":
				return `${this.readAt(node, t)}-INDEX(${tableRanges(this.plan, node).x},${this.aux("place", node, t)})`;
			case "condition":
				return this.condition(node, t);
			case "part":
				return this.part(row, t);
			case "node":
				return converted(this.ownPiece(node, t, row), row.scale).text;
		}
	}

	/** What stands in the cell of a node itself. */
	private ownPiece(node: FlatNode, t: number, row: PlannedRow): Piece {
		if (node.op === "input") return reference(inputMonthCell(this.plan, node, t), row.scale);
		const only = node.op === "node" ? this.node(node.args[0]) : node;
		const runs = only.op === "cumulative" && (only === node || this.plan.find(only.index) === undefined);
		if (runs) return this.runningSum(only, t, row);
		return only === node ? this.operator(node, t, row.scale) : this.piece(only.index, t, row.scale);
	}

	private runningSum({ args }: FlatNode, t: number, row: PlannedRow): Piece {
		const here = converted(this.piece(args[0] as number, t, row.scale), row.scale);
		if (t === 0) return here;
		return added(reference(this.cell(row, t - 1), row.scale), here);
	}

	/** The value of a node in month `t`: its cell where it has one. `wanted`: the scale that suits the formula around it. */
	private piece(index: number, t: number, wanted?: Scale): Piece {
		const node = this.node(index);
		const row = this.plan.find(index);
		if (row !== undefined) return reference(this.named(node) ?? this.cell(row, t), row.scale);
		if (node.op === "input") return reference(this.named(node) as string, scaleOf(node.unit?.factor as number));
		return this.operator(node, t, wanted);
	}

	private operator(node: FlatNode, t: number, wanted?: Scale): Piece {
		const arg = (i: number, scale?: Scale): Piece => this.piece(node.args[i] as number, t, scale);
		switch (node.op) {
			case "const":
				return numberPiece(tidy((node.value as number) / (node.factor as number)), scaleOf(node.factor as number));
			case "month":
				return reference(`${this.months}${monthColumn(t)}$${HEADER_ROWS}`, BASE);
			case "spread":
				return arg(0, wanted);
			case "lag":
				return t < (node.months as number)
					? arg(0, wanted)
					: this.piece(node.target as number, t - (node.months as number), wanted);
			case "neg":
				return negated(arg(0, wanted));
			case "abs":
				return call("ABS", [arg(0, wanted)]);
			case "exp":
				return call("EXP", [converted(arg(0, BASE), BASE)]);
			case "log":
				return call("LN", [converted(arg(0, BASE), BASE)]);
			case "pow":
				return this.power(node, t);
			case "mul":
				return product(arg(0), arg(1));
			case "div":
				return quotient(arg(0), arg(1));
			case "add":
				return this.list(node, t, wanted) ?? this.sum(node, t, wanted);
			case "sub":
				return difference(...(this.alike(node.args, t, wanted) as [Piece, Piece]));
			case "min":
			case "max":
				return this.list(node, t, wanted) ?? call(node.op.toUpperCase(), this.alike(node.args, t, wanted));
			case "ceil":
			case "floor":
			case "round":
				return this.rounded(node, t);
			case "if":
				return call("IF", [loose(this.comparison(node, t)), ...this.alike(node.args.slice(2), t, wanted)]);
			case "lookup":
				return this.lookup(node, t);
			case "sum":
				return call("SUM", [this.range(node)]);
			case "first":
				return reference(this.monthCell(node, 0), this.range(node).scale);
			case "last":
				return reference(this.monthCell(node, this.plan.evaluation.months - 1), this.range(node).scale);
			case "npv":
				return this.presentValue(node, t);
			case "irr":
				return this.rateOfReturn(node);
			case "firstWhere":
				return this.firstMonth(node);
			default:
				throw new ModelError("series-mismatch", `${node.op} has no formula of its own in a workbook`, node.id);
		}
	}

	/** Arguments in one scale: the one wanted, else that of the first that is not a bare number. */
	private alike(args: readonly number[], t: number, wanted?: Scale): Piece[] {
		const pieces = args.map((arg) => this.piece(arg, t, wanted));
		const scale = wanted ?? (pieces.find(({ number }) => number === undefined) ?? (pieces[0] as Piece)).scale;
		return pieces.map((piece) => converted(piece, scale));
	}

	private sum({ args }: FlatNode, t: number, wanted?: Scale): Piece {
		return this.alike(args, t, wanted).reduce(added);
	}

	/** A list too long for one cell: its last part holds all of it. */
	private list(node: FlatNode, t: number, wanted?: Scale): Piece | undefined {
		const row = this.plan.find(node.index, "part");
		if (row === undefined) return undefined;
		const whole = reference(this.cell(row, t), row.scale);
		return wanted === undefined ? whole : converted(whole, wanted);
	}

	private part({ node, scale, terms }: PlannedRow, t: number): string {
		const { from, to, before } = terms as NonNullable<PlannedRow["terms"]>;
		const own = this.alike(node.args.slice(from, to), t, scale);
		const all = before === undefined ? own : [reference(this.cell(before, t), scale), ...own];
		return node.op === "add" ? all.reduce(added).text : call(node.op.toUpperCase(), all).text;
	}

	private comparison({ args, comparison }: FlatNode, t: number): string {
		const [left, right] = this.alike(args.slice(0, 2), t) as [Piece, Piece];
		return `${bracketed(left, SUM)}${comparison}${bracketed(right, SUM)}`;
	}

	/** A month without a value does not count; any other error must show. */
	private condition(node: FlatNode, t: number): string {
		const sides = difference(...(this.alike(node.args, t) as [Piece, Piece]));
		return `IF(ISNA(${sides.text}),0,IF(${this.comparison(node, t)},1,0))`;
	}

	/** POWER(0,0) is an error in some programs and 1 here. */
	private power({ args }: FlatNode, t: number): Piece {
		const base = converted(this.piece(args[0] as number, t, BASE), BASE);
		const exponent = converted(this.piece(args[1] as number, t, BASE), BASE);
		const raised = call("POWER", [base, exponent]);
		if (exponent.number !== undefined) return exponent.number === 0 ? numberPiece(1, BASE) : raised;
		return call("IF", [loose(`${bracketed(exponent, SUM)}=0`), numberPiece(1, BASE), raised]);
	}

	private steps({ args }: FlatNode, t: number): string {
		const step = this.piece(args[1] as number, t);
		return converted(quotient(this.piece(args[0] as number, t, step.scale), step), BASE).text;
	}

	/** Up and down forgive 1e-9 relative: what is that near a whole number of steps is on it. */
	private rounded(node: FlatNode, t: number): Piece {
		const [x, step] = node.args as [number, number];
		const count =
			this.plan.find(node.index, "steps") === undefined ? this.piece(x, t).text : this.aux("steps", node, t);
		const nearest = `ROUND(${count},0)`;
		const away = node.op === "ceil" ? "CEILING" : "FLOOR";
		const whole =
			node.op === "round"
				? `INT(${count}+0.5)`
				: `IF(ABS(${count}-${nearest})<=1E-9*ABS(${count}),${nearest},${away}(${count},1))`;
		return product(reference(whole, BASE), this.piece(step, t));
	}

	private tablePlace(node: FlatNode, t: number): string {
		const { x, from, to } = tableRanges(this.plan, node);
		const at = this.tableArgument(node, t);
		const outside = (node.table as AnyTable).below === "first" ? `${at}>${to}` : `OR(${at}<${from},${at}>${to})`;
		return `IF(${outside},NA(),MATCH(${this.readAt(node, t)},${x},1))`;
	}

	/** Never below the first knot: what rounding puts there is at it. */
	private readAt(node: FlatNode, t: number): string {
		return `MAX(${this.tableArgument(node, t)},${tableRanges(this.plan, node).first})`;
	}

	private tableArgument({ args, table }: FlatNode, t: number): string {
		const scale = scaleOf((table as AnyTable).xUnit.factor);
		return bracketed(converted(this.piece(args[0] as number, t, scale), scale), SUM);
	}

	private lookup(node: FlatNode, t: number): Piece {
		const { value, tangent, square, cubic }: TableRanges = tableRanges(this.plan, node);
		const [place, distance] = [this.aux("place", node, t), this.aux("distance", node, t)];
		const of = (range: string): string => `INDEX(${range},${place})`;
		const curve = `((${of(cubic)}*${distance}+${of(square)})*${distance}+${of(tangent)})*${distance}+${of(value)}`;
		const { scale, yUnit } = node.table as AnyTable;
		const text = scale === "log" ? `EXP(${curve})` : curve;
		return { text, tight: scale === "log" ? TIGHTEST : SUM, scale: scaleOf(yUnit.factor) };
	}

	private presentValue(node: FlatNode, t: number): Piece {
		const { scale } = this.range(node);
		const { months } = this.plan.evaluation;
		const first = this.monthCell(node, 0);
		if (months === 1) return reference(first, scale);
		const rate = converted(this.piece(node.args[1] as number, t, BASE), BASE);
		const rest = monthsRange(this.plan, this.rangeRow(node), 1);
		return { text: `${first}+NPV(${rate.text},${rest})`, tight: SUM, scale };
	}

	private rateOfReturn(node: FlatNode): Piece {
		const { roots, near } = rateCells(this.plan, node);
		return reference(`IF(${roots}=1,IRR(${this.range(node).text},${near}),NA())`, BASE);
	}

	private firstMonth(node: FlatNode): Piece {
		const holds = monthsRange(this.plan, this.auxRow("condition", node).number);
		return reference(`IF(SUM(${holds})=0,NA(),MATCH(1,${holds},0)-1)`, BASE);
	}

	/** The months that an aggregate reads. */
	private range(node: FlatNode): Piece {
		const scale = this.plan.find(node.args[0] as number)?.scale ?? BASE;
		return reference(monthsRange(this.plan, this.rangeRow(node)), scale);
	}

	private monthCell(node: FlatNode, t: number): string {
		return `Months!$${monthColumn(t)}$${this.rangeRow(node)}`;
	}

	/** The numbers of the months stand above them. */
	private rangeRow({ args }: FlatNode): number {
		return this.plan.find(args[0] as number)?.number ?? HEADER_ROWS;
	}

	private aux(kind: RowKind, node: FlatNode, t: number): string {
		return this.cell(this.auxRow(kind, node), t);
	}

	private auxRow(kind: RowKind, node: FlatNode): PlannedRow {
		return this.plan.find(node.index, kind) as PlannedRow;
	}

	private cell({ sheet, number }: PlannedRow, t: number): string {
		if (sheet === "Months") return `${this.months}${monthColumn(t)}${number}`;
		return `${this.sheet === "Model" ? "" : "Model!"}$${columnLetters(VALUE_COLUMN)}$${number}`;
	}

	private get months(): string {
		return this.sheet === "Months" ? "" : "Months!";
	}

	/** Scalars go by their names. */
	private named({ id, shape }: FlatNode): string | undefined {
		return id === undefined || shape === "series" ? undefined : this.plan.names.get(id);
	}

	private node(index: number | undefined): FlatNode {
		return this.plan.evaluation.model.nodes[index as number] as FlatNode;
	}
}
