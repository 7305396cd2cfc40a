import { fitBusyLaw, meanContext } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../test-support/questions.ts";
import { saturatedRunsOf } from "./saturated-runs.ts";

const saturated = saturatedRunsOf(() => catalogue, "2026-11-22");

describe("saturatedRunsOf", () => {
	it("gives runs at nine lengths that a law of GPU time fits, in the configuration that most rows have", () => {
		const found = saturated("gptoss120b", "h100");
		expect(found).toMatchObject({ model: "gpt-oss-120b", hardware: "h100-sxm" });
		const rows = catalogue.benchmarks.filter(
			({ model, hardware }) => model === "gpt-oss-120b" && hardware === "h100-sxm",
		);
		expect(rows.map(({ stack }) => stack)).toContain(found?.configuration.split(", ")[0]);
		const fit = fitBusyLaw(
			(found?.runs ?? []).map(({ isl, osl, tokensPerGpuSecond }) => {
				const requests = tokensPerGpuSecond / (isl + osl);
				return {
					id: `${isl}/${osl}`,
					uncachedInputTokens: requests * isl,
					outputTokens: requests * osl,
					outputContextTokens2: requests * osl * meanContext(isl, osl),
					gpuSeconds: 1,
				};
			}),
		);
		expect(fit.fitted && fit.runs).toBe(9);
		expect(fit.fitted && fit.medianError).toBeLessThan(0.15);
		// A token of output takes longer than one of input, of which a step takes many at once.
		expect(fit.fitted && fit.law.gpuSecondsPerOutputToken / fit.law.gpuSecondsPerUncachedInputToken).toBeGreaterThan(
			1.2,
		);
	});

	it("knows nothing of a model or a part that the catalogue does not describe", () => {
		expect(saturated("some-model-of-ours", "h100")).toBeUndefined();
		expect(saturated("gpt-oss-120b", "abacus")).toBeUndefined();
	});
});
