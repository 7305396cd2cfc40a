/** `traffic-shapes.yaml`: request traces in a few dozen numbers each, as `shapeFitter` of the engine makes them. */
import type { LengthCell } from "@farthing/engine";
import type { TrafficShapeEntry } from "./catalogue.ts";
import type { Reading } from "./read-figure.ts";
import { dayOf, referenceOf } from "./read-figure.ts";
import type { Cursor } from "./yaml-cursor.ts";
import { elements, members, need, numberOf, report, textOf } from "./yaml-cursor.ts";

const MEMBERS = [
	"id",
	"name",
	"source",
	"as_of",
	"note",
	"requests",
	"seconds",
	"requests_per_second",
	"burstiness",
	"prefix_reuse",
	"prefix_block_tokens",
	"cells",
];

export function readTrafficShapes(at: Cursor, reading: Reading): TrafficShapeEntry[] {
	const top = members(at, ["traffic_shapes"]);
	return elements(need(at, top, "traffic_shapes")).flatMap((entry) => {
		const found = members(entry, MEMBERS);
		const number = (name: string): number | undefined => numberOf(need(entry, found, name));
		const id = textOf(need(entry, found, "id"));
		const name = textOf(need(entry, found, "name"));
		const source = referenceOf(need(entry, found, "source"), "source", reading);
		const asOf = dayOf(need(entry, found, "as_of"));
		const requests = number("requests");
		const seconds = number("seconds");
		const requestsPerSecond = number("requests_per_second");
		const burstiness = number("burstiness");
		const cells = elements(need(entry, found, "cells")).flatMap((cell) => readCell(cell) ?? []);
		const note = textOf(found.get("note"));
		const prefixReuse = numberOf(found.get("prefix_reuse"));
		const prefixBlockTokens = numberOf(found.get("prefix_block_tokens"));
		if (
			id === undefined ||
			name === undefined ||
			source === undefined ||
			asOf === undefined ||
			requests === undefined ||
			seconds === undefined ||
			requestsPerSecond === undefined ||
			burstiness === undefined ||
			cells.length === 0
		)
			return [];
		return [
			{
				id,
				name,
				source,
				asOf,
				requests,
				seconds,
				requestsPerSecond,
				burstiness,
				cells,
				...(note === undefined ? {} : { note }),
				...(prefixReuse === undefined ? {} : { prefixReuse }),
				...(prefixBlockTokens === undefined ? {} : { prefixBlockTokens }),
			},
		];
	});
}

function readCell(at: Cursor): LengthCell | undefined {
	const found = members(at, ["input", "output"]);
	const input = risingOf(need(at, found, "input"));
	const output = risingOf(need(at, found, "output"));
	return input === undefined || output === undefined ? undefined : { input, output };
}

/** Quantiles: at least two numbers, none below 1 or below the one before it. */
function risingOf(at: Cursor | undefined): number[] | undefined {
	if (at === undefined) return undefined;
	const values = elements(at).flatMap((value) => numberOf(value) ?? []);
	const rises = values.every((value, i) => value >= (i === 0 ? 1 : (values[i - 1] as number)));
	if (values.length > 1 && rises) return values;
	return report(at, "found no quantiles", "at least two rising numbers from 1");
}
