import { harmless } from "../plain-text.ts";

/** Text as HTML, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (letter) => ESCAPES[letter] as string);
}

/** Text from outside: no character of it is markup, hides its neighbours or turns the direction of what follows. */
export function escapeOutside(text: string): string {
	return `<bdi>${escapeHtml(harmless(text))}</bdi>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};
