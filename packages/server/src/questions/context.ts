import type { QuestionContext } from "@farthing/answers";
import { dateFlag, seedFlag } from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import type { AskedWords } from "./question.ts";

/** A scenario that extends a file is refused: the server opens none for its callers. Nothing is read from the environment. */
export function contextOf(store: CatalogueStore, { asOf, seed }: AskedWords): QuestionContext {
	return {
		store,
		asking(command, given, { scenarioAsOf, result } = {}) {
			const catalogue = store.manifest();
			const decides = Object.entries(given).filter(([, value]) => value !== undefined);
			return {
				command,
				arguments: Object.fromEntries(decides),
				asOf:
					asOf === undefined
						? (result?.as_of ?? scenarioAsOf ?? catalogue.releaseDate)
						: dateFlag("--as-of", asOf as string),
				seed: seed === undefined ? (result?.seed ?? 1) : seedFlag("--seed", seed as string),
				catalogue,
			};
		},
	};
}
