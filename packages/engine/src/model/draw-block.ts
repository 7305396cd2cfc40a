/**
 * A block of draws: a column of draws for every node, and for series one a month. All columns are allocated once and
 * filled again for each block.
 */
import { exp, log, pow } from "../numerics/elementary.ts";
import { choose, compare, discounted, onlyRateOfReturn, roundToStep } from "./arithmetic.ts";
import { centralValue, isRanged } from "./distribution.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { AGGREGATES } from "./flatten.ts";
import type { ValueAt } from "./live.ts";
import { LiveWalk } from "./live.ts";
import { ModelError } from "./model-error.ts";
import { isSound, requireFinite } from "./require-finite.ts";
import type { Stage } from "./schedule.ts";
import { scheduleOf } from "./schedule.ts";
import { tableValue } from "./table.ts";

export interface Block {
	readonly model: Model;
	readonly stages: readonly Stage[];
	readonly walk: LiveWalk;
	readonly months: number;
	readonly size: number;
	/** Scalar nodes: one column. */
	readonly columns: readonly (Column | undefined)[];
	/** Series nodes: one column a month. */
	readonly monthly: readonly (readonly Column[] | undefined)[];
	/** Marks the draws in which some value is broken. */
	readonly suspects: Uint8Array;
}

type Column = Float64Array;

export function newBlock(model: Model, months: number, size: number): Block {
	const column = (): Column => new Float64Array(size);
	const columns = model.nodes.map((node) => (node.shape === "scalar" ? column() : undefined));
	const monthly = model.nodes.map((node) =>
		node.shape === "series" ? Array.from({ length: months }, column) : undefined,
	);
	for (const node of model.nodes) fillFixedInput(node, columns, monthly);
	const walk = new LiveWalk(model, months);
	const suspects = new Uint8Array(size);
	return { model, stages: scheduleOf(model), walk, months, size, columns, monthly, suspects };
}

/** Fills the columns of an input that is the same in all draws. */
function fillFixedInput(
	{ index, spec }: FlatNode,
	columns: readonly (Column | undefined)[],
	monthly: readonly (readonly Column[] | undefined)[],
): void {
	if (spec === undefined) return;
	const { value } = spec;
	if (value.kind === "series") monthly[index]?.forEach((month, t) => month.fill(value.values[t] as number));
	else if (!isRanged(value)) columns[index]?.fill(centralValue(value));
}

/** The column of a named scalar, or of a series in a month. */
export function columnOf(block: Block, id: string, month = 0): Column {
	return columnAt(block, block.model.byId.get(id) as number, month);
}

/** Computes the first `count` draws from the columns of the inputs. Throws `not-finite`, naming a draw by `numberOf`. */
export function computeBlock(block: Block, count: number, numberOf: (i: number) => number): void {
	for (const { scalars, monthly } of block.stages) {
		for (const node of scalars) fillScalar(block, node, count);
		for (let t = 0; t < block.months; t++) for (const node of monthly) fillMonth(block, node, t, count);
	}
	checkBlock(block, count, numberOf);
}

function checkBlock(block: Block, count: number, numberOf: (i: number) => number): void {
	const { model, walk, suspects } = block;
	suspects.fill(0);
	for (const node of model.nodes) {
		const column = block.columns[node.index];
		if (column !== undefined) markSuspects(block, node, 0, column, count);
		block.monthly[node.index]?.forEach((month, t) => markSuspects(block, node, t, month, count));
	}
	for (let i = suspects.indexOf(1); i >= 0; i = suspects.indexOf(1, i + 1)) {
		requireFinite(model, walk, drawOf(block, i), ` in draw ${numberOf(i)}`);
	}
}

/** Marks the draws in which a value is broken, be it that none of what is kept rests on it. x − x is 0 for finite x only. */
function markSuspects(block: Block, node: FlatNode, t: number, column: Column, count: number): void {
	const { suspects, walk } = block;
	for (let i = 0; i < count; i++) {
		const x = column[i] as number;
		if (x - x !== 0 && suspects[i] === 0 && !isSound(walk, drawOf(block, i), node, t)) suspects[i] = 1;
	}
}

function drawOf(block: Block, i: number): ValueAt {
	return (index, t) => columnAt(block, index, t)[i] as number;
}

function fillScalar(block: Block, node: FlatNode, count: number): void {
	const out = block.columns[node.index] as Column;
	if (AGGREGATES.has(node.op)) return aggregate(block, node, out, count);
	columnwise(
		node,
		out,
		node.args.map((arg) => block.columns[arg] as Column),
		count,
	);
}

function fillMonth(block: Block, node: FlatNode, t: number, count: number): void {
	const own = block.monthly[node.index] as readonly Column[];
	const out = own[t] as Column;
	const args = node.args.map((arg) => columnAt(block, arg, t));
	switch (node.op) {
		case "month":
			out.fill(t);
			return;
		case "spread":
			out.set(args[0] as Column);
			return;
		case "lag": {
			const from = t - (node.months as number);
			out.set(from < 0 ? (args[0] as Column) : columnAt(block, node.target as number, from));
			return;
		}
		case "cumulative": {
			const x = args[0] as Column;
			const before = own[t - 1];
			for (let i = 0; i < count; i++) out[i] = (x[i] as number) + (before === undefined ? 0 : (before[i] as number));
			return;
		}
		default:
			columnwise(node, out, args, count);
	}
}

function columnAt(block: Block, index: number, t: number): Column {
	return (block.monthly[index]?.[t] ?? block.columns[index]) as Column;
}

function aggregate(block: Block, node: FlatNode, out: Column, count: number): void {
	const [of, other] = node.args as [number, number];
	const path = new Float64Array(block.months);
	for (let i = 0; i < count; i++) {
		for (let t = 0; t < block.months; t++) path[t] = columnAt(block, of, t)[i] as number;
		out[i] = aggregateOf(block, node, path, other, i);
	}
}

function aggregateOf(block: Block, node: FlatNode, path: Float64Array, other: number, i: number): number {
	switch (node.op) {
		case "sum": {
			let sum = 0;
			for (const value of path) sum += value;
			return sum;
		}
		case "first":
			return path[0] ?? Number.NaN;
		case "last":
			return path[path.length - 1] ?? Number.NaN;
		case "npv":
			return discounted(path, (block.columns[other] as Column)[i] as number);
		case "irr":
			return onlyRateOfReturn(path);
		default: {
			for (let t = 0; t < path.length; t++) {
				if (compare(path[t] as number, node.comparison as "<", columnAt(block, other, t)[i] as number)) return t;
			}
			return Number.NaN;
		}
	}
}

function columnwise(node: FlatNode, out: Column, args: readonly Column[], count: number): void {
	const a = args[0] as Column;
	const b = args[1] as Column;
	const x = (i: number): number => a[i] as number;
	const y = (i: number): number => b[i] as number;
	switch (node.op) {
		case "const":
			out.fill(node.value as number);
			return;
		case "node":
			out.set(a);
			return;
		case "neg":
			for (let i = 0; i < count; i++) out[i] = -x(i);
			return;
		case "abs":
			for (let i = 0; i < count; i++) out[i] = Math.abs(x(i));
			return;
		case "exp":
			for (let i = 0; i < count; i++) out[i] = exp(x(i));
			return;
		case "log":
			for (let i = 0; i < count; i++) out[i] = log(x(i));
			return;
		case "add":
			accumulate(out, args, count, (p, q) => p + q);
			return;
		case "min":
			accumulate(out, args, count, Math.min);
			return;
		case "max":
			accumulate(out, args, count, Math.max);
			return;
		case "sub":
			for (let i = 0; i < count; i++) out[i] = x(i) - y(i);
			return;
		case "mul":
			for (let i = 0; i < count; i++) out[i] = x(i) * y(i);
			return;
		case "div":
			for (let i = 0; i < count; i++) out[i] = x(i) / y(i);
			return;
		case "pow":
			for (let i = 0; i < count; i++) out[i] = pow(x(i), y(i));
			return;
		case "ceil":
		case "floor":
		case "round":
			for (let i = 0; i < count; i++) out[i] = roundToStep(node.op, x(i), y(i));
			return;
		case "if": {
			const [, , then, otherwise] = args as [Column, Column, Column, Column];
			for (let i = 0; i < count; i++) {
				out[i] = choose(x(i), node.comparison as "<", y(i), then[i] as number, otherwise[i] as number);
			}
			return;
		}
		case "lookup": {
			const table = node.table as NonNullable<typeof node.table>;
			for (let i = 0; i < count; i++) out[i] = tableValue(table, x(i));
			return;
		}
		default:
			throw new ModelError("series-mismatch", `${node.op} cannot be drawn`);
	}
}

function accumulate(out: Column, args: readonly Column[], count: number, of: (a: number, b: number) => number): void {
	out.set(args[0] as Column);
	for (const arg of args.slice(1)) for (let i = 0; i < count; i++) out[i] = of(out[i] as number, arg[i] as number);
}
