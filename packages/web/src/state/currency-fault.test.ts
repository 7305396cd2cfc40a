import { expect, it } from "vitest";
import { currencyFault, dayOfReader } from "./currency-fault.ts";

const TODAY = "2026-03-13";
const euro = { code: "EUR", perDollar: 0.92, date: TODAY };

it.each([
	[euro, undefined],
	[{ ...euro, code: "EURO" }, "code"],
	[{ ...euro, code: "USD", perDollar: 3 }, "dollar"],
	[{ ...euro, perDollar: 0 }, "rate"],
	[{ ...euro, perDollar: Number.NaN }, "rate"],
	[{ ...euro, date: "" }, "date"],
	[{ ...euro, date: "2026-02-30" }, "date"],
	[{ ...euro, date: "2026-03-14" }, "future"],
])("%o: %s", (currency, fault) => expect(currencyFault(currency, TODAY)).toBe(fault));

it("the day is that of the reader", () => expect(dayOfReader(new Date(2026, 2, 13, 23, 59))).toBe(TODAY));
