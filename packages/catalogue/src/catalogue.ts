import type {
	BenchmarkFamily,
	BenchmarkPoint,
	TrafficShape,
	WeightFormat,
	WeightFormats,
	WorkerGroup,
} from "@farthing/engine";
import type { Figure } from "./figure.ts";
import type { ServingLaw, ServingSampleRow } from "./serving.ts";
import type {
	MlperfTrainingResult,
	TrainingEfficiency,
	TrainingRun,
	TrainingStep,
	TrainingThroughput,
} from "./training.ts";

/** Everything the catalogue knows, as plain data. */
export interface Catalogue extends CatalogueManifest, Facts {
	readonly benchmarks: readonly BenchmarkPoint[];
	readonly accuracyRuns: readonly AccuracyRun[];
	readonly mlperf: readonly MlperfResult[];
	readonly mlperfTraining: readonly MlperfTrainingResult[];
	readonly trainingThroughput: readonly TrainingThroughput[];
	readonly servingSample: readonly ServingSampleRow[];
}

/** What a result pins of the catalogue; small enough to be read on every command. */
export interface CatalogueManifest {
	readonly version: string;
	readonly releaseDate: string;
	/** SHA-256 over names and texts of all files, 64 hex digits. */
	readonly hash: string;
	readonly counts: Readonly<Record<CollectionName, number>>;
}

/** The facts without the long tables of measurements. */
export interface Facts {
	readonly sources: readonly Source[];
	readonly hardware: readonly Hardware[];
	readonly systems: readonly System[];
	readonly models: readonly Model[];
	readonly tiers: readonly NamedId<Tier>[];
	readonly rateCards: readonly RateCard[];
	readonly rateReadings: readonly RateReading[];
	readonly facility: readonly FacilityFact[];
	readonly apiPrices: readonly ApiPrice[];
	readonly cloudPrices: readonly CloudPrice[];
	readonly stacks: readonly Stack[];
	readonly precisions: readonly Precision[];
	readonly speculative: readonly NamedId[];
	readonly aliases: Aliases;
	readonly buildUps: readonly BuildUpAssumptions[];
	readonly trainingRuns: readonly TrainingRun[];
	readonly trainingSteps: readonly TrainingStep[];
	readonly trainingEfficiencies: readonly TrainingEfficiency[];
	readonly servingLaw: ServingLaw;
	readonly trafficShapes: readonly TrafficShapeEntry[];
	readonly claims: readonly unknown[];
}

/** A real request trace as a compact shape. */
export interface TrafficShapeEntry extends NamedId, TrafficShape {
	readonly source: string;
	readonly asOf: string;
	readonly note?: string;
}

export type CollectionName =
	| Exclude<keyof Facts, "aliases" | "tiers" | "speculative" | "servingLaw">
	| "benchmarks"
	| "accuracyRuns"
	| "mlperf"
	| "mlperfTraining"
	| "trainingThroughput"
	| "servingSample";

export interface NamedId<Id extends string = string> {
	readonly id: Id;
	readonly name: string;
}

export interface Source {
	readonly id: string;
	readonly citation: string;
	readonly publisher: string;
	/** Where it is published, if it is on the web. */
	readonly url?: string;
	/** When it was published, or the state that was read. */
	readonly date: string;
	readonly licence: string;
	/** Shown beside any figure of the source. */
	readonly label?: string;
	/** Shown beside what is computed from a figure of the source. */
	readonly derivedLabel?: string;
	/** Words the owner asks to be carried wherever rows are shown. */
	readonly attribution?: string;
	readonly note?: string;
}

export interface Hardware extends NamedId {
	readonly vendor: string;
	readonly memoryType: string;
	readonly note?: string;
	readonly figures: Figures<HardwareFigure>;
}

export interface System extends NamedId {
	readonly kind: SystemKind;
	/** Id of the accelerator it holds. */
	readonly accelerator: string;
	readonly cooling?: string;
	readonly note?: string;
	readonly figures: Figures<SystemFigure>;
}

export interface Model extends NamedId {
	readonly released?: string;
	readonly attention: string;
	readonly nativePrecision: string;
	/** Releases with the same body, which have no entry of their own. */
	readonly variants: readonly string[];
	/** Id of the entry whose figures this one shares. */
	readonly architectureOf?: string;
	readonly checkpoints: readonly Checkpoint[];
	readonly note?: string;
	readonly figures: Figures<ModelFigure>;
}

/** Weights as they are published in one precision: which tensors have which format. */
export interface Checkpoint extends Pick<Figure, "source" | "otherSources" | "asOf" | "confidence" | "note"> {
	readonly name: string;
	/** What the checkpoint is called after: the narrowest format in it. */
	readonly precision: WeightFormat;
	readonly formats: WeightFormats;
}

/** Rates per GPU-hour that were in force from one day until the day before another. */
export interface RateCard {
	readonly id: string;
	readonly label: string;
	readonly from: string;
	readonly until?: string;
	/** What the all-in power of this card includes. */
	readonly powerBoundary: string;
	readonly notes: readonly string[];
	readonly rates: Readonly<Record<string, CardRates>>;
}

export type CardRates = Figures<Tier | "allInPower">;

/** A named set of assumptions for the open build-up of a GPU-hour. */
export interface BuildUpAssumptions {
	readonly id: string;
	readonly label: string;
	/** Day of the set's own date. */
	readonly asOf: string;
	readonly figures: Figures<BuildUpFigure>;
	readonly hardware: Readonly<Record<string, Figures<BuildUpHardwareFigure>>>;
}

/** A rate as somebody read it on a day: evidence for when a card changed, not a card. */
export interface RateReading {
	readonly id: string;
	readonly readOn: string;
	readonly hardware: string;
	readonly rates: CardRates;
}

export interface FacilityFact extends NamedId {
	readonly kind: string;
	/** Country, state, ISO 3166 alpha-3 or cloud region the figure holds for. */
	readonly region?: string;
	readonly figure: Figure;
}

export interface ApiPrice {
	readonly id: string;
	/** The release that is sold, such as `kimi-k2.6`. */
	readonly model: string;
	/** Id of the catalogue's model with the same body. */
	readonly architecture: string;
	readonly provider: string;
	readonly providerModelId: string;
	readonly seller: "host" | "reseller";
	readonly input: Figure;
	readonly output: Figure;
	readonly cachedInput?: Figure;
	/** Day the list says it last changed the entry. */
	readonly listedOn?: string;
}

export interface CloudPrice {
	readonly id: string;
	readonly provider: string;
	readonly sku?: string;
	/** The accelerator as the list names it. */
	readonly accelerator: string;
	/** Catalogue id, where the list says enough to tell which part it is. */
	readonly hardware?: string;
	readonly gpus: number;
	readonly term: CloudTerm;
	readonly region?: string;
	readonly gpuHour: Figure;
	readonly instanceHour: Figure;
}

export type CloudTerm = "on-demand" | "spot" | "reserved-1yr" | "contract-1yr" | "market";

/** Whose accelerators a stack runs on or multiply a format, and who says so. Without it, nothing is ruled out. */
export interface OfVendors {
	readonly vendors: readonly string[];
	readonly source: string;
	readonly asOf: string;
}

export interface Stack extends NamedId {
	readonly runsOn?: OfVendors;
	/** Prefill and decode on separate GPUs. */
	readonly disaggregated: boolean;
}

export interface Precision extends NamedId {
	readonly runsOn?: OfVendors;
	/** Bits per weight with its scale. */
	readonly bits: number;
	readonly note?: string;
}

/** Kind of name → other name → ids it stands for. */
export type Aliases = Readonly<Record<AliasKind, Readonly<Record<string, readonly string[]>>>>;
export type AliasKind = "hardware" | "model" | "stack" | "precision" | "claim";

/** One accuracy run of a serving configuration. */
export interface AccuracyRun {
	readonly id: string;
	readonly family: BenchmarkFamily;
	readonly task: string;
	readonly model: string;
	readonly hardware: string;
	readonly stack: string;
	readonly precision: string;
	readonly publishedPrecision?: string;
	readonly speculative: string;
	readonly disaggregated: boolean;
	readonly multinode: boolean;
	readonly prefill?: WorkerGroup;
	readonly decode: WorkerGroup;
	readonly concurrency: number;
	readonly measuredOn: string;
	/** Questions asked. */
	readonly n: number;
	/** Share answered right with the answer in the asked form, and its standard error. */
	readonly scoreStrict: number;
	readonly scoreStrictError: number;
	/** Share answered right with the last number taken as the answer, and its standard error. */
	readonly scoreFlexible: number;
	readonly scoreFlexibleError: number;
	readonly run: string;
	/** Number of the row at its source. */
	readonly publishedId: string;
	readonly source: string;
}

/** One result line of an MLPerf round. A cost derived from it carries the source's `derivedLabel`. */
export interface MlperfResult {
	readonly id: string;
	readonly family: BenchmarkFamily;
	readonly publicId: string;
	readonly submitter: string;
	readonly availability: "available" | "preview" | "rdi";
	readonly system: string;
	/** The accelerator as submitted; empty for systems without one. */
	readonly accelerator: string;
	/** Catalogue id, where it is one of the catalogue's parts. */
	readonly hardware?: string;
	readonly acceleratorsPerNode: number;
	readonly accelerators: number;
	readonly nodes: number;
	readonly benchmark: string;
	readonly model?: string;
	readonly scenario: string;
	readonly value: number;
	readonly unit: string;
	readonly asOf: string;
	readonly source: string;
	/** Only for results in tokens per second. */
	readonly tokensPerAcceleratorSecond?: number;
	/** Why no throughput per accelerator comes out of the line. */
	readonly skipped?: { readonly code: "other-unit" | "no-accelerator"; readonly reason: string };
}

/** Figures by name; one that nobody states is absent. */
export type Figures<Name extends string> = { readonly [N in Name]?: Figure };

export type HardwareFigure = (typeof HARDWARE_FIGURES)[number];
export type SystemFigure = (typeof SYSTEM_FIGURES)[number];
export type ModelFigure = (typeof MODEL_FIGURES)[number];
export type BuildUpFigure = (typeof BUILD_UP_FIGURES)[number];
export type BuildUpHardwareFigure = (typeof BUILD_UP_HARDWARE_FIGURES)[number];
export type SystemKind = (typeof SYSTEM_KINDS)[number];
export type Tier = (typeof TIERS)[number];

export const TIERS = ["own_hyperscaler", "own_neocloud", "rent_3yr"] as const;
export const CLOUD_TERMS: readonly CloudTerm[] = ["on-demand", "spot", "reserved-1yr", "contract-1yr", "market"];
export const ALIAS_KINDS: readonly AliasKind[] = ["hardware", "model", "stack", "precision", "claim"];
export const SYSTEM_KINDS = ["module", "server", "rack", "site"] as const;
export const BUILD_UP_FIGURES = [
	"life",
	"costOfCapital",
	"residual",
	"maintenance",
	"pue",
	"energyPrice",
	"load",
	"staff",
	"software",
	"buildCost",
	"facilityLife",
	"facilityCostOfCapital",
	"rent",
	"networkShareOfCapital",
] as const;
export const BUILD_UP_HARDWARE_FIGURES = ["capital", "power"] as const;
export const SYSTEM_FIGURES = ["gpus", "nameplatePower", "allInPower", "price", "clusterPrice"] as const;
export const HARDWARE_FIGURES = [
	"bf16",
	"fp8",
	"fp6",
	"fp4",
	"int8",
	"memory",
	"usableMemory",
	"memoryBandwidth",
	"scaleUpBandwidth",
	"scaleUpDomain",
	"networkBandwidth",
	"tdp",
	"allInPower",
] as const;
export const MODEL_FIGURES = [
	"totalParameters",
	"activeParameters",
	"totalParametersComputed",
	"activeParametersComputed",
	"embeddingParameters",
	"layers",
	"hidden",
	"heads",
	"kvHeads",
	"headDim",
	"qLoraRank",
	"kvLoraRank",
	"qkNopeHeadDim",
	"qkRopeHeadDim",
	"vHeadDim",
	"experts",
	"expertsPerToken",
	"sharedExperts",
	"expertFfn",
	"denseFfn",
	"denseLayers",
	"vocabulary",
	"context",
	"kvElementsPerToken",
	"kvBytesPerToken",
	"kvBytesPerTokenGrowing",
	"fullAttentionLayers",
	"windowLayers",
	"windowTokens",
	"linearAttentionLayers",
	"denseAttentionLayers",
	"chunkTokens",
	"moeLayerInterval",
	"indexerHeads",
	"indexerHeadDim",
	"indexerTopK",
	"mtpModules",
	"mtpParameters",
	"latentMoeDim",
	"hyperConnections",
	"compressionLow",
	"compressionHigh",
	"linearKeyHeads",
	"linearValueHeads",
	"linearHeadDim",
	"linearConvolution",
	"gatedAttention",
	"headNorms",
	"biases",
] as const;
