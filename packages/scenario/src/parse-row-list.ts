import type { Issue } from "./issue.ts";
import { given } from "./quantity-shape.ts";
import { FAILED, inOrder, Reading } from "./reading.ts";
import type { RowList, RowReference, RowSelector } from "./row-list.ts";
import type { FileOrigin } from "./scenario.ts";
import { optional, required, section } from "./section.ts";
import { asScalar, date, flag, id, listOf, mapped, type Shape, version, wholeNumber } from "./shape.ts";
import { readYaml } from "./yaml-tree.ts";

export type ParseRowListResult =
	| { readonly ok: true; readonly rowList: RowList }
	| { readonly ok: false; readonly issues: readonly Issue[] };

/** A list of measured rows from the text of its file, or every issue with it. */
export function parseRowList(text: string, options: { readonly file: string }): ParseRowListResult {
	const loaded = readYaml(text, options.file);
	if (!loaded.ok) return loaded;
	const reading = new Reading(options.file);
	const rowList = rowListShape.read(loaded.tree, "", reading);
	if (rowList === FAILED || reading.issues.length > 0)
		return { ok: false, issues: inOrder(reading.issues).slice(0, 50) };
	return { ok: true, rowList };
}

/** The row list file, version 1. */
export const rowListShape: Shape<RowList> = section(
	{ version: required(version(1)), rows: required(listOf(rowShape())) },
	{ description: "Measured rows of the catalogue chosen by hand" },
);

function rowShape(): Shape<RowReference> {
	const count = (description: string): Shape<number> => wholeNumber(description, 1, 10_000_000);
	const selector = mapped(
		section(
			{
				model: optional(id("Model", "deepseek-r1")),
				hardware: required(id("Hardware", "b200")),
				stack: optional(id("Serving stack", "tensorrt-llm")),
				precision: optional(id("Number format; fp4 means nvfp4 and mxfp4", "fp4")),
				speculative: optional(id("Speculative method, or none", "mtp")),
				disaggregated: optional(flag("Prefill and decode on machines of their own")),
				prefill_gpus: optional(count("GPUs of the prefill workers")),
				decode_gpus: optional(count("GPUs of the decode workers")),
				gpus: optional(count("GPUs of the whole deployment")),
				concurrency: optional(count("Requests in flight")),
				isl: optional(count("Input tokens per request")),
				osl: optional(count("Output tokens per request")),
				tokens_per_s_per_user: optional(approximate("Median interactivity, matched to the digits given")),
				measured_on: optional(date("Day of the measurement")),
			},
			{ description: "What a row must match; it should leave one" },
		),
		(read): RowSelector => ({
			...given("model", read.model),
			hardware: read.hardware,
			...given("stack", read.stack),
			...given("precision", read.precision),
			...given("speculative", read.speculative),
			...given("disaggregated", read.disaggregated),
			...given("prefillGpus", read.prefill_gpus),
			...given("decodeGpus", read.decode_gpus),
			...given("gpus", read.gpus),
			...given("concurrency", read.concurrency),
			...given("isl", read.isl),
			...given("osl", read.osl),
			...given("tokensPerSecondPerUser", read.tokens_per_s_per_user),
			...given("measuredOn", read.measured_on),
		}),
	);
	const row = section(
		{ id: optional(id("Id of a row", "inferencex-…")), selector: optional(selector) },
		{ description: "A row by its id, or by what it measured", justOne: { of: ["id", "selector"] } },
	);
	return {
		...row,
		read: (tree, path, reading): RowReference | typeof FAILED => {
			const read = row.read(tree, path, reading);
			if (read === FAILED) return FAILED;
			const origin = tree.origin as FileOrigin;
			if (read.id !== undefined) return { kind: "id", id: read.id, origin };
			return { kind: "selector", selector: read.selector as RowSelector, origin };
		},
	};
}

/** A decimal number with the tolerance of its last digit: 53.4 means 53.35 to 53.45. */
function approximate(description: string): Shape<{ readonly value: number; readonly tolerance: number }> {
	return {
		schema: { description, type: "number", exclusiveMinimum: 0 },
		read: (tree, path, reading) => {
			const scalar = asScalar(tree, path, reading, "a number such as 53.4");
			if (scalar === FAILED) return FAILED;
			const match = /^\d{1,9}(?:\.(\d{1,12}))?$/.exec(scalar.text);
			const value = Number(scalar.text);
			if (match === null || !(value > 0)) {
				return reading.report("wrong-type", `${path} is no number above 0`, path, tree.origin, {
					expected: "a number such as 53.4",
					hint: "write 53.4",
				});
			}
			return { value, tolerance: Number(`0.5e-${match[1]?.length ?? 0}`) };
		},
	};
}
