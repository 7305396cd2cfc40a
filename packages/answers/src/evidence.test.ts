import { CONFIDENCES } from "@farthing/catalogue";
import { describe, expect, it } from "vitest";
import { asking, benchmarkRow, cardRates, catalogue } from "../test-support/questions.ts";
import { claim } from "./claim.ts";
import { citation, figureProvenance, gradeOf, rowProvenance } from "./evidence.ts";
import { frontier } from "./frontier.ts";

describe("gradeOf", () => {
	it("sets what somebody independent says beside a benchmark, what the seller says and guesses among claims", () => {
		expect(Object.fromEntries(CONFIDENCES.map((each) => [each, gradeOf(each)]))).toEqual({
			measured: "B",
			analyst: "B",
			vendor: "E",
			estimate: "E",
		});
	});
});

describe("citation", () => {
	it("carries the label that a source must carry", () => {
		const labelled = catalogue.sources.find(({ label }) => label !== undefined);
		expect(citation(catalogue.sources, labelled?.id as string)).toBe(`${labelled?.citation} (${labelled?.label})`);
		expect(citation(catalogue.sources, "unknown-source")).toBe("unknown-source");
	});

	it("names the run of a row, and that a median is one", () => {
		const dated = benchmarkRow("ix-255cede9");
		expect(rowProvenance(catalogue, dated)).toMatchObject({
			asOf: dated.measuredOn,
			grade: "B",
			at: dated.id,
			state: "measured",
		});
		expect(rowProvenance(catalogue, dated).source).toContain(`, run ${dated.run}`);
		expect(rowProvenance(catalogue, benchmarkRow("ix-def9faf0")).note).toBe(
			"median over all runs of this configuration",
		);
	});

	it("keeps the note of a figure", () => {
		const figure = {
			value: 1,
			unit: "USD/GPU-hr",
			source: "x",
			asOf: "2026-01-01",
			confidence: "estimate",
			note: "placeholder",
		} as const;
		expect(figureProvenance(catalogue, figure, "here")).toEqual({
			source: "x",
			asOf: "2026-01-01",
			grade: "E",
			at: "here",
			note: "placeholder",
		});
	});
});

describe("the grade of a cost", () => {
	it("is B on a measured row and an analyst's rate, C between rows, E on a placeholder", () => {
		const at = (speed: number | undefined, card: string) => {
			const question = {
				filter: { model: "deepseek-r1", isl: 8192, osl: 1024, hardware: ["gb300-nvl72"], precision: ["nvfp4"] },
				window: {},
			};
			const asked = speed === undefined ? question : { ...question, at: speed };
			return frontier(catalogue, asked, cardRates(card, "own_hyperscaler"), asking("frontier")).result.rows[0]
				?.unit_cost.total.grade;
		};
		expect(at(undefined, "2026-07")).toBe("B");
		expect(at(116, "2026-07")).toBe("C");
		expect(at(undefined, "2025-08")).toBe("E");
	});

	it("is not lowered by the conditions of the question", () => {
		const { figures } = claim(catalogue, "b200-gptoss-2c", asking("claim")).result;
		expect(figures["unit_cost_loaded"]?.grade).toBe("B");
		expect(figures["unit_cost_at_100"]?.grade).toBe("C");
	});
});
