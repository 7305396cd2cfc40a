import { expect, it } from "vitest";
import { powerOfTen } from "./power-of-ten.ts";

it("counts of FLOP by their power of ten, small ones and other units not", () => {
	expect(powerOfTen(3.8e25, "FLOP")).toBe("3.80 × 10²⁵ FLOP");
	expect(powerOfTen(9.999e23, "FLOP")).toBe("1.00 × 10²⁴ FLOP");
	expect(powerOfTen(9.99e14, "FLOP")).toBeUndefined();
	expect(powerOfTen(3.8e25, "kWh")).toBeUndefined();
	expect(powerOfTen(Number.POSITIVE_INFINITY, "FLOP")).toBeUndefined();
});
