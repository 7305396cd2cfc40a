import { expect, it } from "vitest";
import { dayProfile } from "./day-profile.ts";

it("has mean 1 and the peak that is asked for", () => {
	for (const peak of [1, 1.3, 2, 3.5, 8]) {
		const hours = dayProfile(peak);
		expect(hours).toHaveLength(24);
		expect(hours.reduce((sum, hour) => sum + hour, 0)).toBeCloseTo(24, 9);
		expect(Math.max(...hours)).toBeCloseTo(peak, 6);
	}
});

it("is a plain cosine at 2: nothing twelve hours from the peak, the mean six hours from it", () => {
	const hours = dayProfile(2);
	expect(hours[14]).toBeCloseTo(2, 6);
	expect(hours[2]).toBeCloseTo(0, 6);
	expect(hours[20]).toBeCloseTo(1, 6);
});
