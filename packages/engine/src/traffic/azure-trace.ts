/**
 * The layout of the Azure LLM inference traces of 2023 and 2024: `TIMESTAMP,ContextTokens,GeneratedTokens`, times in
 * UTC with up to seven decimals, with or without a zone. Source: Azure/AzurePublicDataset; cite Patel et al.,
 * "Splitwise", ISCA 2024.
 */
import type { LineFault, TraceLayout, TraceReading } from "./trace-record.ts";
import { cellsOf, fault, readLength, shortened } from "./trace-record.ts";

export const azureTrace: TraceLayout = {
	name: "azure",
	clock: "utc",
	headingLines: 1,
	read: readAzureLine,
};

export function isAzureHeading(line: string): boolean {
	const names = cellsOf(line.replace(/^\uFEFF/, "")).map((name) => name.trim().toLowerCase());
	return names.join(",") === "timestamp,contexttokens,generatedtokens";
}

function readAzureLine(line: string): TraceReading {
	const cells = cellsOf(line);
	if (cells.length !== 3) return fault("malformed-line", `expected 3 columns, found ${cells.length}`);
	const [time, context, generated] = cells as [string, string, string];
	const seconds = readUtcTime(time.trim());
	if (typeof seconds !== "number") return seconds;
	const inputTokens = readLength("ContextTokens", context);
	if (typeof inputTokens !== "number") return inputTokens;
	const outputTokens = readLength("GeneratedTokens", generated);
	if (typeof outputTokens !== "number") return outputTokens;
	return { kind: "request", seconds, inputTokens, outputTokens };
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:Z|([+-])(\d\d):?(\d\d))?$/;

/** Unix seconds of `2023-11-16 18:17:03.9799600`, with a zone where one is written. */
export function readUtcTime(text: string): number | LineFault {
	const parts = TIME.exec(text);
	if (parts === null) {
		return fault("malformed-time", `expected a time such as 2023-11-16 18:17:03.9799600, not ${shortened(text)}`);
	}
	const [, year, month, day, hour, minute, second, decimals, sign, zoneHours, zoneMinutes] = parts;
	const date = [Number(year), Number(month), Number(day)] as const;
	const time = [Number(hour), Number(minute), Number(second)] as const;
	if (!isInCalendar(date, time)) return fault("malformed-time", `${shortened(text)} is no time of the calendar`);
	const whole = Date.UTC(date[0], date[1] - 1, date[2], ...time);
	const zone = sign === undefined ? 0 : (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 * (sign === "-" ? -1 : 1);
	return whole / 1000 - zone + Number(decimals ?? 0);
}

/** `Date.UTC` turns 31 February into March. */
function isInCalendar([year, month, day]: Fields, [hour, minute, second]: Fields): boolean {
	const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
	const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
	return year >= 100 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
}

type Fields = readonly [number, number, number];

const DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
