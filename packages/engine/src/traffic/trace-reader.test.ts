import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readUtcTime } from "./azure-trace.ts";
import type { TraceFault, TraceRecord } from "./trace-record.ts";
import { traceReader } from "./trace-reader.ts";

function readAll(text: string): { requests: TraceRecord[]; faults: TraceFault[] } {
	const reader = traceReader();
	const read = [...text.split("\n").flatMap((line) => reader.push(line)), ...reader.end()];
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

describe("quoted CSV", () => {
	it("is read as plain one, in both layouts", () => {
		const azure = readAll(
			'"TIMESTAMP","ContextTokens","GeneratedTokens"\r\n"2023-11-16 18:17:03.9799600","374","44"\r\n"2023-11-16 18:17:04","5", "6"\r\n"2023-11-16 18:17:05","5","6\r\n"2023-11-16 18:17:06","5"7,"6"',
		);
		expect(azure.requests.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])).toEqual([
			[374, 44],
			[5, 6],
		]);
		expect(azure.faults.map(({ line }) => line)).toEqual([4, 5]);
		const burst = readAll(
			'"Timestamp","Model","Request tokens","Response tokens","Total tokens","Log Type"\n"5","Chat, ""GPT""","472","18","490","API log"',
		);
		expect(burst.requests[0]).toMatchObject({ seconds: 5, model: 'Chat, "GPT"', inputTokens: 472, outputTokens: 18 });
	});
});

describe("a line dated far ahead", () => {
	const lines = (...times: string[]): string =>
		["TIMESTAMP,ContextTokens,GeneratedTokens", ...times.map((time) => `${time},100,10`)].join("\n");

	it("is the fault itself where the next one comes back", () => {
		const { requests, faults } = readAll(
			lines("2023-11-16 18:17:03", "2033-11-16 18:17:04", "2023-11-16 18:17:05", "2023-11-16 18:17:06"),
		);
		expect(requests.map(({ line }) => line)).toEqual([2, 4, 5]);
		expect(faults).toMatchObject([{ line: 3, code: "time-ahead", text: "2033-11-16 18:17:04,100,10" }]);
	});

	it("stays where time goes on from it, or no line is left to tell, and the gap is named", () => {
		const text = lines("2023-11-16 18:17:03", "2023-11-16 18:18:03", "2033-11-16 18:17:04");
		for (const more of ["", "\n2033-11-16 18:17:05,100,10"]) {
			const reader = traceReader();
			const read = [...(text + more).split("\n").flatMap((line) => reader.push(line)), ...reader.end()];
			expect(read.map(({ kind, line }) => [kind, line])).toEqual(
				[2, 3, 4, 5].slice(0, more === "" ? 3 : 4).map((line) => ["request", line]),
			);
			expect(reader.gap).toMatchObject({ line: 4, traceSeconds: 60 });
		}
	});

	it("is no gap where the trace was long before", () => {
		const reader = traceReader();
		const days = Array.from({ length: 9 }, (_, i) => `2023-11-${10 + i} 00:00:00`);
		for (const line of lines(...days, "2023-11-25 00:00:00").split("\n")) reader.push(line);
		reader.end();
		expect(reader.gap).toBeUndefined();
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
