/**
 * A model as it is served: what its layers hold, how many parameters that is, and what a token leaves in the cache.
 *
 * Parameters of one layer, with h the hidden size, H heads of d, K key-value heads:
 *   GQA   h·H·d (twice where the output is gated) + 2·h·K·d + H·d·h
 *   MLA   h·r_q + r_q·H·(n + r) + h·(r_kv + r) + r_kv·H·(n + v) + H·v·h
 *   index (sparse attention) r_q·h_i·d_i + h·d_i + h·h_i
 *   gated DeltaNet   h·(2·k·d + 2·v·d) + 2·h·v + v·d·h + convolution
 *   FFN   3·h·f for each expert, shared expert and dense layer; router h·E
 * with norms, biases, sinks and router corrections as the checkpoints hold them. Embedding and head count apart.
 * Checked against the totals that the publishers state, in the test beside this file. Multi-token-prediction modules and
 * vision towers do not count. Where a publisher gives a total but attention is of a kind that has no closed form here,
 * attention takes what is left of the total.
 */

export interface ServedModel {
	readonly id: string;
	readonly layers: number;
	readonly hidden: number;
	readonly heads: number;
	readonly vocabulary: number;
	readonly attention: GroupedAttention | LatentAttention;
	/** Layers of each kind; together all layers. */
	readonly fullLayers: number;
	readonly windowLayers: number;
	readonly windowTokens: number;
	readonly linearLayers: number;
	readonly linear?: LinearAttention;
	readonly sparse?: SparseAttention;
	readonly experts?: Experts;
	readonly denseLayers: number;
	readonly denseFfn: number;
	/** Biases on attention and experts, one sink a head: gpt-oss. */
	readonly hasBiases: boolean;
	/** Norms on queries and keys of a head: Qwen3. */
	readonly hasHeadNorms: boolean;
	/** As published; used for attention without a closed form. */
	readonly publishedParameters?: number;
	/** Attention has no closed form here: its parameters are the rest of the published total. */
	readonly attentionFromTotal: boolean;
	readonly context?: number;
}

export interface GroupedAttention {
	readonly kind: "grouped";
	readonly kvHeads: number;
	readonly headDim: number;
	/** The query projection carries a gate of the same size. */
	readonly isGated: boolean;
}

export interface LatentAttention {
	readonly kind: "latent";
	readonly queryRank: number;
	readonly cacheRank: number;
	readonly nopeDim: number;
	readonly ropeDim: number;
	readonly valueDim: number;
}

export interface LinearAttention {
	readonly keyHeads: number;
	readonly valueHeads: number;
	readonly headDim: number;
	readonly convolution: number;
}

/** A query attends to at most `topK` tokens, which an indexer chooses. */
export interface SparseAttention {
	readonly indexerHeads: number;
	readonly indexerDim: number;
	readonly topK: number;
}

export interface Experts {
	readonly count: number;
	readonly perToken: number;
	readonly shared: number;
	readonly ffn: number;
	readonly layers: number;
	/** Width the routed experts work in, where it is not the hidden size. */
	readonly width?: number;
}

/** Parameters of the parts that are stored and read differently. One layer each, but embedding and head. */
export interface ServedParameters {
	/** Of a full or window layer: what tensor parallelism splits, and what every rank holds whole. */
	readonly attentionSplit: number;
	readonly attentionWhole: number;
	readonly linearAttention: number;
	readonly expert: number;
	readonly sharedExperts: number;
	readonly router: number;
	readonly denseFfn: number;
	/** Norms, biases, sinks, router corrections of the whole model. */
	readonly small: number;
	readonly embedding: number;
	readonly head: number;
	readonly total: number;
	/** Read for one token, with head and without embedding. */
	readonly active: number;
}

export function countParameters(model: ServedModel): ServedParameters {
	const { hidden, layers, vocabulary, experts, denseFfn, denseLayers } = model;
	const moeLayers = experts?.layers ?? 0;
	const width = experts?.width ?? hidden;
	const expert = experts === undefined ? 0 : 3 * width * experts.ffn;
	const sharedExperts = experts === undefined ? 0 : 3 * hidden * experts.ffn * experts.shared;
	const router = experts === undefined ? 0 : hidden * experts.count;
	const dense = 3 * hidden * denseFfn;
	const embedding = vocabulary * hidden;
	const linearAttention = linearParameters(model);
	const rest =
		moeLayers * (expert * (experts?.count ?? 0) + sharedExperts + router) +
		denseLayers * dense +
		2 * embedding +
		model.linearLayers * linearAttention;
	const small = smallParameters(model);
	const attentive = model.fullLayers + model.windowLayers;
	const { split, whole } = attentionParameters(model);
	const left = model.attentionFromTotal
		? Math.max(0, (model.publishedParameters ?? 0) - rest - small) / Math.max(1, attentive)
		: undefined;
	const attentionSplit = left ?? split;
	const attentionWhole = left === undefined ? whole : 0;
	const attention = attentive * (attentionSplit + attentionWhole);
	const active =
		attention +
		model.linearLayers * linearAttention +
		moeLayers * (expert * (experts?.perToken ?? 0) + sharedExperts + router) +
		denseLayers * dense +
		embedding +
		small;
	return {
		attentionSplit,
		attentionWhole,
		linearAttention,
		expert,
		sharedExperts,
		router,
		denseFfn: layers === 0 ? 0 : dense,
		small,
		embedding,
		head: embedding,
		total: attention + rest + small,
		active,
	};
}

/** Numbers that one token leaves in the cache of one full or window layer. */
export function cacheElementsPerLayer({ attention, sparse }: ServedModel): number {
	const index = sparse === undefined ? 0 : sparse.indexerDim;
	if (attention.kind === "latent") return attention.cacheRank + attention.ropeDim + index;
	return 2 * attention.kvHeads * attention.headDim + index;
}

/** Cached tokens of one sequence of `context` tokens, summed over layers: window layers stop at their window. */
export function cachedLayerTokens(model: ServedModel, context: number): number {
	return model.fullLayers * context + model.windowLayers * Math.min(context, model.windowTokens);
}

/** Numbers in the state of one sequence that do not grow with its context. */
export function stateElements({ linear, linearLayers }: ServedModel): number {
	return linear === undefined ? 0 : linearLayers * linear.valueHeads * linear.headDim * linear.headDim;
}

function attentionParameters({ attention, hidden, heads, sparse }: ServedModel): { split: number; whole: number } {
	if (attention.kind === "grouped") {
		const { kvHeads, headDim, isGated } = attention;
		return { split: hidden * headDim * ((isGated ? 3 : 2) * heads + 2 * kvHeads), whole: 0 };
	}
	const { queryRank, cacheRank, nopeDim, ropeDim, valueDim } = attention;
	const index =
		sparse === undefined
			? 0
			: queryRank * sparse.indexerHeads * sparse.indexerDim + hidden * (sparse.indexerDim + sparse.indexerHeads);
	return {
		split:
			queryRank * heads * (nopeDim + ropeDim) + cacheRank * heads * (nopeDim + valueDim) + heads * valueDim * hidden,
		whole: hidden * queryRank + hidden * (cacheRank + ropeDim) + index,
	};
}

function linearParameters({ linear, hidden }: ServedModel): number {
	if (linear === undefined) return 0;
	const { keyHeads, valueHeads, headDim, convolution } = linear;
	const keys = keyHeads * headDim;
	const values = valueHeads * headDim;
	return (
		hidden * (2 * keys + 2 * values) +
		2 * hidden * valueHeads +
		values * hidden +
		convolution * (2 * keys + values) +
		2 * valueHeads +
		headDim
	);
}

function smallParameters(model: ServedModel): number {
	const { layers, hidden, heads, attention, experts, sparse } = model;
	const attentive = model.fullLayers + model.windowLayers;
	const norms = hidden * (2 * layers + 1);
	const latentNorms = attention.kind === "latent" ? attentive * (attention.queryRank + attention.cacheRank) : 0;
	const headNorms = model.hasHeadNorms && attention.kind === "grouped" ? attentive * 2 * attention.headDim : 0;
	const indexNorms = sparse === undefined ? 0 : attentive * 2 * sparse.indexerDim;
	const corrections = experts !== undefined && attention.kind === "latent" ? experts.layers * experts.count : 0;
	const sharedGate = experts !== undefined && model.linear !== undefined ? experts.layers * hidden : 0;
	return norms + latentNorms + headNorms + indexNorms + corrections + sharedGate + biases(model, heads);
}

function biases({ hasBiases, attention, hidden, layers, experts }: ServedModel, heads: number): number {
	if (!hasBiases || attention.kind !== "grouped") return 0;
	const projections = attention.headDim * (heads + 2 * attention.kvHeads) + hidden;
	const ffn = experts === undefined ? 0 : experts.layers * (experts.count * (2 * experts.ffn + hidden) + experts.count);
	return layers * (projections + heads) + ffn;
}
