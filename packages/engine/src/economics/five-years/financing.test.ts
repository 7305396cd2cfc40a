import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fact } from "../../../test-support/point-fact.ts";
import { evaluate, scalarOf, seriesOf } from "../../model/evaluate.ts";
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { input } from "../../model/expression.ts";
import { buildModel } from "../../model/flatten.ts";
import { fraction, usd } from "../../quantity/unit.ts";
import { perYear } from "../gpu-hour-build-up.ts";
import { calendar } from "./calendar.ts";
import { loan, straightLine, taxOn } from "./financing.ts";

const path = (id: string, values: readonly number[]): Expr<{ readonly USD: 1 }> =>
	input(id, usd, { label: id, value: { kind: "series", values }, source: "a test", asOf: "2026-01-01", grade: "A" });
const run = (outputs: readonly AnyExpr[]) => evaluate(buildModel(outputs));
const round = (of: Float64Array): number[] => Array.from(of, (x) => Math.round(x * 1e6) / 1e6 + 0);

describe("straightLine", () => {
	it("writes a purchase off from the month after, and no more than it cost", () => {
		const { charge, bookValue } = straightLine("x.", path("placed", [120, 0, 60, 0, 0, 0]), 3);
		const of = run([charge, bookValue]);
		expect(round(seriesOf(of, "x.depreciation"))).toEqual([0, 40, 40, 60, 20, 20]);
		expect(round(seriesOf(of, "x.book_value"))).toEqual([120, 80, 100, 40, 20, 0]);
	});
});

describe("loan", () => {
	it("is repaid in level payments of PMT", () => {
		const months = 12;
		const paid = path("capital", [1000, ...Array<number>(months).fill(0)]);
		const debt = loan("x.", {
			calendar: calendar(months),
			capital: paid,
			share: fact("share", fraction, 0.6),
			interest: fact("interest", perYear, 0.1),
			termMonths: 12,
		});
		const of = run([debt.drawn, debt.interest, debt.repaid, debt.balance]);
		const i = 1.1 ** (1 / 12) - 1;
		const payment = (600 * i) / (1 - (1 + i) ** -12);
		for (let t = 1; t <= 12; t++) {
			expect((seriesOf(of, "x.debt.interest")[t] as number) + (seriesOf(of, "x.debt.repaid")[t] as number)).toBeCloseTo(
				payment,
				9,
			);
		}
		expect(seriesOf(of, "x.debt.balance")[12]).toBeCloseTo(0, 9);
		expect(seriesOf(of, "x.debt.repaid").reduce((a, b) => a + b, 0)).toBeCloseTo(600, 9);
	});

	it("is repaid at the horizon where its term is longer, and costs nothing at no interest", () => {
		const paid = path("capital", [1200, 0, 0, 0]);
		const debt = loan("x.", {
			calendar: calendar(3),
			capital: paid,
			share: fact("share", fraction, 1),
			interest: fact("interest", perYear, 0),
			termMonths: 12,
		});
		const of = run([debt.drawn, debt.interest, debt.repaid, debt.balance]);
		expect(round(seriesOf(of, "x.debt.repaid"))).toEqual([0, 100, 100, 1000]);
		expect(round(seriesOf(of, "x.debt.interest"))).toEqual([0, 0, 0, 0]);
		expect(scalarOf(of, "x.debt.payment_factor")).toBeCloseTo(1 / 12, 15);
	});
});

describe("taxOn", () => {
	it("sets losses against later profit", () => {
		const { tax, losses } = taxOn("x.", path("profit", [-100, 30, 50, 70, 10]), fact("rate", fraction, 0.2));
		const of = run([tax, losses]);
		expect(round(seriesOf(of, "x.losses"))).toEqual([100, 70, 20, 0, 0]);
		expect(round(seriesOf(of, "x.tax"))).toEqual([0, 0, 0, 10, 2]);
	});

	it("agrees with a plain loop, and never refunds", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 }), (profits) => {
				const of = run([taxOn("x.", path("profit", profits), fact("rate", fraction, 0.25)).tax]);
				let losses = 0;
				const expected = profits.map((profit) => {
					const used = Math.min(losses, Math.max(0, profit));
					losses += profit < 0 ? -profit : -used;
					return 0.25 * Math.max(0, profit - used);
				});
				expect(Array.from(seriesOf(of, "x.tax"))).toEqual(expected.map((x) => x + 0));
			}),
		);
	});
});
