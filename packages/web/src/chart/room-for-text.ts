import { textWidth } from "./text-width.ts";

/** Room at the right of bars for the longest text behind one, without cutting the chart in half. */
export function roomForText(texts: readonly string[], width: number): number {
	const longest = texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
	return Math.min(width * 0.45, Math.max(LEAST, longest * LETTER + GAP));
}

const LEAST = 80;
/** Width of a digit at the size of these texts, in the widest font that may stand in for that of the page. */
const LETTER = 8.4;
/** Before the text, and after it. */
const GAP = 16;
