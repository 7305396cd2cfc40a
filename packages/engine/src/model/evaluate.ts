/** The number: one pass over a model with every input at its central value, or at values given instead. */
import type { Rounding } from "./arithmetic.ts";
import { centralValue } from "./distribution.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";
import { LiveWalk } from "./live.ts";
import { ModelError } from "./model-error.ts";
import type { NodeValues } from "./node-value.ts";
import { computeStages, valueAt } from "./node-value.ts";
import { requireFinite } from "./require-finite.ts";
import { scheduleOf } from "./schedule.ts";

export interface EvaluateOptions {
	/** Months of every series. Needed where the model has one. */
	readonly months?: number;
	/** Values of inputs by id instead of their own, in coherent base units. */
	readonly inputs?: ReadonlyMap<string, number | readonly number[]>;
	readonly rounding?: Rounding;
}

/** Values of all nodes, by index, in base units. NaN: unreachable, or in a branch of a condition that is not taken. */
export interface Evaluation extends NodeValues {
	readonly model: Model;
	readonly months: number;
	readonly scalars: Float64Array;
	/** Series by node index; absent for scalars. */
	readonly series: readonly (Float64Array | undefined)[];
}

/**
 * Throws `series-mismatch`, `unknown-input`; `not-finite` where a formula that an output rests on divides by zero or
 * overflows.
 */
export function evaluate(model: Model, options: EvaluateOptions = {}): Evaluation {
	const months = monthsOf(model, options);
	checkInputs(model, options);
	const scalars = new Float64Array(model.nodes.length).fill(Number.NaN);
	const series = model.nodes.map((node) => (node.shape === "series" ? new Float64Array(months) : undefined));
	const evaluation: Evaluation = { model, months, scalars, series };
	for (const node of model.nodes) if (node.op === "input") fillInput(evaluation, node, options);
	computeStages(evaluation, scheduleOf(model), { rounding: options.rounding ?? "exact" });
	if (!allFinite(evaluation)) {
		requireFinite(model, new LiveWalk(model, months), (index, t) => valueAt(evaluation, index, t));
		clearInfinities(evaluation);
	}
	return evaluation;
}

/** Value of a named scalar in base units; NaN where unreachable. Throws `unknown-node`, `series-mismatch`. */
export function scalarOf(evaluation: Evaluation, id: string): number {
	const index = nodeIndex(evaluation.model, id);
	if (evaluation.series[index] !== undefined) throw new ModelError("series-mismatch", `${id} changes by month`, id);
	return evaluation.scalars[index] as number;
}

/** Values of a named series in base units. Throws `unknown-node`, `series-mismatch`. */
export function seriesOf(evaluation: Evaluation, id: string): Float64Array {
	const found = evaluation.series[nodeIndex(evaluation.model, id)];
	if (found === undefined) throw new ModelError("series-mismatch", `${id} does not change by month`, id);
	return found;
}

/** Months of a model: those asked for, or of its series inputs. 0 where nothing changes by month. */
export function monthsOf(model: Model, options: { readonly months?: number }): number {
	const lengths = new Set<number>();
	for (const { spec } of model.nodes) if (spec?.value.kind === "series") lengths.add(spec.value.values.length);
	if (options.months !== undefined) lengths.add(options.months);
	if (lengths.size > 1) {
		throw new ModelError("series-mismatch", `series of different lengths: ${[...lengths].join(", ")} months`);
	}
	const [months] = lengths;
	const monthly = model.nodes.some((node) => node.shape === "series");
	if (months === undefined && monthly) {
		throw new ModelError("series-mismatch", "a model over months needs to know how many");
	}
	if (months !== undefined && (!Number.isInteger(months) || months < (monthly ? 1 : 0))) {
		throw new ModelError("series-mismatch", `a model over months cannot have ${months} of them`);
	}
	return months ?? 0;
}

function checkInputs(model: Model, { inputs }: EvaluateOptions): void {
	for (const id of inputs?.keys() ?? []) {
		const index = model.byId.get(id);
		if (index === undefined || (model.nodes[index] as FlatNode).op !== "input") {
			throw new ModelError("unknown-input", `no input ${id}`, id);
		}
	}
}

function fillInput(of: Evaluation, node: FlatNode, { inputs }: EvaluateOptions): void {
	const given = inputs?.get(node.id as string);
	const path = of.series[node.index];
	if (path === undefined) of.scalars[node.index] = scalarInput(node, given);
	else path.set(seriesInput(node, given, of.months));
}

function scalarInput(node: FlatNode, given: number | readonly number[] | undefined): number {
	if (typeof given === "number") return given;
	const value = node.spec?.value;
	if (given !== undefined || value === undefined || value.kind === "series") {
		throw new ModelError("series-mismatch", `${node.id} is one number, not a series`, node.id);
	}
	return centralValue(value);
}

function seriesInput(node: FlatNode, given: number | readonly number[] | undefined, months: number): readonly number[] {
	if (typeof given === "number") throw new ModelError("series-mismatch", `${node.id} is a series`, node.id);
	const value = node.spec?.value;
	const values = given ?? (value?.kind === "series" ? value.values : []);
	if (values.length !== months) {
		throw new ModelError("series-mismatch", `${node.id} has ${values.length} months, not ${months}`, node.id);
	}
	return values;
}

function allFinite(of: Evaluation): boolean {
	return of.series.every((path, index) => path?.every(Number.isFinite) ?? Number.isFinite(of.scalars[index]));
}

/** What is infinite after the check stands in a branch not taken: it has no value. */
function clearInfinities(of: Evaluation): void {
	for (const path of [of.scalars, ...of.series]) {
		path?.forEach((value, i) => {
			if (!Number.isFinite(value)) path[i] = Number.NaN;
		});
	}
}
