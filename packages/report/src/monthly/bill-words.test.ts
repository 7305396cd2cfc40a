import { expect, it } from "vitest";
import { monthlyWords } from "../messages/monthly.ts";
import { plainText } from "../plain-text.ts";
import { billWords } from "./bill-words.ts";

const usd = (value: number) => ({ value, unit: "USD" });
const plain = (coverage: number): string =>
	plainText(billWords({ bill: usd(117.6), coverage, reconciliation: { difference: usd(0) } }, monthlyWords));

it("says how little of a bill that agrees is explained", () => {
	expect(plain(1)).toBe("the bill agrees to the cent");
	expect(plain(0)).toMatch(/^the bill agrees to the cent, but only 0 ?% of the cost is explained$/);
	expect(plain(0.5)).toMatch(/only 50\.0% of the cost/);
});
