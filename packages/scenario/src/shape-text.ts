/** A traffic shape as its file has it. */
import { given } from "./quantity-shape.ts";
import type { FittedShape } from "./scenario.ts";

/** What the file says beside the shape. */
export interface ShapeSource {
	/** Where the trace is from. */
	readonly source: string;
	/** Day of the trace, where it has one. */
	readonly asOf?: string;
}

export interface ShapeDocument {
	readonly version: 1;
	readonly name: string;
	readonly source: string;
	readonly as_of?: string;
	readonly requests: number;
	readonly seconds: number;
	readonly requests_per_second: number;
	readonly burstiness: number;
	readonly hourly?: readonly number[];
	readonly prefix_reuse?: number;
	readonly prefix_block_tokens?: number;
	readonly cells: FittedShape["cells"];
}

export function trafficShapeDocument(shape: FittedShape, { source, asOf }: ShapeSource): ShapeDocument {
	return {
		version: 1,
		name: shape.name,
		source,
		...given("as_of", asOf),
		requests: shape.requests,
		seconds: shape.seconds,
		requests_per_second: shape.requestsPerSecond,
		burstiness: shape.burstiness,
		...given("hourly", shape.hourly),
		...given("prefix_reuse", shape.prefixReuse),
		...given("prefix_block_tokens", shape.prefixBlockTokens),
		cells: shape.cells,
	};
}

/** YAML that {@link parseTrafficShape} reads back to the same shape. */
export function trafficShapeText(document: ShapeDocument): string {
	const lines = Object.entries(document).flatMap(([name, value]) => {
		const comment = COMMENTS[name as keyof ShapeDocument];
		return [...(comment === undefined ? [] : [`# ${comment}`]), ...linesOf(name, value)];
	});
	return `${[HEAD, ...lines].join("\n")}\n`;
}

const HEAD =
	"# A request trace in a few dozen numbers, fitted by farthing shape. A scenario names this file: traffic: {shape: FILE}";

const COMMENTS: { readonly [name in keyof ShapeDocument]?: string } = {
	burstiness: "coefficient of variation of the gaps between requests; 1 is Poisson",
	hourly: "rate over the mean of each of 24 hours of the day, or of 168 of the week from Monday on",
	prefix_reuse: "share of the blocks of prompts that an earlier prompt had",
	cells: "classes of as many requests each, by input: evenly spaced quantiles of input and output tokens",
};

function linesOf(name: string, value: ShapeDocument[keyof ShapeDocument]): string[] {
	if (name === "cells") {
		const cells = value as FittedShape["cells"];
		return ["cells:", ...cells.map(({ input, output }) => `  - {input: ${listed(input)}, output: ${listed(output)}}`)];
	}
	if (Array.isArray(value)) return [`${name}: ${listed(value)}`];
	// A quoted day is a text to YAML, and read as a day all the same.
	return [`${name}: ${JSON.stringify(value)}`];
}

function listed(values: readonly number[]): string {
	return `[${values.join(", ")}]`;
}
