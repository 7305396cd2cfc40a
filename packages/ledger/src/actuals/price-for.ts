import type { PriceBasis, PriceRecord, PriceResource } from "../records/price.ts";
import type { Instant } from "../records/units.ts";
import type { Span } from "../attribution/spans.ts";

/** For what a price is asked. */
export interface Priced {
	readonly node?: string;
	readonly cluster?: string;
	readonly gpuModel?: string;
}

export interface PriceSpan extends Span {
	readonly price: PriceRecord;
}

/**
 * The price of a resource over a span, piece by piece: of those that apply the one that names most (node before accelerator
 * before cluster), and of those the one that began last. A piece without a price is left out.
 */
export function pricesOver(
	prices: readonly PriceRecord[],
	resource: PriceResource,
	of: Priced,
	span: Span,
): PriceSpan[] {
	const fitting = prices.filter((price) => price.resource === resource && applies(price, of));
	const edges = [span.from, span.to];
	for (const { valid_from, valid_to } of fitting) {
		for (const edge of [valid_from, valid_to]) {
			if (edge !== undefined && edge > span.from && edge < span.to) edges.push(edge);
		}
	}
	const sorted = [...new Set(edges)].sort((a, b) => a - b);
	return sorted.slice(0, -1).flatMap((from, i) => {
		const price = priceAt(fitting, from);
		return price === undefined ? [] : [{ from, to: sorted[i + 1] as Instant, price }];
	});
}

/** Can capacity of this kind be given back within a month? */
export function isAvoidable(basis: PriceBasis): boolean {
	return basis === "on_demand" || basis === "spot" || basis === "list";
}

function applies({ selector }: PriceRecord, { node, cluster, gpuModel }: Priced): boolean {
	return (
		(selector.node === undefined || selector.node === node) &&
		(selector.cluster === undefined || selector.cluster === cluster) &&
		(selector.gpu_model === undefined || selector.gpu_model === gpuModel)
	);
}

function priceAt(prices: readonly PriceRecord[], at: Instant): PriceRecord | undefined {
	const valid = prices.filter(
		({ valid_from, valid_to }) => valid_from <= at && (valid_to === undefined || at < valid_to),
	);
	return valid.sort((a, b) => named(b) - named(a) || b.valid_from - a.valid_from || (a.id < b.id ? -1 : 1))[0];
}

function named({ selector: { node, cluster, gpu_model } }: PriceRecord): number {
	return (node === undefined ? 0 : 4) + (gpu_model === undefined ? 0 : 2) + (cluster === undefined ? 0 : 1);
}
