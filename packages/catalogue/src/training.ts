import type { Confidence, Figure } from "./figure.ts";

/** A training run whose GPU-hours somebody published. */
export interface TrainingRun {
	readonly id: string;
	readonly name: string;
	/** Id of the catalogue's model with the same body. */
	readonly architecture?: string;
	/** The part, or the one whose data sheet holds for it: an H800 computes as an H100. */
	readonly hardware: string;
	/** What the source calls the part, where that is another. */
	readonly publishedHardware?: string;
	/** Number format of the matrix products, where it is stated: `bf16`, `fp8`. */
	readonly trainingFormat?: string;
	/** Active parameters. */
	readonly parameters?: Figure;
	readonly tokens?: Figure;
	/** Tokens in a training sequence. */
	readonly sequence?: Figure;
	readonly gpuHours: Figure;
	/** Price of a GPU-hour that the source reckons with. */
	readonly publishedGpuHour?: Figure;
	readonly publishedCost?: Figure;
	readonly publishedEnergy?: Figure;
	readonly publishedCarbon?: Figure;
	/** ISO 3166 alpha-3 of the developer; where the site stands is not published. */
	readonly country?: string;
	/** Which stages the hours cover. */
	readonly covers: string;
	readonly note?: string;
}

/** One MLPerf Training result. What is derived from it carries the source's `derivedLabel`. */
export interface MlperfTrainingResult {
	readonly id: string;
	readonly round: string;
	readonly benchmark: string;
	readonly submitter?: string;
	readonly system?: string;
	readonly accelerator: string;
	/** Catalogue id, where it is one of the catalogue's parts. */
	readonly hardware?: string;
	readonly model?: string;
	readonly accelerators: number;
	/** Time to the target quality: trimmed mean over the runs. */
	readonly minutes: number;
	readonly runs?: number;
	/** Sequences in an optimiser step. */
	readonly globalBatch?: number;
	/** Tokens seen until the target, in thousands of millions; absent where the logs do not say. */
	readonly gigaTokens?: number;
	readonly note?: string;
	readonly asOf: string;
	readonly source: string;
	readonly confidence: Confidence;
}

/** Training throughput of one configuration, as its vendor published it. */
export interface TrainingThroughput {
	readonly id: string;
	/** Container release that was measured. */
	readonly release: string;
	readonly task: "pre-training" | "fine-tuning" | "lora";
	readonly publishedModel: string;
	/** Id of the catalogue's model with the same body. */
	readonly architecture?: string;
	readonly system: string;
	readonly hardware: string;
	readonly trainingFormat: string;
	readonly gpus: number;
	readonly globalBatch: number;
	readonly sequence: number;
	readonly layout: TrainingLayout;
	readonly tokensPerGpuSecond: number;
	/** As published, by the publisher's own count of FLOP. */
	readonly modelTeraflopsPerGpu?: number;
	readonly asOf: string;
	readonly source: string;
	readonly confidence: Confidence;
}

/** Tensor, pipeline, context and expert parallel size. */
export interface TrainingLayout {
	readonly tp: number;
	readonly pp: number;
	readonly cp: number;
	readonly ep?: number;
}

/** A measured optimiser step of a dense model with its whole layout: what the parallelism law is held against. */
export interface TrainingStep {
	readonly id: string;
	readonly name: string;
	readonly hardware: string;
	readonly trainingFormat: string;
	readonly layers: number;
	readonly hidden: number;
	readonly feedforward: number;
	readonly heads: number;
	readonly vocabulary: number;
	readonly sequence: number;
	readonly gpus: number;
	readonly tp: number;
	readonly pp: number;
	readonly dp: number;
	/** Pieces of the model that each pipeline stage holds. */
	readonly interleave: number;
	/** Sequences in an optimiser step, and in one micro-batch. */
	readonly batch: number;
	readonly microbatch: number;
	readonly recompute: Recompute;
	readonly sequenceParallel: boolean;
	readonly step: Figure;
}

export type Recompute = (typeof RECOMPUTES)[number];
export const RECOMPUTES = ["none", "selective", "full"] as const;

/** A global constant of the parallelism law. */
export interface TrainingEfficiency {
	readonly id: string;
	readonly name: string;
	readonly figure: Figure;
}
