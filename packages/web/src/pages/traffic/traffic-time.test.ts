import { describe, expect, test } from "vitest";
import { clockText, timeTicks } from "./traffic-time.ts";

describe("times of a run", () => {
	test.each([
		[0, 86_400, "00:00"],
		[23_400, 86_406, "06:30"],
		[90, 1800, "00:01:30"],
		[2 * 86_400 + 23_400, 604_800, "d3 06:30"],
	])("%s s of %s s is %s", (seconds, span, text) => {
		expect(clockText(seconds, span)).toBe(text);
	});

	test("ticks are round, in order, and no more than asked for", () => {
		expect(timeTicks(86_406, 8)).toEqual([0, 14_400, 28_800, 43_200, 57_600, 72_000]);
		for (const span of [0.5, 47, 3600, 604_800, 3e7]) {
			const ticks = timeTicks(span, 6);
			expect(ticks.length).toBeLessThanOrEqual(7);
			expect(ticks.at(-1)).toBeLessThanOrEqual(span);
		}
	});
});
