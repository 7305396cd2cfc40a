import { expect, test } from "vitest";
import { logTicks } from "./log-ticks.ts";

test.each([
	[0.1, 10, 9, [0.1, 0.2, 0.5, 1, 2, 5, 10]],
	[1e8, 1e12, 9, [1e8, 3e8, 1e9, 3e9, 1e10, 3e10, 1e11, 3e11, 1e12]],
	[1e8, 1e12, 5, [1e8, 1e9, 1e10, 1e11, 1e12]],
	[1e-3, 1e3, 4, [1e-3, 1e-1, 1e1, 1e3]],
	[2, 2, 5, [2]],
])("from %s to %s, at most %s", (low, high, most, ticks) => expect(logTicks(low, high, most)).toEqual(ticks));

test.each([
	[0, 1],
	[-1, 1],
	[Number.NaN, 1],
	[1, Infinity],
	[Infinity, -Infinity],
])("from %s to %s there is no logarithmic axis", (low, high) =>
	expect(() => logTicks(low, high, 5)).toThrow(RangeError),
);
