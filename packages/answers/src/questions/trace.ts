/**
 * A request trace, read as the simulator asks for requests, so that one of any size takes little memory. A line that is
 * no request goes to quarantine with its number.
 */
import type { TraceFault, TraceGap, TraceLayout, TraceRecord } from "@farthing/engine";
import { traceReader } from "@farthing/engine";
import type { Warning } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";

/** Lines of a file or text, one after the other. */
export interface Lines {
	next(): string | undefined;
	/** The last line has no end. */
	readonly isUnfinished: boolean;
}

export interface Trace {
	readonly name: string;
	readonly layout: TraceLayout;
	/** The next request; undefined at the end. */
	pull(): TraceRecord | undefined;
	/** What was read so far. */
	account(): TraceAccount;
}

export interface TraceAccount extends TraceEnd {
	readonly lines: number;
	readonly requests: number;
	readonly quarantined: number;
	/** The first of them. */
	readonly faults: readonly TraceFault[];
	/** Requests over requests and quarantined lines. */
	readonly coverage: number;
	/** The first silence that is many times as long as the trace before it. */
	readonly gap?: TraceGap;
}

/** How the lines came to their end. */
export interface TraceEnd {
	/** Why what follows could not be read: the file is damaged or cut short. */
	readonly brokenOff?: string;
	/** The last line has no end: it may be cut short. */
	readonly isUnfinished?: boolean;
}

/** Takes lines and gives requests, in the same order: for whoever reads ahead of the simulator. */
export interface TraceIntake {
	/** Requests that can be pulled. */
	readonly ready: number;
	/** Exit 2 for a first line of no known layout. */
	take(line: string): void;
	/** There is no line any more. */
	end(): void;
	pull(): TraceRecord | undefined;
	/** Exit 2 where there was no line. */
	layout(): TraceLayout;
	account(end: TraceEnd): TraceAccount;
}

const FAULTS_KEPT = 20;

export function traceIntake(name: string): TraceIntake {
	const reader = traceReader();
	const faults: TraceFault[] = [];
	let ready: TraceRecord[] = [];
	let at = 0;
	let lines = 0;
	let requests = 0;
	let quarantined = 0;
	const book = (read: TraceRecord | TraceFault): void => {
		if (read.kind === "request") {
			requests++;
			ready.push(read);
			return;
		}
		if (reader.layout === undefined) throw unknownLayout(name, read);
		quarantined++;
		if (faults.length < FAULTS_KEPT) faults.push(read);
	};
	return {
		get ready() {
			return ready.length - at;
		},
		take(line) {
			lines++;
			for (const read of reader.push(line)) book(read);
		},
		end() {
			for (const read of reader.end()) book(read);
		},
		pull() {
			if (at === ready.length) return undefined;
			const record = ready[at++];
			// What was pulled is let go by halves, so that memory is that of the requests read ahead.
			if (at * 2 >= ready.length) {
				ready = ready.slice(at);
				at = 0;
			}
			return record;
		},
		layout: () => reader.layout ?? noLine(name),
		account: (end) => ({
			lines,
			requests,
			quarantined,
			faults,
			coverage: requests + quarantined === 0 ? 0 : requests / (requests + quarantined),
			...(reader.gap === undefined ? {} : { gap: reader.gap }),
			...end,
		}),
	};
}

/** Begins a trace whose lines are at hand. Exit 2 where there is no line or the first is of no known layout. */
export function readTrace(name: string, lines: Lines): Trace {
	const intake = traceIntake(name);
	let isAtEnd = false;
	const readOn = (): void => {
		while (intake.ready === 0 && !isAtEnd) {
			const line = lines.next();
			if (line !== undefined) {
				intake.take(line);
				continue;
			}
			isAtEnd = true;
			intake.end();
		}
	};
	readOn();
	return {
		name,
		layout: intake.layout(),
		pull() {
			readOn();
			return intake.pull();
		},
		account: () => intake.account({ isUnfinished: isAtEnd && lines.isUnfinished }),
	};
}

/** The lines of a text that is at hand. */
export function linesOf(text: string): Lines {
	let at = 0;
	return {
		isUnfinished: text !== "" && !text.endsWith("\n"),
		next() {
			if (at >= text.length) return undefined;
			const end = text.indexOf("\n", at);
			const line = end < 0 ? text.slice(at) : text.slice(at, end);
			at = end < 0 ? text.length : end + 1;
			return line;
		},
	};
}

/** Below this share of readable lines an answer stands for a part of the trace alone. */
const COVERED = 0.99;

/** False where more of the trace was set aside than a slip. */
export function isCovered({ coverage, brokenOff }: TraceAccount): boolean {
	return coverage >= COVERED && brokenOff === undefined;
}

export function accountJson({ lines, requests, quarantined, coverage, faults, brokenOff }: TraceAccount): object {
	const broken = brokenOff === undefined ? {} : { broken_off: brokenOff };
	return { lines, requests, quarantined, coverage, faults, ...broken };
}

/** Below this share of readable lines nothing is left that could be called the trace. */
const LEAST_COVERED = 0.5;

/** Exit 2 where most lines are no requests: an answer about the rest would be one about another load. */
export function requireMostOf(name: string, { coverage, quarantined, requests, faults }: TraceAccount): void {
	if (coverage >= LEAST_COVERED) return;
	if (requests + quarantined === 0) {
		throw new FarthingError(2, "empty-trace", "the trace has a header and no request", {
			file: name,
			expected: A_TRACE,
		});
	}
	const [first] = faults;
	const isBackwards = first?.code === "time-backwards";
	const message = `${quarantined} of ${requests + quarantined} lines are no requests; the first: ${first?.reason ?? "none"}`;
	throw new FarthingError(2, "trace-unreadable", message, {
		file: name,
		...(first === undefined ? {} : { line: first.line }),
		expected: isBackwards ? "a trace in the order of time" : A_TRACE,
		...(isBackwards ? { hint: "(head -n 1 FILE; tail -n +2 FILE | sort) > sorted.csv" } : {}),
	});
}

/** What stands in quarantine or is missing, in words. */
export function traceWarnings(name: string, account: TraceAccount): Warning[] {
	const { quarantined, requests, faults, brokenOff, isUnfinished, lines, gap } = account;
	const warnings: Warning[] = [];
	if (quarantined > 0) {
		const first = faults.slice(0, 3).map(({ line, reason }) => `line ${line}: ${reason}`);
		const more = quarantined > first.length ? "; …" : "";
		const message = `${name}: ${quarantined} of ${requests + quarantined} lines are no requests and were left out (${first.join("; ")}${more})`;
		warnings.push({ code: "trace-quarantine", message });
	}
	if (gap !== undefined) {
		const message = `${name}: nothing arrives for ${days(gap.seconds)} before line ${gap.line}, after a trace of ${days(gap.traceSeconds)}: if its date is a slip, the fleet is paid for all that time; --hours cuts it off`;
		warnings.push({ code: "trace-gap", message });
	}
	if (brokenOff !== undefined) {
		const message = `${name} breaks off after line ${lines}: ${brokenOff}; what comes behind is not in the answer`;
		warnings.push({ code: "trace-broken-off", message });
	} else if (isUnfinished === true) {
		const message = `${name}: line ${lines}, the last, has no line end: if the file was cut short, its numbers may be too`;
		warnings.push({ code: "trace-unfinished", message });
	}
	return warnings;
}

function days(seconds: number): string {
	if (seconds >= 86_400) return `${(seconds / 86_400).toFixed(1)} days`;
	return seconds >= 3600 ? `${(seconds / 3600).toFixed(1)} hours` : `${(seconds / 60).toFixed(1)} minutes`;
}

export const A_TRACE = "a request trace: Azure or BurstGPT CSV, or Mooncake JSON lines";

function noLine(name: string): never {
	throw new FarthingError(2, "empty-trace", "the trace has no line", { file: name, expected: A_TRACE });
}

function unknownLayout(name: string, { line, reason }: TraceFault): FarthingError {
	return new FarthingError(2, "unknown-trace", reason, {
		file: name,
		line,
		column: 1,
		expected: A_TRACE,
	});
}
