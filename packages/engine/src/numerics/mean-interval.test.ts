import { expect, it } from "vitest";
import { meanInterval, studentT } from "./mean-interval.ts";
import { uniformStream } from "./random.ts";

it("works the example by hand: 2, 4, 6 has mean 4, s = 2, and t of 2 degrees is 4.303", () => {
	const { mean, low, high } = meanInterval([2, 4, 6]);
	expect(mean).toBe(4);
	expect(high - mean).toBeCloseTo((4.303 * 2) / Math.sqrt(3), 12);
	expect(mean - low).toBeCloseTo(high - mean, 12);
	expect(() => meanInterval([1])).toThrow(RangeError);
});

it("falls with more runs, without a step where the table ends", () => {
	for (let n = 2; n < 200; n++) expect(studentT(n)).toBeLessThan(studentT(n - 1));
	expect(studentT(30)).toBeCloseTo(2.042, 3);
	// Published for 40, 60 and 100 degrees.
	expect(studentT(40)).toBeCloseTo(2.021, 3);
	expect(studentT(60)).toBeCloseTo(2.0, 3);
	expect(studentT(100)).toBeCloseTo(1.984, 3);
});

it("holds the true mean in 95 of 100 samples", () => {
	const draws = uniformStream(3, "coverage");
	let held = 0;
	for (let trial = 0; trial < 2000; trial++) {
		const { low, high } = meanInterval(Array.from({ length: 8 }, () => draws.next()));
		if (low <= 0.5 && 0.5 <= high) held++;
	}
	expect(held / 2000).toBeGreaterThan(0.935);
	expect(held / 2000).toBeLessThan(0.965);
});
