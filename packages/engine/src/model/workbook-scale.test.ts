import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { day, gpuHour, hour, kilowattHour, megatoken, month, per, percent, token, usd } from "../quantity/unit.ts";
import { converted, numberPiece, reference, tidy } from "./workbook-piece.ts";
import { conversion, fractionText, isSameScale, productScale, quotientScale, scaleOf } from "./workbook-scale.ts";

describe("scaleOf", () => {
	it.each([
		[1, [], []],
		[3600, [3600], []],
		[percent.factor, [], [100]],
		[per(usd, gpuHour).factor, [], [3600]],
		[per(token("total"), day).factor, [], [86_400]],
		[1.5, [1.5], []],
		[per(megatoken("total"), hour).factor, [2500], [9]],
		[per(kilowattHour, megatoken("total")).factor, [3.6], []],
	])("takes %f apart", (factor, over, under) => {
		expect(scaleOf(factor)).toEqual({ over, under });
	});
});

describe("conversion", () => {
	it("says what it is made of, and less where one number divides another", () => {
		expect(conversion(scaleOf(1e6), scaleOf(3600))).toEqual({ over: [1e6], under: [3600] });
		expect(conversion(scaleOf(86_400), scaleOf(3600))).toEqual({ over: [24], under: [] });
		expect(conversion(scaleOf(1e3), scaleOf(3.6e6))).toEqual({ over: [], under: [3600] });
		const energy = productScale(scaleOf(1e3), scaleOf(month.factor));
		expect(conversion(energy, scaleOf(3.6e6))).toEqual({ over: [730], under: [] });
	});

	it("is right whatever the units", () => {
		const factor = fc.constantFrom(0.001, 0.01, 1, 24, 3.6, 1e6, 3600, 86_400, 2_628_000, 1 / 3600, 1e-6, 3.6e6 / 7);
		fc.assert(
			fc.property(fc.array(factor, { maxLength: 4 }), fc.array(factor, { maxLength: 4 }), (over, under) => {
				let scale = scaleOf(1);
				for (const each of over) scale = productScale(scale, scaleOf(each));
				for (const each of under) scale = quotientScale(scale, scaleOf(each));
				const wanted = product(over) / product(under);
				const { over: by, under: through } = conversion(scale, scaleOf(1));
				expect(product(by) / product(through) / wanted).toBeCloseTo(1, 12);
			}),
			{ numRuns: 500, seed: 5 },
		);
	});

	it("knows one scale by two descriptions", () => {
		expect(isSameScale(productScale(scaleOf(3600), scaleOf(1 / 3600)), scaleOf(1))).toBe(true);
		expect(isSameScale(scaleOf(0.01), scaleOf(1))).toBe(false);
	});
});

describe("numbers in formulas", () => {
	it("are short where that is as good", () => {
		expect(tidy(0.1 + 0.2)).toBe(0.3);
		expect(tidy(1 / 3)).toBe(1 / 3);
		expect(Object.is(tidy(-0), 0)).toBe(true);
		expect(fractionText(1 / 12)).toBe("1/12");
		expect(fractionText(-2 / 3)).toBe("-2/3");
		expect(fractionText(Math.PI)).toBeUndefined();
		expect(numberPiece(1 / 3, scaleOf(1)).text).toBe("1/3");
	});

	it("convert by themselves, references by a factor", () => {
		expect(converted(numberPiece(2, scaleOf(3600)), scaleOf(60)).text).toBe("120");
		expect(converted(reference("a", scaleOf(3600)), scaleOf(60)).text).toBe("a*60");
		expect(converted(reference("a", scaleOf(60)), scaleOf(3600)).text).toBe("a/60");
	});
});

function product(factors: readonly number[]): number {
	return factors.reduce((sum, factor) => sum * factor, 1);
}
