/** A trace file, read a piece at a time, so that a file of any size takes little memory. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Lines, Trace } from "@farthing/answers";
import { FarthingError, readTrace } from "@farthing/answers";

export interface TraceFile extends Trace {
	close(): void;
}

const PIECE = 256 * 1024;
/** A longer line is no request: it would fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Opens a trace. Exit 2 where there is no file or its first line is of no known layout. */
export function openTrace(path: string): TraceFile {
	const lines = openLines(path);
	return { ...readTrace(path, lines), close: () => lines.close() };
}

interface OpenLines extends Lines {
	close(): void;
}

function openLines(path: string): OpenLines {
	const file = opened(path);
	const piece = Buffer.alloc(PIECE);
	const decoder = new TextDecoder("utf-8");
	let pending: string[] = [];
	let at = 0;
	let rest = "";
	let isAtEnd = false;
	let count = 0;
	const readMore = (): void => {
		const length = readSync(file, piece, 0, PIECE, null);
		isAtEnd = length === 0;
		const text = rest + decoder.decode(piece.subarray(0, length), { stream: !isAtEnd });
		pending = text.split("\n");
		at = 0;
		rest = pending.pop() as string;
		if (isAtEnd && rest !== "") {
			pending.push(rest);
			rest = "";
		}
		// What is cut here is no line any more, and goes to quarantine as one.
		if (rest.length > LONGEST_LINE) rest = `${rest.slice(0, 200)}… (a line of more than ${LONGEST_LINE} characters)`;
	};
	return {
		get count() {
			return count;
		},
		next() {
			while (at === pending.length) {
				if (isAtEnd) return undefined;
				readMore();
			}
			count++;
			return pending[at++];
		},
		close: () => {
			if (file !== 0) closeSync(file);
		},
	};
}

function opened(path: string): number {
	if (path === "-") return 0;
	try {
		if (statSync(path).isDirectory()) {
			throw new FarthingError(2, "not-a-file", `${path} is a folder`, { file: path, expected: "a request trace" });
		}
		return openSync(path, "r");
	} catch (error) {
		if (error instanceof FarthingError) throw error;
		const { code } = error as NodeJS.ErrnoException;
		const message = code === "ENOENT" ? `no file ${path}` : `cannot read ${path}: ${(error as Error).message}`;
		throw new FarthingError(2, code === "ENOENT" ? "no-such-file" : "cannot-read", message, {
			file: path,
			expected: "a request trace",
		});
	}
}
