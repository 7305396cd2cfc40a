import type { PlanOption } from "@farthing/answers";
import { expect, test } from "vitest";
import { costAt, crossoverPoints, curvesWithPlan, volumeLines } from "./volume-lines.ts";

const volumes = {
	tokens_per_day: [1e8, 1e9, 1e10],
	cheapest: ["small", "small", "large"],
	interruptions: [],
	sized_by: "throughput" as const,
	delivered: { large: [9, 3, 1], small: [4, 2, 1.5] },
};

test("lines stand in the order in which they become the cheapest", () => {
	expect(volumeLines({ volumes })).toEqual([
		{ option: "small", index: 0, costs: [4, 2, 1.5] },
		{ option: "large", index: 1, costs: [9, 3, 1] },
	]);
});

test("a mark stands on its line: at a volume of the answer it is the cost of the answer", () => {
	expect(costAt(volumes.tokens_per_day, volumes.delivered.large, 1e9)).toBe(3);
	// half way on logarithmic axes: the geometric mean of 3 and 1
	expect(costAt(volumes.tokens_per_day, volumes.delivered.large, 10 ** 9.5)).toBeCloseTo(Math.sqrt(3), 12);
	expect(costAt(volumes.tokens_per_day, volumes.delivered.large, 1e11)).toBeUndefined();
	expect(costAt(volumes.tokens_per_day, volumes.delivered.large, 1e7)).toBeUndefined();
});

test("a crossover without its line has no mark", () => {
	const at = (value: number, to: string) => ({ tokens_per_day: { value, unit: "tok/day" }, from: "small", to });
	expect(crossoverPoints({ volumes, crossovers: [at(1e10, "large"), at(1e10, "gone")] })).toEqual([
		{ volume: 1e10, cost: 1, option: "large", index: 1 },
	]);
});

test("lines go through the plan: at its volume each has the cost of its fleet", () => {
	const fleet = (id: string, value: number): PlanOption =>
		({ id, delivered: { value, unit: "USD/Mtok" } }) as PlanOption;
	const asked = (value: number) => ({
		volumes,
		question: { tokens: { value, unit: "tok/day" } },
		options: [fleet("small", 2.5), fleet("large", 2.75)],
	});
	const curves = curvesWithPlan(asked(3e9));
	expect(curves).toMatchObject({
		tokens_per_day: [1e8, 1e9, 3e9, 1e10],
		cheapest: ["small", "small", "small", "large"],
		delivered: { small: [4, 2, 2.5, 1.5], large: [9, 3, 2.75, 1] },
	});
	for (const beside of [1e7, 1e9, 1e11]) expect(curvesWithPlan(asked(beside))).toBe(volumes);
	const short = { ...volumes, delivered: { ...volumes.delivered, large: [9] } };
	expect(curvesWithPlan({ ...asked(3e9), volumes: short }).delivered["large"]).toEqual([9]);
	const estimated = { ...volumes, sized_by: "queueing-estimate" as const };
	expect(curvesWithPlan({ ...asked(3e9), volumes: estimated })).toBe(estimated);
});
