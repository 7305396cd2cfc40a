/**
 * How far rounding alone can move each number of an evaluation: errors of one unit in the last place of every operation,
 * carried to first order. Where terms cancel, two programs that are both right differ by this much and more than by any
 * share of the small result.
 */
import { exp, log } from "../numerics/elementary.ts";
import type { Curve } from "../numerics/steffen.ts";
import { segmentOf } from "../numerics/steffen.ts";
import { compare } from "./arithmetic.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FlatNode } from "./flatten.ts";
import type { NodeValues } from "./node-value.ts";
import { valueAt } from "./node-value.ts";
import { scheduleOf } from "./schedule.ts";
import type { AnyTable } from "./table.ts";

/** Bounds in base units, by node and month, in the form of the values that they belong to. */
export function roundingOf(evaluation: Evaluation): NodeValues {
	const { model, months } = evaluation;
	const scalars = new Float64Array(model.nodes.length);
	const series = evaluation.series.map((path) => path?.map((value) => 2 * ULP * Math.abs(value)));
	const errors: NodeValues = { months, scalars, series };
	const bounds = new Bounds(evaluation, errors);
	for (const node of model.nodes) scalars[node.index] = 2 * ULP * Math.abs(evaluation.scalars[node.index] as number);
	for (const { scalars: once, monthly } of scheduleOf(model)) {
		for (const node of once) scalars[node.index] = bounds.of(node, 0);
		for (let t = 0; t < months; t++) {
			for (const node of monthly) (series[node.index] as Float64Array)[t] = bounds.of(node, t);
		}
	}
	return errors;
}

const ULP: number = Number.EPSILON;

class Bounds {
	private readonly values: Evaluation;
	private readonly errors: NodeValues;

	constructor(values: Evaluation, errors: NodeValues) {
		this.values = values;
		this.errors = errors;
	}

	/** What the arguments hand on, and what the operation and a conversion of units add. */
	of(node: FlatNode, t: number): number {
		const carried = this.carried(node, t);
		const own = 4 * ULP * Math.abs(valueAt(this.values, node.index, t));
		return Number.isNaN(carried) || Number.isNaN(own) ? Number.NaN : carried + own;
	}

	private carried(node: FlatNode, t: number): number {
		const value = (i: number): number => valueAt(this.values, node.args[i] as number, t);
		const error = (i: number): number => valueAt(this.errors, node.args[i] as number, t);
		switch (node.op) {
			case "const":
			case "month":
			case "input":
			case "firstWhere":
				return 0;
			case "node":
			case "neg":
			case "abs":
			case "spread":
				return error(0);
			case "exp":
				return exp(value(0)) * error(0);
			case "log":
				return error(0) / Math.abs(value(0));
			case "add":
			case "sub":
				return this.total(node.args, t);
			case "min":
			case "max":
				return Math.max(...node.args.map((_, i) => error(i)));
			case "mul":
				return Math.abs(value(0)) * error(1) + Math.abs(value(1)) * error(0);
			case "div":
				return (error(0) + Math.abs(value(0) / value(1)) * error(1)) / Math.abs(value(1));
			case "pow":
				return powerError(value(0), value(1), error(0), error(1));
			case "ceil":
			case "floor":
			case "round":
				return Math.abs(valueAt(this.values, node.index, t) / value(1)) * error(1);
			case "if":
				return error(compare(value(0), node.comparison as "<", value(1)) ? 2 : 3);
			case "lookup":
				return error(0) * slope(node.table as AnyTable, value(0));
			case "lag":
				return this.lag(node, t);
			case "cumulative":
				return error(0) + (t === 0 ? 0 : this.with(node.index, t - 1));
			case "first":
				return valueAt(this.errors, node.args[0] as number, 0);
			case "last":
				return valueAt(this.errors, node.args[0] as number, this.values.months - 1);
			case "sum":
				return this.discounted(node.args[0] as number, 0);
			case "npv":
				return this.discounted(node.args[0] as number, value(1), error(1));
			case "irr":
				return this.rateError(node);
		}
	}

	/** Errors of terms, and of the sums on the way. */
	private total(args: readonly number[], t: number): number {
		return args.reduce((sum, arg) => sum + this.with(arg, t), 0);
	}

	private with(index: number, t: number): number {
		return valueAt(this.errors, index, t) + ULP * Math.abs(valueAt(this.values, index, t));
	}

	private lag(node: FlatNode, t: number): number {
		const from = t - (node.months as number);
		return from < 0
			? valueAt(this.errors, node.args[0] as number, t)
			: valueAt(this.errors, node.target as number, from);
	}

	private discounted(index: number, rate: number, rateError = 0): number {
		let sum = 0;
		let factor = 1;
		for (let t = 0; t < this.values.months; t++) {
			const size = Math.abs(valueAt(this.values, index, t));
			sum +=
				factor * (valueAt(this.errors, index, t) + size * ((t * rateError) / Math.abs(1 + rate) + 2 * (t + 1) * ULP));
			factor /= Math.abs(1 + rate);
		}
		return sum;
	}

	/** Error of the present value over its slope; growth itself is kept to its last place. */
	private rateError({ args, index }: FlatNode): number {
		const rate = this.values.scalars[index] as number;
		const flows = args[0] as number;
		let slope = 0;
		let factor = 1;
		for (let t = 0; t < this.values.months; t++) {
			factor /= 1 + rate;
			slope += t * valueAt(this.values, flows, t) * factor;
		}
		return this.discounted(flows, rate) / Math.abs(slope) + 4 * ULP * (1 + rate);
	}
}

function powerError(x: number, y: number, xError: number, yError: number): number {
	if (x === 0) return 0;
	const size = Math.abs(x);
	return exp(y * log(size)) * ((Math.abs(y) * xError) / size + Math.abs(log(size)) * (yError + 4 * ULP * Math.abs(y)));
}

function slope({ curve, scale, knots }: AnyTable, at: number): number {
	const first = knots[0]?.x as number;
	if (!(at >= first && at <= (knots.at(-1)?.x as number))) return 0;
	const steepness = Math.abs(derivative(curve, at));
	return scale === "linear" ? steepness : steepness * Math.max(...knots.map(({ y }) => y));
}

function derivative({ x, y, tangents }: Curve, at: number): number {
	const i = Math.min(segmentOf(x, at), x.length - 2);
	if (i < 0) return 0;
	const h = (x[i + 1] as number) - (x[i] as number);
	const s = ((y[i + 1] as number) - (y[i] as number)) / h;
	const [m0, m1] = [tangents[i] as number, tangents[i + 1] as number];
	const t = at - (x[i] as number);
	return ((3 * (m0 + m1 - 2 * s) * t) / (h * h) + (2 * (3 * s - 2 * m0 - m1)) / h) * t + m0;
}
