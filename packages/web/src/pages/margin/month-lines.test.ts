import { expect, test } from "vitest";
import { monthPoints, servingMonths, yearEnds } from "./month-lines.ts";

const series = (values: readonly (number | null)[]) => ({ node: "n", unit: "USD", values });

test("a month that serves nothing is a gap, and is not counted", () => {
	const earned = series([null, 2, 3]);
	expect(monthPoints(earned, (value) => value * 2)).toEqual([
		{ x: 0, y: undefined },
		{ x: 1, y: 4 },
		{ x: 2, y: 6 },
	]);
	const by_month = { tokens: earned, earned, unit_cost: earned, book_cost: earned, margin: series([-5, 0, 1]) };
	expect(servingMonths({ by_month })).toEqual({ first: 1, last: 2, months: 2, positive: 1 });
	expect(servingMonths({ by_month: { ...by_month, earned: series([null]) } })).toBeUndefined();
});

test("years end at their twelfth month, the last one where the horizon does", () => {
	expect(yearEnds(36)).toEqual([12, 24, 36]);
	expect(yearEnds(18)).toEqual([12, 18]);
	expect(yearEnds(6)).toEqual([6]);
});
