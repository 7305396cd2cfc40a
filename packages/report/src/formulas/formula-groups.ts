/**
 * The formulas of a graph, each way of calculating once: those that differ in a year, a generation or a strategy only are
 * instances of one. Outputs come first, then what they are made of.
 */
import type { Evaluation, FlatNode } from "@farthing/engine";
import { subModel } from "@farthing/engine";
import { mathWords } from "./math-words.ts";
import { type MathOf, mathOf } from "./formula-math.ts";

export interface FormulaGroup extends MathOf {
	/** The instance that is written out. */
	readonly node: FlatNode;
	/** All of them, that one first. */
	readonly instances: readonly FlatNode[];
}

/** Beneath some named quantities, or all of the graph. `prefer`: strategy whose instance is written out. */
export function formulaGroups(evaluation: Evaluation, beneath?: readonly string[], prefer?: string): FormulaGroup[] {
	const model = beneath === undefined ? evaluation.model : subModel(evaluation.model, beneath);
	const groups = new Map<string, FormulaGroup>();
	const ids = model.nodes.flatMap(({ op, id }) => (op === "node" && id !== undefined ? [id] : [])).reverse();
	for (const id of ids) {
		const node = evaluation.model.nodes[evaluation.model.byId.get(id) as number] as FlatNode;
		const made = mathOf(evaluation, node);
		const key = patternOf(`${node.unit?.symbol ?? ""} ${mathWords(made.math)}`);
		const known = groups.get(key);
		if (known === undefined) groups.set(key, { ...made, node, instances: [node] });
		else if (prefer !== undefined && id.startsWith(`${prefer}.`) && known.node.id?.startsWith(`${prefer}.`) !== true)
			groups.set(key, { ...made, node, instances: [node, ...known.instances] });
		else groups.set(key, { ...known, instances: [...known.instances, node] });
	}
	return [...groups.values()];
}

/** Years, generations, months and strategies by what they are, not which. */
function patternOf(text: string): string {
	return text
		.replace(/\b(own|rent|api|hybrid)\./g, "S.")
		.replace(/\d[\d,.]*/g, "N")
		.replace(/\bix-[0-9a-z]+/g, "ROW");
}
