import { describe, expect, it } from "vitest";
import { asking, bareLeaves, cardRates, catalogue, refusal } from "../test-support/questions.ts";
import type { MlperfQuestion } from "./mlperf.ts";
import { mlperf } from "./mlperf.ts";

const rates = cardRates("2026-07", "own_hyperscaler");

describe("mlperf", () => {
	it("has no result before the round was published", () => {
		const early = asking("frontier", { asOf: "2025-11-01" });
		const error = refusal(() => mlperf(catalogue, { benchmark: "deepseek-r1" }, rates, early));
		expect(error).toMatchObject({ exit: 3, code: "no-data", detail: { field: "--as-of" } });
		expect(error.message).toContain("after 2025-11-01");
	});

	it("divides the price of an hour by the output tokens of an accelerator, cheapest first, with its label", () => {
		const { result } = asked({ benchmark: "deepseek-r1" });
		expect(result.rows.length).toBeGreaterThan(3);
		const costs = result.rows.map(({ unit_cost: cost }) => cost.output.value as number);
		expect([...costs].sort((a, b) => a - b)).toEqual(costs);
		for (const row of result.rows) {
			const source = catalogue.mlperf.find(({ id }) => id === row.id);
			const speed = source?.tokensPerAcceleratorSecond as number;
			expect(row.unit_cost.output.value).toBeCloseTo(((row.gpu_hour.value as number) / (speed * 3600)) * 1e6, 9);
			expect(row.unit_cost.output).toMatchObject({ tokens: "output", basis: "headline", grade: "B" });
			expect(row).toMatchObject({ public_id: source?.publicId, label: "not verified by MLCommons" });
		}
		expect(result.attribution).toContain("not verified by MLCommons");
	});

	it("names the lines that give no throughput or no rate, and why", () => {
		const all = catalogue.mlperf.map(({ benchmark }) => benchmark);
		const left = [...new Set(all)].flatMap((benchmark) => asked({ benchmark }).result.unranked);
		expect(left.some(({ code }) => code === "other-unit")).toBe(true);
		for (const { id, reason } of left) {
			expect(catalogue.mlperf.some((each) => each.id === id)).toBe(true);
			expect(reason.length).toBeGreaterThan(5);
		}
	});

	it("may be narrowed to a scenario and to parts", () => {
		const { rows } = asked({ benchmark: "deepseek-r1", scenario: "offline", hardware: ["gb300-nvl72"] }).result;
		expect(rows.length).toBeGreaterThan(0);
		for (const row of rows) expect(row).toMatchObject({ scenario: "offline", hardware: "gb300-nvl72" });
	});

	it("has no leaf without source, date and grade", () => {
		expect(bareLeaves(asked({ benchmark: "deepseek-r1" }))).toEqual([]);
	});

	it("refuses a benchmark that is not of the round, with those that are", () => {
		const error = refusal(() => asked({ benchmark: "resnet" }));
		expect(error).toMatchObject({ exit: 3, code: "no-data" });
		expect(error.detail.nearest?.length).toBeGreaterThan(3);
		const scenario = refusal(() => asked({ benchmark: "deepseek-r1", scenario: "serve" }));
		expect(scenario).toMatchObject({ exit: 3, detail: { field: "--scenario", nearest: ["server"] } });
	});
});

function asked(question: MlperfQuestion) {
	return mlperf(catalogue, question, rates, asking("frontier"));
}
