import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAmount } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import type { TokenBucket } from "../records/token-classes.ts";
import { count, instant } from "../records/units.ts";
import { SUMMED_COLUMNS, type SummedColumn, type UsageSum } from "../store/query/usage-question.ts";
import { priceEdges, rateUsage } from "./rate-usage.ts";

const price = (bucket: TokenBucket, value: string, more: Partial<PriceRecord> = {}): PriceRecord => ({
	id: `${bucket}-${value}`,
	resource: "api_token",
	token_bucket: bucket,
	amount: parseAmount(value, "USD")!,
	per: count(1_000_000),
	selector: { model: "m" },
	valid_from: instant(0),
	basis: "list",
	includes_power: true,
	provenance: "test",
	...more,
});

const sumOf = (figures: Partial<Record<SummedColumn, bigint>>, more: Partial<UsageSum> = {}): UsageSum => ({
	keys: { served: "m" },
	from: instant(100),
	to: instant(200),
	records: 1n,
	sums: Object.fromEntries(
		SUMMED_COLUMNS.map((column) => [column, { sum: figures[column] ?? 0n, known: column in figures ? 1n : 0n }]),
	) as UsageSum["sums"],
	...more,
});

const usage = sumOf({
	in_computed: 186n,
	in_cached_local: 1024n,
	in_cached_remote: 0n,
	in_transferred: 0n,
	out_total: 340n,
	out_reasoning: 256n,
});

describe("rating", () => {
	test("186 computed at 0.55, 1,024 cached at 0.14 and 340 out at 2.19 USD per million, worked by hand", () => {
		const [rated] = rateUsage(
			[usage],
			[price("input", "0.55"), price("cached_input", "0.14"), price("output", "2.19")],
		);
		// 0.0001023 + 0.00014336 + 0.0007446
		expect(rated?.costs).toEqual([parseAmount("0.00099026", "USD")]);
		expect(rated?.unpriced).toEqual({});
	});

	test("what has no price is listed and not free, what is unknown is counted", () => {
		const [rated] = rateUsage([usage], [price("output", "2.19")]);
		expect(rated).toMatchObject({ unpriced: { input: 186n, cached_input: 1024n }, unknown: {} });
		const [unknown] = rateUsage([sumOf({ out_total: 5n })], [price("output", "2.19")]);
		expect(unknown).toMatchObject({ unpriced: {}, unknown: { input: 1n, cached_input: 1n } });
		expect(rateUsage([usage], [price("output", "1", { selector: { model: "other" } })])[0]?.costs).toEqual([]);
	});

	test("the price that names most wins: tier, then length of prompt; of equals the one that began last", () => {
		const prices = [
			price("output", "1"),
			price("output", "2", { selector: { model: "m", tier: "batch" } }),
			price("output", "4", { selector: { model: "m", context_from: count(200_000) } }),
			price("output", "8", { valid_from: instant(50) }),
			price("output", "16", { valid_from: instant(150) }),
		];
		const out = (keys: UsageSum["keys"]): bigint | undefined =>
			rateUsage([sumOf({ out_total: 1_000_000n }, { keys })], prices)[0]?.costs[0]?.nano;
		expect(out({ served: "m" })).toBe(8_000_000_000n);
		expect(out({ served: "m", tier: "batch" })).toBe(2_000_000_000n);
		expect(out({ served: "m", context: "2" })).toBe(8_000_000_000n);
		expect(out({ served: "m", context: "3" })).toBe(4_000_000_000n);
	});

	test("a price at a length of prompt that sums do not keep apart is an error", () => {
		const odd = price("input", "1", { selector: { context_from: count(100_000) } });
		expect(() => rateUsage([usage], [odd])).toThrow("100000");
	});

	test("edges are the changes of price within the time", () => {
		const prices = [price("input", "1", { valid_to: instant(150) }), price("input", "2", { valid_from: instant(150) })];
		expect(priceEdges(prices, instant(100), instant(200))).toEqual([150]);
		expect(priceEdges(prices, instant(150), instant(200))).toEqual([]);
	});

	test("rows add up to the cost of the whole, to the billionth", () => {
		const tokens = fc.bigInt(0n, 10n ** 12n);
		fc.assert(
			fc.property(
				fc.array(tokens, { minLength: 1, maxLength: 15 }),
				fc.integer({ min: 1, max: 10 ** 9 }),
				(parts, nano) => {
					const prices = [price("output", "1", { amount: { currency: "USD", nano: BigInt(nano) } })];
					const rows = rateUsage(
						parts.map((n) => sumOf({ out_total: n })),
						prices,
					);
					const whole = rateUsage([sumOf({ out_total: parts.reduce((sum, n) => sum + n, 0n) })], prices);
					const sum = rows.reduce((total, { costs }) => total + (costs[0]?.nano ?? 0n), 0n);
					expect(sum).toBe(whole[0]?.costs[0]?.nano ?? 0n);
				},
			),
		);
	});
});
