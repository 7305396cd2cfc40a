import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAmount } from "../records/money.ts";
import type { Instant } from "../records/units.ts";
import { parseInstant } from "../records/units.ts";
import type { ExchangeRate } from "./exchange.ts";
import { exchangeTable } from "./exchange.ts";

const friday: ExchangeRate = { day: "2026-10-02", from: "EUR", to: "USD", rate: "1.1042", source: "ECB" };
const monday: ExchangeRate = { ...friday, day: "2026-10-05", rate: "1.2" };
const table = exchangeTable([friday, monday]);

describe("exchangeTable", () => {
	it("takes the rate of the day, and on a Sunday that of Friday", () => {
		expect(usdOf("100", "2026-10-05T08:00:00Z")).toBe(120_000_000_000n);
		expect(usdOf("100", "2026-10-04T23:59:59Z")).toBe(110_420_000_000n);
	});

	it("reads the opposite direction as the inverse", () => {
		const [found] = table.convertAll([{ amount: amount("120", "USD"), at: at("2026-10-05T00:00:00Z") }], "EUR");
		expect(found?.amount).toEqual({ currency: "EUR", nano: 100_000_000_000n });
	});

	it("leaves an amount of the currency alone, and says no where no rate of the week is known", () => {
		const own = amount("5", "USD");
		expect(table.convertAll([{ amount: own, at: at("2020-01-01T00:00:00Z") }], "USD")).toEqual([{ amount: own }]);
		expect(() => usdOf("1", "2026-10-20T00:00:00Z")).toThrow(/no rate of EUR to USD is known for 2026-10-20/);
		expect(() => usdOf("1", "2026-10-01T00:00:00Z")).toThrow(/no rate/);
		expect(() => exchangeTable([{ ...friday, rate: "0" }])).toThrow(/no positive number/);
	});

	it("rounds what has one rate together: the sum is the rounded product", () => {
		fc.assert(
			fc.property(
				fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { minLength: 1, maxLength: 20 }),
				(nanos) => {
					const moment = at("2026-10-02T00:00:00Z");
					const rows = nanos.map((nano) => ({ amount: { currency: "EUR", nano }, at: moment }));
					const sum = table.convertAll(rows, "USD").reduce((total, { amount: { nano } }) => total + nano, 0n);
					const exact = nanos.reduce((total, nano) => total + nano, 0n) * 11042n;
					const distance = sum * 10_000n - exact;
					expect(distance <= 5000n && distance >= -5000n).toBe(true);
				},
			),
			{ numRuns: 60 },
		);
	});
});

function usdOf(euros: string, when: string): bigint | undefined {
	return table.convertAll([{ amount: amount(euros, "EUR"), at: at(when) }], "USD")[0]?.amount.nano;
}

function amount(text: string, currency: string) {
	return parseAmount(text, currency) as NonNullable<ReturnType<typeof parseAmount>>;
}

function at(text: string): Instant {
	return parseInstant(text) as Instant;
}
