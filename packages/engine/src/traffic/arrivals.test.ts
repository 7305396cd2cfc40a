import { describe, expect, it } from "vitest";
import type { ArrivalSpec } from "./arrivals.ts";
import { arrivals, meanRate } from "./arrivals.ts";
import { dayProfile, weekProfile } from "./day-profile.ts";

const HOUR = 3600;

/** Arrivals of each hour up to the end. */
function byHour(spec: ArrivalSpec, hours: number, seed = 1): number[] {
	const counts = Array.from({ length: hours }, () => 0);
	const source = arrivals(spec, seed);
	for (let time = source.next(); time < hours * HOUR; time = source.next()) counts[Math.floor(time / HOUR)]!++;
	return counts;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("arrivals", () => {
	it("keep the hours of a week, and none come in an hour without any", () => {
		const hourly = weekProfile(dayProfile(2), 0.4);
		const counts = byHour({ process: { kind: "poisson" }, requestsPerSecond: 2, hourly }, 168);
		counts.forEach((count, hour) => {
			const expected = 2 * HOUR * (hourly[hour] as number);
			expect(Math.abs(count - expected)).toBeLessThanOrEqual(5 * Math.sqrt(expected));
		});
		// 2 at night is the still hour of the cosine.
		expect(counts[2]).toBe(0);
		const [weekday, weekend] = [sum(counts.slice(0, 24)), sum(counts.slice(144))];
		expect(weekend / weekday).toBeGreaterThan(0.37);
		expect(weekend / weekday).toBeLessThan(0.43);
	});

	it("grow: twice a day is four times after two", () => {
		const spec: ArrivalSpec = { process: { kind: "even" }, requestsPerSecond: 1, growthPerDay: 2 };
		const counts = byHour(spec, 49);
		expect((counts[48] as number) / (counts[0] as number)).toBeCloseTo(4, 1);
		expect(sum(counts) / (49 * HOUR) / meanRate(spec, 49 * HOUR)).toBeCloseTo(1, 3);
	});

	it("end where the rate dies away", () => {
		const source = arrivals({ process: { kind: "even" }, requestsPerSecond: 1 / HOUR, growthPerDay: 1e-6 }, 1);
		// The hours add up to 0.75 + 0.42 + 0.24 + … = 1.7 requests.
		expect(source.next()).toBeLessThan(2 * HOUR);
		expect(source.next()).toBe(Number.POSITIVE_INFINITY);
	});

	it("switch between bursts and quiet: the stated rate, share and length in seconds, at every hour", () => {
		const process = { kind: "mmpp", busyRate: 4, busyShare: 0.1, busySeconds: 30 } as const;
		const hourly = [...Array.from({ length: 12 }, () => 0.5), ...Array.from({ length: 12 }, () => 1.5)];
		const spec: ArrivalSpec = { process, requestsPerSecond: 10, hourly };
		const source = arrivals(spec, 3);
		const days = 2;
		// Slots of 3 s: 3 or 9 requests on average between hours of a burst and of none, 60 or 20 within one.
		const slots = new Float64Array((days * 24 * HOUR) / 3);
		let arrived = 0;
		for (let time = source.next(); time < days * 24 * HOUR; time = source.next()) {
			arrived++;
			slots[Math.floor(time / 3)]!++;
		}
		expect(arrived / (days * 24 * HOUR)).toBeGreaterThan(9);
		expect(arrived / (days * 24 * HOUR)).toBeLessThan(11);
		for (const [from, rate] of [
			[0, 5],
			[12, 15],
		] as const) {
			let [busy, runs, wasBusy] = [0, 0, false];
			let count = 0;
			for (let slot = 0; slot < slots.length; slot++) {
				const hour = Math.floor((slot * 3) / HOUR) % 24;
				if (hour < from || hour >= from + 12) continue;
				count++;
				// Between the quiet rate (0.667 of the mean) and that of a burst (4 times it), in 3 s.
				const isBusy = (slots[slot] as number) > 3 * rate * 2;
				if (isBusy) busy++;
				if (isBusy && !wasBusy) runs++;
				wasBusy = isBusy;
			}
			expect(busy / count).toBeGreaterThan(0.07);
			expect(busy / count).toBeLessThan(0.14);
			expect((busy * 3) / runs).toBeGreaterThan(20);
			expect((busy * 3) / runs).toBeLessThan(42);
		}
	});
});
