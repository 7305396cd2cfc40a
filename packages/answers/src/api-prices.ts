/** List prices of a model at its hosts, blended by the lengths of a request. */
import type { ApiPrice, Catalogue } from "@farthing/catalogue";
import { ageInDays } from "@farthing/catalogue";
import type { Expr, UsdPerToken } from "@farthing/engine";
import { add, constant, define, input, multiply, per, token, usdPerMtok } from "@farthing/engine";
import type { Warning } from "./envelope.ts";
import { figureInput, staleWarning } from "./evidence.ts";

/** Tokens of one request. */
export interface Lengths {
	readonly input: number;
	readonly output: number;
}

export type OfferStatistic = "lowest" | "median";

export interface BlendedPrice {
	readonly offer: ApiPrice;
	/** How many hosts' offers there are. */
	readonly offers: number;
	/** Input and output prices weighted by the lengths of a request; nothing cached. */
	readonly price: Expr<UsdPerToken<"total">>;
	readonly warnings: readonly Warning[];
}

/**
 * The lowest or the middle one of the prices of a model's hosts (of an even number the dearer of the two in the middle),
 * resellers, free offers and those listed after `asOf` left out; undefined where there is none.
 */
export function blendedPrice(
	catalogue: Catalogue,
	model: string,
	lengths: Lengths,
	statistic: OfferStatistic,
	asOf: string,
): BlendedPrice | undefined {
	const offers = sortedOffers(catalogue, model, lengths, asOf);
	const offer = offers[statistic === "lowest" ? 0 : offers.length >> 1];
	if (offer === undefined) return undefined;
	const [inputShare, outputShare] = sharesOf(lengths);
	const part = (kind: "input" | "output", share: number): Expr<UsdPerToken<"total">> => {
		const unit = usdPerMtok(kind);
		const label = `${kind} price of ${model} at ${offer.provider}`;
		const price = figureInput(catalogue, offer[kind], label, unit.factor, `api-prices/${offer.id}/${kind}`);
		const listed = input(`api_price.${offer.id}.${kind}`, unit, price);
		return multiply(listed, constant(share, per(token(kind), token("total")))) as unknown as Expr<UsdPerToken<"total">>;
	};
	const blended = add(part("input", inputShare), part("output", outputShare));
	const price = define(
		`api_price.${model}.${lengths.input}.${lengths.output}.${statistic}`,
		usdPerMtok("total"),
		blended,
		{
			label: `${statistic} of ${offers.length} hosts' prices of ${model}, ${lengths.input} in and ${lengths.output} out`,
			formula: "input and output prices weighted by the tokens of a request, nothing cached",
			tags: { basis: "headline" },
		},
	);
	return {
		offer,
		offers: offers.length,
		price,
		warnings: staleWarning(offer.input, `API price list of ${model}`, asOf),
	};
}

function sortedOffers(catalogue: Catalogue, model: string, lengths: Lengths, asOf: string): readonly ApiPrice[] {
	const [inputShare, outputShare] = sharesOf(lengths);
	return catalogue.apiPrices
		.filter((offer) => offer.model === model && offer.seller === "host" && ageInDays(offer.input.asOf, asOf) >= 0)
		.map((offer) => ({ offer, blended: offer.input.value * inputShare + offer.output.value * outputShare }))
		.filter(({ blended }) => blended > 0)
		.sort((a, b) => a.blended - b.blended || (a.offer.id < b.offer.id ? -1 : 1))
		.map(({ offer }) => offer);
}

function sharesOf({ input, output }: Lengths): readonly [number, number] {
	return [input / (input + output), output / (input + output)];
}
