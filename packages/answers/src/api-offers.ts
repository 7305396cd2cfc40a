/** The same open model's own price per token at hosts, beside self-hosting. */
import type { Catalogue } from "@farthing/catalogue";
import type { QuantityJson } from "@farthing/engine";
import type { BlendedPrice, Lengths, OfferStatistic } from "./api-prices.ts";
import { blendedPrice } from "./api-prices.ts";
import type { Warning } from "./envelope.ts";
import type { Stretch, Volumes } from "./plan-volumes.ts";
import { toldName } from "./told-why.ts";

export interface ApiOffer {
	/** `lowest` or `median` over hosts; resellers are left out. */
	readonly statistic: OfferStatistic;
	readonly provider: string;
	readonly offers: number;
	/** Input and output prices weighted by the request's lengths; nothing cached. */
	readonly blended: QuantityJson;
	/** Daily volume from which the cheapest self-hosted option is below it and stays so; absent unless `reached`. */
	readonly self_hosting_cheaper_from?: QuantityJson;
	/** Lower volumes at which it is below it as well, but not for good: between steps of whole replicas. */
	readonly self_hosting_cheaper_between?: readonly Stretch[];
	readonly state: "reached" | "not-reached";
}

export interface ApiPrices {
	readonly prices: readonly (BlendedPrice & { readonly statistic: OfferStatistic })[];
	readonly warnings: readonly Warning[];
}

export function apiPrices(catalogue: Catalogue, model: string, lengths: Lengths, asOf: string): ApiPrices {
	const prices = (["lowest", "median"] as const).flatMap((statistic) => {
		const found = blendedPrice(catalogue, model, lengths, statistic, asOf);
		return found === undefined ? [] : [{ ...found, statistic }];
	});
	const none = [{ code: "no-api-price", message: `no host's API price of ${model} by ${asOf} in the catalogue` }];
	return { prices, warnings: prices.length === 0 ? none : prices.flatMap(({ warnings }) => warnings) };
}

export function apiOffer(
	{ statistic, offer, offers }: ApiPrices["prices"][number],
	blended: QuantityJson,
	{ cheaperFrom, cheaperBetween }: Pick<Volumes, "cheaperFrom" | "cheaperBetween">,
): ApiOffer {
	const between = blended.value === undefined ? [] : cheaperBetween(blended.value);
	const common = {
		statistic,
		provider: offer.provider,
		offers,
		blended,
		...(between.length === 0 ? {} : { self_hosting_cheaper_between: between }),
	} as const;
	const from = blended.value === undefined ? undefined : cheaperFrom(blended.value);
	if (from === undefined) return { ...common, state: "not-reached" };
	const { grade, as_of } = blended;
	const evidence = { ...(grade === undefined ? {} : { grade }), ...(as_of === undefined ? {} : { as_of }) };
	const node = toldName.selfHosting(statistic);
	const volume: QuantityJson = { value: from, unit: "tok/day", tokens: "total", ...evidence, node };
	return { ...common, self_hosting_cheaper_from: volume, state: "reached" };
}
