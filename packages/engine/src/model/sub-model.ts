import type { Evaluation } from "./evaluate.ts";
import type { FlatNode, Model } from "./flatten.ts";
import { nodeIndex } from "./flatten.ts";

/** Indices of all nodes that `index` is computed from, itself included, in order of computation. */
export function ancestors(model: Model, index: number): number[] {
	const seen = new Set<number>();
	const stack = [index];
	for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
		if (seen.has(at)) continue;
		seen.add(at);
		const node = model.nodes[at] as FlatNode;
		stack.push(...node.args);
		if (node.target !== undefined) stack.push(node.target);
	}
	return [...seen].sort((a, b) => a - b);
}

/** The part of a model that a set of named nodes is computed from. Throws `unknown-node`. */
export function subModel(model: Model, ids: readonly string[]): Model {
	return partOf(model, ids, orderOf(model, ids));
}

/**
 * The same part of an evaluation, with the values it has there. What is asked of one number alone, such as its grade, is
 * answered sooner in it. Throws `unknown-node`.
 */
export function subEvaluation({ model, months, scalars, series }: Evaluation, ids: readonly string[]): Evaluation {
	const order = orderOf(model, ids);
	return {
		model: partOf(model, ids, order),
		months,
		scalars: Float64Array.from(order, (old) => scalars[old] as number),
		series: order.map((old) => series[old]),
	};
}

/** Indices of the nodes of a part, in order of computation. */
function orderOf(model: Model, ids: readonly string[]): number[] {
	const wanted = new Set<number>();
	for (const id of ids) for (const index of ancestors(model, nodeIndex(model, id))) wanted.add(index);
	return [...wanted].sort((a, b) => a - b);
}

function partOf(model: Model, ids: readonly string[], order: readonly number[]): Model {
	const place = new Map(order.map((old, now) => [old, now]));
	const nodes = order.map((old) => moved(model.nodes[old] as FlatNode, place));
	const byId = new Map(nodes.flatMap((node) => (node.id === undefined ? [] : [[node.id, node.index] as const])));
	return { nodes, byId, outputs: ids, stages: model.stages };
}

function moved(node: FlatNode, place: ReadonlyMap<number, number>): FlatNode {
	const to = (old: number): number => place.get(old) as number;
	const args = node.args.map(to);
	const index = to(node.index);
	return node.target === undefined ? { ...node, index, args } : { ...node, index, args, target: to(node.target) };
}
