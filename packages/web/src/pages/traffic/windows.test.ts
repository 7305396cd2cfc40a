import type { WindowJson } from "@farthing/answers";
import { describe, expect, test } from "vitest";
import { hoursOfWeek, markedPlaces, mostOf } from "./windows.ts";

const hour = (at: number, busy_share: number): WindowJson => ({
	from_seconds: at * 3600,
	to_seconds: (at + 1) * 3600,
	arrived: at + 1,
	finished: 1,
	good: 1,
	output_tokens: 1,
	waiting: 0,
	in_flight: 0,
	replicas: 1,
	busy_share,
	gpu_seconds: { busy: 1, warm_idle: 1, starting: 0, draining: 0, failed: 0 },
});

describe("stretches of a run", () => {
	test("are laid on the week, means of its hours, the rest after the last left out", () => {
		const windows = Array.from({ length: 9 * 24 }, (_, at) => hour(at, at < 24 ? 0.2 : at >= 168 ? 0.4 : 0.5));
		const rest = { ...hour(9 * 24, 1), to_seconds: 9 * 86_400 + 0.5 };
		const cells = hoursOfWeek([...windows, rest]);
		expect(cells).toHaveLength(7);
		for (const share of cells[0] as number[]) expect(share).toBeCloseTo(0.3, 12);
		expect(cells[1]?.[5]).toBeCloseTo(0.45, 12);
		expect(cells[6]?.[23]).toBe(0.5);
		expect(hoursOfWeek(windows.slice(0, 24))).toEqual([]);
	});

	test("have a busiest one, where any is known", () => {
		const windows = [hour(0, 0.1), hour(1, 0.7), hour(2, 0.3)];
		expect(mostOf(windows, ({ busy_share: share }) => share)).toBe(windows[1]);
		expect(mostOf(windows, ({ ttft_p99: p99 }) => p99)).toBeUndefined();
	});

	test("are all reached by marks, or some of them where they are many", () => {
		expect(markedPlaces(3)).toEqual([0, 1, 2]);
		expect(markedPlaces(10_000).length).toBeLessThanOrEqual(60);
	});
});
