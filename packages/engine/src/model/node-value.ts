/** The value of one node from the values of its arguments: the reference form of every operator. */
import { exp, log, pow } from "../numerics/elementary.ts";
import type { Rounding } from "./arithmetic.ts";
import { choose, compare, discounted, onlyRateOfReturn, roundToStep } from "./arithmetic.ts";
import type { FlatNode } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import type { Stage } from "./schedule.ts";
import { tableValue } from "./table.ts";

/** Values of all nodes, by index: numbers, and month series where a node has one. */
export interface NodeValues {
	readonly months: number;
	readonly scalars: Float64Array;
	readonly series: readonly (Float64Array | undefined)[];
}

/** Value of a node in a month; the month is not read for scalars. */
export function valueAt(of: NodeValues, index: number, month: number): number {
	const path = of.series[index];
	return path === undefined ? (of.scalars[index] as number) : (path[month] as number);
}

export interface Manner {
	readonly rounding: Rounding;
	/** A look-up whose results are multiplied by a factor: to see what leans on it. */
	readonly scaled?: { readonly index: number; readonly factor: number };
}

/** Fills in the values of the nodes of `stages`, in their order. */
export function computeStages(of: NodeValues, stages: readonly Stage[], manner: Manner): void {
	for (const { scalars, monthly } of stages) {
		for (const node of scalars) of.scalars[node.index] = scalarValue(of, node, manner);
		for (let t = 0; t < of.months; t++) {
			for (const node of monthly) (of.series[node.index] as Float64Array)[t] = monthValue(of, node, t, manner);
		}
	}
}

function scalarValue(of: NodeValues, node: FlatNode, manner: Manner): number {
	const at = (i: number): number => of.scalars[node.args[i] as number] as number;
	const seriesAt = (i: number): Float64Array => of.series[node.args[i] as number] as Float64Array;
	switch (node.op) {
		case "sum":
			return total(seriesAt(0));
		case "first":
			return seriesAt(0)[0] as number;
		case "last":
			return seriesAt(0)[of.months - 1] as number;
		case "npv":
			return discounted(seriesAt(0), at(1));
		case "irr":
			return onlyRateOfReturn(seriesAt(0));
		case "firstWhere":
			return firstWhere(node, seriesAt(0), seriesAt(1));
		default:
			return pointwise(node, at, manner);
	}
}

function monthValue(of: NodeValues, node: FlatNode, t: number, manner: Manner): number {
	const at = (i: number): number => valueAt(of, node.args[i] as number, t);
	switch (node.op) {
		case "month":
			return t;
		case "spread":
			return at(0);
		case "lag": {
			const from = t - (node.months as number);
			return from < 0 ? at(0) : valueAt(of, node.target as number, from);
		}
		case "cumulative":
			return at(0) + (t === 0 ? 0 : ((of.series[node.index] as Float64Array)[t - 1] as number));
		default:
			return pointwise(node, at, manner);
	}
}

function pointwise(node: FlatNode, at: (i: number) => number, manner: Manner): number {
	switch (node.op) {
		case "const":
			return node.value as number;
		case "node":
			return at(0);
		case "neg":
			return -at(0);
		case "abs":
			return Math.abs(at(0));
		case "exp":
			return exp(at(0));
		case "log":
			return log(at(0));
		case "add":
			return fold(node, at, (a, b) => a + b);
		case "min":
			return fold(node, at, Math.min);
		case "max":
			return fold(node, at, Math.max);
		case "sub":
			return at(0) - at(1);
		case "mul":
			return at(0) * at(1);
		case "div":
			return at(0) / at(1);
		case "pow":
			return pow(at(0), at(1));
		case "ceil":
		case "floor":
		case "round":
			return manner.rounding === "relaxed" ? at(0) : roundToStep(node.op, at(0), at(1));
		case "if":
			return choose(at(0), node.comparison as "<", at(1), at(2), at(3));
		case "lookup":
			return tableValue(node.table as NonNullable<typeof node.table>, at(0)) * factorOf(node, manner);
		default:
			throw new ModelError("series-mismatch", `${node.op} cannot be computed for one number`);
	}
}

function factorOf(node: FlatNode, { scaled }: Manner): number {
	return scaled !== undefined && scaled.index === node.index ? scaled.factor : 1;
}

function fold(node: FlatNode, at: (i: number) => number, of: (a: number, b: number) => number): number {
	let result = at(0);
	for (let i = 1; i < node.args.length; i++) result = of(result, at(i));
	return result;
}

function firstWhere(node: FlatNode, left: Float64Array, right: Float64Array): number {
	for (let t = 0; t < left.length; t++) {
		if (compare(left[t] as number, node.comparison as "<", right[t] as number)) return t;
	}
	return Number.NaN;
}

export function total(values: Float64Array): number {
	let sum = 0;
	for (const value of values) sum += value;
	return sum;
}
