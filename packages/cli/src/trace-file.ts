/**
 * A trace file, read ahead of the simulator a piece at a time, so that a file of any size takes little memory. gzip, zstd and
 * UTF-16 are undone on the way.
 */
import { createReadStream, statSync } from "node:fs";
import type { Trace, TraceAccount } from "@farthing/answers";
import { A_TRACE, FarthingError, traceIntake } from "@farthing/answers";
import type { Unpacking } from "@farthing/ledger/source";
import { ImportError, unpack } from "@farthing/ledger/source";
import { rememberRead } from "./files.ts";

export interface TraceFile extends Trace {
	/** Reads until so many requests can be pulled, or all that are left. */
	readAhead(requests: number): Promise<void>;
	/** Requests that were read ahead. */
	readonly ready: number;
	/** Share of the file that was read; undefined for a pipe. */
	readonly share: number | undefined;
	close(): void;
}

const PIECE = 256 * 1024;
/** A longer line is no request: it would fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Opens a trace. Exit 2 where there is no file, it is empty or its first line is of no known layout. */
export async function openTrace(path: string): Promise<TraceFile> {
	const pieces = openPieces(path);
	const intake = traceIntake(path);
	const readAhead = async (wanted: number): Promise<void> => {
		while (intake.ready < wanted) {
			const piece = await pieces.next();
			if (piece === undefined) {
				intake.end();
				return;
			}
			for (const line of piece) intake.take(line);
		}
	};
	try {
		await readAhead(1);
		return {
			name: path,
			layout: intake.layout(),
			readAhead,
			pull: () => intake.pull(),
			get ready() {
				return intake.ready;
			},
			get share() {
				return pieces.share;
			},
			account: () => intake.account(pieces.end),
			close: () => pieces.close(),
		};
	} catch (error) {
		pieces.close();
		throw error;
	}
}

/** The lines of a file by pieces. */
interface Pieces {
	readonly share: number | undefined;
	/** How far it came. */
	readonly end: Pick<TraceAccount, "brokenOff" | "isUnfinished">;
	next(): Promise<readonly string[] | undefined>;
	close(): void;
}

function openPieces(path: string): Pieces {
	const source = openSource(path);
	const state: Unpacking = { compression: "none", encoding: "utf-8" };
	const bytes = unpack(source.bytes, path, state)[Symbol.asyncIterator]();
	const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
	let rest = "";
	let isAtEnd = false;
	let isUnfinished = false;
	const next = async (): Promise<readonly string[] | undefined> => {
		if (isAtEnd) return undefined;
		const { value, done } = await bytes.next();
		isAtEnd = done === true;
		const text = rest + (isAtEnd ? decoder.decode() : decoder.decode(value as Uint8Array, { stream: true }));
		const lines = text.split("\n");
		rest = lines.pop() as string;
		if (isAtEnd && rest !== "") {
			lines.push(rest);
			isUnfinished = true;
		}
		// What is cut here is no line any more, and goes to quarantine as one.
		if (rest.length > LONGEST_LINE) rest = `${rest.slice(0, 200)}… (a line of more than ${LONGEST_LINE} characters)`;
		return lines;
	};
	return {
		get share() {
			return source.size === undefined ? undefined : Math.min(1, source.read() / source.size);
		},
		get end() {
			return { isUnfinished, ...(state.brokenOff === undefined ? {} : { brokenOff: state.brokenOff }) };
		},
		next: () => next().catch((error: unknown) => Promise.reject(readingError(path, error))),
		close: source.close,
	};
}

interface OpenSource {
	readonly bytes: AsyncIterable<Uint8Array>;
	readonly size: number | undefined;
	/** Bytes read so far. */
	read(): number;
	close(): void;
}

function openSource(path: string): OpenSource {
	if (path === "-") return { bytes: process.stdin, size: undefined, read: () => 0, close: () => undefined };
	let size: number | undefined;
	try {
		const stat = statSync(path);
		if (stat.isDirectory()) {
			throw new FarthingError(2, "not-a-file", `${path} is a folder`, { file: path, expected: "a request trace" });
		}
		if (stat.isFile()) size = stat.size;
	} catch (error) {
		throw readingError(path, error);
	}
	rememberRead(path);
	const stream = createReadStream(path, { highWaterMark: PIECE });
	return { bytes: stream, size, read: () => stream.bytesRead, close: () => stream.destroy() };
}

function readingError(path: string, error: unknown): unknown {
	if (error instanceof FarthingError) return error;
	if (error instanceof ImportError) {
		const { code, message, expected, hint } = error;
		return new FarthingError(2, code, message, {
			file: path,
			expected: code === "unsupported-compression" ? `${A_TRACE}; as text, gzip or zstd` : (expected ?? A_TRACE),
			...(hint === undefined
				? {}
				: { hint: hint.replace("farthing import -", "farthing simulate SCENARIO --trace -") }),
		});
	}
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === undefined) return error;
	const told = code === "ENOENT" ? `no file ${path}` : `cannot read ${path}: ${message}`;
	return new FarthingError(2, code === "ENOENT" ? "no-such-file" : "cannot-read", told, {
		file: path,
		expected: "a request trace",
	});
}
