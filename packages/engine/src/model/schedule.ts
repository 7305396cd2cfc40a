/**
 * The order of computation: stage by stage, in each first what does not change by month, then month by month. Inputs are
 * not in it: they are there before.
 */
import type { FlatNode, Model } from "./flatten.ts";

export interface Stage {
	readonly scalars: readonly FlatNode[];
	readonly monthly: readonly FlatNode[];
}

/** The stages of a whole model; worked out once a model. */
export function scheduleOf(model: Model): readonly Stage[] {
	const known = SCHEDULES.get(model);
	if (known !== undefined) return known;
	const made = stagesOf(model.nodes);
	SCHEDULES.set(model, made);
	return made;
}

export interface Dependents {
	/** In order of index, the node itself among them. */
	readonly nodes: readonly FlatNode[];
	/** Place of a node among `nodes`, by its index. */
	readonly places: ReadonlyMap<number, number>;
	/** How to compute them. */
	readonly stages: readonly Stage[];
}

/** A node and all that is computed from it; worked out once a model. */
export function dependentsOf(model: Model, index: number): Dependents {
	const known = DEPENDENTS.get(model) ?? { users: usersOf(model), of: new Map<number, Dependents>() };
	DEPENDENTS.set(model, known);
	const found = known.of.get(index);
	if (found !== undefined) return found;
	const seen = new Set<number>([index]);
	for (const at of seen) for (const user of known.users[at] as readonly number[]) seen.add(user);
	const nodes = [...seen].sort((a, b) => a - b).map((at) => model.nodes[at] as FlatNode);
	const places = new Map(nodes.map((node, place) => [node.index, place]));
	const made = { nodes, places, stages: stagesOf(nodes) };
	known.of.set(index, made);
	return made;
}

const SCHEDULES = new WeakMap<Model, readonly Stage[]>();
const DEPENDENTS = new WeakMap<Model, { readonly users: readonly number[][]; readonly of: Map<number, Dependents> }>();

/** Stages of some nodes, given in order of index; those without any of them are left out. */
function stagesOf(nodes: readonly FlatNode[]): readonly Stage[] {
	const stages: { scalars: FlatNode[]; monthly: FlatNode[] }[] = [];
	for (const node of nodes) {
		if (node.op === "input") continue;
		const stage = (stages[node.stage] ??= { scalars: [], monthly: [] });
		(node.shape === "series" ? stage.monthly : stage.scalars).push(node);
	}
	return stages.filter((stage) => stage !== undefined);
}

/** Nodes that use a node, by its index. */
function usersOf(model: Model): number[][] {
	const users: number[][] = model.nodes.map(() => []);
	for (const { index, args, target } of model.nodes) {
		for (const arg of args) (users[arg] as number[]).push(index);
		if (target !== undefined) (users[target] as number[]).push(index);
	}
	return users;
}
