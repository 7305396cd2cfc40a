/**
 * The layout of BurstGPT (HPMLL/BurstGPT): a CSV with the columns Timestamp (s from the start), Model, Request tokens,
 * Response tokens, Total tokens, Log Type, and in later releases Session ID and Elapsed time. Columns are found by their
 * names. A failed request has no response token and is set aside.
 */
import type { LineFault, TraceLayout, TraceReading } from "./trace-record.ts";
import { cellsOf, fault, readLength, shortened } from "./trace-record.ts";

const REQUIRED = ["timestamp", "request tokens", "response tokens"] as const;

/** The layout of one file, from its heading; undefined where the line is no heading of BurstGPT. */
export function burstGptTrace(heading: string): TraceLayout | undefined {
	const names = cellsOf(heading.replace(/^\uFEFF/, "")).map((name) => name.trim().toLowerCase());
	if (!REQUIRED.every((name) => names.includes(name))) return undefined;
	const columns = { ...placesOf(names), count: names.length };
	return {
		name: "burstgpt",
		clock: "relative",
		headingLines: 1,
		read: (line) => readBurstGptLine(line, columns),
	};
}

interface Columns {
	readonly count: number;
	readonly time: number;
	readonly input: number;
	readonly output: number;
	readonly total: number;
	readonly session: number;
	readonly elapsed: number;
	readonly model: number;
}

function placesOf(names: readonly string[]): Omit<Columns, "count"> {
	return {
		time: names.indexOf("timestamp"),
		input: names.indexOf("request tokens"),
		output: names.indexOf("response tokens"),
		total: names.indexOf("total tokens"),
		session: names.indexOf("session id"),
		elapsed: names.indexOf("elapsed time"),
		model: names.indexOf("model"),
	};
}

function readBurstGptLine(line: string, columns: Columns): TraceReading {
	const cells = cellsOf(line);
	if (cells.length !== columns.count) {
		return fault("malformed-line", `expected ${columns.count} columns, found ${cells.length}`);
	}
	const time = cells[columns.time] as string;
	const seconds = Number(time);
	if (time.trim() === "" || !Number.isFinite(seconds) || seconds < 0) {
		return fault("malformed-time", `Timestamp must be seconds from the start, not ${shortened(time)}`);
	}
	const inputTokens = readLength("Request tokens", cells[columns.input]);
	if (typeof inputTokens !== "number") return inputTokens;
	const outputTokens = readLength("Response tokens", cells[columns.output]);
	if (typeof outputTokens !== "number") return outputTokens;
	const mismatch = totalFault(cells[columns.total], inputTokens + outputTokens);
	if (mismatch !== undefined) return mismatch;
	const session = textOf(cells[columns.session]);
	const model = textOf(cells[columns.model]);
	const elapsed = textOf(cells[columns.elapsed]);
	const elapsedSeconds = elapsed === undefined ? Number.NaN : Number(elapsed);
	return {
		kind: "request",
		seconds,
		inputTokens,
		outputTokens,
		...(session === undefined ? {} : { session }),
		...(model === undefined ? {} : { model }),
		...(Number.isFinite(elapsedSeconds) && elapsedSeconds >= 0 ? { elapsedSeconds } : {}),
	};
}

/** A total that is not the sum shows that a column has slipped. */
function totalFault(total: string | undefined, sum: number): LineFault | undefined {
	if (total === undefined || total.trim() === "" || Number(total) === sum) return undefined;
	return fault("malformed-length", `Total tokens is ${shortened(total)}, Request plus Response tokens is ${sum}`);
}

function textOf(cell: string | undefined): string | undefined {
	const text = cell?.trim();
	return text === undefined || text === "" ? undefined : text;
}
