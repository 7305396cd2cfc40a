import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	addExact,
	apportion,
	exactCost,
	formatAmount,
	NANO_PER_CENT,
	nearest,
	parseAmount,
	parseAmountNearest,
	roundShares,
	sumByCurrency,
	type ExactNano,
} from "./money.ts";

const usd = (text: string) => parseAmount(text, "USD")!;

describe("amounts", () => {
	test.each([
		["12.34", 12_340_000_000n],
		["-0.000000001", -1n],
		["1.5e-7", 150n],
		["+7", 7_000_000_000n],
		["12345678901234567890.123456789", 12345678901234567890123456789n],
	])("%s", (text, nano) => expect(parseAmount(text, "USD")).toEqual({ currency: "USD", nano }));

	test.each(["", "1,000", "NaN", "1e400", "0.0000000001", "0x10", "١"])("%j is no amount to a billionth", (text) =>
		expect(parseAmount(text, "USD")).toBeUndefined(),
	);

	test("a finer part of a bill goes to the nearest billionth, half away from zero", () => {
		expect(parseAmountNearest("0.0000000015", "USD")?.nano).toBe(2n);
		expect(parseAmountNearest("-0.0000000015", "USD")?.nano).toBe(-2n);
		expect(parseAmountNearest("0.00000000149", "USD")?.nano).toBe(1n);
	});

	test("writing and reading give the same amount", () => {
		fc.assert(
			fc.property(fc.bigInt(-(10n ** 25n), 10n ** 25n), (nano) => {
				const amount = { currency: "EUR", nano };
				expect(parseAmount(formatAmount(amount), "EUR")).toEqual(amount);
			}),
		);
	});

	test("currencies are summed apart", () => {
		expect(sumByCurrency([usd("1"), parseAmount("2", "EUR")!, usd("0.5")])).toEqual([
			{ currency: "USD", nano: 1_500_000_000n },
			{ currency: "EUR", nano: 2_000_000_000n },
		]);
	});
});

describe("rounding by largest remainder", () => {
	test("Hamilton's method on Balinski and Young's example: 26 seats for 9061, 7179, 5259, 3319, 1182 voters", () => {
		const seats = apportion({ currency: "seat", nano: 26n }, [9061n, 7179n, 5259n, 3319n, 1182n]);
		expect(seats.map(({ nano }) => nano)).toEqual([9n, 7n, 5n, 4n, 1n]);
	});

	test("three thirds of a cent", () => {
		const third: ExactNano = { numerator: NANO_PER_CENT, denominator: 3n };
		expect(roundShares([third, third, third], NANO_PER_CENT)).toEqual([NANO_PER_CENT, 0n, 0n]);
	});

	test("parts add up to the rounded sum and stay within one step of their exact value", () => {
		const part = fc.record({
			numerator: fc.bigInt(-(10n ** 20n), 10n ** 20n),
			denominator: fc.constantFrom(1n, 3n, 1000n, 1_000_000n, 3_600_000_000n),
		});
		fc.assert(
			fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom(1n, NANO_PER_CENT), (parts, step) => {
				const rounded = roundShares(parts, step);
				const exact = parts.reduce(addExact, { numerator: 0n, denominator: 1n });
				const sum = rounded.reduce((total, n) => total + n, 0n);
				expect(sum).toBe(nearest({ ...exact, denominator: exact.denominator * step }) * step);
				for (const [i, { numerator, denominator }] of parts.entries()) {
					const off = (rounded[i] as bigint) * denominator - numerator;
					expect(off < step * denominator && -off < step * denominator).toBe(true);
				}
			}),
			{ numRuns: 200 },
		);
	});

	test("shares of an amount add up to it, for a credit too", () => {
		const weights = fc.array(fc.bigInt(0n, 10n ** 15n), { minLength: 1, maxLength: 20 }).filter((w) => w.some(Boolean));
		fc.assert(
			fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), weights, (nano, shares) => {
				const parts = apportion({ currency: "USD", nano }, shares);
				expect(parts.reduce((sum, part) => sum + part.nano, 0n)).toBe(nano);
				for (const [i, share] of shares.entries()) if (share === 0n) expect(parts[i]?.nano).toBe(0n);
			}),
		);
	});

	test("nothing to share by is an error, not a silent loss", () => {
		expect(() => apportion(usd("1"), [0n, 0n])).toThrow("weights");
	});

	test("1,234,567 tokens at 0.55 USD per million cost 0.67901185 USD exactly", () => {
		expect(nearest(exactCost(1_234_567n, usd("0.55"), 1_000_000n))).toBe(679_011_850n);
	});
});
