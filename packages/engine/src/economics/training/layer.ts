/**
 * One layer of a dense transformer and one micro-batch of T tokens, on t tensor-parallel GPUs.
 *
 * Forward is the time of matrix products (FLOP over the peak), plus memory traffic (bytes over the bandwidth), plus two
 * all-reduces; nothing overlaps. Backward is twice the work, plus the collectives that the gradients of the weights do not
 * hide. Bytes are counted over kernels as they were fused in 2022, 2 bytes a number: normalisation 8 a token and hidden
 * unit, dropout with residual 14, activation 2 for each vector read or written, softmax with its dropout 9 a score; every
 * matrix product reads its operands and writes its result once.
 *
 * Sequence parallelism, selective recomputation and hidden collectives: Korthikanti and others, "Reducing Activation
 * Recomputation in Large Transformer Models" (2022). Its table 4 (22B, A100): forward 7.7 ms, here 7.8; backward 11.9,
 * here 11.8; with sequence parallelism 7.2 and 11.8, here 7.2 and 11.6; recomputed 7.6 and 1.3, here 7.8 and 1.0.
 */
import type { Expr } from "../../model/expression.ts";
import { add, define, maximum, subtract } from "../../model/expression.ts";
import type { Time } from "../../quantity/unit.ts";
import { millisecond, one } from "../../quantity/unit.ts";
import type { BytesPerGpu, Count, FlopPerGpu, TrainingMachine } from "./machine.ts";
import {
	bytes,
	flops,
	gigabytesPerGpu,
	linkTime,
	matrixTime,
	memoryTime,
	NO_TIME,
	ONE,
	over,
	product,
	teraflopPerGpu,
	times,
	TWO,
} from "./machine.ts";

export interface ModelShape {
	readonly layers: Count;
	readonly hidden: Count;
	readonly feedforward: Count;
	/** Matrices of the feed-forward part: 2, or 3 where it is gated. */
	readonly feedforwardMatrices: Count;
	readonly heads: Count;
	/** Key-value heads over heads: 1 without grouping. */
	readonly keyValueShare: Count;
	readonly vocabulary: Count;
}

export interface LayerLayout {
	readonly sequence: Count;
	/** Sequences in a micro-batch. */
	readonly microbatch: Count;
	readonly tensor: Count;
	readonly recompute: "none" | "selective" | "full";
	readonly sequenceParallel: boolean;
	/** Attention in one kernel that never writes the scores and leaves out what the causal mask hides. */
	readonly fusedAttention: boolean;
}

export interface LayerTime {
	readonly forward: Expr<Time>;
	readonly backward: Expr<Time>;
	/** What the backward pass computes again. */
	readonly recompute: Expr<Time>;
	/** Weights of the layer. */
	readonly parameters: Count;
	/** Tokens of a micro-batch, and the numbers they carry between layers. */
	readonly tokens: Count;
	readonly activations: Count;
}

export function layerTime(prefix: string, shape: ModelShape, layout: LayerLayout, machine: TrainingMachine): LayerTime {
	const parameters = layerParameters(prefix, shape);
	const tokens = define(`${prefix}microbatch_tokens`, one, product(layout.sequence, layout.microbatch), {
		label: "tokens in a micro-batch",
		formula: "T = sequence · micro-batch",
	});
	const parts: Parts = {
		prefix,
		shape,
		layout,
		machine,
		parameters,
		tokens,
		activations: product(tokens, shape.hidden),
	};
	const attention = attentionWork(parts);
	const softmax = softmaxTraffic(parts);
	const work = forwardWork(parts, attention, softmax);
	const allReduce = tensorAllReduce(parts);
	const forward = define(`${prefix}layer_forward`, millisecond, add(work, times(TWO, allReduce)), {
		label: "forward pass of a layer and micro-batch",
		formula: "work + 2 all-reduces, as reduce-scatter and all-gather under sequence parallelism",
	});
	const backward = define(`${prefix}layer_backward`, millisecond, add(times(TWO, work), exposed(parts, allReduce)), {
		label: "backward pass of a layer and micro-batch",
		formula: "2 · forward work + collectives that the gradients of the weights do not hide",
	});
	const again = add(matrixTime(machine, attention), memoryTime(machine, softmax));
	const recompute = define(`${prefix}layer_recompute`, millisecond, recomputed(layout, forward, again), {
		label: "what the backward pass computes again",
		formula: `${layout.recompute} recomputation: Korthikanti and others (2022)`,
	});
	return { forward, backward, recompute, parameters, tokens, activations: parts.activations };
}

interface Parts {
	readonly prefix: string;
	readonly shape: ModelShape;
	readonly layout: LayerLayout;
	readonly machine: TrainingMachine;
	readonly parameters: Count;
	readonly tokens: Count;
	readonly activations: Count;
}

function layerParameters(prefix: string, shape: ModelShape): Count {
	const attention = product(attentionMatrices(shape), shape.hidden, shape.hidden);
	const feedforward = product(shape.feedforwardMatrices, shape.hidden, shape.feedforward);
	return define(`${prefix}layer_parameters`, one, add(attention, feedforward), {
		label: "weights of a layer",
		formula: "(2 + 2κ)·h² + n·h·f, with κ key-value heads over heads and n feed-forward matrices",
	});
}

/** Squares of the hidden size in queries, keys, values and output. */
function attentionMatrices(shape: ModelShape): Count {
	return add(TWO, product(TWO, shape.keyValueShare));
}

function attentionWork({ prefix, layout, activations }: Parts): Expr<FlopPerGpu> {
	const pairs = over(product(activations, layout.sequence), layout.tensor);
	return define(`${prefix}layer_attention`, teraflopPerGpu, flops(layout.fusedAttention ? 2 : 4, pairs), {
		label: "attention over the sequence, forward",
		formula: layout.fusedAttention ? "2·T·s·h/t, causal" : "4·T·s·h/t",
	});
}

function softmaxTraffic({ prefix, shape, layout, tokens }: Parts): Expr<BytesPerGpu> {
	const scores = over(product(shape.heads, layout.sequence, tokens), layout.tensor);
	return define(`${prefix}layer_softmax`, gigabytesPerGpu, bytes(layout.fusedAttention ? 0 : 9, scores), {
		label: "memory traffic of softmax and its dropout, forward",
		formula: layout.fusedAttention ? "none: the scores stay in the kernel" : "9·heads·s·T/t bytes",
	});
}

function forwardWork(parts: Parts, attention: Expr<FlopPerGpu>, softmax: Expr<BytesPerGpu>): Expr<Time> {
	const { prefix, layout, machine, parameters, tokens } = parts;
	const linear = define(`${prefix}layer_linear`, teraflopPerGpu, flops(2, tokens, over(parameters, layout.tensor)), {
		label: "matrix products with weights, forward",
		formula: "2·T·weights/t",
	});
	const traffic = define(`${prefix}layer_traffic`, gigabytesPerGpu, add(elementwise(parts), operands(parts), softmax), {
		label: "memory traffic, forward",
		formula: "normalisation, dropout and activation + operands and results of matrix products + softmax",
	});
	const time = add(matrixTime(machine, add(linear, attention)), memoryTime(machine, traffic));
	return define(`${prefix}layer_work`, millisecond, time, {
		label: "forward work of a layer and micro-batch",
		formula: "FLOP ÷ (peak · efficiency) + bytes ÷ (bandwidth · efficiency)",
	});
}

/** 22·T·h bytes, on every GPU the same unless the sequence is split over them; 2 bytes for each feed-forward vector. */
function elementwise({ shape, layout, tokens, activations }: Parts): Expr<BytesPerGpu> {
	const outside = bytes(22, layout.sequenceParallel ? over(activations, layout.tensor) : activations);
	return add(outside, bytes(2, tokens, over(product(shape.feedforwardMatrices, shape.feedforward), layout.tensor)));
}

/** Two whole inputs and two whole outputs a layer; what stands between is split, and so are the weights. */
function operands({ shape, layout, tokens, activations, parameters }: Parts): Expr<BytesPerGpu> {
	const attention = product(attentionMatrices(shape), shape.hidden);
	const between = add(attention, product(shape.feedforwardMatrices, shape.feedforward));
	const split = add(product(tokens, between), parameters);
	return add(bytes(8, activations), bytes(2, over(split, layout.tensor)));
}

function tensorAllReduce({ prefix, layout, machine, activations }: Parts): Expr<Time> {
	const ring = over(subtract(layout.tensor, ONE), layout.tensor);
	return define(`${prefix}all_reduce`, millisecond, linkTime(machine, bytes(4, ring, activations)), {
		label: "one all-reduce of the activations over the tensor-parallel GPUs",
		formula: "ring: 2·(t − 1)/t · 2·T·h bytes ÷ (link bandwidth · efficiency)",
	});
}

/**
 * Without sequence parallelism both all-reduces of input gradients run beside the weight gradients. With it, two
 * all-gathers stand open, and as many reduce-scatters and further all-gathers run beside the gradients.
 */
function exposed(parts: Parts, allReduce: Expr<Time>): Expr<Time> {
	const hiding = weightGradients(parts);
	if (!parts.layout.sequenceParallel) return maximum(subtract(times(TWO, allReduce), hiding), NO_TIME);
	return add(allReduce, times(TWO, maximum(subtract(allReduce, hiding), NO_TIME)));
}

/** Of the matrices that are split by column: queries, keys, values, and the way into the feed-forward part. */
function weightGradients({ shape, layout, machine, tokens }: Parts): Expr<Time> {
	const attention = product(add(ONE, product(TWO, shape.keyValueShare)), shape.hidden, shape.hidden);
	const inward = product(subtract(shape.feedforwardMatrices, ONE), shape.hidden, shape.feedforward);
	return matrixTime(machine, flops(2, tokens, over(add(attention, inward), layout.tensor)));
}

function recomputed({ recompute }: LayerLayout, forward: Expr<Time>, attention: Expr<Time>): Expr<Time> {
	switch (recompute) {
		case "none":
			return NO_TIME;
		case "selective":
			return attention;
		case "full":
			return forward;
	}
}
