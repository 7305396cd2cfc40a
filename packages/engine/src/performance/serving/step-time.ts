/**
 * Time of one engine step on one replica: a batch of decoding sequences, prompt tokens being prefilled, or both.
 *
 * A step adds, layer by layer, per GPU (n GPUs, t = tokens of the step, t' = t with tensor parallelism, t/n where each
 * GPU decodes its own sequences):
 *   projections   max(bytes / (η_w·BW), 2·t'·P / (η_c(t)·F))
 *   attention     max(cache bytes / (η_kv·BW), FLOP / (η_a·F16))
 *   FFN           max((E_hit·bytes of an expert + shared) / n / (η_w·BW), 2·t·(k·P + shared) / n / (η_c(t)·F))
 *                 E_hit = E·(1 − (1 − k/E)^t), the distinct experts that t tokens choose at random
 *   collectives   two a layer: latency, and 2·(n−1)/n·t·h·2 bytes over the link (all-reduce), or with attention apart
 *                 t/n·min(k, n)·h·3 bytes (dispatch at 8 bit, combine at 16)
 *   fixed         η_c(t) = η_c·t/(t + t½); times a layer, more where attention is latent, sparse or linear, for each expert
 *                 that a token chooses and for shared experts; times a step and a sequence
 * Pipeline stages run one after the other with the batch split over them. Assumes balanced experts and no overlap of
 * collectives with compute. Where the constants come from: docs/predict.md.
 */
import { exp, log } from "../../numerics/elementary.ts";
import type { Chip } from "./chip.ts";
import { peakOf } from "./chip.ts";
import type { ServingLayout } from "./serving-layout.ts";
import { gpusOf } from "./serving-layout.ts";
import { cacheElementsPerLayer, countParameters, stateElements, type ServedModel } from "./served-model.ts";
import type { StepLaw } from "./step-law.ts";
import type { TensorFormats } from "./tensor-formats.ts";
import { bytesOf } from "./tensor-formats.ts";

/** What runs in one step of one replica. */
export interface StepLoad {
	/** Sequences that decode, over the whole replica. */
	readonly decodeSequences: number;
	/** Tokens each of them brings: 1, or 1 + drafted tokens with speculative decoding. */
	readonly tokensPerSequence?: number;
	/** Mean tokens in the cache of a decoding sequence. */
	readonly decodeContext: number;
	/** Prompt tokens computed in this step; cached prefixes do not count. */
	readonly prefillTokens: number;
	/** Mean tokens that a prompt token attends to: its cached prefix and half of its own prompt. */
	readonly prefillContext: number;
}

export interface StepTime {
	/** Seconds of a step. */
	readonly seconds: (load: StepLoad) => number;
	readonly gpus: number;
}

/** Step times of a replica under a law. */
export function stepTime(
	model: ServedModel,
	chip: Chip,
	formats: TensorFormats,
	layout: ServingLayout,
	law: StepLaw,
): StepTime {
	const work = stepWork(model, chip, formats, layout);
	return { seconds: (load) => stepSeconds(work, law, load), gpus: gpusOf(layout) };
}

/** All of a step that does not depend on the law or the load, per GPU. Times are at the peak of the data sheet. */
export interface StepWork {
	readonly stages: number;
	readonly gpus: number;
	/** GPUs that share the tokens of attention: 1 with tensor parallelism, all with data-parallel attention. */
	readonly tokenShards: number;
	/** Layers, and those among them that take fixed times of their own; `routes` is experts chosen by a token, over layers. */
	readonly layers: number;
	readonly latentLayers: number;
	readonly sparseLayers: number;
	readonly linearLayers: number;
	readonly routes: number;
	readonly sharedExpertLayers: number;
	/** Seconds to read all projections once, and to multiply one token with them. */
	readonly projectionRead: number;
	readonly projectionPerToken: number;
	/** Experts: count, chosen per token, seconds to read one expert of every layer, to multiply a token's. */
	readonly experts: number;
	/** ln(1 − k/E). */
	readonly missLog: number;
	readonly expertRead: number;
	readonly expertPerToken: number;
	readonly denseRead: number;
	readonly densePerToken: number;
	readonly headRead: number;
	readonly headPerToken: number;
	/** Seconds to read the cache of one token of a full-context layer set; of window layers; of the fixed state. */
	readonly cacheReadPerToken: number;
	readonly sparseTopK: number;
	readonly indexReadPerToken: number;
	readonly windowReadPerToken: number;
	readonly windowTokens: number;
	readonly stateRead: number;
	/** Seconds to attend one query token to one cached token, decode and prefill, over all full layers and windows. */
	readonly attendDecode: number;
	readonly attendPrefill: number;
	readonly attendWindowDecode: number;
	readonly attendWindowPrefill: number;
	readonly collectives: number;
	readonly linkPerToken: number;
}

export function stepWork(model: ServedModel, chip: Chip, formats: TensorFormats, layout: ServingLayout): StepWork {
	const count = countParameters(model);
	const { memoryBytesPerSecond: bandwidth, bf16FlopPerSecond: bf16 } = chip;
	const stages = layout.pp;
	const gpus = layout.tp;
	const shards = layout.dpAttention ? gpus : 1;
	const split = layout.dpAttention ? 1 : gpus;
	const { fullLayers, windowLayers, linearLayers, experts } = model;
	const attentive = fullLayers + windowLayers;
	const projections =
		attentive * (count.attentionSplit / split + count.attentionWhole) + linearLayers * (count.linearAttention / split);
	const moeLayers = experts?.layers ?? 0;
	const shared =
		moeLayers * (count.sharedExperts / split + count.router) + model.denseLayers * (count.denseFfn / split);
	const expertParameters = moeLayers * count.expert;
	const cacheSplit =
		model.attention.kind === "grouped" && !layout.dpAttention ? Math.min(gpus, model.attention.kvHeads) : 1;
	const index = model.sparse?.indexerDim ?? 0;
	const cacheElements = (cacheElementsPerLayer(model) - index) / cacheSplit;
	const pairFlop = attendFlop(model, split);
	return {
		stages,
		gpus,
		tokenShards: shards,
		layers: model.layers,
		latentLayers: model.attention.kind === "latent" ? attentive : 0,
		sparseLayers: model.sparse === undefined ? 0 : fullLayers,
		linearLayers,
		routes: moeLayers * (experts?.perToken ?? 0),
		sharedExpertLayers: (experts?.shared ?? 0) > 0 ? moeLayers : 0,
		projectionRead: (projections * bytesOf(formats.attention)) / bandwidth,
		projectionPerToken: (2 * projections) / peakOf(chip, formats.attention),
		experts: experts?.count ?? 0,
		missLog: experts === undefined || experts.perToken >= experts.count ? 0 : log(1 - experts.perToken / experts.count),
		expertRead: (expertParameters * bytesOf(formats.experts)) / gpus / bandwidth,
		expertPerToken: (2 * expertParameters * (experts?.perToken ?? 0)) / gpus / peakOf(chip, formats.experts),
		denseRead: (shared * bytesOf(formats.dense)) / bandwidth,
		densePerToken: (2 * shared) / peakOf(chip, formats.dense),
		headRead: (count.head * bytesOf(formats.ends)) / gpus / bandwidth,
		headPerToken: (2 * count.head) / gpus / bf16,
		cacheReadPerToken: (fullLayers * cacheElements * formats.cacheBytes) / bandwidth,
		sparseTopK: model.sparse?.topK ?? Infinity,
		indexReadPerToken: (fullLayers * index) / bandwidth,
		windowReadPerToken: (windowLayers * cacheElements * formats.cacheBytes) / bandwidth,
		windowTokens: model.windowTokens,
		stateRead: (2 * 2 * stateElements(model)) / split / bandwidth,
		attendDecode: (fullLayers * pairFlop.decode) / bf16,
		attendPrefill: (fullLayers * pairFlop.prefill) / bf16,
		attendWindowDecode: (windowLayers * pairFlop.decode) / bf16,
		attendWindowPrefill: (windowLayers * pairFlop.prefill) / bf16,
		collectives: gpus === 1 ? 0 : 2 * model.layers,
		linkPerToken: linkSecondsPerToken(model, chip, layout),
	};
}

/** Seconds of a step at these constants. */
export function stepSeconds(work: StepWork, law: StepLaw, load: StepLoad): number {
	const { stages } = work;
	const sequences = load.decodeSequences / stages;
	const decodeTokens = sequences * (load.tokensPerSequence ?? 1);
	const prefillTokens = load.prefillTokens / stages;
	const tokens = decodeTokens + prefillTokens;
	if (tokens <= 0) return 0;
	const own = tokens / work.tokenShards;
	const ownSequences = sequences / work.tokenShards;
	const ownDecode = decodeTokens / work.tokenShards;
	const ownPrefill = prefillTokens / work.tokenShards;
	const half = law.computeHalfTokens;
	const reach = (law.compute * tokens) / (tokens + half);
	const ownReach = (law.compute * own) / (own + half);
	const projections = Math.max(work.projectionRead / law.weightBandwidth, (own * work.projectionPerToken) / ownReach);
	const hit =
		work.experts === 0 ? 0 : work.missLog === 0 ? work.experts : work.experts * (1 - exp(tokens * work.missLog));
	const experts =
		work.experts === 0
			? 0
			: Math.max(
					(hit * work.expertRead) / law.expertBandwidth,
					(tokens * work.expertPerToken) / (reach * law.expertCompute),
				);
	const dense = Math.max(work.denseRead / law.weightBandwidth, (own * work.densePerToken) / ownReach);
	const sampled = sequences + (prefillTokens > 0 ? 1 : 0);
	const head = Math.max(work.headRead / law.weightBandwidth, (sampled * work.headPerToken) / reach);
	const attention = attentionSeconds(work, law, load, ownSequences, ownDecode, ownPrefill);
	const collectives = work.collectives * law.collectiveSeconds + (tokens * work.linkPerToken) / law.linkShare;
	const fixed =
		work.layers * law.layerSeconds +
		work.latentLayers * law.latentLayerSeconds +
		work.sparseLayers * law.sparseLayerSeconds +
		work.linearLayers * law.linearLayerSeconds +
		work.routes * law.routeSeconds +
		work.sharedExpertLayers * law.sharedExpertSeconds +
		(prefillTokens > 0 ? work.layers * law.prefillLayerSeconds : 0) +
		law.stepSeconds * stages +
		load.decodeSequences * law.sequenceSeconds;
	// each of the stages holds 1/stages of the layers, and a token passes all of them
	return projections + experts + dense + head + attention + collectives + fixed;
}

function attentionSeconds(
	work: StepWork,
	law: StepLaw,
	load: StepLoad,
	sequences: number,
	decodeTokens: number,
	prefillTokens: number,
): number {
	const context = load.decodeContext;
	const attended = Math.min(context, work.sparseTopK);
	const windowed = Math.min(context, work.windowTokens);
	const read =
		sequences *
		(attended * work.cacheReadPerToken +
			(work.sparseTopK < Infinity ? context * work.indexReadPerToken : 0) +
			windowed * work.windowReadPerToken +
			work.stateRead);
	const decodeCompute = decodeTokens * (attended * work.attendDecode + windowed * work.attendWindowDecode);
	const before = load.prefillContext;
	const prefillCompute =
		prefillTokens *
		(Math.min(before, work.sparseTopK) * work.attendPrefill +
			Math.min(before, work.windowTokens) * work.attendWindowPrefill);
	return (
		Math.max(read / law.cacheBandwidth, decodeCompute / law.attentionCompute) + prefillCompute / law.attentionCompute
	);
}

/** FLOP of one query token and one cached token in one layer, on one GPU. Latent attention decodes in the latent space. */
function attendFlop({ attention, heads }: ServedModel, split: number): { decode: number; prefill: number } {
	if (attention.kind === "grouped") {
		const flop = (4 * heads * attention.headDim) / split;
		return { decode: flop, prefill: flop };
	}
	const { cacheRank, ropeDim, nopeDim, valueDim } = attention;
	return {
		decode: (2 * heads * (2 * cacheRank + ropeDim)) / split,
		prefill: (2 * heads * (nopeDim + ropeDim + valueDim)) / split,
	};
}

/** Seconds on the link for one token of the step through all layers. */
function linkSecondsPerToken(model: ServedModel, chip: Chip, layout: ServingLayout): number {
	const gpus = layout.tp;
	if (gpus === 1) return 0;
	const link = gpus <= chip.scaleUpChips ? chip.scaleUpBytesPerSecond : chip.networkBytesPerSecond;
	const { hidden, layers, experts } = model;
	if (!layout.dpAttention) return (2 * layers * 2 * ((gpus - 1) / gpus) * hidden * 2) / link;
	const copies = layout.ep > 1 ? Math.min(experts?.perToken ?? 1, gpus) : gpus;
	return (layers * (copies / gpus) * hidden * 3) / link;
}
