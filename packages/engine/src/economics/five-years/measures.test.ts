import { describe, expect, it } from "vitest";
import { ownedInputs, planned, steps, type Planned } from "../../../test-support/owned-plan.ts";
import { fact } from "../../../test-support/point-fact.ts";
import { evaluate, scalarOf, seriesOf } from "../../model/evaluate.ts";
import { negate } from "../../model/expression.ts";
import { ratesOfReturn } from "../../model/arithmetic.ts";
import { fraction, month as monthUnit, usdPerMtok } from "../../quantity/unit.ts";
import { perYear } from "../gpu-hour-build-up.ts";
import { calendar, pointsOf } from "./calendar.ts";
import { pricePath } from "./price-path.ts";

const demand = steps([1, 60 * 1000 * 86_400], [25, 72 * 1000 * 86_400]);
const perMtok = usdPerMtok("total").factor;

const at = (price: number, more: Parameters<typeof planned>[1] = {}): Planned =>
	planned(ownedInputs(60, demand), {
		...more,
		revenue: {
			calendar: calendar(60),
			price: fact("price", usdPerMtok("total"), price),
			sold: fact("sold", fraction, 0.9),
			path: pricePath([{ fromMonth: 1, changePerYear: negate(fact("decline", perYear, 0.2)) }]),
		},
	});

describe("measures", () => {
	const { evaluation, model } = at(2);
	const cash = Array.from(seriesOf(evaluation, "own.cash"));

	it("discount what a plain sum does", () => {
		const i = 1.08 ** (1 / 12) - 1;
		expect(scalarOf(evaluation, "own.npv")).toBeCloseTo(
			cash.reduce((sum, x, t) => sum + x / (1 + i) ** t, 0),
			4,
		);
		const cost = Array.from(seriesOf(evaluation, "own.cost"));
		const tokens = Array.from(seriesOf(evaluation, "own.tokens"));
		const worth = (of: number[]): number => of.reduce((sum, x, t) => sum + x / 1.08 ** Math.ceil(t / 12), 0);
		expect(scalarOf(evaluation, "own.levelised")).toBeCloseTo(worth(cost) / worth(tokens), 15);
	});

	it("give the rate at which the value is nothing, a year", () => {
		const [root, ...more] = ratesOfReturn(cash);
		expect(more).toEqual([]);
		expect(scalarOf(evaluation, "own.irr")).toBeCloseTo((1 + (root as number)) ** 12 - 1, 12);
	});

	it("find no rate where nothing is earned, and no payback", () => {
		const poor = at(0.01).evaluation;
		expect(scalarOf(poor, "own.irr")).toBeNaN();
		expect(scalarOf(poor, "own.payback")).toBeNaN();
		expect(scalarOf(poor, "own.npv")).toBeLessThan(0);
	});

	it("pay back in the first month after which cash so far is never short again", () => {
		let sum = 0;
		const soFar = cash.map((x) => (sum += x));
		const month = scalarOf(evaluation, "own.payback") / monthUnit.factor;
		expect(soFar.slice(month).every((x) => x >= 0)).toBe(true);
		expect(soFar[month - 1]).toBeLessThan(0);
		expect(scalarOf(evaluation, "own.peak_cash")).toBeCloseTo(-Math.min(...soFar), 4);
	});

	it("are worth nothing at the price floor", () => {
		const floor = scalarOf(evaluation, "own.price_floor") / perMtok;
		expect(floor).toBeGreaterThan(0);
		expect(Math.abs(scalarOf(at(floor).evaluation, "own.npv"))).toBeLessThan(1);
	});

	it("sum years to the whole", () => {
		for (const name of ["cost", "cash", "revenue"]) {
			const years = Array.from({ length: 6 }, (_, n) => scalarOf(evaluation, `own.year_${n}.${name}`));
			const whole = seriesOf(evaluation, `own.${name}`).reduce((a, b) => a + b, 0);
			expect(years.reduce((a, b) => a + b, 0) / whole).toBeCloseTo(1, 12);
		}
		expect(scalarOf(evaluation, "own.year_0.tokens")).toBe(0);
	});

	it("leave the owner the same value less what lenders take", () => {
		const debt = {
			share: fact("debt_share", fraction, 0.6),
			interest: fact("debt_interest", perYear, 0.08),
			termMonths: 48,
		};
		const lent = at(2, { finance: { debt } }).evaluation;
		// borrowed and paid back at the rate at which it is discounted
		expect(scalarOf(lent, "own.owner.npv")).toBeCloseTo(scalarOf(lent, "own.npv"), 3);
		expect(scalarOf(lent, "own.peak_cash")).toBeLessThan(scalarOf(evaluation, "own.peak_cash"));
		expect(seriesOf(lent, "own.debt.balance")[60]).toBe(0);
	});

	it("tax profit, not cash", () => {
		const taxed = at(2, { finance: { taxRate: fact("tax_rate", fraction, 0.25) } }).evaluation;
		const whole = (id: string): number => seriesOf(taxed, id).reduce((a, b) => a + b, 0);
		const profit = whole("own.taxable");
		expect(whole("own.tax")).toBeCloseTo(0.25 * profit + 0.25 * (seriesOf(taxed, "own.losses")[60] as number), 3);
		expect(scalarOf(taxed, "own.npv")).toBeLessThan(scalarOf(evaluation, "own.npv"));
	});

	it("are the same for inputs given one by one", () => {
		const again = evaluate(model, { months: pointsOf(60), inputs: new Map([["price", 3 * perMtok]]) });
		expect(scalarOf(again, "own.npv")).toBe(scalarOf(at(3).evaluation, "own.npv"));
	});
});
