/** What detection sees of a source: its first 256 KiB, opened a little. */
import { delimiterOf } from "./source/csv-rows.ts";
import type { Head } from "./importer.ts";

export const HEAD_BYTES: number = 256 * 1024;

export function headOf(name: string, bytes: Uint8Array): Head {
	const text = Buffer.from(bytes).toString("utf8");
	const start = text.trimStart();
	const isJson = /^[[{]/.test(start) && !/^\{\s*"[^"]*"\s*[,}]\s*[^\s:]/.test(start.slice(0, 200).replace(/:/g, ": "));
	return {
		name,
		text,
		isJson,
		keys: isJson ? memberNames(start) : new Set(),
		cells: isJson ? [] : cellsOf(text),
		bytes,
	};
}

/** Names of members of the first object; the text may end anywhere. */
export function memberNames(text: string): ReadonlySet<string> {
	const names = new Set<string>();
	let depth = 0;
	let base: number | undefined;
	let wantsName = false;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '"') {
			const end = stringEnd(text, at);
			if (end < 0) break;
			if (wantsName && depth === base) names.add(unquoted(text.slice(at, end + 1)));
			wantsName = false;
			at = end;
		} else if (character === "{") {
			depth++;
			base ??= depth;
			wantsName = depth === base;
		} else if (character === "[") depth++;
		else if (character === "}" || character === "]") {
			depth--;
			if (base !== undefined && depth < base) break;
		} else if (character === ",") wantsName = depth === base;
	}
	return names;
}

function stringEnd(text: string, from: number): number {
	for (let at = from + 1; at < text.length; at++) {
		if (text[at] === "\\") at++;
		else if (text[at] === '"') return at;
	}
	return -1;
}

function unquoted(text: string): string {
	try {
		return JSON.parse(text) as string;
	} catch {
		return text.slice(1, -1);
	}
}

function cellsOf(text: string): string[] {
	const first = text.split(/\r?\n/, 1)[0] ?? "";
	return first.split(delimiterOf(text)).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
