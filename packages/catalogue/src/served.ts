/** Catalogue entries as the performance model takes them: architectures and accelerators in its terms. */
import type { Chip, ServedModel, WeightFormat } from "@farthing/engine";
import type { Hardware, Model, ModelFigure } from "./catalogue.ts";

/** An entry that lacks a figure, with the names of all that it lacks. */
export interface Incomplete {
	readonly complete: false;
	readonly missing: readonly string[];
}

export type Served<T> = { readonly complete: true; readonly value: T } | Incomplete;

/** Attention kinds whose parameters have no closed form: what is left of the published total. */
const WITHOUT_COUNT = ["csa+hca", "kda+mla"];

export function servedModelOf(model: Model): Served<ServedModel> {
	const of = (name: ModelFigure): number => model.figures[name]?.value ?? 0;
	const needed: ModelFigure[] = ["layers", "hidden", "heads", "vocabulary"];
	const attention = attentionOf(model);
	const missing = [...needed.filter((name) => model.figures[name] === undefined), ...attention.missing];
	if (missing.length > 0 || attention.value === undefined) return { complete: false, missing };
	const layers = of("layers");
	const linearLayers = of("linearAttentionLayers");
	const chunked = of("chunkTokens");
	// of four layers, three attend within a chunk: Llama 4
	const windowLayers = chunked > 0 ? Math.floor((layers * 3) / 4) : of("windowLayers");
	const fullLayers = of("fullAttentionLayers") || layers - linearLayers - windowLayers;
	const interval = of("moeLayerInterval") || 1;
	const hasExperts = of("experts") > 0;
	const dense = hasExperts ? of("denseLayers") : layers;
	const moeLayers = hasExperts ? Math.floor((layers - dense) / interval) : 0;
	const topK = of("indexerTopK");
	const total = model.figures.totalParameters?.value;
	return {
		complete: true,
		value: {
			id: model.id,
			layers,
			hidden: of("hidden"),
			heads: of("heads"),
			vocabulary: of("vocabulary"),
			attention: attention.value,
			fullLayers,
			windowLayers,
			windowTokens: chunked || of("windowTokens"),
			linearLayers,
			...(of("linearValueHeads") > 0 && {
				linear: {
					keyHeads: of("linearKeyHeads"),
					valueHeads: of("linearValueHeads"),
					headDim: of("linearHeadDim"),
					convolution: of("linearConvolution"),
				},
			}),
			...(topK > 0 && {
				sparse: { indexerHeads: of("indexerHeads"), indexerDim: of("indexerHeadDim") || 128, topK },
			}),
			...(hasExperts && {
				experts: {
					count: of("experts"),
					perToken: of("expertsPerToken"),
					shared: of("sharedExperts"),
					ffn: of("expertFfn"),
					layers: moeLayers,
					...(of("latentMoeDim") > 0 && { width: of("latentMoeDim") }),
				},
			}),
			denseLayers: layers - moeLayers,
			denseFfn: of("denseFfn") || (hasExperts && interval > 1 ? 2 * of("expertFfn") : 0),
			hasBiases: of("biases") > 0,
			hasHeadNorms: of("headNorms") > 0,
			attentionFromTotal: WITHOUT_COUNT.includes(model.attention),
			...(total !== undefined && { publishedParameters: total * 1e9 }),
			...(of("context") > 0 && { context: of("context") }),
		},
	};
}

export function chipOf(hardware: Hardware): Served<Chip> {
	const { figures } = hardware;
	const needed = ["bf16", "memoryBandwidth", "scaleUpBandwidth"] as const;
	const missing: string[] = needed.filter((name) => figures[name] === undefined);
	const memory = figures.usableMemory ?? figures.memory;
	if (memory === undefined) missing.push("memory");
	if (missing.length > 0 || memory === undefined) return { complete: false, missing };
	const tera = (name: "bf16" | "fp8" | "fp4"): number => (figures[name]?.value ?? 0) * 1e12;
	const scaleUp = (figures.scaleUpBandwidth?.value ?? 0) * 1e9;
	return {
		complete: true,
		value: {
			id: hardware.id,
			bf16FlopPerSecond: tera("bf16"),
			...(figures.fp8 && { fp8FlopPerSecond: tera("fp8") }),
			...(figures.fp4 && { fp4FlopPerSecond: tera("fp4") }),
			memoryBytes: memory.value * 1e9,
			memoryBytesPerSecond: (figures.memoryBandwidth?.value ?? 0) * 1e12,
			scaleUpBytesPerSecond: scaleUp,
			scaleUpChips: figures.scaleUpDomain?.value ?? 1,
			networkBytesPerSecond:
				figures.networkBandwidth === undefined ? scaleUp : (figures.networkBandwidth.value / 8) * 1e9,
		},
	};
}

/** Formats that the publisher's own checkpoint stores narrower than a chip needs to multiply. */
export function storedFormatsOf({ nativePrecision }: Model): readonly WeightFormat[] {
	const text = nativePrecision.toLowerCase();
	const named: readonly WeightFormat[] = ["mxfp4", "int4"];
	return named.filter((format) => text.startsWith(format) || text.includes(` ${format} `));
}

function attentionOf(model: Model): { value?: ServedModel["attention"]; missing: readonly string[] } {
	const of = (name: ModelFigure): number | undefined => model.figures[name]?.value;
	const cacheRank = of("kvLoraRank");
	if (model.attention.includes("mla")) {
		const names = ["qLoraRank", "kvLoraRank", "qkNopeHeadDim", "qkRopeHeadDim", "vHeadDim"] as const;
		const missing = names.filter((name) => of(name) === undefined);
		if (missing.length > 0 || cacheRank === undefined) return { missing };
		return {
			missing: [],
			value: {
				kind: "latent",
				queryRank: of("qLoraRank") ?? 0,
				cacheRank,
				nopeDim: of("qkNopeHeadDim") ?? 0,
				ropeDim: of("qkRopeHeadDim") ?? 0,
				valueDim: of("vHeadDim") ?? 0,
			},
		};
	}
	const missing = (["kvHeads", "headDim"] as const).filter((name) => of(name) === undefined);
	if (missing.length > 0) return { missing };
	return {
		missing: [],
		value: {
			kind: "grouped",
			kvHeads: of("kvHeads") ?? 0,
			headDim: of("headDim") ?? 0,
			isGated: (of("gatedAttention") ?? 0) > 0,
		},
	};
}
