/** A scenario to ranked fleets, with the bridge and, where it gives a horizon, years of money. */
import type { Envelope, PlanResult } from "@farthing/answers";
import { planWith } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import type { Host } from "../host.ts";
import { planParts } from "../plan-parts.ts";
import { askingOf, readScenario, type ScenarioWords, withNearest } from "./scenario-words.ts";

export type PlanAnswer = Omit<Envelope<PlanResult>, "graph">;

export async function answer(words: ScenarioWords, host: Host): Promise<PlanAnswer> {
	const { graph: _, ...shown } = await savedPlan(words, host);
	return shown;
}

/** With its graph, kept for the next `why`. */
export function savedPlan(words: ScenarioWords, host: Host): Promise<Envelope<PlanResult>> {
	return host.kept(`plan ${JSON.stringify(words)}`, async () => {
		const { scenario, unused } = await readScenario(words, host);
		const asking = await askingOf("plan", words, scenario, host);
		const parts = await planParts(scenario);
		const ask = (catalogue: Catalogue): Envelope<PlanResult> => planWith(parts, catalogue, scenario, asking);
		const answered = await withNearest(scenario, host, [], ask);
		return { ...answered, warnings: [...answered.warnings, ...unused] };
	});
}
