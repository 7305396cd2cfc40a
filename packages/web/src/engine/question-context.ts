/** What the readers of questions ask of a catalogue, from the parts that a page loaded before. */
import type { QuestionContext } from "@farthing/answers";
import { dateFlag, seedFlag } from "@farthing/answers";
import type { Host } from "./host.ts";
import type { Needs } from "./partial-catalogue.ts";

/** Members that every question takes, as they are typed. */
export interface AskedWords {
	readonly asOf?: string;
	readonly seed?: string;
}

/** Parts that were not named throw where they are read. Nothing is known of an environment. */
export async function questionContext(host: Host, needs: Needs, { asOf, seed }: AskedWords): Promise<QuestionContext> {
	const [manifest, catalogue] = await Promise.all([host.manifest(), host.catalogue(needs)]);
	return {
		store: {
			manifest: () => manifest,
			facts: () => catalogue,
			mlperfTraining: () => catalogue.mlperfTraining,
			trainingThroughput: () => catalogue.trainingThroughput,
			catalogue: () => catalogue,
		},
		asking(command, given, { scenarioAsOf, result } = {}) {
			const decides = Object.entries(given).filter(([, value]) => value !== undefined);
			return {
				command,
				arguments: Object.fromEntries(decides),
				asOf: asOf === undefined ? (result?.as_of ?? scenarioAsOf ?? manifest.releaseDate) : dateFlag("--as-of", asOf),
				seed: seed === undefined ? (result?.seed ?? 1) : seedFlag("--seed", seed),
				catalogue: manifest,
			};
		},
	};
}
