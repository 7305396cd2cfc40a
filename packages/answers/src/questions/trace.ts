/**
 * A request trace, read as the simulator asks for requests, so that one of any size takes little memory. A line that is
 * no request goes to quarantine with its number.
 */
import type { TraceFault, TraceLayout, TraceReader, TraceRecord } from "@farthing/engine";
import { traceReader } from "@farthing/engine";
import type { Warning } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";

/** Lines of a file or text, one after the other. */
export interface Lines {
	/** Lines given so far. */
	readonly count: number;
	next(): string | undefined;
}

export interface Trace {
	readonly name: string;
	readonly layout: TraceLayout;
	/** The next request; undefined at the end. */
	pull(): TraceRecord | undefined;
	/** What was read so far. */
	account(): TraceAccount;
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

const FAULTS_KEPT = 20;

/** Begins a trace. Exit 2 where there is no line, or the first is of no known layout. */
export function readTrace(name: string, lines: Lines): Trace {
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
			if (reader.layout === undefined) throw unknownLayout(name, read);
			setAside(read);
		}
	};
	const first = pull();
	const layout = requireLayout(reader, name);
	let isFirst = true;
	return {
		name,
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
	};
}

/** The lines of a text that is at hand. */
export function linesOf(text: string): Lines {
	let at = 0;
	let count = 0;
	return {
		get count() {
			return count;
		},
		next() {
			if (at >= text.length) return undefined;
			const end = text.indexOf("\n", at);
			const line = end < 0 ? text.slice(at) : text.slice(at, end);
			at = end < 0 ? text.length : end + 1;
			count++;
			return line;
		},
	};
}

/** What stands in quarantine, in words. */
export function quarantineWarnings(name: string, { quarantined, requests, faults }: TraceAccount): Warning[] {
	if (quarantined === 0) return [];
	const first = faults.slice(0, 3).map(({ line, reason }) => `line ${line}: ${reason}`);
	const more = quarantined > first.length ? "; …" : "";
	const message = `${name}: ${quarantined} of ${requests + quarantined} lines are no requests and were left out (${first.join("; ")}${more})`;
	return [{ code: "trace-quarantine", message }];
}

function requireLayout({ layout }: TraceReader, name: string): TraceLayout {
	if (layout !== undefined) return layout;
	throw new FarthingError(2, "empty-trace", `${name} has no line`, {
		file: name,
		expected: "a request trace: Azure or BurstGPT CSV, or Mooncake JSON lines",
	});
}

function unknownLayout(name: string, { line, reason }: TraceFault): FarthingError {
	return new FarthingError(2, "unknown-trace", `${name}: ${reason}`, {
		file: name,
		line,
		column: 1,
		expected: "a request trace: Azure or BurstGPT CSV, or Mooncake JSON lines",
	});
}
