/** The same open model's own price per token at hosts, blended by the lengths of a request, beside self-hosting. */
import type { ApiPrice, Catalogue } from "@farthing/catalogue";
import type { QuantityJson } from "@farthing/engine";
import type { Warning } from "./envelope.ts";
import { gradeOf, staleWarning } from "./evidence.ts";
import { holdsFrom, type Volumes } from "./plan-volumes.ts";

export interface ApiOffer {
	/** `lowest` or `median` over hosts; resellers are left out. */
	readonly statistic: "lowest" | "median";
	readonly provider: string;
	readonly offers: number;
	/** Input and output prices weighted by the request's lengths; nothing cached. */
	readonly blended: QuantityJson;
	/** Daily volume from which the cheapest self-hosted option is below it and stays so; absent: not reached. */
	readonly self_hosting_cheaper_from?: QuantityJson;
	readonly state: "reached" | "not-reached";
}

export function apiOffers(
	catalogue: Catalogue,
	model: string,
	isl: number,
	osl: number,
	volumes: Volumes,
): { offers: readonly ApiOffer[]; warnings: readonly Warning[] } {
	const offers = catalogue.apiPrices
		.filter((price) => price.model === model && price.seller === "host")
		.map((price) => ({ price, blended: (price.input.value * isl + price.output.value * osl) / (isl + osl) }))
		.filter(({ blended }) => blended > 0)
		.sort((a, b) => a.blended - b.blended || (a.price.provider < b.price.provider ? -1 : 1));
	if (offers.length === 0) return { offers: [], warnings: [{ code: "no-api-price", message: `no host's API price of ${model} in the catalogue` }] };
	const at = (statistic: ApiOffer["statistic"], i: number): ApiOffer => offerJson(statistic, offers[i] as Offer, offers.length, volumes);
	const median = offers[offers.length >> 1] as Offer;
	return {
		offers: [at("lowest", 0), at("median", offers.length >> 1)],
		warnings: staleWarning(median.price.input, `API price list of ${model}`, catalogue.releaseDate),
	};
}

interface Offer {
	readonly price: ApiPrice;
	readonly blended: number;
}

function offerJson(statistic: ApiOffer["statistic"], { price, blended }: Offer, offers: number, volumes: Volumes): ApiOffer {
	const asOf = price.input.asOf;
	const from = holdsFrom(volumes.curves, blended);
	const common = {
		statistic,
		provider: price.provider,
		offers,
		blended: { value: blended, unit: "USD/Mtok", tokens: "total", basis: "headline", grade: gradeOf(price.input.confidence), as_of: asOf, currency_date: asOf, node: price.id },
	} as const;
	if (from === undefined) return { ...common, state: "not-reached" };
	return { ...common, self_hosting_cheaper_from: { value: from, unit: "tok/day", tokens: "total", grade: "B" }, state: "reached" };
}
