import { openCatalogue } from "@farthing/catalogue/node";
import { describe, expect, it } from "vitest";
import { answerFrontier } from "./frontier-question.ts";
import { answerPredict } from "./predict-question.ts";
import type { QuestionContext } from "./question-context.ts";
import { beginSimulate } from "./simulate-question.ts";

const store = openCatalogue();
const asOf = "2026-11-22";
const context: QuestionContext = {
	store,
	asking: (command, given) => ({ command, arguments: given, asOf, seed: 1, catalogue: store.manifest() }),
};

describe("modelled questions", () => {
	it("have no frontier where there is no speed, or no room in the context", () => {
		const words = { model: "kimi-k2.5", isl: "8192", osl: "1", modelled: true };
		expect(() => answerFrontier(words, context)).toThrow(/after a single output token/);
		expect(() => answerFrontier({ ...words, isl: "300000", osl: "1024" }, context)).toThrow(
			/come to 301024 tokens, and the context of kimi-k2.5 is 262144; short by 38880 tok/,
		);
	});

	it("simulate the deployment that a modelled plan chooses", () => {
		const text = [
			"version: 1",
			"name: modelled",
			"model: deepseek-r1",
			"workload: {input: 8192, output: 1024}",
			"demand: {tokens_per_day: 100M}",
			"supply: {hardware: h200, stack: vllm, precision: fp8}",
			"slo: {tokens_per_s_per_user: 20, ttft: 60 s, ttft_unknown: accept}",
			'cost: {card: {id: "2026-07", tier: own_neocloud}}',
		].join("\n");
		const words = { scenario: { name: "modelled.yaml", text }, hours: "0.05" };
		expect(() => beginSimulate(words, context)).toThrow(/has what supply asks for/);
		const run = beginSimulate({ ...words, modelled: true }, context);
		while (run.advance(20_000));
		const { result, warnings } = run.answer().answer;
		expect(result.fleet.hardware).toBe("h200-sxm");
		expect(result.fleet.step_costs[0]?.prefill_from).toBe("law");
		expect(result.requests).toBeGreaterThan(0);
		expect(warnings.map(({ code }) => code)).toContain("modelled-rows");
	});

	it("take a row without a date for the day of the question", () => {
		const row = {
			hardware: "b200",
			framework: "trt",
			model: "dsr1",
			precision: "fp4",
			spec_method: "none",
			disagg: false,
		};
		const load = { decode_tp: 8, isl: 8192, osl: 1024, conc: 64 };
		const dated = { ...row, ...load, date: "2026-11-22" };
		const old = { ...dated, date: "2025-12-01" };
		const text = [{ ...row, ...load }, dated, old].map((each) => JSON.stringify(each)).join("\n");
		const found = answerPredict({ rows: { name: "rows.jsonl", text } }, context);
		const times =
			found.of === "rows"
				? found.answer.result.rows.map((each) => ("ttft" in each ? each.tpot?.value : undefined))
				: [];
		expect(times[0]).toBe(times[1]);
		expect(times[0]).toBeLessThan(times[2] as number);
	});
});
