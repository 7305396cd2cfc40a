/** The fitted constants as the catalogue keeps them: YAML, numbers to five digits. */
import { snakeCase, type ServingLaw } from "@farthing/catalogue";
import type { FieldLaw } from "@farthing/engine";
import { LAW_MEMBERS, PREDICTED, SERVING_KINDS } from "@farthing/engine";

export function lawFileText({ madeBy, asOf, rows, law, fields, intervals }: ServingLaw): string {
	const lines = [
		"# Constants of the performance model, fitted to the measured rows of this catalogue. Times in seconds, shares of data-sheet peaks.",
		"# fields: standard deviations of ln(measured / modelled) by level, from all rows to one operating point; lengths in octaves.",
		"# intervals: half-width of the 80% interval in those deviations, by kind of deployment and level, from rows held out of the fit.",
		`made_by: ${madeBy}`,
		`as_of: ${asOf}`,
		`rows: ${rows}`,
		"law:",
		...LAW_MEMBERS.map((name) => `  ${snakeCase(name)}: ${short(law[name])}`),
		"fields:",
		...PREDICTED.flatMap((name) => [`  ${snakeCase(name)}:`, ...fieldLines(fields[name])]),
		"intervals:",
		...PREDICTED.flatMap((name) => [
			`  ${snakeCase(name)}:`,
			...SERVING_KINDS.map((kind) => {
				const widths = Object.entries(intervals[name][kind]).map(([level, width]) => `${level}: ${short(width)}`);
				return `    ${kind}: {${widths.join(", ")}}`;
			}),
		]),
	];
	return `${lines.join("\n")}\n`;
}

function fieldLines(field: FieldLaw): string[] {
	const list = (values: readonly number[]): string => `[${values.map(short).join(", ")}]`;
	return [
		`    constant: ${list(field.constant)}`,
		`    smooth: ${list(field.smooth)}`,
		`    rough: ${list(field.rough)}`,
		`    lengths: ${list(field.lengths)}`,
		...(["drift", "era", "eraYears", "noise", "driftLevel", "eraLevel"] as const).map(
			(name) => `    ${snakeCase(name)}: ${short(field[name])}`,
		),
	];
}

function short(value: number): string {
	return String(Number(value.toPrecision(5)));
}
