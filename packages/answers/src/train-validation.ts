/**
 * The parallelism law held against measured optimiser steps: each step from the data sheet and its layout, the errors, and
 * the errors where a step, or all steps of a model, are left out when the one free constant is fitted.
 */
import type { Catalogue, TrainingStep } from "@farthing/catalogue";
import type { AnyExpr, Dimensionless, Evaluation, Expr, Model, QuantityJson } from "@farthing/engine";
import {
	absolute,
	add,
	buildModel,
	constant,
	define,
	divide,
	evaluate,
	fraction,
	input,
	logarithm,
	maximum,
	modelToJson,
	one,
	quantityJson,
	scalarOf,
	second,
	subtract,
	trainingStep,
} from "@farthing/engine";
import type { Asking, Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { figureProvenance } from "./evidence.ts";
import { hardwareNamed } from "./names.ts";
import { figureOf, type TrainContext } from "./train/facts.ts";
import { machineOf } from "./train/layout.ts";

export interface ValidationAnswer {
	readonly rows: readonly ValidationRow[];
	readonly mean_error: QuantityJson;
	readonly largest_error: QuantityJson;
	/** Of steps that the constant was not fitted on. */
	readonly step_left_out: LeftOut;
	readonly model_left_out: LeftOut;
	/** Free constants of the law. */
	readonly fitted: readonly string[];
}

export interface ValidationRow {
	readonly id: string;
	readonly name: string;
	readonly hardware: string;
	readonly layout: string;
	readonly measured: QuantityJson;
	readonly modelled: QuantityJson;
	/** Modelled over measured, less 1. */
	readonly error: QuantityJson;
}

export interface LeftOut {
	readonly mean_error: QuantityJson;
	readonly largest_error: QuantityJson;
}

/** The one constant that was fitted; the other three were published by others. */
const FITTED = "law.matrix";

export function trainingValidation(catalogue: Catalogue, asking: Asking): Envelope<ValidationAnswer> {
	const context: TrainContext = { catalogue, asOf: asking.asOf, warnings: [], defaults: [], unknown: {} };
	const steps = catalogue.trainingSteps;
	const known = steps.map((step) => stepError(context, step));
	const errors = known.map(({ error }) => error);
	const model = buildModel(known.flatMap(({ error, log }) => [error, log]));
	const leftOut = [
		...leftOutNodes(
			"step_left_out",
			model,
			steps,
			steps.map((step) => [step.id]),
		),
		...leftOutNodes("model_left_out", model, steps, groupsByName(steps)),
	];
	const evaluation = evaluate(buildModel([...errors, ...summary(errors), ...leftOut]));
	const json = (id: string): QuantityJson => quantityJson(evaluation, id);
	const of = (kind: string): LeftOut => ({
		mean_error: json(`${kind}.mean_error`),
		largest_error: json(`${kind}.largest_error`),
	});
	const answer = {
		rows: steps.map((step) => rowOf(evaluation, step)),
		mean_error: json("mean_error"),
		largest_error: json("largest_error"),
		step_left_out: of("step_left_out"),
		model_left_out: of("model_left_out"),
		fitted: [FITTED],
	};
	return envelope(asking, answer, context.warnings, modelToJson(evaluation));
}

/** The constant at which the squared logarithms of the errors of `ids` sum to the least. */
export function fittedEfficiency(model: Model, ids: readonly string[]): number {
	const loss = (value: number): number => {
		const logs = readAt(
			model,
			ids.map((id) => `${id}.log_error`),
			value,
		);
		return logs.reduce((sum, log) => sum + log * log, 0);
	};
	return goldenSection(loss, 0.3, 1);
}

/** Model of the errors of all measured steps; outputs are named `<id>.error` and `<id>.log_error`. */
export function validationModel(catalogue: Catalogue, asOf: string): Model {
	const context: TrainContext = { catalogue, asOf, warnings: [], defaults: [], unknown: {} };
	const errors = catalogue.trainingSteps.map((step) => stepError(context, step));
	return buildModel(errors.flatMap(({ error, log }) => [error, log]));
}

interface StepError {
	readonly error: Expr<Dimensionless>;
	/** What the fit makes small: the kernel's logarithm has the same bits everywhere. */
	readonly log: Expr<Dimensionless>;
}

function stepError(context: TrainContext, step: TrainingStep): StepError {
	const { id } = step;
	const at = `training-validation/${id}`;
	const measured = figureOf(context, `${id}.measured`, second, step.step, "measured optimiser step", at);
	const time = modelledStep(context, step);
	const ratio = divide(time, measured) as AnyExpr as Expr<Dimensionless>;
	const label = "error of the law";
	return {
		error: define(`${id}.error`, fraction, subtract(ratio, constant(1, one)), {
			label,
			formula: "modelled ÷ measured − 1",
		}),
		log: define(`${id}.log_error`, one, logarithm(ratio), { label, formula: "logarithm of modelled ÷ measured" }),
	};
}

type StepCount =
	| "layers"
	| "hidden"
	| "feedforward"
	| "heads"
	| "vocabulary"
	| "sequence"
	| "microbatch"
	| "batch"
	| "tp"
	| "pp"
	| "dp"
	| "interleave";

function modelledStep(context: TrainContext, step: TrainingStep): Expr<{ readonly s: 1 }> {
	const part = hardwareNamed(context.catalogue, step.hardware);
	const spec = figureProvenance(context.catalogue, step.step, `training-validation/${step.id}`);
	const count = (name: StepCount, label: string): Expr<Dimensionless> => {
		const value = { kind: "point", value: step[name] } as const;
		return input(`${step.id}.${name}`, one, { ...spec, label, value, role: "condition" });
	};
	const plain = (name: string, value: number, label: string): Expr<Dimensionless> =>
		input(`${step.id}.${name}`, one, { ...spec, label, value: { kind: "point", value }, role: "condition" });
	const shape = {
		layers: count("layers", "layers"),
		hidden: count("hidden", "hidden size"),
		feedforward: count("feedforward", "feed-forward size"),
		feedforwardMatrices: plain("feedforwardMatrices", 2, "matrices of the feed-forward part, GPT"),
		heads: count("heads", "attention heads"),
		keyValueShare: plain("keyValueShare", 1, "key-value heads over heads, GPT"),
		vocabulary: count("vocabulary", "vocabulary"),
	};
	const layout = {
		sequence: count("sequence", "tokens of a training sequence"),
		microbatch: count("microbatch", "sequences in a micro-batch"),
		batch: count("batch", "sequences in an optimiser step"),
		tensor: count("tp", "tensor-parallel GPUs"),
		pipeline: count("pp", "pipeline stages"),
		data: count("dp", "replicas"),
		interleave: count("interleave", "pieces of the model in a stage"),
		recompute: step.recompute,
		sequenceParallel: step.sequenceParallel,
		fusedAttention: false,
	};
	return trainingStep(`${step.id}.`, shape, layout, machineOf(context, part, "bf16")).time;
}

function summary(errors: readonly Expr<Dimensionless>[]): AnyExpr[] {
	const sizes = errors.map((error) => absolute(error)) as [Expr<Dimensionless>, ...Expr<Dimensionless>[]];
	const mean = divide(add(...sizes), constant(sizes.length, one)) as Expr<Dimensionless>;
	return [
		define("mean_error", fraction, mean, {
			label: "mean size of the errors",
			formula: "mean of |modelled ÷ measured − 1|",
		}),
		define("largest_error", fraction, maximum(...sizes), {
			label: "largest error",
			formula: "largest |modelled ÷ measured − 1|",
		}),
	];
}

/** A fit is no formula: its errors enter as numbers that say how they came about. */
function leftOutNodes(
	kind: string,
	model: Model,
	steps: readonly TrainingStep[],
	groups: readonly (readonly string[])[],
): AnyExpr[] {
	const sizes = groups.flatMap((group) => {
		const others = steps.map(({ id }) => id).filter((id) => !group.includes(id));
		const value = fittedEfficiency(model, others);
		return readAt(
			model,
			group.map((id) => `${id}.error`),
			value,
		).map(Math.abs);
	});
	const source = `${groups.length} fits of ${FITTED} by golden section, least squares of the logarithm, each without ${kind === "model_left_out" ? "the steps of one model" : "one step"}`;
	const node = (name: string, label: string, value: number): AnyExpr =>
		input(`${kind}.${name}`, fraction, {
			label,
			source,
			asOf: oldest(steps),
			grade: "D",
			state: "modelled",
			value: { kind: "point", value },
		});
	return [
		node("mean_error", "mean size of the errors", sizes.reduce((a, b) => a + b, 0) / sizes.length),
		node("largest_error", "largest error", Math.max(...sizes)),
	];
}

/** Values of named quantities with the fitted constant at `value`. */
function readAt(model: Model, names: readonly string[], value: number): number[] {
	const evaluation = evaluate(model, { inputs: new Map([[FITTED, value]]) });
	return names.map((name) => scalarOf(evaluation, name));
}

/** Minimum of a function with one valley. */
function goldenSection(of: (x: number) => number, from: number, to: number): number {
	const ratio = (Math.sqrt(5) - 1) / 2;
	let [low, high] = [from, to];
	let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
	let [ofA, ofB] = [of(a), of(b)];
	while (high - low > 1e-6) {
		if (ofA < ofB) {
			[high, b, ofB] = [b, a, ofA];
			a = high - ratio * (high - low);
			ofA = of(a);
		} else {
			[low, a, ofA] = [a, b, ofB];
			b = low + ratio * (high - low);
			ofB = of(b);
		}
	}
	return (low + high) / 2;
}

function groupsByName(steps: readonly TrainingStep[]): string[][] {
	const names = [...new Set(steps.map(({ name }) => name))];
	return names.map((name) => steps.filter((step) => step.name === name).map(({ id }) => id));
}

function rowOf(evaluation: Evaluation, step: TrainingStep): ValidationRow {
	const { id, name, hardware, tp, pp, dp, interleave, recompute, sequenceParallel } = step;
	const more = `${interleave > 1 ? `, ${interleave} pieces a stage` : ""}, ${recompute} recompute${sequenceParallel ? ", sequence parallel" : ""}`;
	return {
		id,
		name,
		hardware,
		layout: `TP${tp} PP${pp} DP${dp}${more}`,
		measured: quantityJson(evaluation, `${id}.measured`),
		modelled: quantityJson(evaluation, `${id}.time`),
		error: quantityJson(evaluation, `${id}.error`),
	};
}

function oldest(steps: readonly TrainingStep[]): string {
	return steps.map(({ step }) => step.asOf).reduce((a, b) => (a < b ? a : b));
}
