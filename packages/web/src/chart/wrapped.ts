import { textWidth } from "./text-width.ts";

/** A text in lines of at most so many letters, broken between words; a word that is longer stands alone. */
export function wrapped(text: string, most: number): string[] {
	const lines: string[] = [];
	for (const { word, isApart } of wordsOf(text)) {
		const last = lines.at(-1);
		const joined = last === undefined ? undefined : `${last}${isApart ? " " : ""}${word}`;
		if (joined !== undefined && textWidth(joined) <= most) lines[lines.length - 1] = joined;
		else lines.push(word);
	}
	return lines;
}

/** Chinese has no blanks: lines break between any two of its letters, and never before a stop. */
function wordsOf(text: string): { readonly word: string; readonly isApart: boolean }[] {
	return text
		.split(" ")
		.flatMap((part) => (part.match(PIECES) ?? [part]).map((word, i) => ({ word, isApart: i === 0 })));
}

const PIECES = /(?:\p{Script=Han}|[^\p{Script=Han}]+?(?=\p{Script=Han}|$))[、。，；：？！）》」』】]*/gu;
