import { describe, expect, it } from "vitest";
import { emptyRequest } from "../simulation/request-source.ts";
import { dayProfile, weekProfile } from "./day-profile.ts";
import { meanLengths } from "./lengths.ts";
import { generatedLoad } from "./load.ts";
import { shapeFitter, shapeLoad } from "./traffic-shape.ts";

const SPEC = {
	arrivals: { process: { kind: "gamma", variation: 2.5 }, requestsPerSecond: 3 },
	lengths: { kind: "log-normal", input: 1200, output: 300, inputVariation: 1, outputVariation: 0.7 },
	prefixes: { blockTokens: 64, share: 0.5, groups: 10, skew: 0 },
} as const;

function fitted(requests: number) {
	const source = generatedLoad({ ...SPEC, requests }, 3);
	const fitter = shapeFitter();
	const next = emptyRequest();
	let [input, output] = [0, 0];
	while (source.next(next)) {
		fitter.add({ kind: "request", line: 1, ...next, prefixIds: Array.from(next.prefixIds as Float64Array) });
		input += next.inputTokens / requests;
		output += next.outputTokens / requests;
	}
	return { shape: fitter.fit(64), input, output };
}

describe("a fitted shape", () => {
	const { shape, input, output } = fitted(20_000);

	it("finds rate, burstiness, mean lengths and reuse again", () => {
		expect(shape.requestsPerSecond).toBeGreaterThan(2.8);
		expect(shape.requestsPerSecond).toBeLessThan(3.2);
		expect(Math.abs(shape.burstiness / 2.5 - 1)).toBeLessThan(0.08);
		const mean = meanLengths({ kind: "joint", cells: shape.cells });
		expect(Math.abs(mean.input / input - 1)).toBeLessThan(0.01);
		expect(Math.abs(mean.output / output - 1)).toBeLessThan(0.01);
		expect(shape.prefixReuse).toBeGreaterThan(0.4);
		expect(shape.prefixReuse).toBeLessThan(0.55);
	});

	it("gives requests of the asked means back, clustered as they were", () => {
		const load = shapeLoad(shape, {
			requestsPerSecond: 10,
			inputTokens: 8192,
			outputTokens: 1024,
			prefixBlockTokens: 128,
			groups: 50,
		});
		const again = shapeFitter();
		const next = emptyRequest();
		const source = generatedLoad({ ...load, requests: 20_000 }, 5);
		while (source.next(next)) again.add({ kind: "request", line: 1, ...next, prefixIds: [] });
		const second = again.fit();
		const mean = meanLengths({ kind: "joint", cells: second.cells });
		expect(Math.abs(mean.input / 8192 - 1)).toBeLessThan(0.02);
		expect(Math.abs(mean.output / 1024 - 1)).toBeLessThan(0.02);
		expect(Math.abs(second.burstiness / 2.5 - 1)).toBeLessThan(0.15);
	});

	it("refuses what has no gap", () => {
		expect(() => shapeFitter().fit()).toThrow(RangeError);
		const fitter = shapeFitter();
		for (let line = 1; line < 5; line++) {
			fitter.add({ kind: "request", line, seconds: 7, inputTokens: 1, outputTokens: 1 });
		}
		expect(() => fitter.fit()).toThrow(/at one time/);
	});
});

describe("the hours of a fitted shape", () => {
	/** Requests of a process without bursts over a course, from a start. */
	function fittedOver(hourly: readonly number[], hours: number, start: number, clock: "utc" | "relative") {
		const next = emptyRequest();
		const source = generatedLoad(
			{
				arrivals: { process: { kind: "poisson" }, requestsPerSecond: 0.05, hourly },
				lengths: { kind: "fixed", input: 10, output: 10 },
			},
			4,
		);
		const fitter = shapeFitter(1, clock);
		while (source.next(next) && next.seconds < hours * 3600) {
			fitter.add({ kind: "request", line: 1, ...next, seconds: start + next.seconds, prefixIds: [] });
		}
		return fitter.fit();
	}

	it("are those of a day, each by the time that the trace spent in it, and are no bursts", () => {
		// A day and a half: the first twelve hours come twice.
		const shape = fittedOver(dayProfile(2), 36, 0, "relative");
		expect(shape.hourly).toHaveLength(24);
		const [night, noon] = [shape.hourly?.[3] as number, shape.hourly?.[14] as number];
		expect(noon).toBeGreaterThan(1.75);
		expect(noon).toBeLessThan(2.25);
		expect(night).toBeLessThan(0.2);
		expect(Math.abs(shape.burstiness - 1)).toBeLessThan(0.1);
	});

	it("are those of a week from Monday on where there are two, by the calendar", () => {
		// 2024-05-15 is a Wednesday: hour 48 of the week.
		const start = Date.UTC(2024, 4, 15) / 1000;
		const week = weekProfile(
			Array.from({ length: 24 }, () => 1),
			0.2,
		);
		const fromWednesday = [...week.slice(48), ...week.slice(0, 48)];
		const { hourly } = fittedOver(fromWednesday, 15 * 24, start, "utc");
		expect(hourly).toHaveLength(168);
		const mean = (from: number, to: number): number =>
			(hourly as number[]).slice(from, to).reduce((sum, rate) => sum + rate, 0) / (to - from);
		expect(mean(120, 168) / mean(0, 120)).toBeGreaterThan(0.17);
		expect(mean(120, 168) / mean(0, 120)).toBeLessThan(0.23);
	});
});
