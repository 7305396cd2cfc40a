import { expect, test } from "vitest";
import { initialState } from "../state/app-state.ts";
import { billedInCents, moneyInCents } from "./money-in-cents.ts";

const { display } = initialState;
const euros = { ...display, currency: { code: "EUR" as const, perDollar: 0.9, rate: 0.9, date: "2026-10-01" } };

test("amounts have cents, thousands apart, and a sign where there is something", () => {
	expect(moneyInCents(75.4, "USD", display)).toBe("$75.40");
	expect(moneyInCents(-1234.5, "USD", display)).toBe("−$1,234.50");
	expect(billedInCents(-0.001, "USD")).toBe("$0.00");
});

test("less than a cent keeps its digits, and a share is no amount", () => {
	expect(moneyInCents(0.00034, "USD", display)).not.toBe("$0.00");
	expect(moneyInCents(0.5, "fraction", display)).toBe("50.0%");
});

test("a bill stays in its currency, other amounts follow the reader", () => {
	expect(moneyInCents(100, "USD", euros)).toBe("EUR 90.00");
	expect(billedInCents(100, "USD")).toBe("$100.00");
});
