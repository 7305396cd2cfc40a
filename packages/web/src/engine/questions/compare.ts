/** Hardware, number formats, stacks and API prices side by side for one scenario. */
import type { CompareResult, Envelope } from "@farthing/answers";
import { compare, FarthingError } from "@farthing/answers";
import type { Host } from "../host.ts";
import { askingOf, catalogueFor, readScenario, type ScenarioWords } from "./scenario-words.ts";

export type CompareAnswer = Omit<Envelope<CompareResult>, "graph">;

export async function answer(words: ScenarioWords, host: Host): Promise<CompareAnswer> {
	const { graph: _, ...shown } = await savedCompare(words, host);
	return shown;
}

/** With its graph, kept for the next `why`. */
export function savedCompare(words: ScenarioWords, host: Host): Promise<Envelope<CompareResult>> {
	return host.kept(`compare ${JSON.stringify(words)}`, async () => {
		const { scenario, unused } = await readScenario(words, host);
		const asking = await askingOf("compare", words, scenario, host);
		const answered = await compared();
		return { ...answered, warnings: [...answered.warnings, ...unused] };

		async function compared(): Promise<Envelope<CompareResult>> {
			const catalogue = await catalogueFor(scenario, host, ["mlperf"]);
			try {
				return compare(catalogue, scenario, asking);
			} catch (error) {
				// What has no answer is told with the nearest of all rows, as the command line does.
				if (!(error instanceof FarthingError) || error.exit !== 3) throw error;
				return compare(
					await host.catalogue({ benchmarks: "all", tables: ["accuracyRuns", "mlperf"] }),
					scenario,
					asking,
				);
			}
		}
	});
}
