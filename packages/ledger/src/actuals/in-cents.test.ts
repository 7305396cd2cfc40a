import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inCents } from "./in-cents.ts";

describe("inCents", () => {
	it("rounds so that the column adds up", () => {
		expect(inCents([1 / 3, 1 / 3, 1 / 3])).toEqual(["0.34", "0.33", "0.33"]);
		expect(inCents([1234567.891, -0.004, -12])).toEqual(["1,234,567.89", "0.00", "-12.00"]);
	});

	it("adds up for any amounts", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: -1e12, max: 1e12 }), { maxLength: 20 }), (thousandths) => {
				const sum = thousandths.reduce((total, each) => total + each, 0);
				const cents = inCents(thousandths.map((each) => each / 1000)).reduce(
					(total, text) => total + Number(text.replace(/[,.]/g, "")),
					0,
				);
				expect(Math.abs(cents * 10 - sum)).toBeLessThanOrEqual(5);
			}),
			{ numRuns: 100 },
		);
	});
});
