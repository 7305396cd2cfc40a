/** The only module that writes to the terminal: answers to stdout, notes and errors to stderr. */
import { writeSync } from "node:fs";
import { FarthingError } from "@farthing/answers";
import pc from "picocolors";
import { language } from "./language.ts";
import { frameWords } from "./messages/frame.ts";
import { told } from "./told.ts";

const colours = pc.createColors(
	process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && !process.argv.includes("--no-color"),
);

export const bold: (text: string) => string = (text) => coloured(colours.bold, text);
export const dim: (text: string) => string = (text) => coloured(colours.dim, text);
export const good: (text: string) => string = (text) => coloured(colours.green, text);
export const bad: (text: string) => string = (text) => coloured(colours.red, text);

/** Stands for the escape character of our own colours until they are written: one of a file's own is none of ours. */
const OWN = "\ufdd0";

function coloured(colour: (text: string) => string, text: string): string {
	return colour(escaped(text, "line feeds stay")).replaceAll("\u001b[", `${OWN}[`);
}

export function printText(text: string): void {
	writeAll(1, harmless(text.endsWith("\n") ? text : `${text}\n`));
}

export function printJson(value: unknown): void {
	writeAll(1, `${JSON.stringify(value, null, 2)}\n`);
}

export function printErrorLine(text: string): void {
	writeAll(2, harmless(`${text}\n`));
}

/** What to know beside an answer. */
export function printNote(message: string): void {
	printErrorLine(frameWords.note(told(message)));
}

/** One error, as JSON on stdout where JSON was asked for, else in words on stderr. */
export function printError(error: FarthingError, asJson: boolean): void {
	const { code } = error;
	// Programs read JSON: it is the same in each language.
	const { message, detail } = error.toldIn(asJson ? "en" : language);
	const known = Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined));
	if (asJson) {
		printJson({ schema: "farthing/1", error: { code, message, ...known } });
		return;
	}
	const { file, line, column, expected, hint, nearest } = detail;
	const place =
		file === undefined
			? ""
			: `${file}${line === undefined ? "" : `:${line}${column === undefined ? "" : `:${column}`}`}: `;
	printErrorLine(oneLine(frameWords.error(`${place}${message}`)));
	if (expected !== undefined) printErrorLine(oneLine(frameWords.expected(expected)));
	if (nearest !== undefined && nearest.length > 0) printErrorLine(oneLine(frameWords.nearest(nearest)));
	if (hint !== undefined) printErrorLine(oneLine(frameWords.hint(hint)));
}

/** Columns aligned by width; numbers right, words left. */
export function textTable(
	head: readonly string[],
	rows: readonly (readonly string[])[],
	right: readonly number[] = [],
): string {
	const told = rows.map((row) => row.map(oneLine));
	const widths = head.map((title, i) => Math.max(columnsOf(title), ...told.map((row) => columnsOf(row[i] ?? ""))));
	const line = (cells: readonly string[]): string =>
		cells
			.map((cell, i) => {
				const space = " ".repeat(Math.max(0, (widths[i] as number) - columnsOf(cell)));
				return right.includes(i) ? `${space}${cell}` : `${cell}${space}`;
			})
			.join("  ")
			.trimEnd();
	return [dim(line(head)), ...told.map(line)].join("\n");
}

/** Columns a text takes: colour codes take none, Chinese letters two, a character above the basic plane one. */
export function columnsOf(text: string): number {
	const bare = text.replace(COLOUR_CODE, "");
	return Array.from(bare).length + (bare.match(WIDE)?.length ?? 0);
}

/** A text with blanks after it up to a width. */
export function padded(text: string, columns: number): string {
	return `${text}${" ".repeat(Math.max(0, columns - columnsOf(text)))}`;
}

/** Letters and signs of East Asia that terminals give two columns. */
const WIDE = /[\p{Script=Han}\u3000-\u303f\uff01-\uff60]/gu;

const COLOUR_CODE = new RegExp(`${OWN}\\[\\d+m`, "g");

/** A text on one line: line feeds and tabs are escaped too. */
export function oneLine(text: string): string {
	return escaped(text, "nothing stays");
}

/** As it is written: only colours of our own reach the terminal, everything else that could steer it is spelt out. */
function harmless(text: string): string {
	return escaped(text, "line feeds stay").replaceAll(OWN, "\u001b");
}

/**
 * A text in which whatever could move a cursor, rename a window or turn the direction of writing is spelt out, as in
 * `\\u001b`: names and notes come from files of others.
 */
function escaped(text: string, which: "line feeds stay" | "nothing stays"): string {
	return text.replace(CONTROLS, (found) => {
		if (which === "line feeds stay" && (found === "\n" || found === "\t" || found === "\r\n")) return found;
		return Array.from(found, spelt).join("");
	});
}

function spelt(character: string): string {
	if (character === "\n") return "\\n";
	if (character === "\t") return "\\t";
	return `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, "0")}`;
}

const CONTROLS = new RegExp(
	String.raw`\r\n|\ufdd0(?!\[\d+m)|[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]`,
	"g",
);

/** Writes everything even where stdout is a pipe that fills up. A reader that went away is no error. */
function writeAll(fd: 1 | 2, text: string): void {
	const bytes = Buffer.from(text, "utf8");
	for (let at = 0; at < bytes.length; ) {
		try {
			at += writeSync(fd, bytes, at);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === "EPIPE") return;
			if (code !== "EAGAIN") throw cannotPrint(fd, error as Error);
		}
	}
}

function cannotPrint(fd: 1 | 2, { message }: Error): FarthingError {
	const where = fd === 1 ? "standard output" : "standard error";
	return new FarthingError(2, "cannot-write", `cannot write to ${where}: ${message}`, {
		expected: "room for the answer",
	});
}
