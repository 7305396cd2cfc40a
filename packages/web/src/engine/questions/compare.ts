/** Hardware, number formats, stacks and API prices side by side for one scenario. */
import type { CompareResult, Envelope } from "@farthing/answers";
import { compare } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import type { Host } from "../host.ts";
import { askingOf, readScenario, type ScenarioWords, withNearest } from "./scenario-words.ts";

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
		const ask = (catalogue: Catalogue): Envelope<CompareResult> => compare(catalogue, scenario, asking);
		const answered = await withNearest(scenario, host, ["mlperf"], ask);
		return { ...answered, warnings: [...answered.warnings, ...unused] };
	});
}
