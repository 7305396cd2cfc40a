/**
 * Lines of a trace to requests, one at a time: the layout is told from the first line, every line gives a request, a
 * fault with its number, or nothing (heading, empty line). Holds no more than one line, so that a file of any size can
 * be streamed.
 */
import { azureTrace, isAzureHeading } from "./azure-trace.ts";
import { burstGptTrace } from "./burstgpt-trace.ts";
import { isMooncakeLine, mooncakeTrace } from "./mooncake-trace.ts";
import type { TraceFault, TraceLayout, TraceLayoutName, TraceReading, TraceRecord } from "./trace-record.ts";

export interface TraceReader {
	/** Known after the first line that is not empty. */
	readonly layout: TraceLayout | undefined;
	/**
	 * Takes the next line, without its end. A request more than a day ahead of all before it is held back until the next one
	 * says whether time went on from there (both are given) or came back (then that one line is the fault).
	 */
	push(line: string): readonly (TraceRecord | TraceFault)[];
	/** What is held back when there is no line any more. */
	end(): readonly TraceRecord[];
	/** The first request before which the trace is still for many times as long as it was until then. */
	readonly gap: TraceGap | undefined;
}

export interface TraceGap {
	readonly line: number;
	readonly seconds: number;
	/** How long the trace was before it. */
	readonly traceSeconds: number;
}

const DAY = 86_400;
/** So many times the trace so far is a gap that a slip in a date makes, and no load. */
const LONG_GAP = 10;

export const TRACE_LAYOUTS: readonly TraceLayoutName[] = ["azure", "burstgpt", "mooncake"];

/** The layout that a first line belongs to, or undefined where it is none that we know. */
export function traceLayoutOf(firstLine: string): TraceLayout | undefined {
	if (isAzureHeading(firstLine)) return azureTrace;
	if (isMooncakeLine(firstLine)) return mooncakeTrace;
	return burstGptTrace(firstLine);
}

/** A first line of no known layout gives a fault, and so does every line behind it. */
export function traceReader(): TraceReader {
	let layout: TraceLayout | undefined;
	let line = 0;
	let first: number | undefined;
	let latest = Number.NEGATIVE_INFINITY;
	let held: TraceRecord | undefined;
	let gap: TraceGap | undefined;
	const faultOf = (reading: Extract<TraceReading, { kind: "fault" }>, text: string): TraceFault => ({
		...reading,
		line,
		text: text.slice(0, 200),
	});
	const goOn = (record: TraceRecord): TraceRecord => {
		const seconds = record.seconds - latest;
		const traceSeconds = latest - (first ?? latest);
		if (first !== undefined && seconds > DAY && seconds > LONG_GAP * traceSeconds)
			gap ??= { line: record.line, seconds, traceSeconds };
		first ??= record.seconds;
		latest = record.seconds;
		return record;
	};
	const end = (): readonly TraceRecord[] => {
		if (held === undefined) return [];
		const last = goOn(held);
		held = undefined;
		return [last];
	};
	/** Takes what is held back as the slip it is where time came back to before it. */
	const released = (seconds: number): readonly (TraceRecord | TraceFault)[] => {
		if (held === undefined || seconds >= held.seconds) return end();
		const ahead = held;
		held = undefined;
		const days = ((ahead.seconds - latest) / DAY).toFixed(1);
		const reason = `time runs ${days} days ahead, and the next line comes back`;
		return [{ kind: "fault", code: "time-ahead", reason, line: ahead.line, text: heldText }];
	};
	let heldText = "";
	const push = (given: string): readonly (TraceRecord | TraceFault)[] => {
		line += 1;
		const text = given.endsWith("\r") ? given.slice(0, -1) : given;
		if (text.trim() === "") return [];
		if (layout === undefined) {
			layout = traceLayoutOf(text);
			if (layout === undefined) return [faultOf(UNKNOWN_LAYOUT, text)];
			if (layout.headingLines === 1) return [];
		}
		const reading = layout.read(text);
		if (reading.kind === "fault") return [faultOf(reading, text)];
		if (reading.seconds < latest) {
			const reason = `time runs backwards by ${(latest - reading.seconds).toFixed(3)} s`;
			return [faultOf({ kind: "fault", code: "time-backwards", reason }, text)];
		}
		const before = released(reading.seconds);
		const record = { ...reading, line };
		if (first === undefined || reading.seconds - latest <= DAY) return [...before, goOn(record)];
		held = record;
		heldText = text.slice(0, 200);
		return before;
	};
	return {
		get layout() {
			return layout;
		},
		push,
		end,
		get gap() {
			return gap;
		},
	};
}

const UNKNOWN_LAYOUT = {
	kind: "fault",
	code: "malformed-line",
	reason:
		"no known trace: expected the heading TIMESTAMP,ContextTokens,GeneratedTokens (Azure), a heading with Timestamp, " +
		"Request tokens and Response tokens (BurstGPT), or JSON lines with input_length (Mooncake)",
} as const;
