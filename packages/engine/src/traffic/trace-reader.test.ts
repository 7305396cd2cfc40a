import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readUtcTime } from "./azure-trace.ts";
import type { TraceFault, TraceRecord } from "./trace-record.ts";
import { traceReader } from "./trace-reader.ts";

function readAll(text: string): { requests: TraceRecord[]; faults: TraceFault[] } {
	const reader = traceReader();
	const read = text.split("\n").flatMap((line) => reader.push(line) ?? []);
	return {
		requests: read.filter((each) => each.kind === "request"),
		faults: read.filter((each) => each.kind === "fault"),
	};
}

describe("Azure layout", () => {
	it("reads the 2023 lines with 100 ns ticks", () => {
		const { requests, faults } = readAll(
			"TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,3180,8\n",
		);
		expect(faults).toEqual([]);
		expect(requests.map(({ line, inputTokens, outputTokens }) => [line, inputTokens, outputTokens])).toEqual([
			[2, 4808, 10],
			[3, 3180, 8],
		]);
		expect((requests[1] as TraceRecord).seconds - (requests[0] as TraceRecord).seconds).toBeCloseTo(0.052, 6);
		expect((requests[0] as TraceRecord).seconds).toBeCloseTo(1_700_158_623.97996, 4);
	});

	it("reads the 2024 times with a zone", () => {
		expect(readUtcTime("2024-05-10 00:00:00.009930+00:00")).toBeCloseTo(1_715_299_200.00993, 5);
		expect(readUtcTime("2024-05-10T02:00:00+02:00")).toBe(1_715_299_200);
	});

	it("refuses days that no calendar has", () => {
		expect(readUtcTime("2024-02-30 00:00:00")).toMatchObject({ kind: "fault", code: "malformed-time" });
	});

	it("sets broken lines aside with their numbers", () => {
		const { requests, faults } = readAll(
			[
				"TIMESTAMP,ContextTokens,GeneratedTokens",
				"2023-11-16 18:17:04,100,10",
				"2023-11-16 18:17:03,100,10",
				"2023-11-16 18:17:05,0,10",
				"2023-11-16 18:17:05,100,-3",
				"2023-11-16 18:17:05,100",
				"yesterday,100,10",
				"2023-11-16 18:17:05,1e2,10",
				"2023-11-16 18:17:06,100,10\r",
			].join("\n"),
		);
		expect(requests.map(({ line }) => line)).toEqual([2, 9]);
		expect(faults.map(({ line, code }) => [line, code])).toEqual([
			[3, "time-backwards"],
			[4, "empty-length"],
			[5, "empty-length"],
			[6, "malformed-line"],
			[7, "malformed-time"],
			[8, "malformed-length"],
		]);
	});
});

describe("BurstGPT layout", () => {
	it("finds its columns by name, in both releases", () => {
		const old = readAll(
			"Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log",
		);
		expect(old.requests).toEqual([
			{ kind: "request", line: 2, seconds: 5, inputTokens: 472, outputTokens: 18, model: "ChatGPT" },
		]);
		const late = readAll(
			"Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n5.5,7,3.25,GPT-4,12,8,20,API log",
		);
		expect(late.requests[0]).toMatchObject({ seconds: 5.5, session: "7", elapsedSeconds: 3.25, model: "GPT-4" });
	});

	it("sets failed requests and slipped columns aside", () => {
		const { requests, faults } = readAll(
			"Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,0,472,API log\n6,ChatGPT,10,20,40,API log",
		);
		expect(requests).toEqual([]);
		expect(faults.map(({ code }) => code)).toEqual(["empty-length", "malformed-length"]);
	});
});

describe("Mooncake layout", () => {
	it("reads ms, lengths and prefix ids", () => {
		const { requests } = readAll(
			'{"timestamp": 277, "input_length": 700, "output_length": 92, "hash_ids": [198, 199]}',
		);
		expect(requests).toEqual([
			{ kind: "request", line: 1, seconds: 0.277, inputTokens: 700, outputTokens: 92, prefixIds: [198, 199] },
		]);
	});

	it("refuses more ids than the prompt has blocks", () => {
		const { faults } = readAll('{"timestamp": 0, "input_length": 512, "output_length": 1, "hash_ids": [1, 2]}');
		expect(faults.map(({ code }) => code)).toEqual(["malformed-prefix"]);
	});
});

it("never throws, and never takes a line it was not given", () => {
	fc.assert(
		fc.property(fc.array(fc.string(), { maxLength: 12 }), (lines) => {
			const { requests, faults } = readAll(["TIMESTAMP,ContextTokens,GeneratedTokens", ...lines].join("\n"));
			expect(requests.length + faults.length).toBeLessThanOrEqual(lines.join("\n").split("\n").length);
		}),
		{ numRuns: 50 },
	);
});

it("names the layouts it knows where the first line is none of them", () => {
	const { faults } = readAll("time,tokens\n1,2");
	expect(faults).toHaveLength(2);
	expect(faults[0]?.reason).toMatch(/Azure.*BurstGPT.*Mooncake/);
});
