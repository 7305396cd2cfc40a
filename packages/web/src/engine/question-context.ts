/** What the readers of questions ask of a catalogue, from the parts that a page loaded before. */
import type { AskedAt, QuestionContext } from "@farthing/answers";
import { askingAt } from "@farthing/answers";
import type { Host } from "./host.ts";
import type { Needs } from "./partial-catalogue.ts";

/** Parts that were not named throw where they are read. Nothing is known of an environment. */
export async function questionContext(host: Host, needs: Needs, words: AskedAt): Promise<QuestionContext> {
	const [manifest, catalogue] = await Promise.all([host.manifest(), host.catalogue(needs)]);
	return {
		store: {
			manifest: () => manifest,
			facts: () => catalogue,
			mlperfTraining: () => catalogue.mlperfTraining,
			trainingThroughput: () => catalogue.trainingThroughput,
			catalogue: () => catalogue,
		},
		asking: askingAt(() => manifest, words),
	};
}
