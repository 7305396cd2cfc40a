/**
 * A trace file, read as the simulator asks for requests: a piece at a time, so that a file of any size takes little memory.
 * A line that is no request goes to quarantine with its number.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Warning } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import type { TraceFault, TraceLayout, TraceReader, TraceRecord } from "@farthing/engine";
import { traceReader } from "@farthing/engine";

export interface TraceFile {
	/** Known once the file is open. */
	readonly layout: TraceLayout;
	/** The next request; undefined at the end. */
	pull(): TraceRecord | undefined;
	/** What was read so far. */
	account(): TraceAccount;
	close(): void;
}

export interface TraceAccount {
	readonly lines: number;
	readonly requests: number;
	readonly quarantined: number;
	/** The first of them. */
	readonly faults: readonly TraceFault[];
	/** Requests over requests and quarantined lines. */
	readonly coverage: number;
}

const PIECE = 256 * 1024;
/** A longer line is no request: it would fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;
const FAULTS_KEPT = 20;

/** Opens a trace. Exit 2 where there is no file or its first line is of no known layout. */
export function openTrace(path: string): TraceFile {
	const lines = openLines(path);
	const reader = traceReader();
	const faults: TraceFault[] = [];
	let requests = 0;
	let quarantined = 0;
	const setAside = (fault: TraceFault): void => {
		quarantined++;
		if (faults.length < FAULTS_KEPT) faults.push(fault);
	};
	const pull = (): TraceRecord | undefined => {
		for (;;) {
			const line = lines.next();
			if (line === undefined) return undefined;
			const read = reader.push(line);
			if (read === undefined) continue;
			if (read.kind === "request") {
				requests++;
				return read;
			}
			if (reader.layout === undefined) throw unknownLayout(path, read);
			setAside(read);
		}
	};
	const first = pull();
	const layout = requireLayout(reader, path);
	let isFirst = true;
	return {
		layout,
		pull: () => {
			if (!isFirst) return pull();
			isFirst = false;
			return first;
		},
		account: () => ({
			lines: lines.count,
			requests,
			quarantined,
			faults,
			coverage: requests + quarantined === 0 ? 0 : requests / (requests + quarantined),
		}),
		close: () => lines.close(),
	};
}

/** What stands in quarantine, in words. */
export function quarantineWarnings(path: string, { quarantined, requests, faults }: TraceAccount): Warning[] {
	if (quarantined === 0) return [];
	const first = faults.slice(0, 3).map(({ line, reason }) => `line ${line}: ${reason}`);
	const more = quarantined > first.length ? "; …" : "";
	const message = `${path}: ${quarantined} of ${requests + quarantined} lines are no requests and were left out (${first.join("; ")}${more})`;
	return [{ code: "trace-quarantine", message }];
}

function requireLayout({ layout }: TraceReader, path: string): TraceLayout {
	if (layout !== undefined) return layout;
	throw new FarthingError(2, "empty-trace", `${path} has no line`, {
		file: path,
		expected: "a request trace: Azure or BurstGPT CSV, or Mooncake JSON lines",
	});
}

function unknownLayout(path: string, { line, reason }: TraceFault): FarthingError {
	return new FarthingError(2, "unknown-trace", `${path}: ${reason}`, {
		file: path,
		line,
		column: 1,
		expected: "a request trace: Azure or BurstGPT CSV, or Mooncake JSON lines",
	});
}

interface Lines {
	readonly count: number;
	next(): string | undefined;
	close(): void;
}

function openLines(path: string): Lines {
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
