import type { Dimensionless, Time, TokensPerSecond, Power, UsdPerGpuHour, UsdPerToken } from "@farthing/engine";
import type {
	Facility,
	PowerPerGpu,
	QuantityInput,
	ServiceLevel,
	UsdPerEnergy,
	UsdPerGpu,
	Workload,
} from "./scenario.ts";

/** What a scenario says about years of money. Absent where it gives no horizon. */
export interface FiveYears {
	/** Day of the opening: the first month follows it. */
	readonly start?: string;
	/** Whole months. */
	readonly months: number;
	/** Levels that replace `demand.tokens_per_day` from a month on. */
	readonly demand: DemandPath;
	/** Models that share the demand, each on machines of its own. Absent: the scenario's model alone. */
	readonly models?: readonly ModelPlan[];
	readonly finance: FinancePlan;
	readonly strategies: Strategies;
	readonly facility: FacilityPlan;
	readonly people?: People;
	readonly revenue?: RevenuePlan;
	readonly softwareCurve?: SoftwareCurvePlan;
	/** Items of running cost that are committed whatever is chosen; the marginal lens leaves them out. */
	readonly committed: readonly CommittedItem[];
}

export type CommittedItem = (typeof COMMITTED_ITEMS)[number];
export const COMMITTED_ITEMS = ["staff", "shell", "colocation", "licences", "insurance", "reserved"] as const;

export interface ModelPlan {
	/** Tells apart two that serve one model, and is part of node ids. */
	readonly name: string;
	/** Catalogue id or alias, as written. */
	readonly model: string;
	/** Of all tokens, the same in every month; those of all models sum to 1. A point. */
	readonly share: QuantityInput<Dimensionless>;
	/** The scenario's own unless given. */
	readonly workload?: Workload;
	readonly slo?: ServiceLevel;
	/** Hour of the day in which it is asked for the most, of sharing machines under traffic; that of the scenario unless given. */
	readonly busiestHour?: number;
	/** How long its requests may take from arrival to the last token: a batch, which needs no limits of its own. */
	readonly waits?: QuantityInput<Time>;
}

export interface DemandPath {
	/** Growth a month from the opening to the first step. */
	readonly growth?: QuantityInput<Dimensionless>;
	readonly steps: readonly DemandPathStep[];
}

export interface DemandPathStep {
	/** From 1. */
	readonly fromMonth: number;
	readonly tokensPerDay: QuantityInput<TokensPerSecond<"total">>;
	readonly growth?: QuantityInput<Dimensionless>;
	readonly note?: string;
}

export interface FinancePlan {
	/** A year. */
	readonly discountRate: QuantityInput<Dimensionless>;
	readonly tax?: QuantityInput<Dimensionless>;
	readonly bookMonths: number;
	readonly debt?: {
		readonly share: QuantityInput<Dimensionless>;
		readonly interest: QuantityInput<Dimensionless>;
		readonly termMonths: number;
	};
}

export interface Strategies {
	/** Hardware that own, rent and hybrid use; the cheapest of the plan unless given. */
	readonly hardware?: string;
	/** A number format that all machines change to. */
	readonly precisionChange?: { readonly fromMonth: number; readonly to: string };
	readonly own?: OwnPlan;
	readonly rent?: RentPlan;
	readonly api?: ApiPlan;
	readonly hybrid?: HybridPlan;
}

export interface OwnPlan {
	/** A set of the catalogue's build-up assumptions, for what the scenario leaves out. */
	readonly assumptions?: string;
	/** Per GPU; `server` alone, or with what else is paid by the GPU. */
	readonly capital?: {
		readonly server: QuantityInput<UsdPerGpu>;
		readonly network?: QuantityInput<UsdPerGpu>;
		readonly storage?: QuantityInput<UsdPerGpu>;
		readonly install?: QuantityInput<UsdPerGpu>;
	};
	/** False: only what is there already. */
	readonly buy: boolean;
	readonly power?: QuantityInput<PowerPerGpu>;
	readonly lifeMonths: number;
	readonly leadMonths: number;
	readonly deposit?: QuantityInput<Dimensionless>;
	readonly residual: readonly { readonly ageMonths: number; readonly share: QuantityInput<Dimensionless> }[];
	readonly pricePath: PricePath;
	readonly refresh?: RefreshPlan;
	readonly existing?: {
		readonly gpus: number;
		readonly value: QuantityInput<UsdPerGpu>;
		readonly lifeLeftMonths: number;
	};
	readonly maintenance?: QuantityInput<Dimensionless>;
	/** Share of the GPUs replaced a year. */
	readonly failures?: QuantityInput<Dimensionless>;
	readonly licences?: QuantityInput<UsdPerGpuHour>;
	readonly insurance?: QuantityInput<Dimensionless>;
}

/** The next generation, bought from a month on. */
export interface RefreshPlan {
	readonly fromMonth: number;
	/** Of the catalogue: its own cheapest row is used. */
	readonly hardware?: string;
	/** Throughput of a GPU over that of the generation before, where no row of the catalogue is used. */
	readonly speed?: QuantityInput<Dimensionless>;
	/** Its price over that of the generation before, at the opening. */
	readonly price?: QuantityInput<Dimensionless>;
	readonly power?: QuantityInput<PowerPerGpu>;
}

export interface RentPlan {
	/** The scenario's own `cost` unless given. */
	readonly onDemand?: QuantityInput<UsdPerGpuHour>;
	readonly reserved?: {
		readonly rate: QuantityInput<UsdPerGpuHour>;
		readonly share: QuantityInput<Dimensionless>;
		readonly termMonths: number;
	};
	readonly spot?: {
		readonly rate: QuantityInput<UsdPerGpuHour>;
		readonly share: QuantityInput<Dimensionless>;
		readonly interrupted: QuantityInput<Dimensionless>;
	};
	readonly pricePath: PricePath;
}

export interface ApiPlan {
	/** The catalogue's median host unless given. */
	readonly price?: TokenPricePlan;
	/** `lowest` or `median` host of the catalogue. */
	readonly host: "lowest" | "median";
	readonly cached?: QuantityInput<Dimensionless>;
	readonly batch?: { readonly share: QuantityInput<Dimensionless>; readonly factor: QuantityInput<Dimensionless> };
	readonly pricePath: PricePath;
}

export interface TokenPricePlan {
	readonly input: QuantityInput<UsdPerToken<"input">>;
	readonly cachedInput?: QuantityInput<UsdPerToken<"cached_input">>;
	readonly output: QuantityInput<UsdPerToken<"output">>;
}

export interface HybridPlan {
	readonly baseLevel: QuantityInput<Dimensionless>;
	readonly burstLevel: QuantityInput<Dimensionless>;
	readonly efficiency: QuantityInput<Dimensionless>;
}

/** A decline a year, or regimes. Empty: the price stays. */
export type PricePath = readonly PriceRegimePlan[];

export interface PriceRegimePlan {
	readonly fromMonth: number;
	/** A year; `falls` says which way. */
	readonly change?: QuantityInput<Dimensionless>;
	readonly falls: boolean;
	readonly jump?: QuantityInput<Dimensionless>;
}

export interface FacilityPlan {
	/** A region of the catalogue whose price of energy holds. */
	readonly region?: string;
	/** A region of the catalogue whose grid intensity holds. */
	readonly grid?: string;
	readonly space?: Facility;
	/** The own shell is paid in cash as it is built, not charged by the year. */
	readonly paidInCash: boolean;
	readonly pue?: QuantityInput<Dimensionless>;
	readonly load?: QuantityInput<Dimensionless>;
	readonly energyPrice?: QuantityInput<UsdPerEnergy>;
	readonly energyPath: PricePath;
	readonly sitePower?: QuantityInput<Power>;
	readonly egress?: {
		readonly price: QuantityInput<{ readonly USD: 1; readonly B: -1 }>;
		readonly bytesPerToken: QuantityInput<{ readonly B: 1; readonly "tok:total": -1 }>;
	};
}

export interface People {
	readonly fte: QuantityInput<Dimensionless>;
	readonly pay: QuantityInput<{ readonly USD: 1; readonly s: -1 }>;
}

export interface RevenuePlan {
	readonly price: TokenPricePlan;
	readonly sold: QuantityInput<Dimensionless>;
	readonly pricePath: PricePath;
}

export interface SoftwareCurvePlan {
	/** `none`: today's software for all years. `fitted`: from dated benchmark rows. A name: a vendor's own curve. */
	readonly method: SoftwareMethod;
	/** Share of the fitted trend that is taken. */
	readonly apply: QuantityInput<Dimensionless>;
	/** Months in which the pace of improvement halves. */
	readonly halfLife: QuantityInput<{ readonly s: 1 }>;
	/** Count the steps that new recipes brought, beside the drift of an unchanged one. */
	readonly steps: boolean;
}

export const SOFTWARE_METHODS = [
	"none",
	"fitted",
	"vendor-5x-two-months",
	"vendor-15x-generation",
	"vendor-35x-gb300",
] as const;
export type SoftwareMethod = (typeof SOFTWARE_METHODS)[number];
