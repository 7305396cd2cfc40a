import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shownDifference, shownNumber, shownQuantity, shownValue } from "./show-quantity.ts";

const dollars = { isPerDollar: false };
const tokens = { isPerDollar: true };
const euros = { isPerDollar: false, currency: { code: "EUR", perDollar: 0.9, date: "2026-11-01" } };

describe("a cost per token", () => {
	const of = { value: 0.4, unit: "USD/Mtok", p10: 0.25, p90: 0.5 };

	test("in dollars, in tokens for a dollar, in another currency", () => {
		expect(shownQuantity(of, dollars)).toEqual({ text: "$0.400/M tok", range: "$0.250–0.500/M tok" });
		// 1 / 0.4 = 2.5 million tokens for a dollar; the dear end of the range is the small number of tokens.
		expect(shownQuantity(of, tokens)).toEqual({ text: "2.50M tok/$", range: "2.00M–4.00M tok/$" });
		expect(shownQuantity(of, euros)).toEqual({ text: "EUR 0.360/M tok", range: "EUR 0.225–0.450/M tok" });
		expect(shownQuantity(of, { ...euros, isPerDollar: true })?.text).toBe("2.78M tok/EUR");
	});

	test("inverts exactly: value times tokens is a million", () => {
		fc.assert(
			fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
				const { value: inverse } = shownValue(value, "USD/Mtok", tokens);
				expect(inverse).toBe(1e6 / value);
				expect(shownValue(value, "USD/Mtok", dollars).value).toBe(value);
			}),
			{ seed: 3, numRuns: 200 },
		);
	});

	test("differs from another in the unit shown: half the cost is twice the tokens", () => {
		expect(shownDifference(0.4, 0.2, dollars)).toEqual({ text: "$0.200/M tok", sign: -1 });
		// From 2.5 to 5 million tokens for a dollar.
		expect(shownDifference(0.4, 0.2, tokens)).toEqual({ text: "2.50M tok/$", sign: 1 });
		expect(shownDifference(0.2, 0.4, { ...euros, isPerDollar: true })).toEqual({ text: "2.78M tok/EUR", sign: -1 });
		expect(shownDifference(0.4, 0.2, euros)).toEqual({ text: "EUR 0.180/M tok", sign: -1 });
		expect(shownDifference(0.4, 0.4, tokens).sign).toBe(0);
	});

	test("ends with a minus are joined by a word", () => {
		const npv = { value: -1e6, unit: "USD", p10: -3.6e6, p90: 2.6e6 };
		expect(shownQuantity(npv, dollars)?.range).toBe("-$3.60M to $2.60M");
		expect(shownQuantity(npv, euros)?.range).toBe("-EUR 3.24M to EUR 2.34M");
	});

	test("without a value there is nothing to show", () => {
		expect(shownQuantity({ unit: "USD/Mtok", state: "unreachable" }, dollars)).toBeUndefined();
	});
});

test.each([
	[1987.2, "USD/day", "$1,987/day"],
	[725_328, "USD/year", "$725,328/year"],
	[0.0036628, "USD/request", "0.366 ¢/request"],
	[0.384, "fraction", "38.4%"],
	[2.5, "x", "2.50×"],
	[1, "month", "1 month"],
	[44, "month", "44 months"],
	[9, "replica", "9 replicas"],
])("%s %s is %s", (value, unit, text) => {
	expect(shownNumber(value, unit, dollars)).toBe(text);
});

test("other money is in the other currency too, other units are not", () => {
	expect(shownNumber(1000, "USD/day", euros)).toBe("EUR 900/day");
	expect(shownNumber(40, "GPU", euros)).toBe("40 GPUs");
});

test("another currency has as many digits as dollars", () => {
	expect(shownNumber(1987.2, "USD/day", euros)).toBe("EUR 1,788/day");
	expect(shownNumber(725_328, "USD/year", euros)).toBe("EUR 652,795/year");
	expect(shownNumber(725_328, "USD", euros)).toBe("EUR 652,795");
	expect(shownNumber(0.0036628, "USD/request", euros)).toBe("EUR 0.00330/request");
	expect(shownNumber(-7.2e6, "USD", euros)).toBe("-EUR 6.48M");
});
