/**
 * Number formats of a checkpoint, tensor by tensor. A checkpoint called FP4 or INT4 keeps what its publisher did not
 * quantise in 16 bits: attention and shared tensors of mixture models, embedding and head of all.
 *
 * Bytes a weight holds with its scales: BF16 2, FP8 1 (one 32-bit scale to a block of 128 × 128), NVFP4 0.5625 (an 8-bit
 * scale to 16 values), MXFP4 0.53125 (to 32), INT4 0.53125 (a 16-bit scale to 32 to 128 values).
 */

export const WEIGHT_FORMATS = ["bf16", "fp8", "int8", "nvfp4", "mxfp4", "int4"] as const;
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

export interface WeightFormats {
	readonly attention: WeightFormat;
	readonly experts: WeightFormat;
	/** Shared experts and dense layers of a mixture model, or the FFN of a dense one. */
	readonly dense: WeightFormat;
	/** Embedding and head. */
	readonly ends: WeightFormat;
}

export interface TensorFormats extends WeightFormats {
	/** Bytes of one number in the cache. */
	readonly cacheBytes: number;
}

const WEIGHT_BYTES: Readonly<Record<WeightFormat, number>> = {
	bf16: 2,
	fp8: 1,
	int8: 1,
	nvfp4: 0.5625,
	mxfp4: 0.53125,
	int4: 0.53125,
};

export function bytesOf(format: WeightFormat): number {
	return WEIGHT_BYTES[format];
}

/** The formats that checkpoints in `precision` mostly have, mixtures and dense models, where the one that is served is not known. */
export function assumedFormats(precision: WeightFormat, hasExperts: boolean): WeightFormats {
	const narrow = precision === "nvfp4" || precision === "mxfp4" || precision === "int4";
	if (!narrow || !hasExperts) {
		return { attention: precision, experts: precision, dense: precision, ends: "bf16" };
	}
	const dense = precision === "nvfp4" ? "nvfp4" : "bf16";
	return { attention: "bf16", experts: precision, dense, ends: "bf16" };
}
