/** Ranges in a tree: of numbers whose quantiles the result tells, and of inputs that are ranges themselves. */
import type { Evaluation, QuantityJson, WhyNode } from "@farthing/engine";
import { quantileFunction } from "@farthing/engine";

type Quantiles = Pick<QuantityJson, "value" | "p10" | "p50" | "p90" | "coverage" | "looked_at">;

/** P10 to P90 beside the values: what a range of the answer comes from is told as the number itself is. */
export function withRanges(tree: WhyNode, result: unknown, evaluation: Evaluation): WhyNode {
	const told = new Map<string, Quantiles>();
	collect(result, told);
	const done = new Map<WhyNode, WhyNode>();
	return ranged(tree);

	function ranged(node: WhyNode): WhyNode {
		const known = done.get(node);
		if (known !== undefined) return known;
		const inputs = node.inputs.map(ranged);
		const isSame = inputs.every((each, i) => each === node.inputs[i]);
		const quantiles = quantilesOf(node);
		const made =
			quantiles === undefined
				? isSame
					? node
					: { ...node, inputs }
				: { ...node, value: { ...node.value, ...quantiles }, inputs };
		done.set(node, made);
		return made;
	}

	function quantilesOf({ node, value, month }: WhyNode): Omit<Quantiles, "value"> | undefined {
		if (month !== undefined || value.value === undefined || value.p10 !== undefined) return undefined;
		const { p10, p50, p90, value: of, coverage, looked_at } = told.get(node) ?? {};
		if (p10 !== undefined && (p90 !== undefined || looked_at !== undefined) && of === value.value) {
			const there = Object.entries({ p10, p50, p90, coverage, looked_at }).filter(([, each]) => each !== undefined);
			return Object.fromEntries(there);
		}
		return inputRange(evaluation, node);
	}
}

function inputRange({ model }: Evaluation, id: string): Omit<Quantiles, "value"> | undefined {
	const found = model.nodes[model.byId.get(id) ?? -1];
	const range = found?.spec?.value;
	if (range === undefined || range.kind === "series" || range.kind === "point") return undefined;
	const at = quantileFunction(range);
	const [p10, p50, p90] = [0.1, 0.5, 0.9].map((p) => at(p) / (found?.unit?.factor ?? 1)) as [number, number, number];
	return { p10, p50, p90 };
}

function collect(of: unknown, told: Map<string, Quantiles>): void {
	if (typeof of !== "object" || of === null) return;
	const { node, p10 } = of as QuantityJson;
	if (typeof node === "string" && typeof p10 === "number" && !told.has(node)) told.set(node, of as QuantityJson);
	for (const each of Object.values(of)) collect(each, told);
}
