/** Only the delivered cost of the cheapest fleet: what a change of the question would make of it. */
import type { QuantityJson } from "@farthing/engine";
import { planWith } from "@farthing/answers";
import type { Host } from "../host.ts";
import { planParts } from "../plan-parts.ts";
import { askingOf, catalogueFor, readScenario, type ScenarioWords } from "./scenario-words.ts";

export interface LeverAnswer {
	readonly option: string;
	readonly delivered: QuantityJson;
}

export async function answer(words: ScenarioWords, host: Host): Promise<LeverAnswer> {
	const { scenario } = await readScenario(words, host);
	const { fiveYears: _, ...oneDay } = scenario;
	const asking = await askingOf("plan", words, scenario, host);
	const { result } = planWith(await planParts(oneDay), await catalogueFor(oneDay, host), oneDay, asking, { top: 1 });
	const [best] = result.options;
	if (best === undefined) throw new Error("a plan without an option was not refused");
	return { option: best.id, delivered: best.delivered };
}
