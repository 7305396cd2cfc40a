/**
 * How much each value of a model moves with one of its leaves: d ln value / d ln leaf by central difference, one leaf at a
 * time, for all values that depend on it at once. Rounding to steps is left out, since a step would hide what stands
 * behind it. At the end of a table, where one side is unreachable, the difference is one-sided.
 */
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import type { NodeValues } from "./node-value.ts";
import { computeStages, valueAt } from "./node-value.ts";
import type { Dependents } from "./schedule.ts";
import { dependentsOf, scheduleOf } from "./schedule.ts";

export interface Elasticities {
	/** Of a node, in a month where it changes by month, to a leaf: an input or a look-up. NaN: it cannot be told. */
	of(index: number, month: number, leaf: FlatNode): number;
}

/** Of one evaluation, at the input values it has. Worked out as asked for and kept with it. */
export function elasticitiesOf(evaluation: Evaluation): Elasticities {
	const known = KNOWN.get(evaluation);
	if (known !== undefined) return known;
	const made = new Perturbation(evaluation);
	KNOWN.set(evaluation, made);
	return made;
}

const KNOWN = new WeakMap<Evaluation, Elasticities>();
const STEP = 1e-4;

/** Elasticities of all dependents of a leaf, one after the other, series with all their months. */
interface Column {
	readonly offsets: Int32Array;
	readonly values: Float64Array;
}

class Perturbation implements Elasticities {
	private readonly model: Model;
	private readonly base: NodeValues;
	private readonly scratch: NodeValues;
	private readonly columns = new Map<number, Column>();

	constructor(evaluation: Evaluation) {
		this.model = evaluation.model;
		this.base = relaxed(evaluation);
		this.scratch = copyOf(this.base);
	}

	of(index: number, month: number, leaf: FlatNode): number {
		const place = dependentsOf(this.model, leaf.index).places.get(index);
		if (place === undefined) return valueAt(this.base, index, month) === 0 ? Number.NaN : 0;
		const { offsets, values } = this.columnOf(leaf);
		const scalar = this.base.series[index] === undefined;
		return values[(offsets[place] as number) + (scalar ? 0 : month)] as number;
	}

	private columnOf(leaf: FlatNode): Column {
		const known = this.columns.get(leaf.index);
		if (known !== undefined) return known;
		const dependents = dependentsOf(this.model, leaf.index);
		const offsets = offsetsOf(dependents.nodes, this.base.months);
		const up = this.moved(leaf, dependents, offsets, 1 + STEP);
		const down = this.moved(leaf, dependents, offsets, 1 - STEP);
		const made = { offsets, values: relativeChange(gathered(this.base, dependents.nodes, offsets), up, down) };
		this.columns.set(leaf.index, made);
		return made;
	}

	/** Values of the dependents with the leaf times `factor`; the scratch values are put back. */
	private moved(leaf: FlatNode, { nodes, stages }: Dependents, offsets: Int32Array, factor: number): Float64Array {
		const { base, scratch } = this;
		if (leaf.op === "input") multiply(scratch, leaf.index, factor);
		computeStages(scratch, stages, { rounding: "relaxed", scaled: { index: leaf.index, factor } });
		const result = gathered(scratch, nodes, offsets);
		for (const { index } of nodes) {
			const path = base.series[index];
			if (path === undefined) scratch.scalars[index] = base.scalars[index] as number;
			else scratch.series[index]?.set(path);
		}
		return result;
	}
}

/** The same evaluation with rounding left out, at the same input values. */
function relaxed(evaluation: Evaluation): NodeValues {
	const { model } = evaluation;
	if (!model.nodes.some(({ op }) => op === "ceil" || op === "floor" || op === "round")) return evaluation;
	const values = copyOf(evaluation);
	computeStages(values, scheduleOf(model), { rounding: "relaxed" });
	return values;
}

function relativeChange(base: Float64Array, up: Float64Array, down: Float64Array): Float64Array {
	return base.map((value, i) => {
		const above = up[i] as number;
		const below = down[i] as number;
		if (Number.isNaN(above)) return (value - below) / STEP / value;
		if (Number.isNaN(below)) return (above - value) / STEP / value;
		return (above - below) / (2 * STEP) / value;
	});
}

function copyOf({ months, scalars, series }: NodeValues): NodeValues {
	return { months, scalars: scalars.slice(), series: series.map((path) => path?.slice()) };
}

function multiply(of: NodeValues, index: number, factor: number): void {
	const path = of.series[index];
	if (path === undefined) of.scalars[index] = (of.scalars[index] as number) * factor;
	else path.forEach((value, t) => (path[t] = value * factor));
}

/** Where the values of each node begin when they stand one after the other; the last is where they end. */
function offsetsOf(nodes: readonly FlatNode[], months: number): Int32Array {
	const offsets = new Int32Array(nodes.length + 1);
	nodes.forEach(({ shape }, i) => (offsets[i + 1] = (offsets[i] as number) + (shape === "series" ? months : 1)));
	return offsets;
}

function gathered(of: NodeValues, nodes: readonly FlatNode[], offsets: Int32Array): Float64Array {
	const result = new Float64Array(offsets[nodes.length] as number);
	nodes.forEach(({ index }, i) => {
		const path = of.series[index];
		if (path === undefined) result[offsets[i] as number] = of.scalars[index] as number;
		else result.set(path, offsets[i] as number);
	});
	return result;
}
