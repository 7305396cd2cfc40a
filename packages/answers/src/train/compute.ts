/** How much a run computes: parameters, tokens, 6·N·D, and attention where the shape of the model is known. */
import type { Model, TrainingRun } from "@farthing/catalogue";
import type { AttentionShape, Expr, Flop, ParameterCount, Tokens } from "@farthing/engine";
import { add, attentionFlop, gigaparameter, gigatoken, minimum, multiply, token, trainingFlop } from "@farthing/engine";
import type { TrainContext } from "./facts.ts";
import { askedOf, figureOf, modelCount, modelWithId, sequenceOf } from "./facts.ts";
import type { TrainQuestion } from "./question.ts";

export interface Compute {
	readonly parameters?: Expr<ParameterCount>;
	readonly tokens?: Expr<Tokens<"total">>;
	readonly flop?: Expr<Flop>;
	readonly attention?: Expr<Flop>;
}

/** Of a published run, as far as it was published. */
export function computeOfRun(context: TrainContext, run: TrainingRun): Compute {
	const at = (member: string): string => `training-runs/${run.id}/${member}`;
	const parameters = of(run.parameters, (figure) =>
		figureOf(context, "parameters", gigaparameter, figure, "active parameters", at("parameters")),
	);
	const tokens = of(run.tokens, (figure) =>
		figureOf(context, "tokens", gigatoken, figure, "tokens of the run", at("tokens")),
	);
	const sequence = of(run.sequence, (figure) =>
		figureOf(context, "sequence", token("total"), figure, "tokens of a training sequence", at("sequence")),
	);
	const model = of(run.architecture, (id) => modelWithId(context.catalogue, id));
	return computed(context, parameters, tokens, model, sequence);
}

export function computeOfQuestion(context: TrainContext, question: TrainQuestion, model: Model | undefined): Compute {
	const tokens = of(question.tokens, (value) =>
		askedOf(context, "tokens", gigatoken, value, "tokens of the run", "--tokens"),
	);
	const sequence = of(question.sequence, (length) => sequenceOf(context, length));
	return computed(context, parametersOf(context, question, model), tokens, model, sequence);
}

function parametersOf(context: TrainContext, question: TrainQuestion, model: Model | undefined): Compute["parameters"] {
	if (question.parameters !== undefined) {
		return askedOf(context, "parameters", gigaparameter, question.parameters, "active parameters", "--params");
	}
	return of(model?.figures.activeParameters, (figure) =>
		figureOf(context, "parameters", gigaparameter, figure, "active parameters", `models/${model?.id}/activeParameters`),
	);
}

function computed(
	context: TrainContext,
	parameters: Expr<ParameterCount> | undefined,
	tokens: Expr<Tokens<"total">> | undefined,
	model: Model | undefined,
	sequence: Expr<Tokens<"total">> | undefined,
): Compute {
	const sized = { ...(parameters && { parameters }), ...(tokens && { tokens }) };
	if (tokens === undefined || parameters === undefined) {
		const what = [...(parameters === undefined ? ["parameters"] : []), ...(tokens === undefined ? ["tokens"] : [])];
		context.unknown["flop"] = `${what.join(" and ")} not known`;
		return sized;
	}
	const shape = attentionShape(context, model, sequence);
	const flop = trainingFlop("", parameters, tokens);
	if (typeof shape !== "string") return { ...sized, flop, attention: attentionFlop("", shape, tokens) };
	context.unknown["flop_attention"] = shape;
	return { ...sized, flop };
}

/** The shape, or why attention cannot be counted. */
function attentionShape(
	context: TrainContext,
	model: Model | undefined,
	sequence: Expr<Tokens<"total">> | undefined,
): AttentionShape | string {
	if (model === undefined) return "the shape of the model is not in the catalogue";
	if (sequence === undefined) return "the length of a training sequence is not known";
	const { attention, figures } = model;
	if (!COUNTED.has(attention) || figures.chunkTokens !== undefined) {
		return `the attention of ${model.id} (${attention}) does not see the whole sequence, and no count of it is kept`;
	}
	const count = (name: keyof Model["figures"], label: string) =>
		modelCount(context, model, name, `model.${name}`, label);
	const heads = count("heads", "attention heads");
	const width = count("headDim", "width of a head");
	const nope = count("qkNopeHeadDim", "width of queries and keys without position");
	const rope = count("qkRopeHeadDim", "width of queries and keys with position");
	const keyWidth = width ?? (nope && rope ? add(nope, rope) : undefined);
	const valueWidth = width ?? count("vHeadDim", "width of values");
	const span = spanOf(context, model, count, sequence);
	if (!heads || !keyWidth || !valueWidth || !span) return `the shape of ${model.id} is not whole in the catalogue`;
	return { heads, keyWidth, valueWidth, span };
}

type CountOf = (name: keyof Model["figures"], label: string) => ReturnType<typeof modelCount>;

/** Positions that a token attends to, over all layers: the whole sequence, or a window where it is shorter. */
function spanOf(
	context: TrainContext,
	model: Model,
	count: CountOf,
	sequence: Expr<Tokens<"total">>,
): Expr<Tokens<"total">> | undefined {
	const layers = count("fullAttentionLayers", "layers with full attention") ?? count("layers", "layers");
	if (layers === undefined) return undefined;
	const full = multiply(layers, sequence) as Expr<Tokens<"total">>;
	const windowLayers = count("windowLayers", "layers with windowed attention");
	const figure = model.figures.windowTokens;
	if (windowLayers === undefined || figure === undefined) return full;
	const at = `models/${model.id}/windowTokens`;
	const window = figureOf(context, "model.windowTokens", token("total"), figure, "tokens of a window", at);
	return add(full, multiply(windowLayers, minimum(sequence, window)) as Expr<Tokens<"total">>);
}

/** Attention in which every token sees all tokens before it, or a window of them. */
const COUNTED: ReadonlySet<string> = new Set(["gqa", "mla"]);

function of<T, R>(value: T | undefined, then: (value: T) => R): R | undefined {
	return value === undefined ? undefined : then(value);
}
