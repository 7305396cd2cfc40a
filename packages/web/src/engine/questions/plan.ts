/** A scenario to ranked fleets, with the bridge and, where it gives a horizon, years of money. */
import type { Envelope, PlanResult } from "@farthing/answers";
import { FarthingError, plan } from "@farthing/answers";
import type { Host } from "../host.ts";
import { askingOf, catalogueFor, readScenario, type ScenarioWords } from "./scenario-words.ts";

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
		const answered = await planned();
		return { ...answered, warnings: [...answered.warnings, ...unused] };

		async function planned(): Promise<Envelope<PlanResult>> {
			const catalogue = await catalogueFor(scenario, host);
			try {
				return plan(catalogue, scenario, asking);
			} catch (error) {
				// What has no answer is told with the nearest of all rows, as the command line does.
				if (!(error instanceof FarthingError) || error.exit !== 3) throw error;
				return plan(await host.catalogue({ benchmarks: "all", tables: ["accuracyRuns"] }), scenario, asking);
			}
		}
	});
}
