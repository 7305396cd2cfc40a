import { openCatalogue } from "@farthing/catalogue/node";
import { describe, expect, it } from "vitest";
import type { Asking } from "./envelope.ts";
import { fittedEfficiency, trainingValidation, validationModel } from "./train-validation.ts";

const store = openCatalogue();
const catalogue = store.catalogue();
const asking: Asking = { command: "train", arguments: {}, asOf: "2026-11-22", seed: 1, catalogue: store.manifest() };
const { result, graph } = trainingValidation(catalogue, asking);

describe("the parallelism law", () => {
	it("comes within 5% in the mean and 10% at most of the eight measured steps", () => {
		expect(result.rows).toHaveLength(8);
		const errors = result.rows.map(({ error }) => Math.abs(error.value ?? 1));
		expect(result.mean_error.value).toBeCloseTo(errors.reduce((a, b) => a + b, 0) / 8, 12);
		expect(result.largest_error.value).toBe(Math.max(...errors));
		expect(result.mean_error.value).toBeLessThan(0.05);
		expect(result.largest_error.value).toBeLessThan(0.1);
	});

	it("is as good as its text says", () => {
		expect(result.mean_error.value).toBeCloseTo(0.03, 3);
		expect(result.largest_error.value).toBeCloseTo(0.053, 3);
		expect(result.step_left_out.mean_error.value).toBeCloseTo(0.034, 3);
		expect(result.step_left_out.largest_error.value).toBeCloseTo(0.059, 3);
		expect(result.model_left_out.mean_error.value).toBeCloseTo(0.039, 3);
		expect(result.model_left_out.largest_error.value).toBeCloseTo(0.07, 3);
	});

	it("holds as well for models that it was not fitted on", () => {
		expect(result.model_left_out.mean_error.value).toBeLessThan(0.05);
		expect(result.model_left_out.largest_error.value).toBeLessThan(0.1);
	});

	it("has its constant from the fit and from nowhere else", () => {
		const fitted = fittedEfficiency(
			validationModel(catalogue, "2026-11-22"),
			catalogue.trainingSteps.map(({ id }) => id),
		);
		const kept = catalogue.trainingEfficiencies.find(({ id }) => id === "matrix")?.figure;
		expect(Math.abs(fitted - (kept?.value ?? 0))).toBeLessThan(5e-4);
		expect(kept?.source).toBe("farthing-estimate");
		const others = catalogue.trainingEfficiencies.filter(({ id }) => id !== "matrix");
		expect(others.map(({ figure }) => figure.source)).not.toContain("farthing-estimate");
	});

	it("explains each step", () => {
		expect(graph?.outputs).toEqual(
			expect.arrayContaining(["gpt3-175b-full.error", "mean_error", "model_left_out.largest_error"]),
		);
		expect(result.rows[0]).toMatchObject({
			id: "megatron-22b-full",
			measured: { value: 1.42, unit: "s", grade: "B" },
			modelled: { unit: "s" },
		});
	});
});
