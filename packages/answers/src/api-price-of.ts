import type { Catalogue } from "@farthing/catalogue";
import { findModel } from "@farthing/catalogue";
import type { QuantityJson } from "@farthing/engine";
import { buildModel, evaluate, quantityJson } from "@farthing/engine";
import type { Lengths } from "./api-prices.ts";
import { blendedPrice } from "./api-prices.ts";

export interface ApiPriceOf {
	/** The middle one of the hosts' prices, blended by the lengths; nothing cached. */
	readonly price: QuantityJson;
	readonly offers: number;
	readonly provider: string;
}

/** What the hosts of the same open model ask, by id or another name of it; undefined where none is in the catalogue. */
export function apiPriceOf(catalogue: Catalogue, name: string, lengths: Lengths, asOf: string): ApiPriceOf | undefined {
	const found = findModel(catalogue, name);
	const blended = found.found ? blendedPrice(catalogue, found.value.id, lengths, "median", asOf) : undefined;
	if (blended === undefined) return undefined;
	const { price, offers, offer } = blended;
	const id = price.data.op === "node" ? price.data.id : "";
	return { price: quantityJson(evaluate(buildModel([price])), id), offers, provider: offer.provider };
}
