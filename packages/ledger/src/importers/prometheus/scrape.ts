/** One text scrape as series: what every later step works on, whether they come from a file or a server. */
import type { TextLine } from "../source/text-lines.ts";
import { type Labels, type PromType, parsePromLine } from "./text-format.ts";

export interface Scrape {
	readonly series: readonly Series[];
	readonly types: ReadonlyMap<string, PromType>;
	readonly faults: readonly ScrapeFault[];
}

export interface Series {
	readonly name: string;
	readonly labels: Labels;
	/** In the order of time; without times, one point. */
	readonly points: readonly Point[];
}

export interface Point {
	/** Milliseconds since 1970; absent where the scrape does not say. */
	readonly at?: number;
	readonly value: number;
}

export interface ScrapeFault {
	readonly line: number;
	readonly column?: number;
	readonly fault: string;
	readonly text: string;
	/** The series, where it was read and contradicts itself. */
	readonly conflicting?: { readonly name: string; readonly labels: Labels };
}

/**
 * Reads the lines of one or more scrapes of a file. A series that stands twice without times is a fault: which of the
 * two counts is not known.
 */
export async function readScrape(lines: AsyncIterable<TextLine>): Promise<Scrape> {
	const series = new Map<string, { name: string; labels: Labels; points: Point[] }>();
	const types = new Map<string, PromType>();
	const faults: ScrapeFault[] = [];
	for await (const { line, text, fault, isUnfinished } of lines) {
		if (fault !== undefined) {
			faults.push({ line, fault, text });
			continue;
		}
		const read = parsePromLine(text);
		if (read.kind === "type") types.set(read.family, read.type);
		else if (read.kind === "fault")
			faults.push({ line, column: read.column, fault: read.fault, text: text.slice(0, 200) });
		else if (read.kind === "sample" && isUnfinished === true) {
			// The format ends every line: a number that is cut short would be another number.
			faults.push({
				line,
				fault: "the file ends within a line: its last sample may be cut short",
				text: text.slice(0, 200),
			});
		} else if (read.kind === "sample") {
			const { name, labels, value, at } = read.sample;
			const key = seriesKey(name, labels);
			const known = series.get(key);
			const point = at === undefined ? { value } : { at, value };
			if (known === undefined) series.set(key, { name, labels, points: [point] });
			else if (at !== undefined && known.points[0]?.at !== undefined) insert(known.points, point);
			else if (known.points[0]?.value !== value) {
				faults.push({
					line,
					fault: "a series that stands twice with different values",
					text: text.slice(0, 200),
					conflicting: { name, labels },
				});
			}
		}
	}
	return { series: [...series.values()], types, faults };
}

/** Equal for the same name and labels in any order. */
export function seriesKey(name: string, labels: Labels): string {
	return JSON.stringify([
		name,
		...Object.keys(labels)
			.sort()
			.flatMap((label) => [label, labels[label]]),
	]);
}

function insert(points: Point[], point: Point): void {
	let place = points.length;
	while (place > 0 && (points[place - 1] as Point & { at: number }).at > (point.at as number)) place--;
	if (points[place - 1]?.at !== point.at) points.splice(place, 0, point);
}
