/** By what the page compares, from its URL. */
import type { Comparison } from "@farthing/answers";
import type { NamedCollection, NameOf } from "../../engine/use-names.ts";

export const DIMENSIONS = ["hardware", "precision", "stack"] as const satisfies readonly Comparison[];
export type Dimension = (typeof DIMENSIONS)[number];

const COLLECTIONS: Readonly<Record<Dimension, NamedCollection>> = {
	hardware: "hardware",
	precision: "precisions",
	stack: "stacks",
};

/** The first where the URL names none that there is. */
export function dimensionOf(name: string | undefined): Dimension {
	return DIMENSIONS.find((each) => each === name) ?? DIMENSIONS[0];
}

export function groupName(dimension: Dimension, id: string, names: NameOf): string {
	return names(COLLECTIONS[dimension], id);
}
