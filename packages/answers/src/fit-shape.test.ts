import { parseTrafficShape, trafficShapeText } from "@farthing/scenario";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, refusal, sixRows } from "../test-support/questions.ts";
import { beginShape, type ShapeResult } from "./fit-shape.ts";
import type { QuestionContext } from "./questions/question-context.ts";
import { linesOf, readTrace } from "./questions/trace.ts";
import { simulateScenario } from "./simulate.ts";

const context = { asking: (command: string) => asking(command) } as unknown as QuestionContext;

/** Two days with prompts that begin alike, as Mooncake writes them. */
function mooncake(requests: number): string {
	const lines = Array.from({ length: requests }, (_, i) => {
		const input = 600 + ((i * 7919) % 4000);
		const ids = Array.from({ length: Math.ceil(input / 512) }, (_, block) => (block < 2 ? i % 5 : i * 100 + block));
		const output = 10 + (i % 200);
		return JSON.stringify({ timestamp: i * 100_000, input_length: input, output_length: output, hash_ids: ids });
	});
	return `${lines.join("\n")}\n`;
}

function shapeOf(text: string) {
	const fit = beginShape(readTrace("trace.jsonl", linesOf(text)), "two days", context);
	fit.takeReady();
	return fit.answer();
}

describe("farthing shape", () => {
	const { answer, isCovered } = shapeOf(mooncake(1800));
	const { shape } = answer.result as ShapeResult;

	it("says rate, hours, bursts, lengths and reuse", () => {
		expect(isCovered).toBe(true);
		expect(shape).toMatchObject({ name: "two days", requests: 1800, requests_per_second: 0.01 });
		expect(shape.burstiness).toBeLessThan(0.01);
		expect(shape.hourly).toHaveLength(24);
		expect(shape.cells).toHaveLength(8);
		expect(shape.prefix_block_tokens).toBe(512);
		expect(shape.prefix_reuse).toBeGreaterThan(0.2);
		expect(answer.warnings).toEqual([]);
	});

	it("comes back from its file as it was written, and is simulated", () => {
		const parsed = parseTrafficShape(trafficShapeText(shape), { file: "shape.yaml" });
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
		expect(parsed.shape).toEqual({
			name: shape.name,
			requests: shape.requests,
			seconds: shape.seconds,
			requestsPerSecond: shape.requests_per_second,
			burstiness: shape.burstiness,
			hourly: shape.hourly,
			prefixReuse: shape.prefix_reuse,
			prefixBlockTokens: shape.prefix_block_tokens,
			cells: shape.cells,
		});
		const scenario = exampleScenario("prototype-to-5b.yaml", { "demand.tokens_per_day": "1B" });
		const options = { hours: 0.2, rows: sixRows(), shape: parsed.shape };
		const { result } = simulateScenario(catalogue, scenario, asking("simulate"), options);
		expect(result.traffic.lengths).toContain("two days");
		expect(result.prefix_hit_rate).toBeGreaterThan(0.1);
	});

	it("refuses a trace without a rate, and says what a short one lacks", () => {
		expect(refusal(() => shapeOf(mooncake(1)))).toMatchObject({ exit: 3, code: "no-shape" });
		expect(shapeOf(mooncake(20)).answer.warnings.map(({ code }) => code)).toEqual(["few-requests", "no-hours"]);
		expect(shapeOf(mooncake(2)).answer.warnings[0]?.message).toMatch(/nothing of burstiness/);
		const header = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
		expect(refusal(() => shapeOf(header))).toMatchObject({ exit: 2, code: "empty-trace" });
		expect(refusal(() => shapeOf(""))).toMatchObject({ exit: 2, code: "empty-trace" });
	});
});
