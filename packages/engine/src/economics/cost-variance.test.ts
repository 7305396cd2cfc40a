import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VarianceModelSide, VarianceSide } from "./cost-variance.ts";
import { costVariance, VARIANCE_CAUSES } from "./cost-variance.ts";

const base: VarianceModelSide = { tokens: 1000, gpuSecondsPerToken: 0.5, utilisation: 0.5, price: 2, exchangeRate: 1 };

describe("costVariance", () => {
	it("gives each change alone to its own cause, worked by hand", () => {
		// 1,000 tokens · 0.5 s ÷ 0.5 · 2 USD = 2,000 USD
		expect(deltas(side({}), side({ tokens: 1500 }))).toEqual({ volume: 1000 });
		expect(deltas(side({}), side({ gpuSecondsPerToken: 0.6 }))).toEqual({ efficiency: 400 });
		expect(deltas(side({}), side({ utilisation: 0.4 }))).toEqual({ utilisation: 500 });
		expect(deltas(side({}), side({ price: 2.5 }))).toEqual({ price: 500 });
		expect(deltas(side({}), side({ exchangeRate: 1.1 }))).toEqual({ currency: 200 });
		expect(deltas(side({}), { ...side({}), otherCost: 70 })).toEqual({ other: 70 });
		expect(deltas(side({}), { ...side({}), idleCost: 30 })).toEqual({ utilisation: 30 });
	});

	it("halves the cross term of two changes between them", () => {
		// Volume +50% and price +25%: 2,000 → 3,750. Alone 1,000 and 500; the cross term of 250 goes half to each.
		expect(deltas(side({}), side({ tokens: 1500, price: 2.5 }))).toEqual({ volume: 1125, price: 625 });
	});

	it("tells mix from volume: the same tokens moved to a model that costs twice as much", () => {
		const plan = of({ cheap: base, dear: { ...base, price: 4 } });
		const actual = of({ cheap: { ...base, tokens: 500 }, dear: { ...base, tokens: 1500, price: 4 } });
		expect(deltas(plan, actual)).toEqual({ mix: 1000 });
	});

	it("counts a model that the plan does not have as mix", () => {
		const actual = of({ old: { ...base, tokens: 500 }, fresh: { ...base, tokens: 500, gpuSecondsPerToken: 1.5 } });
		expect(deltas(of({ old: base }), actual)).toEqual({ mix: 2000 });
	});

	it("adds up for any two sides, and turns its sign with them", () => {
		fc.assert(
			fc.property(sides, sides, (plan, actual) => {
				const forth = costVariance(plan, actual, "EUR");
				const scale = Math.abs(forth.from) + Math.abs(forth.to) + 1;
				const sum = forth.causes.reduce((total, { delta }) => total + delta, forth.from);
				expect(Math.abs(sum - forth.to)).toBeLessThan(1e-9 * scale);
				expect(Math.abs(forth.to - costOf(actual))).toBeLessThan(1e-9 * scale);
				const back = costVariance(actual, plan, "EUR");
				forth.causes.forEach(({ delta }, i) =>
					expect(Math.abs(delta + (back.causes[i]?.delta ?? 0))).toBeLessThan(1e-9 * scale),
				);
			}),
			{ numRuns: 40 },
		);
	});
});

function side(change: Partial<VarianceModelSide>): VarianceSide {
	return of({ only: { ...base, ...change } });
}

function of(models: Record<string, VarianceModelSide>): VarianceSide {
	return { models: new Map(Object.entries(models)), idleCost: 0, otherCost: 0 };
}

/** Causes that are not 0, to a millionth. */
function deltas(plan: VarianceSide, actual: VarianceSide): Record<string, number> {
	const { causes } = costVariance(plan, actual, "USD");
	expect(causes.map(({ cause }) => cause)).toEqual(VARIANCE_CAUSES);
	return Object.fromEntries(
		causes.filter(({ delta }) => Math.abs(delta) > 1e-9).map(({ cause, delta }) => [cause, Number(delta.toFixed(6))]),
	);
}

function costOf({ models, idleCost, otherCost }: VarianceSide): number {
	return [...models.values()].reduce(
		(sum, { tokens, gpuSecondsPerToken, utilisation, price, exchangeRate }) =>
			sum + ((tokens * gpuSecondsPerToken) / utilisation) * price * exchangeRate,
		idleCost + otherCost,
	);
}

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const sides: fc.Arbitrary<VarianceSide> = fc.record({
	models: fc
		.dictionary(
			fc.constantFrom("a", "b", "c", "d"),
			fc.record({
				tokens: fc.nat(1e9),
				gpuSecondsPerToken: positive(1e-6, 1e-2),
				utilisation: positive(0.01, 1),
				price: positive(1e-4, 1e-2),
				exchangeRate: positive(0.5, 2),
			}),
			{ minKeys: 1 },
		)
		.map((entries) => new Map(Object.entries(entries))),
	idleCost: positive(0, 1e4),
	otherCost: positive(-1e4, 1e4),
});
