/**
 * Slides without what differs from run to run: the order in which the parts were ready, the time of writing, the dates in
 * the properties and in those of the workbooks behind charts, and numbers of charts that go on counting from deck to deck.
 */
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from "fflate";

export function stableArchive(bytes: Uint8Array): Uint8Array {
	const parts = Object.entries(unzipSync(bytes)).filter(([path]) => !path.endsWith("/"));
	const renumbered = numbering(parts.map(([path]) => path));
	const stable = parts.map(([path, part]) => [renumbered(path), stablePart(path, part, renumbered)] as const);
	stable.sort(([a], [b]) => (a < b ? -1 : 1));
	return zipSync(Object.fromEntries(stable) as Zippable, { mtime: EARLIEST });
}

/** Archives know no earlier time; they hold that of the clock on the wall, so that no zone shifts it. */
const EARLIEST = new Date(1980, 0, 1);

function stablePart(path: string, part: Uint8Array, renumbered: (text: string) => string): Uint8Array {
	if (path.endsWith(".xlsx")) return stableArchive(part);
	if (path === "docProps/core.xml") return strToU8(strFromU8(part).replace(DATES, ""));
	return path.endsWith(".rels") || path === "[Content_Types].xml" ? strToU8(renumbered(strFromU8(part))) : part;
}

const DATES = /\s*<dcterms:(created|modified)\b[^>]*>[^<]*<\/dcterms:\1>/g;
const NUMBERED = /(\/charts\/(?:_rels\/)?chart|\/embeddings\/Microsoft_Excel_Worksheet)(\d+)(?=\.)/g;

/** Charts count from 1 in the order in which they were made. */
function numbering(paths: readonly string[]): (text: string) => string {
	const numbers = paths.flatMap((path) => [...path.matchAll(NUMBERED)].map(([, , number]) => Number(number)));
	const places = new Map([...new Set(numbers)].sort((a, b) => a - b).map((number, i) => [number, i + 1]));
	return (text) =>
		text.replace(NUMBERED, (_, before: string, number: string) => `${before}${places.get(Number(number)) ?? number}`);
}
