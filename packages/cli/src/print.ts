/** The only module that writes to the terminal: answers to stdout, notes and errors to stderr. */
import { writeSync } from "node:fs";
import { FarthingError } from "@farthing/answers";
import pc from "picocolors";

const colours = pc.createColors(
	process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && !process.argv.includes("--no-color"),
);

export const bold: (text: string) => string = (text) => colours.bold(text);
export const dim: (text: string) => string = (text) => colours.dim(text);
export const good: (text: string) => string = (text) => colours.green(text);
export const bad: (text: string) => string = (text) => colours.red(text);

export function printText(text: string): void {
	writeAll(1, harmless(text.endsWith("\n") ? text : `${text}\n`));
}

export function printJson(value: unknown): void {
	writeAll(1, `${JSON.stringify(value, null, 2)}\n`);
}

export function printErrorLine(text: string): void {
	writeAll(2, harmless(`${text}\n`));
}

/** One error, as JSON on stdout where JSON was asked for, else in words on stderr. */
export function printError(error: FarthingError, asJson: boolean): void {
	const { code, message, detail } = error;
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
	printErrorLine(`error: ${place}${message}`);
	if (expected !== undefined) printErrorLine(`  expected: ${expected}`);
	if (nearest !== undefined && nearest.length > 0) printErrorLine(`  nearest: ${nearest.join(", ")}`);
	if (hint !== undefined) printErrorLine(`  try: ${hint}`);
}

/** Columns aligned by width; numbers right, words left. */
export function textTable(
	head: readonly string[],
	rows: readonly (readonly string[])[],
	right: readonly number[] = [],
): string {
	const widths = head.map((title, i) => Math.max(width(title), ...rows.map((row) => width(row[i] ?? ""))));
	const line = (cells: readonly string[]): string =>
		cells
			.map((cell, i) => {
				const space = " ".repeat(Math.max(0, (widths[i] as number) - width(cell)));
				return right.includes(i) ? `${space}${cell}` : `${cell}${space}`;
			})
			.join("  ")
			.trimEnd();
	return [dim(line(head)), ...rows.map(line)].join("\n");
}

/** Columns a text takes: colour codes take none, a character above the basic plane takes one. */
function width(text: string): number {
	return Array.from(text.replace(COLOUR_CODE, "")).length;
}

const COLOUR_CODE = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");

/**
 * A text without what could move a cursor, rename a window or turn the direction of writing: names and notes come from
 * files of others. Colours stay.
 */
function harmless(text: string): string {
	return text.replace(CONTROLS, (found) => (KEPT.test(found) ? found : ""));
}

const CONTROLS = new RegExp(
	String.raw`\r\n|\u001b\[\d+m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]`,
	"g",
);
const KEPT = new RegExp(String.raw`^(?:\r\n|\u001b\[\d+m)$`);

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
