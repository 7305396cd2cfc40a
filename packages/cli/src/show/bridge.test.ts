import type { PlanOption } from "@farthing/answers";
import { describe, expect, it } from "vitest";
import { bridgeLines } from "./bridge.ts";

const cost = (value: number): PlanOption["headline"] => ({
	value,
	unit: "USD/Mtok",
	tokens: "total",
	basis: "delivered",
});

function lines(headline: number, steps: Readonly<Record<string, number>>): string[] {
	const bridge = Object.entries(steps).map(([cause, delta]) => ({ cause, delta: cost(delta) }));
	const delivered = Object.values(steps).reduce((sum, delta) => sum + delta, headline);
	return bridgeLines({ headline: cost(headline), bridge, delivered: cost(delivered) } as unknown as PlanOption);
}

/** First and last column of the bar of a line. */
function barOf(line: string | undefined): [from: number, to: number] {
	const start = (line as string).search(/[█▏]/);
	return [start, (line as string).length];
}

describe("the bridge as bars", () => {
	it("starts each bar where the one before ended, and ends where the sum does", () => {
		const [headline, peak, spare, delivered] = lines(0.23, { "peak sizing": 0.23, "N+1": 0.04 });
		const [start, first] = barOf(headline);
		expect(barOf(peak)[0]).toBe(first);
		expect(barOf(spare)[0]).toBe(barOf(peak)[1]);
		expect(barOf(delivered)).toEqual([start, barOf(spare)[1]]);
		expect(delivered).toMatch(/= delivered +0\.500/);
	});

	it("draws a step down from where it ends, with its sign", () => {
		const [, peak, whole] = lines(0.2, { "peak sizing": 0.2, "whole replicas": -0.1 });
		expect(whole).toMatch(/^ {2}− whole replicas +0\.100/);
		expect(barOf(whole)[1]).toBe(barOf(peak)[1]);
	});

	it("draws a hairline for what is too small, and nothing for nothing", () => {
		const [, small, none] = lines(0.2, { "peak sizing": 0.000001, "whole hosts": 0 });
		expect(small).toMatch(/▏$/);
		expect(none).toMatch(/whole hosts +0$/);
	});
});
