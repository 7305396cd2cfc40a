/**
 * What it is worth to know before one decides: the expected value of perfect information, on everything and on one input
 * alone. An input matters if its value would change the choice, not if it merely spreads the result. By bins of draws:
 * M. Strong and J. E. Oakley, "An efficient method for computing single-parameter partial expected value of perfect
 * information", Medical Decision Making 33 (2013), 755-766.
 */
import type { Model } from "./flatten.ts";
import { rangedInputs, uniformColumns } from "./input-draws.ts";
import { ModelError } from "./model-error.ts";
import type { Draws } from "./sample.ts";
import { subModel } from "./sub-model.ts";

export interface LearningOptions {
	/** Ids of the options to choose among: scalars of one unit, all of them kept in the draws. */
	readonly options: readonly string[];
	/** `least`: the options are costs. */
	readonly choose: "least" | "most";
	/** Draws with like values of an input that are taken together; 40 bins unless told. */
	readonly bins?: number;
}

export interface Learning {
	/** The option that is best on average, chosen without knowing more. */
	readonly choice: string;
	/** Its average, base units. */
	readonly expected: number;
	/** Worth of knowing everything: no single input can be worth more. */
	readonly everything: number;
	/** The most valuable first. */
	readonly inputs: readonly LearningOfInput[];
	/** What bins of unrelated draws would seem to be worth: values below it say nothing. */
	readonly noise: number;
	/** Share of the draws in which every option is reachable; others do not count. */
	readonly coverage: number;
}

export interface LearningOfInput {
	readonly input: string;
	/** Worth of knowing it, base units of the options, 0 or more. */
	readonly value: number;
	/** Share of the draws in which knowing it changes the choice. */
	readonly changes: number;
}

/** Throws `unknown-node` where an option is not kept in the draws or there are fewer than two. */
export function valueOfLearning(model: Model, draws: Draws, options: LearningOptions): Learning {
	const sign = options.choose === "most" ? 1 : -1;
	const columns = options.options.map((id) => keptDraws(draws, id));
	if (columns.length < 2) throw new ModelError("unknown-node", "a decision needs two options or more");
	const reached = Uint32Array.from(columns[0]?.keys() ?? []).filter((i) =>
		columns.every((column) => !Number.isNaN(column[i])),
	);
	const gains = columns.map((column) => Float64Array.from(reached, (i) => sign * (column[i] as number)));
	const means = gains.map((gain) => meanOf(gain, 0, gain.length));
	const best = means.indexOf(Math.max(...means));
	const expected = means[best] as number;
	const bins = Math.max(1, Math.min(options.bins ?? 40, Math.floor(reached.length / 2)));
	const inputs = rangedInputs(subModel(model, options.options)).map(({ id }) => {
		const uniforms = new Float64Array(draws.draws);
		uniformColumns(draws)(id as string)(uniforms, 0, draws.draws);
		const own = Float64Array.from(reached, (i) => uniforms[i] as number);
		const order = Uint32Array.from(own.keys()).sort((i, j) => (own[i] as number) - (own[j] as number));
		const { value, changes } = knowingBin(gains, order, bins, best);
		return { input: id as string, value: Math.max(value - expected, 0), changes };
	});
	const asDrawn = Uint32Array.from(reached.keys());
	return {
		choice: options.options[best] as string,
		expected: sign * expected,
		everything: Math.max(meanOfBest(gains) - expected, 0),
		inputs: inputs.sort((a, b) => b.value - a.value || (a.input < b.input ? -1 : 1)),
		// Draws in the order in which they were made are related to no input.
		noise: Math.max(knowingBin(gains, asDrawn, bins, best).value - expected, 0),
		coverage: reached.length / draws.draws,
	};
}

function keptDraws(draws: Draws, id: string): Float64Array {
	const kept = draws.values.get(id);
	if (kept === undefined) throw new ModelError("unknown-node", `the draws of ${id} were not kept`, id);
	return kept;
}

/** Average of the best choice where only the bin of a draw is known. */
function knowingBin(
	gains: readonly Float64Array[],
	order: Uint32Array,
	bins: number,
	best: number,
): { value: number; changes: number } {
	const sorted = gains.map((gain) => Float64Array.from(order, (i) => gain[i] as number));
	let value = 0;
	let changed = 0;
	for (let bin = 0; bin < bins; bin++) {
		const from = Math.floor((bin * order.length) / bins);
		const to = Math.floor(((bin + 1) * order.length) / bins);
		const means = sorted.map((gain) => meanOf(gain, from, to));
		const most = Math.max(...means);
		value += most * (to - from);
		if (most > (means[best] as number)) changed += to - from;
	}
	return { value: value / order.length, changes: changed / order.length };
}

function meanOf(values: Float64Array, from: number, to: number): number {
	let sum = 0;
	for (let i = from; i < to; i++) sum += values[i] as number;
	return sum / (to - from);
}

function meanOfBest(gains: readonly Float64Array[]): number {
	const best = (gains[0] as Float64Array).map((_, i) => Math.max(...gains.map((gain) => gain[i] as number)));
	return meanOf(best, 0, best.length);
}
