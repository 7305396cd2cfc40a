/**
 * How long an optimiser step of a dense transformer takes on a given layout: the law behind an MFU that nobody measured.
 *
 *   step = m·(stage + head + transfer) + (p − 1)/v · (stage + transfer) + gradients + optimiser
 *
 * with m micro-batches and p pipeline stages of v pieces each. The last stage also holds the output projection (`head`), so
 * it sets the pace of a full pipeline. Bubble and interleaving: Narayanan and others, "Efficient Large-Scale Language Model
 * Training on GPU Clusters Using Megatron-LM" (2021).
 *
 * Against the eight steps of Korthikanti and others (2022), table 5 (22B to 1T on A100; one efficiency fitted, three
 * published): mean error 3.0%, largest 5.3%. With each step left out of the fit in turn 3.4% and 5.9%, with each model left
 * out 3.9% and 7.0%. Not held against other parts and formats, mixtures of experts or context parallelism.
 */
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { add, constant, define, divide, multiply, subtract, when } from "../../model/expression.ts";
import type { Time, TokensPerGpuSecond } from "../../quantity/unit.ts";
import { fraction, gpu, millisecond, one, second, token, tokensPerGpuSecond } from "../../quantity/unit.ts";
import type { LayerLayout, LayerTime, ModelShape } from "./layer.ts";
import { layerTime } from "./layer.ts";
import type { Count, TrainingMachine } from "./machine.ts";
import { bytes, flops, matrixTime, memoryTime, networkTime, NO_TIME, ONE, over, product, times } from "./machine.ts";

export interface TrainingLayoutInputs extends LayerLayout {
	/** Sequences in an optimiser step, over all replicas. */
	readonly batch: Count;
	readonly pipeline: Count;
	/** Replicas of the model. */
	readonly data: Count;
	/** Pieces of the model that each stage holds; 1 without interleaving. */
	readonly interleave: Count;
}

export interface TrainingStepTime {
	readonly time: Expr<Time>;
	readonly speed: Expr<TokensPerGpuSecond<"total">>;
	/** Share of the step in which a stage waits for the pipeline to fill and drain. */
	readonly bubble: Count;
	readonly parametersPerGpu: Count;
	readonly layer: LayerTime;
}

export function trainingStep(
	prefix: string,
	shape: ModelShape,
	layout: TrainingLayoutInputs,
	machine: TrainingMachine,
): TrainingStepTime {
	const layer = layerTime(prefix, shape, layout, machine);
	const context: Context = { prefix, shape, layout, machine, layer };
	const microbatches = define(
		`${prefix}microbatches`,
		one,
		over(layout.batch, product(layout.data, layout.microbatch)),
		{
			label: "micro-batches in a step and replica",
			formula: "m = batch ÷ (d · micro-batch)",
		},
	);
	const moving = add(stageTime(context), transferTime(context));
	const waits = over(subtract(layout.pipeline, ONE), layout.interleave);
	const waiting = define(`${prefix}bubble_time`, second, times(waits, moving), {
		label: "time in which a stage waits for the pipeline to fill and drain",
		formula: "(p − 1)/v · (stage + transfer): Narayanan and others (2021)",
	});
	const working = times(microbatches, add(moving, headTime(context)));
	const parameters = parametersPerGpu(context);
	const ends = add(gradientTime(context, parameters), optimiserTime(context, parameters));
	const time = define(`${prefix}time`, second, add(working, waiting, ends), {
		label: "time of an optimiser step",
		formula: "m·(stage + head + transfer) + bubble + gradients + optimiser",
	});
	const bubble = define(`${prefix}bubble`, fraction, divide(waiting, time) as AnyExpr as Count, {
		label: "share of the step that the bubble takes",
		formula: "bubble ÷ step",
	});
	return { time, speed: stepSpeed(context, time), bubble, parametersPerGpu: parameters, layer };
}

interface Context {
	readonly prefix: string;
	readonly shape: ModelShape;
	readonly layout: TrainingLayoutInputs;
	readonly machine: TrainingMachine;
	readonly layer: LayerTime;
}

function stageTime({ prefix, shape, layout, layer }: Context): Expr<Time> {
	const bothWays = add(layer.forward, layer.backward, layer.recompute);
	return define(`${prefix}stage`, millisecond, times(over(shape.layers, layout.pipeline), bothWays), {
		label: "a micro-batch through the layers of one stage, both ways",
		formula: "(forward + backward + recompute) · L/p",
	});
}

/** Activations to the next stage and gradients back, once for each piece; every tensor-parallel GPU sends its share. */
function transferTime({ prefix, layout, machine, layer }: Context): Expr<Time> {
	const moved = bytes(4, over(product(layer.activations, layout.interleave), layout.tensor));
	return define(
		`${prefix}transfer`,
		millisecond,
		when(layout.pipeline, ">", ONE, networkTime(machine, moved), NO_TIME),
		{
			label: "a micro-batch's activations and gradients between stages",
			formula: "2 · v · 2·T·h/t bytes ÷ (network bandwidth · efficiency), where p > 1",
		},
	);
}

/** The output projection and its loss, on the last stage only. */
function headTime({ prefix, shape, layout, machine, layer }: Context): Expr<Time> {
	const share = over(shape.vocabulary, layout.tensor);
	const matrix = matrixTime(machine, flops(6, layer.activations, share));
	const loss = memoryTime(machine, bytes(24, layer.tokens, share));
	return define(`${prefix}head`, millisecond, add(matrix, loss), {
		label: "output projection and loss of a micro-batch, both ways, on the last stage",
		formula: "3 · (2·T·h·V/t FLOP + 8·T·V/t bytes)",
	});
}

function parametersPerGpu({ prefix, shape, layout, layer }: Context): Count {
	const all = add(product(shape.layers, layer.parameters), product(shape.vocabulary, shape.hidden));
	return define(`${prefix}parameters_per_gpu`, one, over(all, product(layout.tensor, layout.pipeline)), {
		label: "parameters on a GPU",
		formula: "(L · weights of a layer + V·h) ÷ (t · p)",
	});
}

/** Not hidden behind the backward pass, as in the measurements; an overlap would hide nearly all of it. */
function gradientTime({ prefix, layout, machine }: Context, parameters: Count): Expr<Time> {
	const ring = over(subtract(layout.data, ONE), layout.data);
	return define(`${prefix}gradients`, second, networkTime(machine, bytes(8, ring, parameters)), {
		label: "all-reduce of the gradients over the replicas",
		formula: "ring: 2·(d − 1)/d · 4 bytes a parameter ÷ (network bandwidth · efficiency)",
	});
}

/**
 * Bytes a parameter: gradient zeroed 4, unscaled and checked 8, measured for its norm 4, read by Adam 4, moments and master
 * copy read and written 24, weights written back 6.
 */
function optimiserTime({ prefix, machine }: Context, parameters: Count): Expr<Time> {
	return define(`${prefix}optimiser`, second, memoryTime(machine, bytes(50, parameters)), {
		label: "Adam in mixed precision",
		formula: "50 bytes of memory traffic a parameter",
	});
}

function stepSpeed({ prefix, layout }: Context, time: Expr<Time>): Expr<TokensPerGpuSecond<"total">> {
	const gpus = multiply(product(layout.tensor, layout.pipeline, layout.data), constant(1, gpu));
	const tokens = multiply(product(layout.batch, layout.sequence), constant(1, token("total")));
	const rate = divide(tokens, multiply(gpus as Expr<{ readonly gpu: 1 }>, time)) as AnyExpr;
	return define(
		`${prefix}tokens_per_gpu_second`,
		tokensPerGpuSecond("total"),
		rate as Expr<TokensPerGpuSecond<"total">>,
		{
			label: "tokens trained per second and GPU, in steady state",
			formula: "batch · sequence ÷ (t · p · d · step)",
		},
	);
}
