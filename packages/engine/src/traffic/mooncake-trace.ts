/**
 * The layout of the Mooncake traces: one JSON object a line with `timestamp` (ms from the start), `input_length`,
 * `output_length` and `hash_ids`, one id per 512 tokens of the prompt; an id stands for the whole prompt up to the end of
 * its block. Source: kvcache-ai/Mooncake; cite Qin et al., "Mooncake", FAST 2025.
 */
import type { TraceLayout, TraceReading } from "./trace-record.ts";
import { fault, readLength, shortened } from "./trace-record.ts";

export const MOONCAKE_BLOCK_TOKENS = 512;

export const mooncakeTrace: TraceLayout = {
	name: "mooncake",
	clock: "relative",
	prefixBlockTokens: MOONCAKE_BLOCK_TOKENS,
	headingLines: 0,
	read: readMooncakeLine,
};

export function isMooncakeLine(line: string): boolean {
	return /^\uFEFF?\s*\{/.test(line) && line.includes('"input_length"');
}

function readMooncakeLine(line: string): TraceReading {
	const read = parsed(line);
	if (read === undefined) return fault("malformed-line", "expected one JSON object a line");
	const { timestamp, input_length: input, output_length: output, hash_ids: ids } = read;
	if (typeof timestamp !== "number" || !Number.isFinite(timestamp) || timestamp < 0) {
		return fault("malformed-time", `timestamp must be ms from the start, not ${shortened(String(timestamp))}`);
	}
	const inputTokens = readLength("input_length", input);
	if (typeof inputTokens !== "number") return inputTokens;
	const outputTokens = readLength("output_length", output);
	if (typeof outputTokens !== "number") return outputTokens;
	const request = { kind: "request", seconds: timestamp / 1000, inputTokens, outputTokens } as const;
	if (ids === undefined) return request;
	if (!isIdList(ids)) return fault("malformed-prefix", "hash_ids must be a list of whole numbers from 0");
	const most = Math.ceil(inputTokens / MOONCAKE_BLOCK_TOKENS);
	if (ids.length > most) {
		return fault("malformed-prefix", `${ids.length} hash_ids for ${inputTokens} tokens, at most ${most} fit`);
	}
	return { ...request, prefixIds: ids };
}

function parsed(line: string): { readonly [name: string]: unknown } | undefined {
	try {
		const value: unknown = JSON.parse(line.replace(/^\uFEFF/, ""));
		return typeof value === "object" && value !== null && !Array.isArray(value)
			? (value as { readonly [name: string]: unknown })
			: undefined;
	} catch {
		return undefined;
	}
}

function isIdList(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((id) => Number.isSafeInteger(id) && (id as number) >= 0);
}
