import type { Amount, ExactNano } from "../records/money.ts";
import { addExact, exactCost, roundShares } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import { RecordError } from "../records/record-error.ts";
import { TOKEN_BUCKETS, type TokenBucket } from "../records/token-classes.ts";
import type { Instant } from "../records/units.ts";
import { CONTEXT_EDGES, type UsageSum } from "../store/query/usage-question.ts";

/**
 * Prices per token applied to integer sums.
 *
 *   cost = Σ over buckets of tokens × amount ÷ per, exactly; rounded once over all rows by largest remainder
 *
 * Ask for the sums with `edges` at every change of price and by model, tier and context where prices differ by them:
 * then re-rating changes no stored row, and every store gives the same billionths.
 * Assumptions: `reasoning` without a price of its own is output, `cache_write` is input, as providers bill them; every
 * other bucket without a price is listed as unpriced, never counted as free.
 */
export interface RatedUsage {
	readonly sum: UsageSum;
	/** Cost of the priced tokens; several where prices have several currencies. */
	readonly costs: readonly Amount[];
	/** Tokens without a price. */
	readonly unpriced: Readonly<Partial<Record<TokenBucket, bigint>>>;
	/** Requests whose tokens of this bucket are not known, and which are therefore in no cost. */
	readonly unknown: Readonly<Partial<Record<TokenBucket, bigint>>>;
}

/** Every instant within (from, to) at which one of the prices begins or ends: the `edges` to ask with. */
export function priceEdges(prices: readonly PriceRecord[], from: Instant, to: Instant): Instant[] {
	const edges = prices.flatMap(({ valid_from, valid_to }) =>
		valid_to === undefined ? [valid_from] : [valid_from, valid_to],
	);
	return [...new Set(edges)].filter((edge) => edge > from && edge < to).sort((a, b) => a - b);
}

/** Throws RecordError `unknown-context-edge` where a price begins at a prompt length that sums do not keep apart. */
export function rateUsage(sums: readonly UsageSum[], prices: readonly PriceRecord[]): RatedUsage[] {
	const book = new PriceBook(prices);
	const rated = sums.map((sum) => rateOne(sum, book));
	const currencies = [...new Set(rated.flatMap(({ costs }) => [...costs.keys()]))];
	const rounded = new Map(
		currencies.map((currency) => [
			currency,
			roundShares(rated.map(({ costs }) => costs.get(currency) ?? { numerator: 0n, denominator: 1n })),
		]),
	);
	return rated.map(({ sum, costs, unpriced, unknown }, i) => ({
		sum,
		costs: [...costs.keys()].map((currency) => ({ currency, nano: rounded.get(currency)?.[i] ?? 0n })),
		unpriced,
		unknown,
	}));
}

interface ExactlyRated {
	readonly sum: UsageSum;
	readonly costs: ReadonlyMap<string, ExactNano>;
	readonly unpriced: Partial<Record<TokenBucket, bigint>>;
	readonly unknown: Partial<Record<TokenBucket, bigint>>;
}

function rateOne(sum: UsageSum, book: PriceBook): ExactlyRated {
	const costs = new Map<string, ExactNano>();
	const unpriced: Partial<Record<TokenBucket, bigint>> = {};
	const unknown: Partial<Record<TokenBucket, bigint>> = {};
	for (const bucket of TOKEN_BUCKETS) {
		const { tokens, missing } = bucketOf(sum, bucket);
		if (missing > 0n) unknown[bucket] = missing;
		if (tokens === 0n) continue;
		const price = book.find(bucket, sum);
		if (price === undefined) {
			unpriced[bucket] = tokens;
			continue;
		}
		const cost = exactCost(tokens, price.amount, BigInt(price.per));
		const before = costs.get(price.amount.currency);
		costs.set(price.amount.currency, before === undefined ? cost : addExact(before, cost));
	}
	return { sum, costs, unpriced, unknown };
}

/** Tokens of a bucket, and how many requests do not tell it. What only refines another bucket misses nothing. */
function bucketOf({ sums, records }: UsageSum, bucket: TokenBucket): { tokens: bigint; missing: bigint } {
	switch (bucket) {
		case "input":
			return { tokens: sums.in_computed.sum - sums.cache_write.sum, missing: records - sums.in_computed.known };
		case "cache_write":
			return { tokens: sums.cache_write.sum, missing: 0n };
		case "cached_input": {
			const { in_cached_local: local, in_cached_remote: remote } = sums;
			const known = local.known < remote.known ? local.known : remote.known;
			return { tokens: local.sum + remote.sum, missing: records - known };
		}
		case "transferred":
			return { tokens: sums.in_transferred.sum, missing: 0n };
		case "output":
			return { tokens: sums.out_total.sum - sums.out_reasoning.sum, missing: records - sums.out_total.known };
		case "reasoning":
			return { tokens: sums.out_reasoning.sum, missing: 0n };
	}
}

const STANDS_IN: Readonly<Partial<Record<TokenBucket, TokenBucket>>> = { reasoning: "output", cache_write: "input" };

/** Prices by bucket and model, so that a sum looks at few of them. */
class PriceBook {
	private readonly lines = new Map<string, PriceRecord[]>();

	constructor(prices: readonly PriceRecord[]) {
		for (const price of prices) {
			if (price.resource !== "api_token") continue;
			requireKnownContext(price);
			const name = `${price.token_bucket} ${price.selector.model ?? ""}`;
			const same = this.lines.get(name);
			if (same === undefined) this.lines.set(name, [price]);
			else same.push(price);
		}
	}

	/** The price that names most of a sum's labels, and of those the one that began last. */
	find(bucket: TokenBucket, sum: UsageSum): PriceRecord | undefined {
		const names = [sum.keys.model, sum.keys.served, ""].filter((name) => typeof name === "string");
		for (const name of names) {
			const fitting = (this.lines.get(`${bucket} ${name}`) ?? []).filter((price) => applies(price, sum));
			const [best] = fitting.sort((a, b) => specificity(b) - specificity(a) || b.valid_from - a.valid_from);
			if (best !== undefined) return best;
		}
		const other = STANDS_IN[bucket];
		return other === undefined ? undefined : this.find(other, sum);
	}
}

function requireKnownContext({ id, selector: { context_from } }: PriceRecord): void {
	if (context_from === undefined || context_from === 0 || CONTEXT_EDGES.some((edge) => edge === context_from)) return;
	throw new RecordError(
		"unknown-context-edge",
		`price ${id} begins at a prompt of ${context_from} tokens; sums are kept apart at ${CONTEXT_EDGES.join(", ")}`,
		context_from,
	);
}

function applies({ selector, valid_from, valid_to }: PriceRecord, { keys, from, to }: UsageSum): boolean {
	const { tier, context_from } = selector;
	if (valid_from > from || (valid_to !== undefined && valid_to < to)) return false;
	if (tier !== undefined && tier !== keys.tier) return false;
	if (context_from === undefined || context_from === 0) return true;
	return (
		keys.context !== null && keys.context !== undefined && Number(keys.context) > CONTEXT_EDGES.indexOf(context_from)
	);
}

function specificity({ selector: { tier, context_from } }: PriceRecord): number {
	return (tier === undefined ? 0 : 1e9) + (context_from ?? 0);
}
