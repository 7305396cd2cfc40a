/** A traffic shape in a file of its own, or written into a scenario: what `farthing shape` fits to a trace. */
import type { TrafficShape } from "@farthing/engine";
import type { Issue } from "./issue.ts";
import { given } from "./quantity-shape.ts";
import { FAILED, inOrder, Reading } from "./reading.ts";
import type { FittedShape } from "./scenario.ts";
import { defaulted, optional, required, section } from "./section.ts";
import { checked, date, listOf, mapped, nameOf, number, type Shape, text, version } from "./shape.ts";
import type { Tree } from "./tree.ts";
import { readYaml } from "./yaml-tree.ts";

export type ParseShapeResult =
	| { readonly ok: true; readonly shape: FittedShape }
	| { readonly ok: false; readonly issues: readonly Issue[] };

/** A traffic shape from the text of its file, or every issue with it. */
export function parseTrafficShape(content: string, options: { readonly file: string }): ParseShapeResult {
	const loaded = readYaml(content, options.file);
	if (!loaded.ok) return loaded;
	const reading = new Reading(options.file);
	const shape = fittedShape.read(loaded.tree, "", reading);
	if (shape === FAILED || reading.issues.length > 0) return { ok: false, issues: inOrder(reading.issues).slice(0, 50) };
	return { ok: true, shape };
}

/** A list of numbers from `least` on; `what` says how many and in which order. */
export function numbers(
	what: string,
	least: number,
	fault: (values: readonly number[]) => string | undefined,
): Shape<readonly number[]> {
	const list = listOf(number(what, least, 1e15));
	return {
		schema: { description: what, ...list.schema },
		read: (tree, path, reading) => {
			const values = list.read(tree, path, reading);
			if (values === FAILED) return FAILED;
			const found = fault(values);
			if (found === undefined) return values;
			return reading.report("out-of-bounds", `${nameOf(path)} ${found}`, path, tree.origin, { expected: what });
		},
	};
}

/** A rate for each hour of a day or week. */
export function hours(what: string): Shape<readonly number[]> {
	return numbers(what, 0, (values) => {
		if (values.length !== 24 && values.length !== 168) return `has ${values.length} numbers`;
		return values.some((value) => value > 0) ? undefined : "has nothing above 0";
	});
}

const quantiles = (of: string): Shape<readonly number[]> =>
	numbers(
		`Evenly spaced quantiles of ${of}: at least two numbers from 1, none below the one before it`,
		1,
		(values) => {
			if (values.length < 2) return "has one number";
			const at = values.findIndex((value, i) => i > 0 && value < (values[i - 1] as number));
			return at < 0 ? undefined : `falls from ${values[at - 1]} to ${values[at]}`;
		},
	);

const cell = section(
	{ input: required(quantiles("input tokens")), output: required(quantiles("output tokens")) },
	{ description: "Requests of which each class holds as many, by input tokens" },
);

/** The fitted shape, version 1. */
export const fittedShape: Shape<FittedShape> = mapped(
	checked(
		section(
			{
				version: defaulted(version(1), 1, "the only one there is"),
				name: required(text("Name of the shape")),
				source: optional(text("Where the trace is from")),
				as_of: optional(date("Day of the trace")),
				note: optional(text("What else a reader should know")),
				requests: required(number("Requests it was fitted to", 2, 1e15)),
				seconds: required(number("Seconds from the first to the last of them", 0, 1e12)),
				requests_per_second: required(number("Requests a second", 0, 1e9)),
				burstiness: required(number("Coefficient of variation of the gaps between requests; 1 is Poisson", 0, 1e4)),
				hourly: optional(
					hours("Rate of each of 24 hours of the day, or of 168 of the week from Monday on, over the mean"),
				),
				prefix_reuse: optional(number("Share of the prompt blocks that an earlier prompt had", 0, 1)),
				prefix_block_tokens: optional(number("Tokens of such a block", 1, 1e6)),
				cells: required(listOf(cell)),
			},
			{ description: "A request trace in a few dozen numbers, as farthing shape fits it" },
		),
		requireReuseWithBlocks,
		{ dependentRequired: { prefix_reuse: ["prefix_block_tokens"] } },
	),
	(read): FittedShape => {
		const shape: TrafficShape = {
			requests: read.requests,
			seconds: read.seconds,
			requestsPerSecond: read.requests_per_second,
			burstiness: read.burstiness,
			...given("hourly", read.hourly),
			...given("prefixReuse", read.prefix_reuse),
			...given("prefixBlockTokens", read.prefix_block_tokens),
			cells: read.cells,
		};
		return { name: read.name, ...shape };
	},
);

function requireReuseWithBlocks(tree: Tree, path: string, reading: Reading): typeof FAILED | undefined {
	if (tree.kind !== "map" || !tree.entries.has("prefix_reuse") || tree.entries.has("prefix_block_tokens"))
		return undefined;
	return reading.report(
		"missing-field",
		`${nameOf(path)} has prefix_reuse but no prefix_block_tokens`,
		path,
		tree.origin,
		{
			hint: "add prefix_block_tokens:",
		},
	);
}
