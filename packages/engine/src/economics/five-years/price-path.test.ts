import { describe, expect, it } from "vitest";
import { fact } from "../../../test-support/point-fact.ts";
import { evaluate, seriesOf } from "../../model/evaluate.ts";
import { monthIndex, negate } from "../../model/expression.ts";
import { buildModel } from "../../model/flatten.ts";
import { one, ratio } from "../../quantity/unit.ts";
import { perYear } from "../gpu-hour-build-up.ts";
import { monthly } from "./formula.ts";
import { pricePath } from "./price-path.ts";

const along = (of: ReturnType<typeof pricePath>, months: number): Float64Array =>
	seriesOf(
		evaluate(buildModel([monthly("index", one, of(monthIndex()), { label: "index" })]), { months: months + 1 }),
		"index",
	);

describe("pricePath", () => {
	it("falls, jumps and rises again, as the rent of an H100 did", () => {
		const path = pricePath([
			{ fromMonth: 1, changePerYear: negate(fact("fall", perYear, 0.3)) },
			{ fromMonth: 24, changePerYear: fact("rise", perYear, 0.2), jump: fact("jump", ratio, 1.38) },
			{ fromMonth: 36 },
		]);
		const index = along(path, 48);
		expect(index[0]).toBe(1);
		expect(index[12]).toBeCloseTo(0.7, 12);
		expect(index[23]).toBeCloseTo(0.7 ** (23 / 12), 12);
		expect(index[24]).toBeCloseTo(0.49 * 1.38, 12);
		expect(index[36]).toBeCloseTo(0.49 * 1.38 * 1.2, 12);
		expect(index[48]).toBe(index[36]);
	});

	it("stays where nothing is said", () => {
		expect(Array.from(along(pricePath([]), 3))).toEqual([1, 1, 1, 1]);
	});
});
