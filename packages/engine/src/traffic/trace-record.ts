/** One request of a trace, or why a line is none. Shared by the simulator and by imports into the ledger. */

export interface TraceRecord {
	readonly kind: "request";
	/** From 1, the heading counted. */
	readonly line: number;
	/** Arrival: Unix time where the layout has one ({@link TraceClock} `utc`), else seconds from the start of the trace. */
	readonly seconds: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** Ids of the blocks of the prompt from its start; equal ids mean an equal prompt up to and including that block. */
	readonly prefixIds?: readonly number[];
	readonly session?: string;
	readonly model?: string;
	/** Seconds from arrival to the last token, where the trace measured it. */
	readonly elapsedSeconds?: number;
}

/** A line that cannot be taken: it goes to quarantine with its number, never into a total. */
export interface TraceFault {
	readonly kind: "fault";
	readonly line: number;
	readonly code: TraceFaultCode;
	/** What was expected and what was found. */
	readonly reason: string;
	/** The line as it stands, cut at 200 characters. */
	readonly text: string;
}

export type TraceFaultCode =
	| "malformed-line"
	| "malformed-time"
	| "time-backwards"
	| "time-ahead"
	| "malformed-length"
	| "empty-length"
	| "malformed-prefix";

/** `utc`: arrivals are Unix time. `relative`: seconds from the start of the trace. */
export type TraceClock = "utc" | "relative";

export type TraceLayoutName = "azure" | "burstgpt" | "mooncake";

/** A way to write a trace. `read` gives a record without {@link TraceRecord.line}, or a fault. */
export interface TraceLayout {
	readonly name: TraceLayoutName;
	readonly clock: TraceClock;
	/** Tokens of the prompt that one prefix id stands for; absent where the layout has no ids. */
	readonly prefixBlockTokens?: number;
	/** Lines of heading, to be passed over. */
	readonly headingLines: 0 | 1;
	readonly read: (line: string) => TraceReading;
}

export type TraceReading = Omit<TraceRecord, "line"> | LineFault;

export interface LineFault {
	readonly kind: "fault";
	readonly code: TraceFaultCode;
	readonly reason: string;
}

/** The largest length taken for a request; beyond it a column has slipped. */
export const LARGEST_LENGTH = 100_000_000;

/** The cells of a line of CSV, quoted (RFC 4180) or not; a quote that nothing ends leaves the line as it stands. */
export function cellsOf(line: string): string[] {
	if (!line.includes('"')) return line.split(",");
	const cells: string[] = [];
	for (let at = 0; at <= line.length; at++) {
		const start = at + (WHITE.exec(line.slice(at))?.[0].length ?? 0);
		if (line[start] !== '"') {
			const end = endOf(line, at);
			cells.push(line.slice(at, end));
			at = end;
			continue;
		}
		let close = line.indexOf('"', start + 1);
		while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
		if (close < 0) return line.split(",");
		const end = endOf(line, close);
		if (line.slice(close + 1, end).trim() !== "") return line.split(",");
		cells.push(line.slice(start + 1, close).replaceAll('""', '"'));
		at = end;
	}
	return cells;
}

function endOf(line: string, from: number): number {
	const end = line.indexOf(",", from);
	return end < 0 ? line.length : end;
}

const WHITE = /^ */;

/** A length of a trace: a whole number of tokens, at least 1. */
export function readLength(name: string, value: unknown): number | LineFault {
	const given = typeof value === "string" ? value.trim() : value;
	const number = typeof given === "string" && WHOLE.test(given) ? Number(given) : given;
	if (typeof number !== "number" || !Number.isInteger(number) || number > LARGEST_LENGTH) {
		return fault("malformed-length", `${name} must be a whole number of tokens, not ${shortened(String(value))}`);
	}
	if (number > 0) return number;
	return fault("empty-length", `${name} is ${number}: a request has at least one token each way`);
}

export function fault(code: TraceFaultCode, reason: string): LineFault {
	return { kind: "fault", code, reason };
}

/** Quoted, cut at 60 characters. */
export function shortened(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

const WHOLE = /^[+-]?\d{1,15}(?:\.0+)?$/;
