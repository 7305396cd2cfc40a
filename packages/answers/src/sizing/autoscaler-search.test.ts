import { describe, expect, it } from "vitest";
import type { AutoscalerSetting } from "../simulate/traffic.ts";
import { searchedSetting } from "./autoscaler-search.ts";
import type { SimulatedDay } from "./simulated.ts";

/** A day that keeps the limits up to a target, and one step bolder with a floor of 4; longer intervals cost less. */
function day({ target, intervalSeconds, fewest }: AutoscalerSetting): SimulatedDay {
	const keeps = target <= 0.7 || (target <= 0.8 && fewest >= 4);
	return { withinLimits: keeps ? 0.99 : 0.9, neededShare: 0.5 / target - intervalSeconds / 100_000 + fewest / 1000 };
}

const choice = { targets: [0.9, 0.8, 0.7, 0.6], intervals: [60, 30, 300], floors: [1, 4] };

describe("the search for an autoscaler's settings", () => {
	it("finds the cheapest day that keeps the limits, where a floor makes up for a bolder target", () => {
		const { found, tried, complete } = searchedSetting(choice, 0.95, 100, day);
		expect(found?.setting).toEqual({ target: 0.8, intervalSeconds: 60, fewest: 4 });
		expect(complete).toBe(true);
		expect(tried).toBeLessThan(4 * 3 * 2);
	});

	it("holds what it may not change, and stops at the days it may simulate", () => {
		const held = searchedSetting({ targets: [0.7], intervals: [300], floors: [2] }, 0.95, 100, day);
		expect(held).toMatchObject({ tried: 1, complete: true, found: { setting: { target: 0.7, fewest: 2 } } });
		const cut = searchedSetting(choice, 0.95, 3, day);
		expect(cut).toMatchObject({ tried: 3, complete: false, found: { setting: { target: 0.7 } } });
	});

	it("says that none keeps the limits", () => {
		expect(searchedSetting(choice, 0.999, 100, day).found).toBeUndefined();
	});
});
