/** Texts of a report as runs of a slide, and how much room they take. */
import { harmless } from "../plain-text.ts";
import type { Span, Text } from "../report-model.ts";

export interface Run {
	readonly text: string;
	/** Its own: a run without any would take those of its cell, and the library begins a paragraph where they differ. */
	readonly options: {
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

/** Width of a text in inches at a size in points. */
export function textWidth(text: string, points: number): number {
	let thousandths = 0;
	for (const letter of text) thousandths += WIDTHS.get(letter) ?? OTHER_WIDTH;
	return (thousandths * points) / 72_000;
}

/** Lines that a text takes in a width in inches: as many words on each as it holds, long words broken. */
export function linesOf(text: Text, points: number, width: number): number {
	return shownLines(text).reduce((sum, runs) => {
		const words = runs.map((run) => run.text).join("");
		const boldness = lineWidth(runs, 1) / (textWidth(words, 1) || 1);
		return sum + wrapped(words, points * boldness, width * SAFE);
	}, 0);
}

/** Width of the longest line, where none is broken. */
export function longestLine(text: Text, points: number): number {
	return Math.max(0, ...shownLines(text).map((runs) => lineWidth(runs, points)));
}

/** Width of the longest word. */
export function longestWord(text: Text, points: number): number {
	const words = shownLines(text).flatMap((runs) => runs.flatMap((run) => run.text.match(PIECES) ?? []));
	return Math.max(0, ...words.map((word) => textWidth(word, points)));
}

/** With the numbers of notes, which plain text leaves out. */
function shownLines(text: Text): Run[][] {
	const lines = text.length === 1 && typeof text[0] === "object" && text[0].kind === "lines" ? text[0].lines : [text];
	return lines.map(runsOf);
}

function lineWidth(runs: readonly Run[], points: number): number {
	return runs.reduce(
		(sum, { text, options: { bold } }) => sum + textWidth(text, points) * (bold === true ? BOLD : 1),
		0,
	);
}

/** Bold letters are wider. */
const BOLD = 1.1;
/** Blanks, and what does not break between them; programs break at hyphens too, which dates must not. */
const PIECES = /\s+|\p{Script=Han}[\u3001-\u3002\uff01-\uff1f]?|[^\s/\p{Script=Han}]*\/|[^\s/\p{Script=Han}]+/gu;

function wrapped(text: string, points: number, width: number): number {
	let [lines, used] = [1, 0];
	for (const piece of text.match(PIECES) ?? []) {
		const wide = textWidth(piece, points);
		if (piece.trim() !== "" && used > 0 && used + wide > width) [lines, used] = [lines + 1, 0];
		lines += Math.max(0, Math.ceil(wide / width) - 1);
		used += wide % width;
	}
	return lines;
}

/** Room of a line that is counted on: programs differ in when they break it. */
export const SAFE = 0.97;

/** Widths of Arial, in thousandths of its size. */
const WIDTHS: ReadonlyMap<string, number> = new Map(
	Object.entries({
		191: "'",
		222: "ijl’‘",
		278: " ft.,:;/!I[]\\|·",
		333: "r-()`“”",
		355: '"•¹²³',
		500: "ckssvxyzJ",
		556: "abdeghnopqu0123456789L$?#_–€",
		584: "+<=>−×~±≤≥",
		611: "FTZ",
		667: "ABEKPSVXY&",
		722: "CDHNRUw",
		778: "GOQ",
		833: "mM",
		889: "%",
		944: "W",
		1000: "…—",
		1015: "@",
	}).flatMap(([width, letters]) => Array.from(letters, (letter) => [letter, Number(width)] as const)),
);
/** Letters of other scripts are up to as wide as high. */
const OTHER_WIDTH = 1000;

/** Height of lines of text in inches. */
export function linesHeight(lines: number, points: number): number {
	return (lines * points * 1.22) / 72;
}

function runsOfSpan(span: Span): Run[] {
	if (typeof span === "string") return [{ text: span, options: {} }];
	switch (span.kind) {
		case "name":
			return [{ text: harmless(span.name), options: {} }];
		case "code":
			return [{ text: harmless(span.code), options: { color: MUTED } }];
		case "number":
			return [{ text: span.number.text, options: {} }];
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
