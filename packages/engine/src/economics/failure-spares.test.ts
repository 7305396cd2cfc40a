import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enoughUp, sparesForFailures } from "./failure-spares.ts";

describe("replicas of which enough are up", () => {
	it("is the binomial worked by hand: 9 of 10 at 99.45%", () => {
		// 1 − u)^10 + 10·u·(1 − u)^9 at u = 0.55%: 0.946351… + 0.052337…
		const u = 0.0055;
		const byHand = (1 - u) ** 10 + 10 * u * (1 - u) ** 9;
		expect(enoughUp(9, 1, 1 - u)).toBeCloseTo(byHand, 14);
		expect(enoughUp(9, 0, 1 - u)).toBeCloseTo((1 - u) ** 9, 14);
		expect(byHand).toBeGreaterThan(0.998);
	});

	it("needs none where nothing fails, one where one spare is enough, two where it is not", () => {
		expect(sparesForFailures(9, 1, 0.999999)).toBe(0);
		expect(sparesForFailures(9, 0.9945, 0.99)).toBe(1);
		expect(sparesForFailures(9, 0.9945, 0.999)).toBe(2);
		expect(sparesForFailures(9, 0.9945, 0.96)).toBe(1);
		expect(sparesForFailures(9, 0.9945, 0.95)).toBe(0);
	});

	it("holds where the chance of no failure at all is too small for a number", () => {
		const spares = sparesForFailures(20_000, 0.9, 0.99);
		// Mean and spread of Binomial(n, 0.9) by the normal law: n·0.9 − 2.326·√(n·0.09) = 20,000.
		const n = 20_000 + spares;
		expect(n * 0.9 - 2.326 * Math.sqrt(n * 0.09)).toBeCloseTo(20_000, -1);
	});

	it("gives the fewest, more for more needed and for a stricter availability", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 60 }),
				fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
				fc.double({ min: 0.1, max: 0.99999, noNaN: true }),
				(needed, up, availability) => {
					const spares = sparesForFailures(needed, up, availability);
					expect(enoughUp(needed, spares, up)).toBeGreaterThanOrEqual(availability);
					if (spares > 0) expect(enoughUp(needed, spares - 1, up)).toBeLessThan(availability);
					expect(sparesForFailures(needed + 1, up, availability)).toBeGreaterThanOrEqual(spares);
				},
			),
		);
	});
});
