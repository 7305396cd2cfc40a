/** The pairs of an answer as a square: from which volume a row is no dearer than a column. */
import type { Grouped } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";

export type Crossing =
	| { readonly state: "same" | "always" | "never" }
	| { readonly state: "from" | "unsure"; readonly volume: QuantityJson };

/** Rows and columns in the order of the groups. */
export function crossingSquare({ groups, crossovers }: Grouped): Crossing[][] {
	return groups.map(({ name: of }) =>
		groups.map(({ name: against }): Crossing => {
			if (of === against) return { state: "same" };
			const found = crossovers.find((each) => each.of === of && each.against === against);
			const volume = found?.tokens_per_day;
			if (found === undefined || volume === undefined || found.state === "not-reached") return { state: "never" };
			if (found.state === "not-verified") return { state: "unsure", volume };
			return found.from_lowest === true ? { state: "always" } : { state: "from", volume };
		}),
	);
}
