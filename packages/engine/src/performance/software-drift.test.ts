import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benchmarkPoint, medianPoint } from "../../test-support/benchmark-points.ts";
import type { BenchmarkPoint } from "./benchmark-point.ts";
import { daysBetween, driftPairs } from "./software-drift.ts";

describe("driftPairs", () => {
	const at = (measuredOn: string, tokensPerGpuSecond: number, more: Partial<BenchmarkPoint> = {}) =>
		benchmarkPoint({ id: `${measuredOn} ${tokensPerGpuSecond}`, measuredOn, tokensPerGpuSecond, ...more });

	it("compares the last row of a configuration with its first, compounded to a common span", () => {
		const rows = [at("2025-12-01", 1000), at("2026-05-30", 1210), at("2026-02-01", 9999)];
		const [pair, ...others] = driftPairs(rows, 45, 90);
		expect(others).toEqual([]);
		expect(pair).toMatchObject({ days: 180, ratio: 1.21 });
		expect(pair?.first.measuredOn).toBe("2025-12-01");
		expect(pair?.ratioPerSpan).toBeCloseTo(1.1, 12);
	});

	it("leaves out pairs closer together, and keeps those exactly as far apart", () => {
		const rows = [at("2026-01-01", 1000), at("2026-02-15", 1100)];
		expect(driftPairs(rows, 45, 90)).toHaveLength(1);
		expect(driftPairs(rows, 46, 90)).toEqual([]);
	});

	it("keeps regressions", () => {
		const [pair] = driftPairs([at("2026-01-01", 1000), at("2026-04-01", 640)], 45, 45);
		expect(pair?.ratio).toBe(0.64);
		expect(pair?.ratioPerSpan).toBeCloseTo(0.8, 12);
	});

	it("pairs no two configurations and no medians", () => {
		const rows = [at("2026-01-01", 1000), at("2026-06-01", 1100, { concurrency: 16 }), medianPoint()];
		expect(driftPairs(rows, 45, 90)).toEqual([]);
	});

	it("of several rows on one day takes the first run for the first and the last for the last", () => {
		const rows = [
			at("2026-06-01", 1300, { run: "4" }),
			at("2026-01-01", 1000, { run: "1" }),
			at("2026-06-01", 1200, { run: "3" }),
			at("2026-01-01", 1100, { run: "2" }),
		];
		const [pair] = driftPairs(rows, 45, 90);
		expect(pair?.ratio).toBe(1.3);
	});

	it("does not depend on the order of the rows", () => {
		const rows = Array.from({ length: 12 }, (_, i) =>
			at(`2026-0${1 + (i % 6)}-0${1 + (i % 3)}`, 1000 + i, { concurrency: i % 2 === 0 ? 8 : 16, run: `${i}` }),
		);
		const found = (of: readonly BenchmarkPoint[]) => new Set(driftPairs(of, 45, 90).map(({ ratio }) => ratio));
		fc.assert(
			fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
				expect(found(shuffled)).toEqual(found(rows));
			}),
			{ seed: 1 },
		);
	});
});

describe("daysBetween", () => {
	it("agrees with the calendar of the host", () => {
		const day = fc.date({ min: new Date("1900-01-01"), max: new Date("2200-12-31"), noInvalidDate: true });
		fc.assert(
			fc.property(day, day, (a, b) => {
				const [from, to] = [a, b].map((each) => each.toISOString().slice(0, 10)) as [string, string];
				expect(daysBetween(from, to)).toBe((Date.parse(to) - Date.parse(from)) / 86_400_000);
			}),
			{ seed: 2, numRuns: 500 },
		);
	});

	it("counts a leap day", () => {
		expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
		expect(daysBetween("2026-02-28", "2026-03-01")).toBe(1);
		expect(daysBetween("2026-11-22", "2026-07-31")).toBe(-114);
	});
});
