import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Chip } from "./chip.ts";
import { fitsMemory } from "./memory.ts";
import type { ServedModel } from "./served-model.ts";
import { countParameters } from "./served-model.ts";
import { aggregatedState, disaggregatedState, type Role, type ServingLoad } from "./steady-state.ts";
import { PRIOR_LAW, type StepLaw } from "./step-law.ts";
import { stepTime, stepWork, stepSeconds } from "./step-time.ts";
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
	context: 131_072,
};

const mixture: ServedModel = {
	...llama8b,
	id: "mixture",
	denseLayers: 0,
	denseFfn: 0,
	experts: { count: 64, perToken: 4, shared: 0, ffn: 2048, layers: 32 },
};

/** Peaks reached, nothing fixed: what is left can be worked out by hand. */
const IDEAL: StepLaw = {
	...PRIOR_LAW,
	weightBandwidth: 1,
	expertBandwidth: 1,
	expertCompute: 1,
	cacheBandwidth: 1,
	compute: 1,
	computeHalfTokens: 1e-9,
	attentionCompute: 1,
	linkShare: 1,
	layerSeconds: 0,
	latentLayerSeconds: 0,
	sparseLayerSeconds: 0,
	linearLayerSeconds: 0,
	routeSeconds: 0,
	sharedExpertSeconds: 0,
	collectiveSeconds: 0,
	stepSeconds: 0,
	sequenceSeconds: 0,
	prefillLayerSeconds: 0,
};
const one = { tp: 1, pp: 1, ep: 1, dpAttention: false };
const bf16 = { ...assumedFormats("bf16", false), cacheBytes: 2 };

describe("the step-time law", () => {
	it("reads all weights and the cache once where decode is bound by memory", () => {
		const { active } = countParameters(llama8b);
		const seconds = stepTime(llama8b, h100, bf16, one, IDEAL).seconds({
			decodeSequences: 1,
			decodeContext: 1000,
			prefillTokens: 0,
			prefillContext: 0,
		});
		// norms (266,240 parameters) are no projection; cache: 1000 tokens · 65,536 elements · 2 bytes
		const byHand = ((active - 266_240) * 2 + 1000 * 65_536 * 2) / 3.35e12;
		expect(seconds).toBeCloseTo(byHand, 9);
	});

	it("multiplies at the peak where prefill is bound by compute", () => {
		const seconds = stepTime(llama8b, h100, bf16, one, IDEAL).seconds({
			decodeSequences: 0,
			decodeContext: 0,
			prefillTokens: 8192,
			prefillContext: 4096,
		});
		const matrices = 32 * (4096 * 128 * (64 + 16) + 3 * 4096 * 14_336);
		const attention = 32 * 4 * 32 * 128 * 8192 * 4096;
		const head = (128_256 * 4096 * 2) / 3.35e12;
		expect(seconds).toBeCloseTo((2 * 8192 * matrices + attention) / 989e12 + head, 9);
	});

	it("hits few experts with few tokens and all with many", () => {
		const work = stepWork(mixture, h100, bf16, one);
		const read = (decodeSequences: number) =>
			stepSeconds({ ...work, projectionRead: 0, headRead: 0, cacheReadPerToken: 0 }, IDEAL, {
				decodeSequences,
				decodeContext: 0,
				prefillTokens: 0,
				prefillContext: 0,
			});
		// the first token of 4 in 64 reads 4 experts; E_hit(2) = 64·(1 − (60/64)²) = 7.75
		expect(read(2) / read(1)).toBeCloseTo(7.75 / 4, 2);
	});

	it("grows with each part of the load", () => {
		const load = fc.record({
			decodeSequences: fc.integer({ min: 1, max: 512 }),
			decodeContext: fc.integer({ min: 1, max: 32_768 }),
			prefillTokens: fc.integer({ min: 0, max: 8192 }),
			prefillContext: fc.integer({ min: 1, max: 8192 }),
		});
		const time = stepTime(
			mixture,
			h100,
			{ ...assumedFormats("fp8", true), cacheBytes: 1 },
			{ ...one, tp: 4 },
			PRIOR_LAW,
		);
		fc.assert(
			fc.property(load, (at) => {
				const base = time.seconds(at);
				expect(time.seconds({ ...at, decodeContext: at.decodeContext * 2 })).toBeGreaterThanOrEqual(base);
				expect(time.seconds({ ...at, prefillTokens: at.prefillTokens + 512 })).toBeGreaterThan(base);
				expect(time.seconds({ ...at, decodeSequences: at.decodeSequences + 64 })).toBeGreaterThan(base * 0.999);
			}),
			{ numRuns: 50, seed: 5 },
		);
	});

	it("takes no time for an empty step", () => {
		const empty = { decodeSequences: 0, decodeContext: 0, prefillTokens: 0, prefillContext: 0 };
		expect(stepTime(llama8b, h100, bf16, one, PRIOR_LAW).seconds(empty)).toBe(0);
	});
});

const load: ServingLoad = {
	concurrency: 64,
	inputTokens: 1000,
	outputTokens: 200,
	cachedTokens: 0,
	tokensPerSequence: 1,
	acceptedPerStep: 1,
};
const role = (workers: number, sequences = 1e6): Role => ({
	work: stepWork(llama8b, h100, bf16, one),
	workers,
	gpus: workers,
	sequences,
});

describe("steady states", () => {
	it("keeps Little's law: rate times time in the system is the concurrency", () => {
		const { ttftSeconds, tpotSeconds, tokensPerGpuSecond } = aggregatedState(role(1), PRIOR_LAW, load);
		const rate = tokensPerGpuSecond / (load.inputTokens + load.outputTokens);
		expect(rate * (ttftSeconds + (load.outputTokens - 1) * tpotSeconds)).toBeCloseTo(load.concurrency, 6);
	});

	it("queues what the cache does not hold, into TTFT and not into TPOT", () => {
		const free = aggregatedState(role(1), PRIOR_LAW, load);
		const full = aggregatedState(role(1, 16), PRIOR_LAW, load);
		expect(full.waiting).toBeCloseTo(64 - 16 * PRIOR_LAW.overcommit, 9);
		expect(full.tpotSeconds).toBeLessThan(free.tpotSeconds);
		expect(full.ttftSeconds).toBeGreaterThan(10 * free.ttftSeconds);
	});

	it("prefills less where a prefix is cached", () => {
		const cached = aggregatedState(role(1), PRIOR_LAW, { ...load, inputTokens: 200, cachedTokens: 800 });
		const fresh = aggregatedState(role(1), PRIOR_LAW, load);
		expect(cached.ttftSeconds).toBeLessThan(fresh.ttftSeconds);
		expect(cached.tokensPerGpuSecond).toBeGreaterThan(fresh.tokensPerGpuSecond);
	});

	it("lets prefill workers bound the rate of a disaggregated deployment", () => {
		const heavy = { ...load, inputTokens: 8000, concurrency: 512 };
		const few = disaggregatedState(role(1), role(4), { seconds: 0.01 }, PRIOR_LAW, heavy);
		const more = disaggregatedState(role(2), role(4), { seconds: 0.01 }, PRIOR_LAW, heavy);
		const rate = (state: typeof few, gpus: number) => state.tokensPerGpuSecond * gpus;
		expect(rate(more, 6) / rate(few, 5)).toBeGreaterThan(1.8);
		expect(few.ttftSeconds).toBeGreaterThan(more.ttftSeconds);
	});
});

describe("what does not fit", () => {
	const question = {
		model: llama8b,
		chip: h100,
		formats: bf16,
		layout: one,
		storedFormats: [],
		meanTokens: 1024,
		longestTokens: 2048,
		memoryShare: 0.97,
	};

	it("says by how much weights exceed the memory", () => {
		const no = fitsMemory({ ...question, chip: { ...h100, memoryBytes: 16e9 } });
		expect(no).toMatchObject({ possible: false, code: "weights-exceed-memory", shortBy: { unit: "GB/GPU" } });
		if (!no.possible) expect(no.shortBy?.value).toBeCloseTo((2 * (8.030261248e9 - 266_240) - 0.97 * 16e9) / 1e9, 2);
	});

	it("refuses a format that the chip lacks, unless the checkpoint only stores it", () => {
		const formats = { ...assumedFormats("mxfp4", true), cacheBytes: 2 };
		const asked = { ...question, model: mixture, formats };
		expect(fitsMemory(asked)).toMatchObject({ possible: false, code: "precision-not-supported" });
		expect(fitsMemory({ ...asked, storedFormats: ["mxfp4"] })).toMatchObject({ possible: true });
	});

	it("refuses a TP that does not divide the heads, and a context that is too long", () => {
		expect(fitsMemory({ ...question, layout: { ...one, tp: 3 } })).toMatchObject({ code: "heads-not-divisible" });
		const long = fitsMemory({ ...question, longestTokens: 200_000 });
		expect(long).toMatchObject({ code: "context-exceeded", shortBy: { value: 200_000 - 131_072, unit: "tok" } });
	});
});
