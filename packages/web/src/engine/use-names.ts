/** Names of what the catalogue has ids for. */
import { useCallback } from "react";
import { useAnswer } from "./use-answer.ts";
import type { CatalogueAnswer } from "./questions/catalogue.ts";

export type NamedCollection = "models" | "hardware" | "stacks" | "precisions";
/** The name, or the id itself while names are not there or the catalogue has none. */
export type NameOf = (collection: NamedCollection, id: string) => string;

export function useNames(): NameOf {
	const { answer } = useAnswer("catalogue", null);
	return useCallback((collection, id) => nameIn(answer, collection, id), [answer]);
}

function nameIn(answer: CatalogueAnswer | undefined, collection: NamedCollection, id: string): string {
	return answer?.[collection].find((each) => each.id === id)?.name ?? id;
}
