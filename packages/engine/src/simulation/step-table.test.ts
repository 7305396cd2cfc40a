import { describe, expect, it } from "vitest";
import type { StepRow } from "./step-table.ts";
import { fitStepTable, readStepTable } from "./step-table.ts";

function rowsOf(text: string): readonly StepRow[] {
	const read = readStepTable(text);
	if (!read.ok) throw new Error(JSON.stringify(read.faults));
	return read.rows;
}

/** 5 ms a step, 20 µs a sequence, 1 ns a token of context; prompts 2 ms, 5 µs a token, 10 ps a token and token before it. */
const decode = (batch: number, context: number): number => 0.005 + 2e-5 * batch + 1e-9 * batch * context;
const prefill = (tokens: number, before: number): number =>
	0.002 + 5e-6 * tokens + 1e-11 * tokens * (before + tokens / 2);

const TABLE = [
	"# measured on one replica",
	"batch,context,prefill_tokens,seconds",
	...[1, 8, 64].flatMap((batch) => [1000, 4000].map((context) => `${batch},${context},,${decode(batch, context)}`)),
	...[
		[512, 0],
		[2048, 0],
		[8192, 0],
		[2048, 16_384],
	].map(([tokens, before]) => `0,${before},${tokens},${prefill(tokens as number, before as number)}`),
	"",
].join("\n");

describe("a step table", () => {
	it("gives back the costs that it was made of", () => {
		const { costs, ...of } = fitStepTable(rowsOf(TABLE));
		expect(costs.contextSeconds).toBeCloseTo(1e-9, 14);
		expect(costs.prefillSeconds).toBeCloseTo(5e-6, 11);
		expect(costs.prefillContextSeconds).toBeCloseTo(1e-11, 16);
		expect(costs.decodeSeconds[0]).toBeCloseTo(0.002, 8);
		expect(costs.decodeSeconds[8]).toBeCloseTo(0.005 + 8 * 2e-5, 9);
		// Straight between 8 and 64.
		expect(costs.decodeSeconds[36]).toBeCloseTo(0.005 + 36 * 2e-5, 9);
		expect(of).toMatchObject({
			rows: 10,
			largestBatch: 64,
			kvTokens: 64 * 4000,
			stepTokens: 8192,
			leastContext: 1000,
			mostContext: 4000,
			knowsContext: true,
		});
		expect(of.worst.error).toBeLessThan(1e-6);
	});

	it("assumes no faster step below its smallest batch, and none longer with context where nothing tells", () => {
		const { costs, knowsContext } = fitStepTable(
			rowsOf("seconds,prefill_tokens,context,batch\r\n0.01,0,500,4\r\n0.02,1000,,0\r\n"),
		);
		expect(costs.decodeSeconds[1]).toBe(0.01);
		expect(costs.contextSeconds).toBe(0);
		expect(knowsContext).toBe(false);
		expect(costs.prefillSeconds).toBeCloseTo(2e-5, 12);
	});

	it("takes prefill from steps that decode too, and says which row fits worst", () => {
		const mixed =
			"batch,context,prefill_tokens,seconds\n8,1000,0,0.01\n8,1000,2000,0.03\n8,1000,4000,0.05\n8,1000,1000,0.03\n";
		const { costs, worst } = fitStepTable(rowsOf(mixed));
		expect(costs.prefillSeconds).toBeGreaterThan(9e-6);
		expect(costs.prefillSeconds).toBeLessThan(1.3e-5);
		expect(worst.line).toBe(5);
		expect(worst.error).toBeGreaterThan(0.2);
	});

	it.each([
		["", [[1, 1, /no line/]]],
		["batch,context,seconds\n1,2,3\n", [[1, 1, /no column prefill_tokens/]]],
		["batch,context,prefill_tokens,seconds,gpu\n", [[1, 38, /"gpu" is no column/]]],
		["batch,context,prefill_tokens,seconds\n1,2,0\n", [[2, 1, /found 3 values/]]],
		["batch,context,prefill_tokens,seconds\n1, x ,0,0.1\n0,0,10,0.1\n", [[2, 4, /context is "x"/]]],
		["batch,context,prefill_tokens,seconds\n1.5,2,0,0.1\n", [[2, 1, /batch is "1.5"/]]],
		["batch,context,prefill_tokens,seconds\n1,,0,0.1\n", [[2, 3, /context is ""/]]],
		[
			"batch,context,prefill_tokens,seconds\n1,5,0,0\n1,5,0,-1\n",
			[
				[2, 7, /seconds is "0"/],
				[3, 7, /seconds is "-1"/],
			],
		],
		["batch,context,prefill_tokens,seconds\n0,5,0,1\n", [[2, 1, /nothing is decoded/]]],
		["batch,context,prefill_tokens,seconds\n1,5,0,1\n", [[1, 1, /no row computes a prompt/]]],
		["batch,context,prefill_tokens,seconds\n0,0,5,1\n", [[1, 1, /no row is a step of decode/]]],
	] as const)("says line and column of what is wrong in %j", (text, faults) => {
		const read = readStepTable(text);
		expect(read.ok ? [] : read.faults.map(({ line, column }) => [line, column])).toEqual(
			faults.map(([line, column]) => [line, column]),
		);
		faults.forEach(([, , message], i) => expect(read.ok ? "" : read.faults[i]?.message).toMatch(message));
	});
});
