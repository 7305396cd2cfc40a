import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	ceilingLayouts,
	ceilingRate,
	ceilingStep,
	ceilingWork,
	throughputCeiling,
	type CeilingLoad,
} from "./ceiling.ts";
import type { Chip } from "./chip.ts";
import type { ServedModel } from "./served-model.ts";
import { aggregatedState } from "./steady-state.ts";
import { PRIOR_LAW } from "./step-law.ts";
import { stepWork } from "./step-time.ts";
import { assumedFormats } from "./tensor-formats.ts";

const h100: Chip = {
	id: "h100-sxm",
	bf16FlopPerSecond: 989e12,
	fp8FlopPerSecond: 1979e12,
	memoryBytes: 80e9,
	memoryBytesPerSecond: 3.35e12,
	scaleUpBytesPerSecond: 450e9,
	scaleUpChips: 8,
	networkBytesPerSecond: 50e9,
};

const llama8b: ServedModel = {
	id: "llama-3.1-8b",
	layers: 32,
	hidden: 4096,
	heads: 32,
	vocabulary: 128_256,
	attention: { kind: "grouped", kvHeads: 8, headDim: 128, isGated: false },
	fullLayers: 32,
	windowLayers: 0,
	windowTokens: 0,
	linearLayers: 0,
	denseLayers: 32,
	denseFfn: 14_336,
	hasBiases: false,
	hasHeadNorms: false,
	attentionFromTotal: false,
};

const bf16 = { ...assumedFormats("bf16", false), cacheBytes: 2 };
const one = { tp: 1, pp: 1, ep: 1, dpAttention: false };
const load: CeilingLoad = { inputTokens: 1000, outputTokens: 1000, cachedTokens: 0, tokensPerStep: 1 };
const matrices = 32 * (4096 * 128 * (64 + 16) + 3 * 4096 * 14_336);
const head = 128_256 * 4096;

describe("the ceiling of a deployment", () => {
	it("is the reading of weights and cache where one sequence decodes", () => {
		const { seconds } = ceilingStep(stepWork(llama8b, h100, bf16, one), load, 1);
		expect(seconds).toBeCloseTo(((matrices + head) * 2 + 1500 * 65_536 * 2) / 3.35e12, 9);
	});

	it("is the FLOP of decode and prefill together where many do", () => {
		const work = stepWork(llama8b, { ...h100, memoryBytesPerSecond: 1e18 }, bf16, one);
		const attend = 32 * 4 * 32 * 128;
		const ofToken = 2 * matrices + 2 * head + attend * 1500;
		const ofPrompt = 2 * matrices + attend * 500;
		// as many prompt tokens as output tokens
		expect(ceilingRate(work, load, 4096)).toBeCloseTo((2 * 989e12) / (ofToken + ofPrompt), 3);
	});

	it("gains as much from accepted drafts as the reading they save", () => {
		const work = stepWork(llama8b, h100, bf16, one);
		const drafting = { ...load, tokensPerStep: 4 };
		expect(ceilingRate(work, drafting, 1) / ceilingRate(work, load, 1)).toBeCloseTo(4, 6);
	});

	it("is never below the law, whatever its constants", () => {
		const share = fc.double({ min: 0.2, max: 1, noNaN: true });
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 512 }), share, share, (concurrency, weightBandwidth, compute) => {
				const work = stepWork(llama8b, h100, bf16, { ...one, tp: 2 });
				const state = aggregatedState(
					{ work, workers: 1, gpus: 2, sequences: 1e9 },
					{ ...PRIOR_LAW, weightBandwidth, compute },
					{ concurrency, acceptedPerStep: 1, tokensPerSequence: 1, ...load },
				);
				expect(state.tokensPerGpuSecond).toBeLessThan(ceilingRate(work, load, concurrency));
			}),
			{ numRuns: 40, seed: 3 },
		);
	});

	it("keeps the interactivity asked for, and is lower the more is asked", () => {
		const at = (tokensPerSecondPerUser: number) =>
			throughputCeiling({
				model: llama8b,
				chip: h100,
				formats: [bf16],
				layouts: ceilingLayouts(h100, llama8b.heads),
				load,
				tokensPerSecondPerUser,
			});
		const rates = [0, 50, 200, 600].map((speed) => at(speed)?.tokensPerGpuSecond as number);
		expect(rates).toEqual([...rates].sort((a, b) => b - a));
		const found = at(600);
		if (found === undefined) throw new Error("no configuration");
		expect(found.layout.tp).toBeGreaterThan(1);
		const { seconds } = ceilingStep(ceilingWork(llama8b, h100, bf16, found.layout), load, found.sequences);
		expect(1 / seconds).toBeGreaterThanOrEqual(600);
		expect(at(1e5)).toBeUndefined();
	});

	it("is none where the weights do not fit", () => {
		const tiny = { ...h100, memoryBytes: 1e9 };
		expect(
			throughputCeiling({
				model: llama8b,
				chip: tiny,
				formats: [bf16],
				layouts: [one],
				load,
				tokensPerSecondPerUser: 0,
			}),
		).toBeUndefined();
	});
});
