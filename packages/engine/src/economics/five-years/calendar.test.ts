import { expect, it } from "vitest";
import { fact } from "../../../test-support/point-fact.ts";
import { evaluate, seriesOf } from "../../model/evaluate.ts";
import { buildModel } from "../../model/flatten.ts";
import { perYear } from "../gpu-hour-build-up.ts";
import { calendar, discounting, pointsOf } from "./calendar.ts";

function worthByPoint(months: number): number[] {
	const { yearEnd } = discounting("discount", fact("rate", perYear, 0.1), calendar(months));
	const evaluation = evaluate(buildModel([yearEnd]), { months: pointsOf(months) });
	return Array.from(seriesOf(evaluation, "discount.year_end"));
}

it("a year's cash counts at its end, that of a last year cut short at the end of the horizon", () => {
	const whole = worthByPoint(24);
	for (const [t, worth] of whole.entries()) expect(worth).toBeCloseTo(1.1 ** -Math.ceil(t / 12), 14);
	const short = worthByPoint(15);
	for (const [t, worth] of short.entries()) expect(worth).toBeCloseTo(1.1 ** -Math.min(Math.ceil(t / 12), 1.25), 14);
	expect(worthByPoint(1)[1]).toBeCloseTo(1.1 ** (-1 / 12), 14);
});
