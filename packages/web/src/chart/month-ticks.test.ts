import { expect, test } from "vitest";
import { monthTicks } from "./month-ticks.ts";

test("an axis of months is marked at years, half-years or quarters, and never past its end", () => {
	expect(monthTicks(60)).toEqual([0, 12, 24, 36, 48, 60]);
	expect(monthTicks(36)).toEqual([0, 6, 12, 18, 24, 30, 36]);
	expect(monthTicks(12)).toEqual([0, 3, 6, 9, 12]);
	expect(monthTicks(4)).toEqual([0, 1, 2, 3, 4]);
	expect(monthTicks(121)).toEqual([0, 24, 48, 72, 96, 120]);
});
