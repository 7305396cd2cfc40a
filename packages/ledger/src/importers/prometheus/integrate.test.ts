import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { counterIntegral, gaugeIntegral, medianInterval, type TimedPoint } from "./integrate.ts";

const counter = (...pairs: readonly (readonly [seconds: number, value: number])[]): TimedPoint[] =>
	pairs.map(([seconds, value]) => ({ at: seconds * 1000, value }));
const window = (from: number, to: number) => ({ from: from * 1000, to: to * 1000 });

describe("counterIntegral", () => {
	it("interpolates at both edges", () => {
		const points = counter([0, 0], [10, 100], [20, 200], [30, 300], [40, 400]);
		const cut = counterIntegral(points, window(15, 25));
		expect(cut.rise).toBeCloseTo(100, 9);
		expect(cut).toMatchObject({ reasons: ["edge-interpolated"], coverage: 1 });
		expect(counterIntegral(points, window(10, 30))).toMatchObject({ rise: 200, reasons: [], coverage: 1 });
	});

	it("follows a load that changes within a scrape closer than a straight line does", () => {
		// Requests a second rise as 2t: t² of them by t. Between 10 and 20 a line says 150 at the middle, the truth is 225 − 100.
		const points = counter([0, 0], [10, 100], [20, 400], [30, 900]);
		expect(Math.abs((counterIntegral(points, window(10, 15)).rise ?? 0) - 125)).toBeLessThan(8);
	});

	it("adds windows side by side to the whole", () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 500 })), {
					minLength: 4,
					maxLength: 30,
				}),
				fc.integer({ min: 1, max: 99 }),
				(steps, percent) => {
					let [at, value] = [0, 0];
					const points = [[0, 0] as const, ...steps.map(([dt, dv]) => [(at += dt), (value += dv)] as const)];
					const cut = (at * percent) / 100;
					const rise = (from: number, to: number): number =>
						counterIntegral(counter(...points), window(from, to)).rise ?? 0;
					expect(rise(0, cut) + rise(cut, at)).toBeCloseTo(value, 6);
					expect(rise(0, cut)).toBeGreaterThanOrEqual(-1e-9);
					expect(rise(0, cut)).toBeLessThanOrEqual(value + 1e-9);
				},
			),
			{ numRuns: 100 },
		);
	});

	it("counts what a counter shows after it began again, and what was lost before, by the rate", () => {
		// 10 a second; the process ends at 25 s, of which the samples at 20 and 30 know nothing.
		const points = counter([0, 1000], [10, 1100], [20, 1200], [30, 50], [40, 150]);
		const starts = [0, 10, 20].map((s) => ({ at: s * 1000, value: -5000 }));
		const known = { starts: [...starts, { at: 30_000, value: 25_000 }, { at: 40_000, value: 25_000 }], scrapes: [] };
		const told = counterIntegral(points, window(0, 40), known);
		expect(told).toMatchObject({ rise: 400, estimated: 50, reasons: ["restart"] });
		// Without the start of the process the new value tells when it began.
		expect(counterIntegral(points, window(0, 40))).toMatchObject({
			rise: 400,
			estimated: 50,
			reasons: ["counter-reset"],
		});
	});

	it("does not invent counts for a process that was down for long", () => {
		const points = counter([0, 1000], [10, 1100], [20, 1200], [400, 50], [410, 150]);
		const { rise, estimated, reasons } = counterIntegral(points, window(0, 410));
		expect(estimated).toBeLessThanOrEqual(100);
		expect(rise).toBeLessThanOrEqual(450);
		expect(reasons).toContain("gap");
	});

	it("takes a fall of a process that goes on for a fault, and counts nothing for it", () => {
		const points = counter([0, 1000], [10, 1100], [20, 900], [30, 1000]);
		const starts = [0, 10, 20, 30].map((s) => ({ at: s * 1000, value: -5000 }));
		expect(counterIntegral(points, window(0, 30), { starts, scrapes: [] })).toMatchObject({
			rise: 200,
			reasons: ["decrease-without-restart"],
		});
	});

	it("counts across a gap, names it, and leaves it out of the coverage", () => {
		const points = counter([0, 0], [10, 100], [20, 200], [100, 1000], [110, 1100]);
		expect(counterIntegral(points, window(0, 110))).toMatchObject({ rise: 1100, reasons: ["gap"], coverage: 30 / 110 });
	});

	it("counts a series that begins in the window from zero only where it is known to have begun there", () => {
		const points = counter([30, 70], [40, 170]);
		expect(counterIntegral(points, window(0, 40))).toMatchObject({ rise: 100, reasons: ["start-unknown"] });
		const started = { starts: [{ at: 30_000, value: 23_000 }], scrapes: [] };
		expect(counterIntegral(points, window(0, 40), started)).toMatchObject({ rise: 170, reasons: ["born-in-window"] });
		const scraped = { starts: [], scrapes: [0, 10_000, 20_000, 30_000, 40_000] };
		expect(counterIntegral(points, window(0, 40), scraped)).toMatchObject({ rise: 170 });
		const older = { starts: [{ at: 30_000, value: -90_000 }], scrapes: [] };
		expect(counterIntegral(points, window(0, 40), older)).toMatchObject({ rise: 100, reasons: ["start-unknown"] });
	});

	it("gives nothing where no sample lies around the window", () => {
		expect(counterIntegral(counter([0, 1], [10, 2]), window(20, 30)).rise).toBeUndefined();
		expect(counterIntegral([], window(0, 1)).rise).toBeUndefined();
	});

	it("leaves samples that are no number out", () => {
		expect(counterIntegral(counter([0, 0], [10, Number.NaN], [20, 200]), window(0, 20))).toMatchObject({ rise: 200 });
	});
});

describe("gaugeIntegral", () => {
	it("is the mean by the trapezoid, with edges interpolated", () => {
		const points = counter([0, 100], [10, 200], [20, 200], [30, 0]);
		expect(gaugeIntegral(points, window(0, 20))?.mean).toBeCloseTo(175);
		expect(gaugeIntegral(points, window(5, 25))?.mean).toBeCloseTo((175 * 5 + 200 * 10 + 150 * 5) / 20);
	});

	it("leaves gaps out of the mean and says how wide they are", () => {
		const points = counter([0, 100], [1, 100], [2, 100], [60, 900], [61, 900], [62, 900]);
		expect(gaugeIntegral(points, window(0, 62))).toMatchObject({
			mean: 500,
			widestGap: 58,
			coverage: 4 / 62,
			reasons: ["gap"],
		});
	});
});

it("takes the middle of the steps for the scrape interval", () => {
	expect(medianInterval([0, 15, 30, 45, 200])).toBe(15);
	expect(medianInterval([1])).toBeUndefined();
});
