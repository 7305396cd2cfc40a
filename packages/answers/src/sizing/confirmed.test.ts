import { describe, expect, it } from "vitest";
import { fewestKeeping } from "./confirmed.ts";
import type { SimulatedPeak } from "./simulated.ts";

/** A deployment of which so many replicas keep the limits, and fewer as much of the requests as they are of them. */
function needing(replicas: number) {
	const simulated: number[] = [];
	const simulate = (of: number): SimulatedPeak => {
		simulated.push(of);
		return { withinLimits: Math.min(1, of / replicas), busyShare: 1 / of };
	};
	return { simulate, simulated };
}

describe("the search for the fewest replicas that keep the limits", () => {
	it("finds them wherever they are, above the estimate or below, and simulates no number twice", () => {
		for (const wanted of [1, 2, 3, 7, 8, 9, 10, 13, 17, 30, 100, 250]) {
			const { simulate, simulated } = needing(wanted);
			const found = fewestKeeping({ least: 1, estimate: 8, enough: 1 }, simulate);
			expect(found).toEqual({ keeps: true, replicas: wanted, withinLimits: 1, busyShare: 1 / wanted });
			expect(new Set(simulated).size).toBe(simulated.length);
			expect(simulated.length).toBeLessThan(25);
		}
	});

	it("never goes below what throughput asks for", () => {
		expect(fewestKeeping({ least: 5, estimate: 4, enough: 0.5 }, needing(2).simulate).replicas).toBe(5);
	});

	it("stops where more replicas do no more, and says how far it went", () => {
		const held = fewestKeeping({ least: 1, estimate: 4, enough: 0.99 }, (of) => ({
			withinLimits: Math.min(0.95, of / 10),
			busyShare: 1 / of,
		}));
		// 4, 5, 6, 7, 8, 16, 32: the last doubling brings nothing.
		expect(held).toEqual({ keeps: false, replicas: 32, withinLimits: 0.95, busyShare: 1 / 32 });
	});

	it("stops at 64 times the estimate", () => {
		const far = fewestKeeping({ least: 1, estimate: 1, enough: 1 }, needing(1000).simulate);
		expect(far.keeps).toBe(false);
		expect(far.replicas).toBeLessThanOrEqual(64);
		expect(far.withinLimits).toBeCloseTo(far.replicas / 1000, 12);
	});
});
