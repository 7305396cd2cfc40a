/** What the shell says of the catalogue, and the examples there are. */
import type { DollarRate } from "@farthing/answers";
import { dollarRates } from "@farthing/answers";
import type { CatalogueManifest, NamedId } from "@farthing/catalogue";
import type { Host } from "../host.ts";

export interface CatalogueAnswer {
	readonly manifest: CatalogueManifest;
	/** Those with benchmark rows can be asked for a plan. */
	readonly models: readonly (NamedId & { readonly isMeasured: boolean })[];
	readonly hardware: readonly NamedId[];
	readonly stacks: readonly NamedId[];
	readonly precisions: readonly NamedId[];
	readonly cards: readonly { readonly id: string; readonly label: string }[];
	readonly tiers: readonly NamedId[];
	readonly shapes: readonly NamedId[];
	/** Currencies that amounts can be shown in at a rate with a source. */
	readonly rates: readonly DollarRate[];
}

export async function answer(_words: null, host: Host): Promise<CatalogueAnswer> {
	const { version, releaseDate, hash, counts, ...facts } = await host.catalogue({});
	const measured = new Set(host.measuredModels());
	const named = ({ id, name }: NamedId): NamedId => ({ id, name });
	return {
		manifest: { version, releaseDate, hash, counts },
		models: facts.models.map((model) => ({ ...named(model), isMeasured: measured.has(model.id) })),
		hardware: facts.hardware.map(named),
		stacks: facts.stacks.map(named),
		precisions: facts.precisions.map(named),
		cards: facts.rateCards.map(({ id, label }) => ({ id, label })),
		tiers: facts.tiers.map(named),
		shapes: facts.trafficShapes.map(named),
		rates: dollarRates(facts, releaseDate),
	};
}
