import type { AskedAt, QuestionContext } from "@farthing/answers";
import { askingAt } from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import type { AskedWords } from "./question.ts";

/** A scenario that extends a file is refused: the server opens none for its callers. Nothing is read from the environment. */
export function contextOf(store: CatalogueStore, words: AskedWords): QuestionContext {
	return { store, asking: askingAt(() => store.manifest(), words as AskedAt) };
}
