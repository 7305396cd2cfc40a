/** The catalogue that comes with this package where there is no disk: a bundler joins its parts into the program. */
import { parts } from "./catalogue/parts.mjs";
import type { CatalogueStore } from "./store.ts";
import { storeOf } from "./store.ts";

export type { CatalogueStore } from "./store.ts";

export function openCatalogue(): CatalogueStore {
	return storeOf((name) => parts[name]);
}
