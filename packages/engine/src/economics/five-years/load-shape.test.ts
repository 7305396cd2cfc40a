import { describe, expect, it } from "vitest";
import { evaluate, scalarOf } from "../../model/evaluate.ts";
import { buildModel } from "../../model/flatten.ts";
import { one } from "../../quantity/unit.ts";
import { named, number } from "./formula.ts";
import { shareAbove } from "./load-shape.ts";

const above = (level: number, peak: number): number =>
	scalarOf(
		evaluate(buildModel([named("share", one, shareAbove(number(level), number(peak)), { label: "share" })])),
		"share",
	);

describe("shareAbove", () => {
	it("is that of a uniform load at a peak of twice the mean", () => {
		// uniform from 0 to 2: above b lies (2 − b)² / 4
		for (const level of [0, 0.5, 1, 1.6, 2]) expect(above(level, 2)).toBeCloseTo((2 - level) ** 2 / 4, 12);
	});

	it.each([1.2, 2, 3.5])("agrees with a sum over the load, peak %f", (peak) => {
		const steps = 200_000;
		for (const level of [0.3, 0.9, 1.1]) {
			let sum = 0;
			for (let i = 0; i < steps; i++) sum += Math.max(0, peak * ((i + 0.5) / steps) ** (peak - 1) - level);
			expect(above(level, peak)).toBeCloseTo(sum / steps, 5);
		}
	});

	it("leaves all above nothing, nothing above the peak, and a flat load to its level", () => {
		expect(above(0, 2.5)).toBe(1);
		expect(above(9, 2.5)).toBeCloseTo(0, 12);
		expect(above(0.8, 1)).toBeCloseTo(0.2, 12);
		expect(above(1, 1)).toBe(0);
	});
});
