/** JSON values of a source of bytes, one at a time: NDJSON, values one after the other, or the elements of an array. */
import { beginning, LONGEST_RECORD, type TextLine, textLines, utf8Text } from "./text-lines.ts";
import { peek } from "./unpack.ts";

export type JsonItem =
	| { readonly line: number; readonly value: unknown }
	| { readonly line: number; readonly fault: string; readonly text: string };

/**
 * Every value with the line on which it starts. A damaged line of NDJSON costs that line; a damaged element of an array
 * costs that element where its brackets match, else the rest of the file.
 */
export async function* jsonValues(
	bytes: AsyncIterable<Uint8Array>,
	longest: number = LONGEST_RECORD,
): AsyncGenerator<JsonItem> {
	const { head, all } = await peek(bytes, 256 * 1024);
	if (isNdjson(head)) {
		for await (const line of textLines(all, longest)) yield* lineValue(line);
	} else yield* bracketed(all, longest);
}

/** True where the first line that is not empty is a whole object (or one that breaks off, before another object). */
function isNdjson(head: Uint8Array): boolean {
	const text = Buffer.from(head).toString("utf8");
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	const [first, second] = lines;
	if (first === undefined || !first.trimStart().startsWith("{")) return false;
	if (second === undefined) return isWhole(first);
	return second.startsWith("{") || (isWhole(first) && lines.length > 1);
}

function isWhole(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function* lineValue({ line, text, fault }: TextLine): Generator<JsonItem> {
	if (fault !== undefined) yield { line, fault, text };
	else if (text.trim() !== "") yield parsed(line, text);
}

function parsed(line: number, text: string): JsonItem {
	try {
		return { line, value: JSON.parse(text) as unknown };
	} catch (error) {
		return { line, fault: `not JSON: ${(error as Error).message}`, text: text.slice(0, 200) };
	}
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;

/** Values cut out by their brackets, without parsing what is between. A value within an outer array is an element. */
async function* bracketed(bytes: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<JsonItem> {
	let line = 1;
	let depth = 0;
	/** Depth at which a value starts: 1 within an outer array. */
	let base = 0;
	let inString = false;
	let escaped = false;
	let started = 0;
	let isOpen = false;
	let isFirst = true;
	let stray = 0;
	let parts: Uint8Array[] = [];
	let size = 0;
	const keep = (part: Uint8Array): void => {
		size += part.length;
		if (size <= longest) parts.push(Uint8Array.prototype.slice.call(part));
		else if (parts.length > 1) parts = [(parts[0] as Uint8Array).slice(0, 200)];
	};
	const finish = (): JsonItem => {
		const all = Buffer.concat(parts);
		const total = size;
		parts = [];
		size = 0;
		isOpen = false;
		if (total > longest) {
			const fault = `a JSON value of ${total} bytes is longer than the ${longest} that are read at once`;
			return { line: started, fault, text: beginning(all) };
		}
		const text = utf8Text(all);
		if (text === undefined)
			return {
				line: started,
				fault: "bytes that are not UTF-8: the value is in another encoding",
				text: beginning(all),
			};
		return parsed(started, text);
	};
	for await (const chunk of bytes) {
		let from = 0;
		for (let at = 0; at < chunk.length; at++) {
			const byte = chunk[at] as number;
			if (byte === LINE_FEED) line++;
			if (inString) {
				if (escaped) escaped = false;
				else if (byte === BACKSLASH) escaped = true;
				else if (byte === QUOTE) inString = false;
				continue;
			}
			if (byte === QUOTE && isOpen) inString = true;
			else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
				if (isFirst && byte === OPEN_BRACKET) {
					isFirst = false;
					base = 1;
					depth = 1;
					continue;
				}
				isFirst = false;
				if (!isOpen) {
					isOpen = true;
					started = line;
					from = at;
				}
				depth++;
			} else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
				depth--;
				if (isOpen && depth === base) {
					keep(chunk.subarray(from, at + 1));
					yield finish();
				} else if (!isOpen && depth < base) {
					base = 0;
					depth = 0;
				}
			} else if (!isOpen && byte > 0x20 && byte !== 0x2c && stray === 0) {
				stray = line;
				yield { line, fault: "text outside of any JSON object", text: beginning(chunk.subarray(at)) };
			}
		}
		if (isOpen) keep(chunk.subarray(from));
	}
	if (isOpen) {
		const text = beginning(parts[0] ?? new Uint8Array());
		yield { line: started, fault: "the file ends within a JSON value", text };
	} else if (base === 1) {
		yield { line, fault: "the file ends within a JSON array: its closing bracket is missing", text: "" };
	}
}
