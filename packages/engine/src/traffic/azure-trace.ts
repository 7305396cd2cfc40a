/**
 * The layout of the Azure LLM inference traces of 2023 and 2024: `TIMESTAMP,ContextTokens,GeneratedTokens`, times in
 * UTC with up to seven decimals, with or without a zone. Source: Azure/AzurePublicDataset; cite Patel et al.,
 * "Splitwise", ISCA 2024.
 */
import type { LineFault, TraceLayout, TraceReading } from "./trace-record.ts";
import { fault, readLength, shortened } from "./trace-record.ts";

export const azureTrace: TraceLayout = {
	name: "azure",
	clock: "utc",
	headingLines: 1,
	read: readAzureLine,
};

export function isAzureHeading(line: string): boolean {
	return /^\uFEFF?TIMESTAMP\s*,\s*ContextTokens\s*,\s*GeneratedTokens\s*$/i.test(line);
}

function readAzureLine(line: string): TraceReading {
	const cells = line.split(",");
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
	const whole = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
	if (!sameFields(whole, [year, month, day, hour, minute, second] as string[])) {
		return fault("malformed-time", `${shortened(text)} is no time of the calendar`);
	}
	const zone = sign === undefined ? 0 : (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 * (sign === "-" ? -1 : 1);
	return whole / 1000 - zone + Number(decimals ?? 0);
}

/** `Date.UTC` turns 31 February into March: a time that reads back otherwise was none. */
function sameFields(milliseconds: number, fields: readonly string[]): boolean {
	const back = new Date(milliseconds).toISOString();
	return `${fields.slice(0, 3).join("-")}T${fields.slice(3).join(":")}` === back.slice(0, 19);
}
