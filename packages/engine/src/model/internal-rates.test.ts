import { describe, expect, it } from "vitest";
import { numberInput, plain } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import { discounted } from "./arithmetic.ts";
import { evaluate, scalarOf } from "./evaluate.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { internalRates, internalRatesOf } from "./internal-rates.ts";

describe("internalRates", () => {
	it("agree with the examples in the manuals of spreadsheet programs", () => {
		// IRR and NPV of Microsoft's documentation: −2.1% after four years, 8.7% after five; 1,188.44.
		const flows = [-70_000, 12_000, 15_000, 18_000, 21_000];
		expect(internalRates(flows)).toEqual({ kind: "one", monthly: expect.closeTo(-0.021244848273, 10) });
		expect(internalRates([...flows, 26_000])).toEqual({ kind: "one", monthly: expect.closeTo(0.086630948036, 10) });
		expect(discounted([0, -10_000, 3_000, 4_200, 6_800], 0.1)).toBeCloseTo(1188.443412, 6);
	});

	it("are none, one or many, and never one number for several", () => {
		expect(internalRates([-100, -5])).toEqual({ kind: "none" });
		expect(internalRates([-1, 2, -2])).toEqual({ kind: "none" });
		expect(internalRates([-100, 230, -132])).toEqual({
			kind: "many",
			monthly: [expect.closeTo(0.1, 12), expect.closeTo(0.2, 12)],
		});
	});

	it("belong to a named series of a model, whose own formula then has no value", () => {
		// A site that must be cleared at the end: paid, earned, paid again.
		const month = e.monthIndex();
		const clearing = e.when(month, "=", plain(2), numberInput("clearing", -132), plain(0));
		const earned = e.when(month, "=", plain(1), plain(230), clearing);
		const cash = e.define("cash", one, e.when(month, "=", plain(0), plain(-100), earned), { label: "cash" });
		const rate = e.define("irr", one, e.internalRateOfReturn(cash), { label: "irr" });
		const evaluation = evaluate(buildModel([rate, cash]), { months: 3 });
		expect(scalarOf(evaluation, "irr")).toBeNaN();
		expect(internalRatesOf(evaluation, "cash")).toMatchObject({ kind: "many" });
		const other = evaluate(buildModel([rate, cash]), { months: 3, inputs: new Map([["clearing", 0]]) });
		expect(internalRatesOf(other, "cash")).toEqual({ kind: "one", monthly: scalarOf(other, "irr") });
		expect(() => internalRatesOf(evaluation, "irr")).toThrow(expect.objectContaining({ code: "series-mismatch" }));
	});
});
