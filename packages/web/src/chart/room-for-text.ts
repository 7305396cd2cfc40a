import { textWidth } from "./text-width.ts";

/** Room at the right of bars for the longest text behind one, without cutting the chart in half. */
export function roomForText(texts: readonly string[], width: number): number {
	const longest = texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
	return Math.min(width * 0.45, Math.max(LEAST, longest * LETTER + GAP));
}

const LEAST = 80;
/** Width of a digit at the size of these texts, rounded up. */
const LETTER = 7.5;
const GAP = 16;
