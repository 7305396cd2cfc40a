/**
 * `farthing sensitivity`: what a number of a result leans on. Each ranged input alone (tornado), its share of the spread
 * alone and with all others (Sobol), the value at which the decision flips, and what it is worth to know it.
 */
import type {
	AnyUnit,
	Correlation,
	Evaluation,
	FlatNode,
	Flip,
	Model,
	QuantityJson,
	SobolIndex,
	TornadoBar,
} from "@farthing/engine";
import {
	centralValue,
	flips,
	isRanged,
	ModelError,
	nodeIndex,
	quantityJson,
	sample,
	scalarOf,
	sobolIndices,
	subEvaluation,
	tornado,
	valueOfLearning,
} from "@farthing/engine";
import type { Decision, DecisionOption } from "./decision.ts";
import { decisionOf } from "./decision.ts";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import type { SavedResult } from "./why.ts";
import { graphOf, nodeNamed } from "./why.ts";

export interface SensitivityQuestion {
	/** A number of the result, named as for `why`; that by which its options are ranked unless given. */
	readonly of?: string;
	/** Rows of each Sobol design, a power of 2. */
	readonly rows?: number;
	/** Draws for the value of learning. */
	readonly draws?: number;
}

export interface SensitivityResult {
	readonly of: string;
	readonly label: string;
	readonly value: QuantityJson;
	/** The largest total share first. */
	readonly inputs: readonly InputSensitivity[];
	/** Share of the variance that no input carries alone: inputs that act together. */
	readonly together: number;
	readonly rows: number;
	readonly evaluations: number;
	/** Share of the rows in which the number is reachable. */
	readonly coverage: number;
	readonly decision?: DecisionSensitivity;
}

export interface Share {
	readonly value: number;
	/** 95% confidence. */
	readonly low: number;
	readonly high: number;
}

export interface InputSensitivity {
	readonly input: string;
	readonly label: string;
	readonly source: string;
	readonly owner?: string;
	readonly grade: string;
	/** The 5th percentile, the middle and the 95th. */
	readonly low: QuantityJson;
	readonly central: QuantityJson;
	readonly high: QuantityJson;
	/** The number there, with all other inputs in the middle. */
	readonly at_low: QuantityJson;
	readonly at_high: QuantityJson;
	/** Share of the variance that would go if this input were known. */
	readonly first: Share;
	/** Share that would stay if all others were known. */
	readonly total: Share;
}

export interface DecisionSensitivity {
	readonly choose: "least" | "most";
	readonly options: readonly DecisionOption[];
	readonly flips: readonly InputFlip[];
	readonly learning: {
		readonly draws: number;
		/** The option that is best on average over the draws. */
		readonly choice: string;
		/** Worth of knowing everything before choosing. */
		readonly everything: QuantityJson;
		/** Values below this say nothing. */
		readonly noise: QuantityJson;
		readonly inputs: readonly {
			readonly input: string;
			readonly label: string;
			readonly value: QuantityJson;
			/** Share of the draws in which knowing it changes the choice. */
			readonly changes: number;
		}[];
	};
}

export interface InputFlip {
	readonly input: string;
	readonly label: string;
	readonly central: QuantityJson;
	/** `flips`: from `value` on `to` is better; `unreachable`: from there on it has no value; `never` within the range. */
	readonly state: "flips" | "never" | "unreachable";
	readonly value?: QuantityJson;
	/** Where in the input's range that is. */
	readonly quantile?: number;
	readonly to?: string;
}

const ROWS = 1024;
const DRAWS = 4096;

/** Of a saved result. Throws exit 3 for an unknown number or one without ranges, exit 2 for a result without a graph. */
export function sensitivity(
	saved: SavedResult,
	question: SensitivityQuestion,
	asking: Asking,
): Envelope<SensitivityResult> {
	const evaluation = graphOf(saved);
	const decision = decisionOf(saved);
	const of = targetOf(evaluation, saved, question.of, decision);
	const { rows = ROWS } = question;
	const { model, months } = evaluation;
	const node = model.nodes[nodeIndex(model, of)] as FlatNode;
	if (node.shape === "series" || Number.isNaN(scalarOf(evaluation, of))) throw notANumber(of, node);
	const bars = tornado(model, of, { months }).bars;
	if (bars.length === 0) throw noRanges(of);
	const shares = reachable(() => sobolIndices(model, of, { seed: asking.seed, months, rows }));
	const barOf = new Map(bars.map((bar) => [bar.input, bar]));
	const inputs = shares.inputs.map((share) =>
		inputSensitivity(model, node, barOf.get(share.input) as TornadoBar, share),
	);
	const result: SensitivityResult = {
		of,
		label: node.meta?.label ?? of,
		value: quantityJson(subEvaluation(evaluation, [of]), of),
		inputs,
		together: 1 - inputs.reduce((sum, { first }) => sum + first.value, 0),
		rows,
		evaluations: shares.evaluations,
		coverage: shares.coverage,
		...(decision === undefined || !isRangedIn(model, decision)
			? {}
			: {
					decision: decisionSensitivity(evaluation, decision, {
						draws: question.draws ?? DRAWS,
						seed: asking.seed,
						correlations: drawnWith(saved),
					}),
				}),
	};
	return envelope(asking, result, []);
}

/** Correlations that the result was drawn with. */
export function drawnWith({ result }: SavedResult): readonly Correlation[] {
	return (result as { uncertainty?: { correlations?: readonly Correlation[] } }).uncertainty?.correlations ?? [];
}

function targetOf(
	evaluation: Evaluation,
	saved: SavedResult,
	name: string | undefined,
	decision: Decision | undefined,
): string {
	if (name !== undefined) return nodeNamed(evaluation, saved, name);
	const best = decision?.options[0]?.node;
	if (best !== undefined) return best;
	return nodeNamed(evaluation, saved, "1");
}

function notANumber(of: string, { shape }: FlatNode): FarthingError {
	return new FarthingError(
		3,
		"no-single-number",
		`${of} ${shape === "series" ? "has a value a month" : "has no value here"}`,
		{
			expected: { en: "one number of the result, such as own.npv", zh: "结果中的一个数字，例如 own.npv" },
		},
	);
}

function noRanges(of: string): FarthingError {
	return new FarthingError(
		3,
		"no-ranges",
		{
			en: `no input behind ${of} has a range: there is nothing to be sensitive to`,
			zh: `${of} 背后的输入都没有区间：没有可以敏感的对象`,
		},
		{
			expected: { en: "inputs with ranges", zh: "带区间的输入" },
			hint: {
				en: 'write an input as a range, such as "85 to 120 USD"',
				zh: '请把某个输入写成区间，例如 "85 to 120 USD"',
			},
		},
	);
}

function reachable<T>(ask: () => T): T {
	try {
		return ask();
	} catch (error) {
		if (!(error instanceof ModelError)) throw error;
		throw new FarthingError(3, error.code, error.message, { expected: "a number that has a value in every draw" });
	}
}

function inputSensitivity(
	model: Model,
	node: FlatNode,
	bar: TornadoBar,
	{ first, total }: SobolIndex,
): InputSensitivity {
	const input = inputNamed(model, bar.input);
	const { spec } = input;
	const at = (value: number): QuantityJson => amount(node, value);
	const of = (value: number): QuantityJson => amount(input, value);
	return {
		input: bar.input,
		label: spec.label,
		source: spec.source,
		...(spec.owner === undefined ? {} : { owner: spec.owner }),
		grade: spec.grade,
		low: of(bar.low),
		central: of(centralValue(spec.value)),
		high: of(bar.high),
		at_low: at(bar.atLow),
		at_high: at(bar.atHigh),
		first,
		total,
	};
}

type RangedNode = FlatNode & {
	readonly spec: NonNullable<FlatNode["spec"]> & { readonly value: Parameters<typeof centralValue>[0] };
};

function inputNamed(model: Model, id: string): RangedNode {
	return model.nodes[nodeIndex(model, id)] as RangedNode;
}

/** A value of a node that it does not have in the result: in the node's unit, without evidence of its own. */
function amount({ id, unit }: FlatNode, value: number): QuantityJson {
	const { symbol, factor } = unit as AnyUnit;
	const common = { unit: symbol, node: id as string };
	return Number.isNaN(value) ? { ...common, state: "unreachable" } : { value: value / factor + 0, ...common };
}

function isRangedIn(model: Model, { options }: Decision): boolean {
	return model.nodes.some(({ spec }) => spec !== undefined && isRanged(spec.value)) && options.length > 1;
}

function decisionSensitivity(
	{ model, months }: Evaluation,
	decision: Decision,
	how: { readonly draws: number; readonly seed: number; readonly correlations: readonly Correlation[] },
): DecisionSensitivity {
	const { choose, options } = decision;
	const ids = options.map(({ node }) => node);
	const drawn = reachable(() => sample(model, { ...how, months, keep: ids }));
	const learning = valueOfLearning(model, drawn, { options: ids, choose });
	const node = model.nodes[nodeIndex(model, ids[0] as string)] as FlatNode;
	const worth = (value: number): QuantityJson => {
		const { node: _, ...plain } = amount(node, value);
		return plain;
	};
	const nameOf = new Map(options.map(({ name, node: id }) => [id, name]));
	return {
		choose,
		options,
		flips: flipsOf(model, months, options),
		learning: {
			draws: how.draws,
			choice: nameOf.get(learning.choice) as string,
			everything: worth(learning.everything),
			noise: worth(learning.noise),
			inputs: learning.inputs.map(({ input, value, changes }) => ({
				input,
				label: inputNamed(model, input).spec.label,
				value: worth(value),
				changes,
			})),
		},
	};
}

/** For each input the nearest value at which any other option gets ahead of the best. */
function flipsOf(model: Model, months: number, options: readonly DecisionOption[]): InputFlip[] {
	const nameOf = new Map(options.map(({ name, node }) => [node, name]));
	const ids = options.map(({ node }) => node) as [string, string, ...string[]];
	return flips(model, { options: ids, months }).map((flip) =>
		inputFlip(model, flip, nameOf.get(flip.against) as string),
	);
}

function inputFlip(model: Model, { input, central, nearest }: Flip, to: string): InputFlip {
	const node = inputNamed(model, input);
	const common = { input, label: node.spec.label, central: amount(node, central) };
	if (nearest.kind === "never") return { ...common, state: "never" };
	const at = { value: amount(node, nearest.value), quantile: nearest.quantile };
	return nearest.kind === "flips"
		? { ...common, state: "flips", ...at, to }
		: { ...common, state: "unreachable", ...at };
}
