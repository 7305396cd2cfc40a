import { expect, test } from "vitest";
import { stretchesOf, stretchText } from "./stretches.ts";

const at = (value: number, to: string) => ({ tokens_per_day: { value, unit: "tok/day" }, from: "any", to });
const gap = (from: number, to: number) => ({ from, to, cheapest: "other" });
const result = {
	crossovers: [at(1e10, "large"), at(1e11, "rack")],
	volumes: {
		tokens_per_day: [],
		cheapest: [],
		delivered: {},
		sized_by: "throughput" as const,
		interruptions: [gap(5e9, 5.13e9), gap(1.48e10, 1.66e10), gap(1.05e11, 1.07e11), gap(1e12, 1e12)],
	},
};

test("a stretch belongs to the lead that it interrupts", () => {
	const [first, second, third, fourth] = result.volumes.interruptions;
	expect(stretchesOf(result, -1)).toEqual([first]);
	expect(stretchesOf(result, 0)).toEqual([second]);
	expect(stretchesOf(result, 1)).toEqual([third, fourth]);
});

test("both ends of a stretch differ, and the unit is said once", () => {
	const between = (from: string, to: string): string => `${from} to ${to}`;
	expect(stretchText(gap(1.05e11, 1.07e11), between)).toBe("105B to 107B tok/day");
	expect(stretchText(gap(1e12, 1e12), between)).toBe("1.00T tok/day");
});
