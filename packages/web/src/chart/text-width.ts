/** Width of a text, in letters of the Latin alphabet: a letter of Chinese takes the room of two. */
export function textWidth(text: string): number {
	let width = 0;
	for (const letter of text) width += WIDE.test(letter) ? 2 : 1;
	return width;
}

const WIDE =
	/[\u{2E80}-\u{A4CF}\u{AC00}-\u{D7AF}\u{F900}-\u{FAFF}\u{FE30}-\u{FE4F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{20000}-\u{3FFFF}]/u;
