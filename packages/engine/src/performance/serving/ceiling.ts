/**
 * The most that a deployment can do, whatever its software: each byte that has to be read, each FLOP and each byte on the
 * link at the peak of the data sheet, all of them overlapping perfectly, and no fixed time.
 *
 *   step(B) ≥ max(reads, FLOP, link)   of B sequences that gain `a` tokens each, and of the B·a·in/out prompt tokens that a
 *                                      steady state prefills meanwhile (their reads are left out)
 *   tokens/s/GPU ≤ B·a·(in + out) / out / step / GPUs,   interactivity ≤ a / step
 *
 * Throughput rises with B and interactivity falls, so that the best batch under a limit is the largest that keeps it and
 * whose cache fits. Roles apart share the same GPUs' peaks and cannot do more than that. The steady state of the law adds
 * up what runs one after the other, which engines overlap: with all its shares at 1 it is no bound.
 */
import { exp } from "../../numerics/elementary.ts";
import { multiplies, peakOf, type Chip } from "./chip.ts";
import { sequenceBytesPerGpu, weightBytesPerGpu } from "./memory.ts";
import type { ServedModel } from "./served-model.ts";
import type { ServingLayout } from "./serving-layout.ts";
import { stepWork, type StepWork } from "./step-time.ts";
import type { TensorFormats } from "./tensor-formats.ts";

export interface CeilingLoad {
	/** Mean prompt tokens that are computed, output tokens, and prompt tokens that are cached already. */
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly cachedTokens: number;
	/** Tokens that a step brings a sequence: 1, or 1 + drafted where every drafted token is accepted. */
	readonly tokensPerStep: number;
}

/** Seconds that a step takes of each resource, at its peak. */
export interface CeilingStep {
	readonly read: number;
	readonly compute: number;
	readonly link: number;
	readonly seconds: number;
}

/** Work at its least: attention at 8 bit where the chip multiplies it, switches that reduce and copy on the link. */
export function ceilingWork(model: ServedModel, chip: Chip, formats: TensorFormats, layout: ServingLayout): StepWork {
	const work = stepWork(model, chip, formats, layout);
	const attention = multiplies(chip, "fp8") ? chip.bf16FlopPerSecond / peakOf(chip, "fp8") : 1;
	return {
		...work,
		attendDecode: attention * work.attendDecode,
		attendPrefill: attention * work.attendPrefill,
		attendWindowDecode: attention * work.attendWindowDecode,
		attendWindowPrefill: attention * work.attendWindowPrefill,
		linkPerToken: work.linkPerToken / 2,
	};
}

export function ceilingStep(work: StepWork, load: CeilingLoad, sequences: number): CeilingStep {
	const { inputTokens, outputTokens, cachedTokens, tokensPerStep } = load;
	const tokens = sequences * tokensPerStep;
	const prompt = (tokens * inputTokens) / outputTokens;
	const context = cachedTokens + inputTokens + outputTokens / 2;
	const before = cachedTokens + inputTokens / 2;
	const hit = work.missLog === 0 ? work.experts : work.experts * (1 - exp(tokens * work.missLog));
	const cache =
		Math.min(context, work.sparseTopK) * work.cacheReadPerToken +
		(work.sparseTopK < Infinity ? context * work.indexReadPerToken : 0) +
		Math.min(context, work.windowTokens) * work.windowReadPerToken +
		work.stateRead;
	const weights = work.projectionRead + hit * work.expertRead + work.denseRead + work.headRead;
	// each stage of a pipeline holds its part of the layers, and works while the others do
	const read = (weights + (sequences / work.tokenShards) * cache) / work.stages;
	const perToken = work.expertPerToken + (work.projectionPerToken + work.densePerToken) / work.tokenShards;
	const attend = (seen: number, full: number, window: number) =>
		(Math.min(seen, work.sparseTopK) * full + Math.min(seen, work.windowTokens) * window) / work.tokenShards;
	const compute =
		((tokens + prompt) * perToken +
			tokens * (work.headPerToken + attend(context, work.attendDecode, work.attendWindowDecode)) +
			prompt * attend(before, work.attendPrefill, work.attendWindowPrefill)) /
		work.stages;
	const link = ((tokens + prompt) * work.linkPerToken) / work.stages;
	return { read, compute, link, seconds: Math.max(read, compute, link) };
}

/** Total tokens a second and GPU of a replica at that batch. */
export function ceilingRate(work: StepWork, load: CeilingLoad, sequences: number): number {
	const { inputTokens, outputTokens, cachedTokens, tokensPerStep } = load;
	const requests = (sequences * tokensPerStep) / outputTokens / ceilingStep(work, load, sequences).seconds;
	return (requests * (inputTokens + cachedTokens + outputTokens)) / (work.gpus * work.stages);
}

export interface CeilingQuestion {
	readonly model: ServedModel;
	readonly chip: Chip;
	/** Formats to choose among, and sizes of a replica. */
	readonly formats: readonly TensorFormats[];
	readonly layouts: readonly ServingLayout[];
	readonly load: CeilingLoad;
	/** Tokens a second that each user is to see; 0 where it does not matter. */
	readonly tokensPerSecondPerUser: number;
}

export interface Ceiling {
	readonly tokensPerGpuSecond: number;
	readonly formats: TensorFormats;
	readonly layout: ServingLayout;
	/** Sequences that a replica decodes at a time. */
	readonly sequences: number;
	readonly boundBy: "memory bandwidth" | "compute" | "link";
}

/** Of the best configuration that keeps the interactivity; undefined where none fits or keeps it. */
export function throughputCeiling(question: CeilingQuestion): Ceiling | undefined {
	let best: Ceiling | undefined;
	for (const formats of question.formats) {
		for (const layout of question.layouts) {
			const found = ceilingOf(question, formats, layout);
			if (found !== undefined && (best === undefined || found.tokensPerGpuSecond > best.tokensPerGpuSecond))
				best = found;
		}
	}
	return best;
}

function ceilingOf(
	{ model, chip, load, tokensPerSecondPerUser }: CeilingQuestion,
	formats: TensorFormats,
	layout: ServingLayout,
): Ceiling | undefined {
	const room = chip.memoryBytes - weightBytesPerGpu(model, formats, layout);
	const held = load.cachedTokens + load.inputTokens + load.outputTokens / 2;
	const shards = layout.dpAttention ? layout.tp : 1;
	const most = (room / sequenceBytesPerGpu(model, formats, layout, held)) * shards;
	if (!(most >= 1)) return undefined;
	const work = ceilingWork(model, chip, formats, layout);
	const slowest = tokensPerSecondPerUser > 0 ? load.tokensPerStep / tokensPerSecondPerUser : Infinity;
	const sequences = largestBatch((batch) => ceilingStep(work, load, batch).seconds <= slowest, most);
	if (sequences === undefined) return undefined;
	const { read, compute, seconds } = ceilingStep(work, load, sequences);
	return {
		tokensPerGpuSecond: ceilingRate(work, load, sequences),
		formats,
		layout,
		sequences,
		boundBy: seconds === read ? "memory bandwidth" : seconds === compute ? "compute" : "link",
	};
}

const BISECTIONS = 40;

/** Largest batch from 1 to `most` that passes; what passes at a batch passes at all smaller ones. */
function largestBatch(passes: (batch: number) => boolean, most: number): number | undefined {
	if (!passes(1)) return undefined;
	if (passes(most)) return most;
	let [low, high] = [1, most];
	for (let round = 0; round < BISECTIONS; round++) {
		const middle = 0.5 * (low + high);
		if (passes(middle)) low = middle;
		else high = middle;
	}
	return low;
}

/** Sizes of a replica within the scale-up domain, with attention split or apart. */
export function ceilingLayouts({ scaleUpChips }: Chip, heads: number): ServingLayout[] {
	const sizes = [1, 2, 4, 8, 16, 32, 64].filter((tp) => tp <= Math.max(8, scaleUpChips));
	return sizes.flatMap((tp) => [
		...(heads % tp === 0 ? [{ tp, pp: 1, ep: 1, dpAttention: false }] : []),
		...(tp > 1 ? [{ tp, pp: 1, ep: tp, dpAttention: true }] : []),
	]);
}
