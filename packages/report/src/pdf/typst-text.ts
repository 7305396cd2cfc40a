/** Texts of a report as Typst. Words stand in string literals, so that nothing in them can be markup or code. */
import type { Grade, Verdict } from "@farthing/engine";
import { lightSigns, type Sign } from "../html/style-sheet.ts";
import { harmless } from "../plain-text.ts";
import type { Span, Text } from "../report-model.ts";

/** Footnotes are written where they first stand, and referred to afterwards. */
export class TypstNotes {
	private readonly written = new Set<number>();

	mark(number: number, text: Text): string {
		if (this.written.has(number)) return `#footnote(<note-${number}>)`;
		this.written.add(number);
		return `#footnote[${typstText(text, this)}]<note-${number}>`;
	}
}

export function typstText(text: Text, notes: TypstNotes): string {
	return text.map((span) => typstSpan(span, notes)).join("");
}

/** Markup that shows exactly these words. */
export function typstWords(words: string): string {
	return words === "" ? "" : `#${typstString(words)};`;
}

export function typstString(words: string): string {
	return `"${harmless(words)
		.replace(/[\\"]/g, "\\$&")
		.replace(/\s*\n\s*/g, " ")}"`;
}

function typstSpan(span: Span, notes: TypstNotes): string {
	if (typeof span === "string") return typstWords(span);
	switch (span.kind) {
		case "name":
			return typstWords(span.name);
		case "code":
			return `#code(${typstString(breakable(span.code))});`;
		case "number":
			// a number does not break over lines
			return `#box[${typstWords(span.number.text)}];`;
		case "strong":
			return `#strong[${typstText(span.text, notes)}];`;
		case "small":
			return `#small[${typstText(span.text, notes)}];`;
		case "lines":
			return span.lines
				.filter((line) => line.length > 0)
				.map((line) => typstText(line, notes))
				.join("#linebreak();");
		case "note":
			return notes.mark(span.number, span.text);
		case "grade":
			return badge(span.text, GRADE_SIGNS[span.grade]);
		case "verdict":
			return badge(span.words, VERDICT_SIGNS[span.verdict]);
	}
}

function badge(words: string, { ground, text }: Sign): string {
	return `#badge(${typstString(words)}, rgb("${ground}"), rgb("${text}"));`;
}

const GRADE_SIGNS: Readonly<Record<Grade, Sign>> = {
	A: lightSigns.good,
	B: lightSigns.good,
	C: lightSigns.fair,
	D: lightSigns.weak,
	E: lightSigns.bad,
};

const VERDICT_SIGNS: Readonly<Record<Verdict, Sign>> = {
	holds: lightSigns.good,
	conditional: lightSigns.weak,
	fails: lightSigns.bad,
	unverified: lightSigns.unknown,
};

/** Ids may break after their points and strokes: a zero-width space lets them. */
function breakable(code: string): string {
	return code.replace(/[./_\-:@]+/g, "$&\u200b");
}
