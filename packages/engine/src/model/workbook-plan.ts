/**
 * Where everything of a model stands in its workbook: what is named has a row of its own; so has a part of a formula that
 * is used twice, that a range must cover, or that would make a cell too long to read.
 */
import { dimsText, isDimensionless } from "../quantity/dimension.ts";
import type { AnyUnit } from "../quantity/unit.ts";
import { one } from "../quantity/unit.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import type { NodeValues } from "./node-value.ts";
import type { AnyTable } from "./table.ts";
import { columnLetters, definedNames } from "./workbook-names.ts";
import { roundingOf } from "./workbook-rounding.ts";
import type { Scale } from "./workbook-scale.ts";
import { isSameScale, scaleOf } from "./workbook-scale.ts";

/**
 * `node`: the value of a node. `steps`: how many steps there are before rounding. `place`, `distance`: where in a table a
 * look-up reads. `condition`: 1 in months where a comparison holds. `part`: the first terms of a long formula.
 */
export type RowKind = "node" | "steps" | "place" | "distance" | "condition" | "part";

export interface PlannedRow {
	readonly kind: RowKind;
	readonly node: FlatNode;
	readonly sheet: "Model" | "Months";
	/** From 1. */
	readonly number: number;
	/** The unit of its cells; none where they count. */
	readonly unit: AnyUnit | undefined;
	readonly scale: Scale;
	/** `part`: the terms it holds, beside those of the part before. */
	readonly terms?: { readonly from: number; readonly to: number; readonly before: PlannedRow | undefined };
}

export interface Plan {
	readonly evaluation: Evaluation;
	/** How far rounding can move its values. */
	readonly rounding: NodeValues;
	readonly names: ReadonlyMap<string, string>;
	readonly rows: readonly PlannedRow[];
	/** Inputs in order, and their rows on their sheet by index of the node. */
	readonly inputs: readonly FlatNode[];
	readonly inputRows: ReadonlyMap<number, number>;
	readonly tables: readonly AnyTable[];
	/** Rates of return, in order. */
	readonly rates: readonly FlatNode[];
	/** Rows by kind and node; of parts the last. */
	readonly find: (index: number, kind?: RowKind) => PlannedRow | undefined;
	/** The nearest named node that uses a node, or itself where it has a name. */
	readonly named: (index: number) => FlatNode;
}

/** Rows above the first row of values on every sheet with one row a quantity. */
export const HEADER_ROWS = 3;
/** Columns before the first month. */
export const MONTH_COLUMN = 3;
/** The same on the sheet of inputs. */
export const INPUT_MONTH_COLUMN = 13;
/** The column of values where there are no months. */
export const VALUE_COLUMN = 2;

export function planWorkbook(evaluation: Evaluation): Plan {
	const { nodes } = evaluation.model;
	const inputs = nodes.filter(({ op }) => op === "input");
	const names = definedNames(nodes.flatMap(({ id }) => (id === undefined ? [] : [id])));
	return new Planner(evaluation, names, inputs).plan();
}

/** `D` for the first month. */
export function monthColumn(month: number): string {
	return columnLetters(MONTH_COLUMN + month);
}

/** Address of a row of months, as other sheets write it. */
export function monthsRange({ evaluation }: Plan, row: number, from = 0): string {
	return `Months!$${monthColumn(from)}$${row}:$${monthColumn(evaluation.months - 1)}$${row}`;
}

/** Address of one month of an input, as other sheets write it. */
export function inputMonthCell({ inputRows }: Plan, { index }: FlatNode, month: number): string {
	return `Inputs!${columnLetters(INPUT_MONTH_COLUMN + month)}${inputRows.get(index)}`;
}

/** Address of all months of an input. */
export function inputMonthsRange({ evaluation, inputRows }: Plan, { index }: FlatNode): string {
	const [first, last] = [0, evaluation.months - 1].map((t) => columnLetters(INPUT_MONTH_COLUMN + t));
	const row = inputRows.get(index);
	return `Inputs!$${first}$${row}:$${last}$${row}`;
}

/** Unit of a node; of an unnamed one that of a named quantity of its kind. */
export function unitOf({ model }: Evaluation, { unit, dims }: FlatNode): AnyUnit {
	if (unit !== undefined) return unit;
	if (isDimensionless(dims)) return one;
	const kind = dimsText(dims);
	return unitsByKind(model).get(kind) ?? { symbol: kind, dims, factor: 1 };
}

const UNITS = new WeakMap<Model, ReadonlyMap<string, AnyUnit>>();

/** The first unit of each kind that a quantity of a model has. */
function unitsByKind(model: Model): ReadonlyMap<string, AnyUnit> {
	const known = UNITS.get(model);
	if (known !== undefined) return known;
	const units = new Map<string, AnyUnit>();
	for (const { unit, dims } of model.nodes) {
		if (unit === undefined) continue;
		const kind = dimsText(dims);
		if (!units.has(kind)) units.set(kind, unit);
	}
	UNITS.set(model, units);
	return units;
}

/** What a formula, or a part of one, will take: characters and levels of brackets. */
interface Size {
	readonly length: number;
	readonly depth: number;
}

/** A cell that is longer is hard to read; programs refuse 8,192 characters and 64 levels. */
const LONG: Size = { length: 300, depth: 8 };
const LONG_LIST = { length: 2500, terms: 50 };
const REFERENCE: Size = { length: 16, depth: 0 };
const CONVERSION_LENGTH = 20;
const COUNTED: ReadonlySet<RowKind> = new Set(["steps", "place", "condition"]);
/** Passed on to where they are used without adding to a formula. */
const TRANSPARENT: ReadonlySet<string> = new Set(["spread", "lag", "neg"]);
const ATOMS: ReadonlySet<string> = new Set(["const", "month", "input", "node"]);
const ROUNDS: ReadonlySet<string> = new Set(["ceil", "floor", "round"]);

class Planner {
	private readonly evaluation: Evaluation;
	private readonly names: ReadonlyMap<string, string>;
	private readonly inputs: readonly FlatNode[];
	private readonly nodes: readonly FlatNode[];
	private readonly celled: boolean[];
	private readonly sizes: Size[] = [];
	private readonly rows: PlannedRow[] = [];
	private readonly byKey = new Map<string, PlannedRow>();
	private readonly nextRow = { Model: HEADER_ROWS + 1, Months: HEADER_ROWS + 1 };

	constructor(evaluation: Evaluation, names: ReadonlyMap<string, string>, inputs: readonly FlatNode[]) {
		this.evaluation = evaluation;
		this.names = names;
		this.inputs = inputs;
		this.nodes = evaluation.model.nodes;
		this.celled = this.nodes.map(({ op }) => op === "input" || op === "node");
	}

	plan(): Plan {
		this.giveCells(usesOf(this.nodes));
		for (const node of this.nodes) this.measure(node);
		for (const node of this.nodes) this.place(node);
		const named = namedUsers(this.nodes);
		const tables = new Set(this.nodes.flatMap(({ table }) => (table === undefined ? [] : [table])));
		return {
			evaluation: this.evaluation,
			rounding: roundingOf(this.evaluation),
			names: this.names,
			rows: this.rows,
			inputs: this.inputs,
			inputRows: new Map(this.inputs.map(({ index }, i) => [index, HEADER_ROWS + 1 + i])),
			tables: [...tables],
			rates: this.nodes.filter(({ op }) => op === "irr"),
			find: (index, kind = "node") => this.byKey.get(`${kind} ${index}`),
			named: (index) => named[index] as FlatNode,
		};
	}

	private giveCells(uses: readonly number[]): void {
		for (const node of this.nodes) {
			const shared = (uses[node.index] as number) > 1 && !TRANSPARENT.has(node.op) && !ATOMS.has(node.op);
			if (shared || node.op === "cumulative") this.celled[node.index] = true;
		}
		for (const node of this.nodes) this.giveArguments(node, uses);
	}

	/** Cells for what a range must cover, or a formula must name more than once. */
	private giveArguments(node: FlatNode, uses: readonly number[]): void {
		const [first, second] = node.args;
		switch (node.op) {
			case "sum":
			case "first":
			case "last":
			case "npv":
			case "irr":
				if (this.node(first).op !== "month") this.celled[first as number] = true;
				break;
			case "node":
				// A running sum that only its name uses runs in the row of that name.
				if (this.node(first).op === "cumulative") this.celled[first as number] = (uses[first as number] as number) > 1;
				break;
			case "lag":
				if (!isSimple(this.node(node.target))) this.celled[node.target as number] = true;
				break;
			case "lookup":
				if (!this.isPlain(first)) this.celled[first as number] = true;
				break;
			case "pow":
				if (!this.isPlain(second)) this.celled[second as number] = true;
				break;
			default:
		}
	}

	/** Whether writing it twice costs nothing: a number, a reference, or one of them with a sign. */
	private isPlain(index: number | undefined): boolean {
		const node = this.node(index);
		if (this.celled[node.index] || ATOMS.has(node.op)) return true;
		return node.op !== "lag" && TRANSPARENT.has(node.op) && this.isPlain(node.args[0]);
	}

	/** Arguments come before what uses them, so their sizes are known. */
	private measure(node: FlatNode): void {
		for (const arg of node.args) {
			const { length, depth } = this.sizes[arg] as Size;
			const fits = length <= LONG.length && depth <= LONG.depth;
			// What has a name has a cell of its own, and room in it.
			if (!fits && node.op !== "node" && !ATOMS.has(this.node(arg).op)) this.giveCell(arg);
		}
		this.sizes[node.index] = this.celled[node.index] ? this.reference(node) : this.inline(node);
	}

	private giveCell(index: number): void {
		this.celled[index] = true;
		this.sizes[index] = this.reference(this.node(index));
	}

	private reference({ id, shape }: FlatNode): Size {
		const name = id === undefined || shape === "series" ? undefined : this.names.get(id);
		return name === undefined ? REFERENCE : { length: name.length, depth: 0 };
	}

	private inline(node: FlatNode): Size {
		const args = node.args.map((arg) => this.sizes[arg] as Size);
		const target = node.target === undefined ? REFERENCE : (this.sizes[node.target] ?? REFERENCE);
		const all = node.op === "lag" ? [...args, target] : args;
		const length = all.reduce((sum, size) => sum + size.length + CONVERSION_LENGTH, OWN_LENGTH[node.op] ?? 10);
		const depth = 1 + all.reduce((most, size) => Math.max(most, size.depth), 0);
		return length > LONG_LIST.length || args.length > LONG_LIST.terms ? REFERENCE : { length, depth };
	}

	private place(node: FlatNode): void {
		if (ROUNDS.has(node.op) && !this.isWholeReference(node)) this.add("steps", node);
		if (node.op === "lookup") {
			this.add("place", node);
			this.add("distance", node);
		}
		if (node.op === "firstWhere") this.add("condition", node, "Months");
		if (node.op === "add" || node.op === "min" || node.op === "max") this.placeParts(node);
		if (this.celled[node.index] && !(node.op === "input" && node.shape === "scalar")) this.add("node", node);
	}

	/** `x` to whole units of its own: the number in its cell counts the steps. */
	private isWholeReference({ args: [x, step] }: FlatNode): boolean {
		const { op, value, factor } = this.node(step);
		if (op !== "const" || value !== factor || !this.celled[x as number]) return false;
		return isSameScale(scaleOf(factor as number), scaleOf(unitOf(this.evaluation, this.node(x)).factor));
	}

	private placeParts(node: FlatNode): void {
		const lengths = node.args.map((arg) => (this.sizes[arg] as Size).length + CONVERSION_LENGTH);
		const whole = lengths.reduce((sum, length) => sum + length, 0);
		if (whole <= LONG_LIST.length && lengths.length <= LONG_LIST.terms) return;
		let before: PlannedRow | undefined;
		for (let from = 0; from < lengths.length; ) {
			let to = from;
			for (let sum = 0; to < lengths.length && to - from < LONG_LIST.terms; to++) {
				sum += lengths[to] as number;
				if (sum > LONG_LIST.length && to > from) break;
			}
			before = this.add("part", node, undefined, { from, to, before });
			from = to;
		}
	}

	private add(kind: RowKind, node: FlatNode, on?: "Months", terms?: PlannedRow["terms"]): PlannedRow {
		const sheet: PlannedRow["sheet"] = on ?? (node.shape === "series" ? "Months" : "Model");
		const unit = this.unitIn(kind, node);
		const number = this.nextRow[sheet]++;
		const common = { kind, node, sheet, number, unit, scale: scaleOf(unit?.factor ?? 1) };
		const row: PlannedRow = terms === undefined ? common : { ...common, terms };
		this.rows.push(row);
		this.byKey.set(`${kind} ${node.index}`, row);
		return row;
	}

	private unitIn(kind: RowKind, node: FlatNode): AnyUnit | undefined {
		if (COUNTED.has(kind)) return undefined;
		return kind === "distance" ? (node.table as AnyTable).xUnit : unitOf(this.evaluation, node);
	}

	private node(index: number | undefined): FlatNode {
		return this.nodes[index as number] as FlatNode;
	}
}

/** Characters of an operator beside its arguments. */
const OWN_LENGTH: Readonly<Record<string, number>> = {
	const: 20,
	lookup: 220,
	ceil: 160,
	floor: 160,
	round: 60,
	pow: 40,
	npv: 70,
	irr: 90,
	firstWhere: 40,
	sum: 40,
};

/** Needs no cell of its own, however often it is used or looked back at. */
function isSimple({ op }: FlatNode): boolean {
	return TRANSPARENT.has(op) || op === "const" || op === "month";
}

/** How often each node would be written if nothing but names had cells. */
function usesOf(nodes: readonly FlatNode[]): number[] {
	const uses = nodes.map(() => 0);
	for (let i = nodes.length - 1; i >= 0; i--) {
		const { op, args, target } = nodes[i] as FlatNode;
		const times = TRANSPARENT.has(op) ? (uses[i] as number) : 1;
		for (const arg of args) uses[arg] = (uses[arg] as number) + times;
		if (target !== undefined) uses[target] = (uses[target] as number) + times;
	}
	return uses;
}

/** By index: all nodes serve an output, and outputs have names. */
function namedUsers(nodes: readonly FlatNode[]): FlatNode[] {
	const named = [...nodes];
	for (let i = nodes.length - 1; i >= 0; i--) {
		const { args, target } = nodes[i] as FlatNode;
		for (const arg of target === undefined ? args : [...args, target]) {
			if (nodes[arg]?.id === undefined) named[arg] = named[i] as FlatNode;
		}
	}
	return named;
}
