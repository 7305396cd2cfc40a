/** What the parts of an answer are read from: the model as planned, under the marginal lens, and in draws. */
import type { Draws, Evaluation, QuantityJson } from "@farthing/engine";
import { quantityJson } from "@farthing/engine";
import type { Asked } from "./asked.ts";

export interface Answer {
	readonly asked: Asked;
	readonly evaluation: Evaluation;
	readonly marginal: Evaluation;
	readonly draws: Draws | undefined;
	readonly currencyDate: string;
	readonly months: number;
	/** Quantities told before, by node. */
	readonly known: Map<string, QuantityJson>;
}

/** A named number. What years of money come to is modelled, however well measured the machine is. */
export function json({ evaluation, draws, currencyDate, known }: Answer, id: string): QuantityJson {
	const there = known.get(id);
	if (there !== undefined) return there;
	const options = { ...(draws?.values.has(id) === true ? { draws } : {}), currencyDate };
	const found = quantityJson(evaluation, id, options);
	const told: QuantityJson = found.value === undefined ? found : { ...found, state: "modelled" };
	known.set(id, told);
	return told;
}

/** The same quantity where other inputs hold; it leans on the same evidence, and its draws are not made anew. */
export function valueIn(
	{ model, scalars }: Evaluation,
	{ p10: _, p50: __, p90: ___, ...of }: QuantityJson,
): QuantityJson {
	const node = model.nodes[model.byId.get(of.node as string) as number];
	return { ...of, value: (scalars[node?.index as number] as number) / (node?.unit?.factor ?? 1) };
}
