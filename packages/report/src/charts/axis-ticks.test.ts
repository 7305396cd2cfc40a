import fc from "fast-check";
import { expect, test } from "vitest";
import { countTick, dollarTick, linearTicks, logTicks, roundedLogRange } from "./axis-ticks.ts";

test("log ticks", () => {
	expect(logTicks(0.1, 10, 8)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10]);
	expect(logTicks(0.1, 100, 8)).toEqual([0.1, 0.3, 1, 3, 10, 30, 100]);
	expect(logTicks(1e8, 1e12, 6)).toEqual([1e8, 1e9, 1e10, 1e11, 1e12]);
});

test("a rounded range holds what it rounds, and is never empty", () => {
	const value = fc.double({ min: 1e-4, max: 1e6, noNaN: true });
	fc.assert(
		fc.property(value, value, (a, b) => {
			const [low, high] = roundedLogRange(Math.min(a, b), Math.max(a, b));
			expect(low).toBeLessThanOrEqual(Math.min(a, b));
			expect(high).toBeGreaterThanOrEqual(Math.max(a, b));
			expect(low).toBeLessThan(high);
			expect(logTicks(low, high, 10).length).toBeGreaterThan(0);
		}),
	);
	expect(roundedLogRange(0.5, 0.5)).toEqual([0.2, 1]);
});

test("linear ticks", () => {
	expect(linearTicks(0.46, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
	expect(linearTicks(325, 8)).toEqual([0, 50, 100, 150, 200, 250, 300]);
});

test("labels", () => {
	expect([0.004, 0.015, 0.05, 0.5, 1, 20, 0].map(dollarTick)).toEqual([
		"$0.004",
		"$0.015",
		"$0.05",
		"$0.50",
		"$1",
		"$20",
		"$0",
	]);
	expect([1e8, 1e9, 2.5e10, 1e12, 500].map(countTick)).toEqual(["100M", "1B", "25B", "1T", "500"]);
});
