/** Years of money in full: every way with its years, measures, chances, and what moves the cost of a token. */
import type { Envelope, PlanYearsResult } from "@farthing/answers";
import { planYears } from "@farthing/answers";
import type { Host } from "../host.ts";
import { askingOf, catalogueFor, readScenario, type ScenarioWords } from "./scenario-words.ts";

export type YearsAnswer = Omit<Envelope<PlanYearsResult>, "graph">;

export async function answer(words: ScenarioWords, host: Host): Promise<YearsAnswer> {
	const { graph: _, ...shown } = await savedYears(words, host);
	return shown;
}

/** With its graph, kept for the next `why`. */
export function savedYears(words: ScenarioWords, host: Host): Promise<Envelope<PlanYearsResult>> {
	return host.kept(`years ${JSON.stringify(words)}`, async () => {
		const { scenario, unused } = await readScenario(words, host);
		const asking = await askingOf("plan", words, scenario, host);
		const answered = planYears(await catalogueFor(scenario, host), scenario, asking);
		return { ...answered, warnings: [...answered.warnings, ...unused] };
	});
}
