import type { Span, Text } from "./report-model.ts";

/** The words alone, where there is no markup: alternative texts, titles of charts. */
export function plainText(text: Text): string {
	return text.map(plainSpan).join("");
}

/** As many Latin letters as a text is wide: a Chinese one takes the room of more. */
export function lettersWide(text: string): number {
	return text.length + 0.6 * (text.match(CHINESE)?.length ?? 0);
}

/** Chinese letters and signs of their width. */
const CHINESE = /[\p{Script=Han}\u3000-\u303f\uff01-\uff5e]/gu;

/** The same words with a large first letter. */
export function capitalised(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The same words in the midst of a sentence: "own", and still "API". */
export function uncapitalised(words: string): string {
	return /^\p{Lu}\p{Lu}/u.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}

/** Outside text without what could reorder or hide the words around it. */
export function harmless(text: string): string {
	return text.replace(INVISIBLE, "");
}

/** Control characters but tab and line feed, halves of characters, and marks that turn the direction of writing. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function plainSpan(span: Span): string {
	if (typeof span === "string") return span;
	switch (span.kind) {
		case "name":
			return harmless(span.name);
		case "code":
			return harmless(span.code);
		case "number":
			return span.number.text;
		case "strong":
		case "small":
			return plainText(span.text);
		case "lines":
			return span.lines.map(plainText).join("; ");
		case "note":
			return "";
		case "grade":
			return span.text;
		case "verdict":
			return span.words;
	}
}
