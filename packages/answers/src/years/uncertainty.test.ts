import { describe, expect, it } from "vitest";
import { shareBest } from "./uncertainty.ts";

describe("shareBest", () => {
	// 1: a alone; 2: a and b tie; 3: all three; 4: c alone
	const [a, b, c] = [
		[3, 2, 1, 0],
		[1, 2, 1, 0],
		[0, 0, 1, 5],
	].map((of) => Float64Array.from(of)) as [Float64Array, Float64Array, Float64Array];
	const all = [{ of: a }, { of: b }, { of: c }];

	it("shares ties out equally, so that all shares are 1 together", () => {
		expect(shareBest(a, all, true)).toBeCloseTo((1 + 1 / 2 + 1 / 3) / 4, 12);
		expect(shareBest(b, all, true)).toBeCloseTo((1 / 2 + 1 / 3) / 4, 12);
		expect(shareBest(c, all, true)).toBeCloseTo((1 / 3 + 1) / 4, 12);
	});

	it("takes the least where it is cost", () => {
		expect(shareBest(c, all, false)).toBeCloseTo((1 + 1 + 1 / 3) / 4, 12);
	});
});
