/** Texts of a report as runs of a slide, and how much room they take. */
import { harmless, plainText } from "../plain-text.ts";
import type { Span, Text } from "../report-model.ts";

export interface Run {
	readonly text: string;
	readonly options?: {
		readonly bold?: boolean;
		readonly superscript?: boolean;
		readonly fontFace?: string;
		readonly color?: string;
		readonly breakLine?: boolean;
	};
}

export const FONT = "Arial";
export const MUTED = "55606E";
export const INK = "1B2430";

export function runsOf(text: Text): Run[] {
	return text.flatMap(runsOfSpan);
}

/** Width of a text in inches at a size in points: Arial's letters are about half as wide as they are high. */
export function textWidth(text: string, points: number): number {
	return (text.length * points * 0.55) / 72;
}

/** Lines that a text takes in a width in inches. Words are not split, so that some room stays unused. */
export function linesOf(text: Text, points: number, width: number): number {
	const lines = text.length === 1 && typeof text[0] === "object" && text[0].kind === "lines" ? text[0].lines : [text];
	return lines.reduce(
		(sum, line) => sum + Math.max(1, Math.ceil(textWidth(plainText(line), points) / (width * 0.94))),
		0,
	);
}

/** Height of lines of text in inches. */
export function linesHeight(lines: number, points: number): number {
	return (lines * points * 1.22) / 72;
}

function runsOfSpan(span: Span): Run[] {
	if (typeof span === "string") return [{ text: span }];
	switch (span.kind) {
		case "name":
			return [{ text: harmless(span.name) }];
		case "code":
			return [{ text: harmless(span.code), options: { color: MUTED } }];
		case "number":
			return [{ text: span.number.text }];
		case "strong":
			return runsOf(span.text).map(({ text, options }) => ({ text, options: { ...options, bold: true } }));
		case "small":
			return runsOf(span.text).map(({ text, options }) => ({ text, options: { ...options, color: MUTED } }));
		case "lines":
			return span.lines
				.map(runsOf)
				.filter((runs) => runs.length > 0)
				.flatMap((runs, i, all) => (i === all.length - 1 ? runs : broken(runs)));
		case "note":
			return [{ text: String(span.number), options: { superscript: true } }];
		case "grade":
			return [{ text: span.text, options: { bold: true } }];
		case "verdict":
			return [{ text: span.words, options: { bold: true } }];
	}
}

/** The last run of a line ends it. */
function broken(runs: readonly Run[]): Run[] {
	return runs.map((run, i) =>
		i === runs.length - 1 ? { text: run.text, options: { ...run.options, breakLine: true } } : run,
	);
}
