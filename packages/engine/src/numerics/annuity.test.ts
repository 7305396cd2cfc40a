import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annualRate, balanceAfter, annuityPayment, monthlyRate, presentValueOfPayments } from "./annuity.ts";

describe("level payments", () => {
	it("agree with the examples in the manuals of spreadsheet programs", () => {
		// PMT(8%/12, 10, 10000) of Microsoft's documentation.
		expect(annuityPayment(10_000, 0.08 / 12, 10)).toBeCloseTo(1037.0320893591607, 9);
	});

	it("pay a loan back month by month", () => {
		const cases = fc.record({
			rate: fc.oneof(fc.constantFrom(0, 1e-14, 1e-9, -0.002), fc.double({ min: 0, max: 0.05, noNaN: true })),
			periods: fc.integer({ min: 1, max: 360 }),
			balloon: fc.double({ min: 0, max: 500, noNaN: true }),
			paid: fc.nat(360),
		});
		fc.assert(
			fc.property(cases, ({ rate, periods, balloon, paid }) => {
				const payment = annuityPayment(1000, rate, periods, balloon);
				let owed = 1000;
				const after = [owed];
				for (let t = 0; t < periods; t++) after.push((owed = owed * (1 + rate) - payment));
				const scale = 1000 * (1 + Math.abs(rate)) ** periods;
				expect(Math.abs(owed - balloon) / scale).toBeLessThan(1e-12);
				const k = Math.min(paid, periods);
				expect(Math.abs(balanceAfter(1000, rate, payment, k) - (after[k] as number)) / scale).toBeLessThan(1e-12);
			}),
			{ numRuns: 500, seed: 1 },
		);
	});

	it("are worth today what they add up to", () => {
		fc.assert(
			fc.property(
				fc.double({ min: -0.01, max: 0.1, noNaN: true }),
				fc.integer({ min: 1, max: 120 }),
				(rate, periods) => {
					let sum = 0;
					for (let t = 1; t <= periods; t++) sum += 7 / (1 + rate) ** t;
					expect(presentValueOfPayments(7, rate, periods) / sum).toBeCloseTo(1, 11);
				},
			),
			{ numRuns: 300, seed: 1 },
		);
	});
});

describe("rates by month and year", () => {
	it("compound into each other", () => {
		expect(annualRate(0.01)).toBeCloseTo(0.12682503013196977, 14);
		expect(monthlyRate(0.08)).toBeCloseTo(0.00643403011000343, 15);
		for (const rate of [-0.99, -1e-12, 0, 1e-15, 1e-6, 0.5, 7]) {
			const back = annualRate(monthlyRate(rate));
			expect(Math.abs(back - rate)).toBeLessThan(1e-14 * Math.max(Math.abs(rate), 1e-3));
		}
		expect(annualRate(-1)).toBe(-1);
	});
});
