/**
 * Draws: the same formulas over columns of draws in typed arrays, block by block. An input is drawn once per draw from a
 * stream of its own name, so that all who refer to it, in this model or in one compared with it, see the same draws.
 * Memory: one block of every node, and the kept draws of the outputs asked for.
 */
import { exp, log, pow } from "../numerics/elementary.ts";
import type { UniformStream } from "../numerics/random.ts";
import { uniformStream } from "../numerics/random.ts";
import { choose, compare, discounted, onlyRateOfReturn, roundToStep } from "./arithmetic.ts";
import { centralValue, isRanged, quantileFunction } from "./distribution.ts";
import { monthsOf } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { AGGREGATES, nodeIndex } from "./flatten.ts";
import { LiveWalk } from "./live.ts";
import { ModelError } from "./model-error.ts";
import { requireFinite } from "./require-finite.ts";
import type { Stage } from "./schedule.ts";
import { scheduleOf } from "./schedule.ts";
import { subModel } from "./sub-model.ts";
import { tableValue } from "./table.ts";

export interface SampleOptions {
	readonly draws: number;
	readonly seed: number;
	readonly months?: number;
	/** Ids whose draws are kept: scalars, default the outputs of the model that are scalars. Inputs may be named too. */
	readonly keep?: readonly string[];
	/** Draws per block; the result does not depend on it. */
	readonly block?: number;
	/** Quantiles to use for inputs instead of the stream's, each of length `draws`: for low-discrepancy designs. */
	readonly uniforms?: ReadonlyMap<string, Float64Array>;
}

export interface Draws {
	readonly draws: number;
	readonly seed: number;
	/** Kept draws by id, base units, NaN where unreachable. */
	readonly values: ReadonlyMap<string, Float64Array>;
	/** Quantiles that inputs were given instead of the stream's. */
	readonly uniforms?: ReadonlyMap<string, Float64Array>;
}

const BLOCK = 512;

/**
 * Throws `unknown-node`, `series-mismatch`, `bad-step`; `not-finite` where a formula that a kept value rests on divides by
 * zero or overflows in some draw.
 */
export function sample(model: Model, options: SampleOptions): Draws {
	checkCounts(options);
	const months = monthsOf(model, options);
	const { draws, seed, uniforms } = options;
	const kept = keptIds(model, options.keep);
	const values = new Map(kept.map((id) => [id, new Float64Array(draws)]));
	const block = newBlock(subModel(model, kept), months, Math.min(options.block ?? BLOCK, draws), seed);
	for (let from = 0; from < draws; from += block.size) {
		const count = Math.min(block.size, draws - from);
		fillBlock(block, { from, count, uniforms });
		for (const [id, into] of values) into.set(columnOf(block, id).subarray(0, count), from);
	}
	return { draws, seed, values, ...(uniforms === undefined ? {} : { uniforms }) };
}

/** Quantile of draws by linear interpolation between order statistics (Hyndman and Fan's type 7); NaN draws left out. */
export function quantile(draws: Float64Array, p: number): number {
	return quantiles(draws, [p])[0] as number;
}

/** Several quantiles at once, sorting once. */
export function quantiles(draws: Float64Array, ps: readonly number[]): number[] {
	const sorted = draws.filter((draw) => !Number.isNaN(draw)).sort();
	return ps.map((p) => quantileOfSorted(sorted, p));
}

/** Share of draws in which a value exists. */
export function reachedShare(draws: Float64Array): number {
	let reached = 0;
	for (const draw of draws) if (!Number.isNaN(draw)) reached++;
	return reached / draws.length;
}

interface Block {
	readonly model: Model;
	readonly stages: readonly Stage[];
	readonly walk: LiveWalk;
	readonly months: number;
	readonly size: number;
	readonly inputs: readonly DrawnInput[];
	/** Scalar nodes: one column. */
	readonly columns: readonly (Column | undefined)[];
	/** Series nodes: one column a month. */
	readonly monthly: readonly (readonly Column[] | undefined)[];
	/** Marks the draws in which some node has no finite value. */
	readonly suspects: Uint8Array;
}

interface DrawnInput {
	readonly id: string;
	readonly column: Column;
	readonly stream: UniformStream;
	readonly quantileAt: (p: number) => number;
}

interface Fill {
	readonly from: number;
	readonly count: number;
	readonly uniforms: ReadonlyMap<string, Float64Array> | undefined;
}

type Column = Float64Array;

function checkCounts({ draws, block, uniforms }: SampleOptions): void {
	if (!Number.isInteger(draws) || draws < 1) {
		throw new ModelError("bad-step", `draws must be a whole number above 0, not ${draws}`);
	}
	if (block !== undefined && (!Number.isInteger(block) || block < 1)) {
		throw new ModelError("bad-step", `a block must be a whole number of draws above 0, not ${block}`);
	}
	for (const [id, { length }] of uniforms ?? []) {
		if (length !== draws) throw new ModelError("bad-step", `${id} has ${length} quantiles for ${draws} draws`, id);
	}
}

function quantileOfSorted(sorted: Float64Array, p: number): number {
	if (sorted.length === 0) return Number.NaN;
	const at = p * (sorted.length - 1);
	const i = Math.floor(at);
	const low = sorted[i] as number;
	const high = sorted[Math.min(i + 1, sorted.length - 1)] as number;
	return low + (at - i) * (high - low);
}

function keptIds(model: Model, keep: readonly string[] | undefined): string[] {
	const all = [...new Set(keep ?? model.outputs)];
	const scalars = all.filter((id) => (model.nodes[nodeIndex(model, id)] as FlatNode).shape === "scalar");
	if (keep !== undefined && scalars.length < all.length) {
		throw new ModelError("series-mismatch", "draws are kept of scalars only: take a month or a total of the series");
	}
	return scalars;
}

function newBlock(model: Model, months: number, size: number, seed: number): Block {
	const column = (): Column => new Float64Array(size);
	const columns = model.nodes.map((node) => (node.shape === "scalar" ? column() : undefined));
	const monthly = model.nodes.map((node) =>
		node.shape === "series" ? Array.from({ length: months }, column) : undefined,
	);
	const inputs: DrawnInput[] = [];
	for (const { index, id, spec } of model.nodes) {
		if (id === undefined || spec === undefined) continue;
		if (spec.value.kind === "series") {
			const { values } = spec.value;
			monthly[index]?.forEach((month, t) => month.fill(values[t] as number));
		} else if (isRanged(spec.value)) {
			const stream = uniformStream(seed, id);
			inputs.push({ id, column: columns[index] as Column, stream, quantileAt: quantileFunction(spec.value) });
		} else columns[index]?.fill(centralValue(spec.value));
	}
	const walk = new LiveWalk(model, months);
	const suspects = new Uint8Array(size);
	return { model, stages: scheduleOf(model), walk, months, size, inputs, columns, monthly, suspects };
}

function columnOf(block: Block, id: string): Column {
	return block.columns[block.model.byId.get(id) as number] as Column;
}

function fillBlock(block: Block, fill: Fill): void {
	for (const input of block.inputs) drawInput(input, fill);
	for (const { scalars, monthly } of block.stages) {
		for (const node of scalars) fillScalar(block, node, fill.count);
		for (let t = 0; t < block.months; t++) for (const node of monthly) fillMonth(block, node, t, fill.count);
	}
	checkBlock(block, fill);
}

function drawInput({ id, column, stream, quantileAt }: DrawnInput, { from, count, uniforms }: Fill): void {
	const given = uniforms?.get(id);
	for (let i = 0; i < count; i++) {
		column[i] = quantileAt(given === undefined ? stream.next() : (given[from + i] as number));
	}
}

function checkBlock(block: Block, { from, count }: Fill): void {
	const { model, walk, suspects } = block;
	suspects.fill(0);
	for (const column of block.columns) if (column !== undefined) markSuspects(suspects, column, count);
	for (const path of block.monthly) for (const column of path ?? []) markSuspects(suspects, column, count);
	for (let i = suspects.indexOf(1); i >= 0; i = suspects.indexOf(1, i + 1)) {
		const at = (index: number, t: number): number => columnAt(block, index, t)[i] as number;
		requireFinite(model, walk, at, ` in draw ${from + i}`);
	}
}

/** x − x is 0 for finite x only. */
function markSuspects(suspects: Uint8Array, column: Column, count: number): void {
	for (let i = 0; i < count; i++) {
		const x = column[i] as number;
		if (x - x !== 0) suspects[i] = 1;
	}
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
