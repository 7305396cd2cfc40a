import { describe, expect, it } from "vitest";
import type { UsedWork } from "../attribution/attribute.ts";
import { exchangeTable } from "../currency/exchange.ts";
import { formatAmount, parseAmount } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import type { Count, Instant, TokenCount } from "../records/units.ts";
import { parseInstant } from "../records/units.ts";
import { revenueOf } from "./revenue.ts";

const rates = exchangeTable([{ day: "2026-10-01", from: "EUR", to: "USD", rate: "1.2", source: "test" }]);
const used: UsedWork[] = [work("chat", "a", { input: 2_000_000, cached_input: 1_000_000, output: 500_000 })];

describe("revenueOf", () => {
	it("is tokens times the price of their day, worked by hand", () => {
		const prices = [price("input", "0.5"), price("cached_input", "0.1"), price("output", "2")];
		// 2 · 0.50 + 1 · 0.10 + 0.5 · 2 USD
		expect(sold(prices)).toEqual([["2.1", true]]);
		// From noon on output costs twice as much: these tokens were served in the morning.
		expect(sold([...prices, { ...price("output", "4"), valid_from: at("2026-10-01T12:00:00Z") }])).toEqual([
			["2.1", true],
		]);
	});

	it("takes the price of the model before that of all, and converts at the rate of the day", () => {
		const general = [price("input", "9"), price("cached_input", "0"), price("output", "9")];
		const own = (["input", "output"] as const).map((bucket) => ({
			...price(bucket, "1", "EUR"),
			selector: { model: "chat" },
		}));
		// 2.5 EUR · 1.2
		expect(sold([...general, ...own])).toEqual([["3", true]]);
	});

	it("says where a price is missing, and reads no price of a provider", () => {
		expect(sold([price("input", "0.5")])).toEqual([["1", false]]);
		expect(sold([{ ...price("input", "0.5"), selector: { provider: "host" } }])).toEqual([]);
	});

	it("sells reasoning as output where it has no price of its own", () => {
		const reasoning = [work("chat", "a", { output: 1_000_000, reasoning: 1_000_000 })];
		const [found] = revenueOf(reasoning, [price("output", "2")], "USD", rates);
		expect(formatAmount(found?.amount ?? { currency: "USD", nano: 0n })).toBe("4");
	});
});

function sold(prices: readonly PriceRecord[]): [string, boolean][] {
	return revenueOf(used, prices, "USD", rates).map(({ amount, isComplete }) => [formatAmount(amount), isComplete]);
}

function work(model: string, team: string, counts: Partial<Record<TokenBucket, number>>): UsedWork {
	const from = at("2026-10-01T08:00:00Z");
	return {
		from,
		to: at("2026-10-01T09:00:00Z"),
		owner: { model, team },
		work: { uncachedInputTokens: 0, outputTokens: 0, outputContextTokens2: 0 },
		tokens: counts as Partial<Record<TokenBucket, TokenCount>>,
	};
}

function price(bucket: TokenBucket, perMillion: string, currency = "USD"): PriceRecord {
	return {
		id: `${bucket} ${currency}`,
		resource: "api_token",
		token_bucket: bucket,
		amount: parseAmount(perMillion, currency) as NonNullable<ReturnType<typeof parseAmount>>,
		per: 1_000_000 as Count,
		selector: {},
		valid_from: at("2026-10-01T00:00:00Z"),
		basis: "list",
		includes_power: true,
		provenance: "test",
	};
}

function at(text: string): Instant {
	return parseInstant(text) as Instant;
}
