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
	/** Takes the next line, without its end. */
	push(line: string): TraceRecord | TraceFault | undefined;
}

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
	let latest = Number.NEGATIVE_INFINITY;
	const faultOf = (reading: Extract<TraceReading, { kind: "fault" }>, text: string): TraceFault => ({
		...reading,
		line,
		text: text.slice(0, 200),
	});
	const push = (given: string): TraceRecord | TraceFault | undefined => {
		line += 1;
		const text = given.endsWith("\r") ? given.slice(0, -1) : given;
		if (text.trim() === "") return undefined;
		if (layout === undefined) {
			layout = traceLayoutOf(text);
			if (layout === undefined) return faultOf(UNKNOWN_LAYOUT, text);
			if (layout.headingLines === 1) return undefined;
		}
		const reading = layout.read(text);
		if (reading.kind === "fault") return faultOf(reading, text);
		if (reading.seconds < latest) {
			const reason = `time runs backwards by ${(latest - reading.seconds).toFixed(3)} s`;
			return faultOf({ kind: "fault", code: "time-backwards", reason }, text);
		}
		latest = reading.seconds;
		return { ...reading, line };
	};
	return {
		get layout() {
			return layout;
		},
		push,
	};
}

const UNKNOWN_LAYOUT = {
	kind: "fault",
	code: "malformed-line",
	reason:
		"no known trace: expected the heading TIMESTAMP,ContextTokens,GeneratedTokens (Azure), a heading with Timestamp, " +
		"Request tokens and Response tokens (BurstGPT), or JSON lines with input_length (Mooncake)",
} as const;
