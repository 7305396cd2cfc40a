/**
 * What fits on the GPUs of a replica. Weights and cache must stay below the share of memory that the engine takes
 * (`--gpu-memory-utilization` of vLLM, `mem-fraction-static` of SGLang, free-memory fraction of TensorRT-LLM); what the
 * weights leave is cache, and how many sequences that holds caps the batch: more concurrency than that waits.
 */
import type { Chip } from "./chip.ts";
import { multiplies } from "./chip.ts";
import {
	cacheElementsPerLayer,
	cachedLayerTokens,
	countParameters,
	stateElements,
	type ServedModel,
} from "./served-model.ts";
import type { ServingLayout } from "./serving-layout.ts";
import type { TensorFormats, WeightFormat } from "./tensor-formats.ts";
import { bytesOf } from "./tensor-formats.ts";

/**
 * Share of the memory that an engine can take, the rest being buffers and graphs; of what the weights leave of it, the
 * share that becomes cache. Together they give what the defaults of the engines give: 0.9 of all (vLLM), 0.9 of what the
 * weights leave (TensorRT-LLM).
 */
export const ENGINE_MEMORY_SHARE = 0.97;
const CACHE_SHARE = 0.9;

/** An expected "no", with the amount that is missing. */
export interface Impossible {
	readonly possible: false;
	readonly code:
		| "precision-not-supported"
		| "heads-not-divisible"
		| "experts-not-divisible"
		| "experts-exceed-replica"
		| "no-experts"
		| "weights-exceed-memory"
		| "cache-exceeds-memory"
		| "context-exceeded"
		| "stages-exceed-layers"
		| "stack-not-for-hardware"
		| "no-mtp-modules";
	readonly reason: string;
	/** Absent where no amount is missing: a stack that is made for other hardware. */
	readonly shortBy?: { readonly value: number; readonly unit: string };
}

export interface Possible {
	readonly possible: true;
	readonly weightBytesPerGpu: number;
	/** Cache bytes of one GPU. */
	readonly cacheBytesPerGpu: number;
	/** Sequences of the asked mean length that the cache of the whole replica holds. */
	readonly sequences: number;
}

export interface FitQuestion {
	readonly model: ServedModel;
	readonly chip: Chip;
	readonly formats: TensorFormats;
	readonly layout: ServingLayout;
	/** Formats that the model's own checkpoint only stores: any chip serves them, multiplying at 16 bit. */
	readonly storedFormats: readonly WeightFormat[];
	/** Tokens that a sequence holds at its mean and at its longest. */
	readonly meanTokens: number;
	readonly longestTokens: number;
	readonly memoryShare: number;
}

export function fitsMemory(question: FitQuestion): Possible | Impossible {
	const { model, chip, formats, layout, memoryShare } = question;
	const impossible = unsupported(question) ?? indivisible(model, layout) ?? tooLong(question);
	if (impossible !== undefined) return impossible;
	const usable = chip.memoryBytes * memoryShare;
	const weights = weightBytesPerGpu(model, formats, layout);
	if (weights > usable) {
		return no(
			"weights-exceed-memory",
			`weights take ${gb(weights)} of each ${chip.id}, which gives an engine ${gb(usable)} of its ${gb(chip.memoryBytes)}`,
			(weights - usable) / 1e9,
			"GB/GPU",
		);
	}
	const cache = CACHE_SHARE * (usable - weights);
	const perSequence = sequenceBytesPerGpu(model, formats, layout, question.meanTokens);
	const longest = sequenceBytesPerGpu(model, formats, layout, question.longestTokens);
	if (longest > cache) {
		return no(
			"cache-exceeds-memory",
			`one sequence of ${question.longestTokens} tokens caches ${gb(longest)} on a GPU, and the weights leave ${gb(cache)}`,
			(longest - cache) / 1e9,
			"GB/GPU",
		);
	}
	const shards = layout.dpAttention ? layout.tp : 1;
	return {
		possible: true,
		weightBytesPerGpu: weights,
		cacheBytesPerGpu: cache,
		sequences: (cache / perSequence) * shards,
	};
}

export function weightBytesPerGpu(model: ServedModel, formats: TensorFormats, layout: ServingLayout): number {
	const count = countParameters(model);
	const split = layout.dpAttention ? 1 : layout.tp;
	const attention =
		(model.fullLayers + model.windowLayers) * (count.attentionSplit / split + count.attentionWhole) +
		(model.linearLayers * count.linearAttention) / split;
	const moeLayers = model.experts?.layers ?? 0;
	const experts = (moeLayers * count.expert * (model.experts?.count ?? 0)) / layout.tp;
	const dense =
		(moeLayers * count.sharedExperts) / split + moeLayers * count.router + (model.denseLayers * count.denseFfn) / split;
	const ends = (count.embedding + count.head) / layout.tp;
	const bytes =
		attention * bytesOf(formats.attention) +
		experts * bytesOf(formats.experts) +
		dense * bytesOf(formats.dense) +
		ends * bytesOf(formats.ends);
	return bytes / layout.pp;
}

/** Cache and state of one sequence on each GPU that holds a part of it. */
export function sequenceBytesPerGpu(
	model: ServedModel,
	formats: TensorFormats,
	layout: ServingLayout,
	tokens: number,
): number {
	const split = layout.dpAttention ? 1 : layout.tp;
	const cacheSplit = model.attention.kind === "grouped" ? Math.min(split, model.attention.kvHeads) : 1;
	const cache = cachedLayerTokens(model, tokens) * cacheElementsPerLayer(model) * formats.cacheBytes;
	return (cache / cacheSplit + (2 * stateElements(model)) / split) / layout.pp;
}

function unsupported({ chip, formats, storedFormats }: FitQuestion): Impossible | undefined {
	for (const format of [formats.experts, formats.attention]) {
		if (multiplies(chip, format) || storedFormats.includes(format)) continue;
		const narrowest = chip.fp8FlopPerSecond === undefined ? "bf16" : "fp8";
		return no(
			"precision-not-supported",
			`${chip.id} has no units for ${format}; the narrowest format it multiplies is ${narrowest}`,
			8 * (bytesOf(narrowest) - bytesOf(format)),
			"bit",
		);
	}
	return undefined;
}

function indivisible(model: ServedModel, layout: ServingLayout): Impossible | undefined {
	if (layout.pp > model.layers) {
		return no(
			"stages-exceed-layers",
			`PP ${layout.pp} asks for more stages than the ${model.layers} layers of ${model.id}`,
			layout.pp - model.layers,
			"layer",
		);
	}
	const heads = model.heads % layout.tp;
	if (!layout.dpAttention && heads !== 0) {
		return no(
			"heads-not-divisible",
			`TP ${layout.tp} does not divide the ${model.heads} attention heads of ${model.id}`,
			layout.tp - heads,
			"head",
		);
	}
	if (model.experts === undefined && layout.ep > 1) {
		return no("no-experts", `${model.id} has no experts to spread over ${layout.ep} GPUs`, layout.ep, "expert");
	}
	const gpus = layout.tp * layout.pp;
	if (layout.ep > gpus) {
		return no(
			"experts-exceed-replica",
			`EP ${layout.ep} spreads experts over more GPUs than the ${gpus} of a replica`,
			layout.ep - gpus,
			"GPU",
		);
	}
	const left = (model.experts?.count ?? 0) % layout.ep;
	// with attention apart, redundant experts fill up what does not divide
	if (left !== 0 && !layout.dpAttention) {
		return no(
			"experts-not-divisible",
			`EP ${layout.ep} does not divide the ${model.experts?.count} experts of ${model.id}`,
			layout.ep - left,
			"expert",
		);
	}
	return undefined;
}

function tooLong({ model, longestTokens }: FitQuestion): Impossible | undefined {
	if (model.context === undefined || longestTokens <= model.context) return undefined;
	return no(
		"context-exceeded",
		`input and output come to ${longestTokens} tokens, and the context of ${model.id} is ${model.context}`,
		longestTokens - model.context,
		"tok",
	);
}

function no(code: Impossible["code"], reason: string, value: number, unit: string): Impossible {
	return { possible: false, code, reason, shortBy: { value, unit } };
}

function gb(bytes: number): string {
	return `${(bytes / 1e9).toFixed(1)} GB`;
}
