/** Claims of the catalogue that say what a million tokens of a model cost, so that what was paid can stand beside them. */
import type { Catalogue } from "@farthing/catalogue";
import { findModel } from "@farthing/catalogue";
import type { ClaimDefinition, QuantityJson } from "@farthing/engine";
import { claimDefinition } from "./claim-definitions.ts";

export interface ClaimedCost {
	readonly id: string;
	readonly claim: string;
	readonly who: string;
	readonly date: string;
	readonly cost: QuantityJson;
	/** Parts that its figures look at. */
	readonly hardware: readonly string[];
}

/** By id or another name of the model, in the order of the catalogue. */
export function claimedCosts(catalogue: Catalogue, name: string): ClaimedCost[] {
	const found = findModel(catalogue, name);
	if (!found.found) return [];
	return catalogue.claims.map(claimDefinition).flatMap((definition): ClaimedCost[] => {
		const claimed = definition.figures.find((figure) => figure.name === CLAIMED);
		if (claimed?.spec.kind !== "value" || claimed.unit.symbol !== "USD/Mtok") return [];
		const { models, hardware } = subjectsOf(catalogue, definition);
		if (models.size !== 1 || !models.has(found.value.id)) return [];
		const { id, claim, origin } = definition;
		const cost: QuantityJson = { value: claimed.spec.value, unit: "USD/Mtok", tokens: "total", grade: "E" };
		return [{ id, claim, who: origin.who, date: origin.date, cost, hardware: [...hardware].sort() }];
	});
}

const CLAIMED = "claimed";

function subjectsOf(
	catalogue: Catalogue,
	{ figures }: ClaimDefinition,
): { readonly models: ReadonlySet<string>; readonly hardware: ReadonlySet<string> } {
	const [models, hardware] = [new Set<string>(), new Set<string>()];
	for (const { spec } of figures) {
		const of =
			spec.kind === "row"
				? catalogue.benchmarks.find(({ id }) => id === spec.row)
				: spec.kind === "frontier"
					? spec.select
					: undefined;
		if (of?.model !== undefined) models.add(of.model);
		if (of?.hardware !== undefined) hardware.add(of.hardware);
	}
	return { models, hardware };
}
