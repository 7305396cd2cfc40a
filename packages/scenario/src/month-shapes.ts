/** Times of a plan over years: lengths in whole months, and the month in which something happens. */
import { month } from "@farthing/engine";
import type { MonthMark } from "./five-years-raw.ts";
import { quantityOf } from "./quantity-shape.ts";
import { FAILED } from "./reading.ts";
import { asScalar, nameOf, type Shape, wordsOf } from "./shape.ts";
import { quote } from "./yaml-tree.ts";

/** A length of time in whole months. */
export function months(description: string, example: string, min: number, max: number): Shape<number> {
	const quantity = quantityOf(month, { description, example, range: false, bounds: { above: 0, max } });
	return {
		...quantity,
		read: (tree, path, reading) => {
			const read = quantity.read(tree, path, reading);
			if (read === FAILED) return FAILED;
			const count = read.distribution.kind === "point" ? read.distribution.value / month.factor : Number.NaN;
			const whole = Math.round(count);
			if (Math.abs(count - whole) < 1e-6 && whole >= min) return whole;
			return reading.report(
				"out-of-bounds",
				`${nameOf(path)} is not a whole number of months from ${min}`,
				path,
				tree.origin,
				{
					expected: `whole months, such as ${example}`,
					hint: `write ${example}`,
				},
			);
		},
	};
}

export function monthMark(description: string): Shape<MonthMark> {
	const expected = "the number of a month from 1, or a date such as 2027-07";
	return {
		schema: {
			description,
			anyOf: [
				{ type: "integer", minimum: 1, maximum: 600 },
				{ type: "string", pattern: "^[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2})?$", examples: ["2027-07"] },
			],
		},
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, expected);
			if (scalar === FAILED) return FAILED;
			if (
				typeof scalar.value === "number" &&
				Number.isInteger(scalar.value) &&
				scalar.value >= 1 &&
				scalar.value <= 600
			) {
				return { month: scalar.value };
			}
			const written = wordsOf(scalar);
			if (/^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$/.test(written)) return { date: written };
			return reading.report("wrong-type", `${quote(scalar.text)} is no month of the plan`, path, tree.origin, {
				expected,
				hint: "write 7 for the seventh month, or 2027-07",
			});
		},
	};
}
