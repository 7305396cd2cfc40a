import { describe, expect, it } from "vitest";
import { mergedRuns, type RunOutcome } from "./runs.ts";

const outcome = (seed: number, p99: number | undefined, saturated = false): RunOutcome => ({
	seed,
	saturated,
	figures: [
		{ figure: "requests", unit: "", value: 100 + seed },
		...(p99 === undefined ? [] : [{ figure: "ttft.p99", unit: "s", value: p99 }]),
	],
});

describe("merged runs", () => {
	const runs = [outcome(1, 2), outcome(2, 4, true), outcome(3, 6)];

	it("give the mean of each figure, its interval and how far apart the runs are", () => {
		const { count, first_seed, saturated, figures } = mergedRuns(runs);
		expect([count, first_seed, saturated]).toEqual([3, 1, 1]);
		const p99 = figures.find(({ figure }) => figure === "ttft.p99");
		// t of two degrees is 4.303, s is 2.
		expect(p99).toMatchObject({ mean: 4, least: 2, largest: 6, unit: "s", runs: 3 });
		expect((p99?.high ?? 0) - 4).toBeCloseTo((4.303 * 2) / Math.sqrt(3), 9);
	});

	it("have no interval below nothing, or above all of a share", () => {
		const at = (seed: number, wait: number, share: number): RunOutcome => ({
			seed,
			saturated: false,
			figures: [
				{ figure: "ttft.p99", unit: "s", value: wait },
				{ figure: "good_share", unit: "", value: share },
			],
		});
		const { figures } = mergedRuns([at(1, 0.1, 0.99), at(2, 5, 1)]);
		expect(figures).toMatchObject([
			{ low: 0, cut_off: ["low"] },
			{ high: 1, cut_off: ["high"] },
		]);
		expect(figures[0]?.high).toBeGreaterThan(5);
	});

	it("are the same in whatever order they come", () => {
		const orders = [
			[0, 1, 2],
			[2, 0, 1],
			[1, 2, 0],
		].map((order) => JSON.stringify(mergedRuns(order.map((at) => runs[at] as RunOutcome))));
		expect(new Set(orders).size).toBe(1);
	});

	it("leave out what one run alone has", () => {
		const { figures } = mergedRuns([outcome(1, undefined), outcome(2, 4)]);
		expect(figures.map(({ figure }) => figure)).toEqual(["requests"]);
	});
});
