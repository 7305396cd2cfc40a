/**
 * What tokens were sold for: `tokens × price`, by the price per token that holds when they were served. Prices that one charges
 * are records of `api_token` without a provider; those of providers are costs and are not read here. Exact, rounded once.
 */
import type { UsedWork } from "../attribution/attribute.ts";
import type { Owner } from "../attribution/attributed-line.ts";
import type { ExchangeTable } from "../currency/exchange.ts";
import { unknownRate } from "../currency/exchange.ts";
import type { Amount, ExactNano } from "../records/money.ts";
import { addExact, exactCost, roundShares } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import { TOKEN_BUCKETS } from "../records/token-classes.ts";
import type { Instant } from "../records/units.ts";

export interface Revenue {
	readonly owner: Owner;
	readonly amount: Amount;
	/** False where some of the tokens have no price: the amount is then too low. */
	readonly isComplete: boolean;
}

/** Nothing where no price of one's own is on file. Reasoning tokens without a price of their own are sold as output. */
export function revenueOf(
	used: readonly UsedWork[],
	prices: readonly PriceRecord[],
	currency: string,
	exchange: ExchangeTable,
): Revenue[] {
	const own = prices.filter(({ resource, selector }) => resource === "api_token" && selector.provider === undefined);
	if (own.length === 0) return [];
	const sums = new Map<string, { readonly owner: Owner; exact: ExactNano; isComplete: boolean }>();
	for (const { owner, tokens, from } of used) {
		const key = JSON.stringify(owner);
		const sum = sums.get(key) ?? { owner, exact: NOTHING, isComplete: true };
		for (const bucket of TOKEN_BUCKETS) {
			const count = tokens[bucket] ?? 0;
			if (count === 0) continue;
			const price = priceAt(own, owner.model, bucket, from);
			if (price === undefined) sum.isComplete = false;
			else
				sum.exact = addExact(
					sum.exact,
					converted(exactCost(BigInt(count), price.amount, BigInt(price.per)), price, currency, from, exchange),
				);
		}
		sums.set(key, sum);
	}
	const all = [...sums.values()];
	const nanos = roundShares(all.map(({ exact }) => exact));
	return all.map(({ owner, isComplete }, i) => ({ owner, isComplete, amount: { currency, nano: nanos[i] as bigint } }));
}

const NOTHING: ExactNano = { numerator: 0n, denominator: 1n };

function priceAt(
	prices: readonly PriceRecord[],
	model: string | undefined,
	bucket: TokenBucket,
	at: Instant,
): PriceRecord | undefined {
	const valid = prices.filter(
		({ token_bucket, selector, valid_from, valid_to }) =>
			token_bucket === bucket &&
			(selector.model === undefined || selector.model === model) &&
			valid_from <= at &&
			(valid_to === undefined || at < valid_to),
	);
	const named = ({ selector }: PriceRecord): number => Number(selector.model !== undefined);
	const [found] = valid.sort((a, b) => named(b) - named(a) || b.valid_from - a.valid_from);
	return found ?? (bucket === "reasoning" ? priceAt(prices, model, "output", at) : undefined);
}

function converted(
	exact: ExactNano,
	{ amount }: PriceRecord,
	currency: string,
	at: Instant,
	exchange: ExchangeTable,
): ExactNano {
	if (amount.currency === currency) return exact;
	const { rate } = exchange.rateAt(amount.currency, currency, at) ?? unknownRate(amount.currency, currency, at);
	return { numerator: exact.numerator * rate.numerator, denominator: exact.denominator * rate.denominator };
}
