import type {
	AnyUnit,
	Dimensionless,
	Dims,
	Distribution,
	Grade,
	Interactivity,
	Power,
	Product,
	Time,
	TokenKind,
	Tokens,
	TokensPerSecond,
	TrafficShape,
	Unit,
	UsdPerGpuHour,
} from "@farthing/engine";
import type { FiveYears, ModelPlan } from "./five-years.ts";
import type { Policy } from "./policy.ts";

/** A scenario as farthing understood it: every range a distribution in base units, every default filled in and listed. */
export interface Scenario {
	readonly version: 1;
	readonly name: string;
	readonly owner?: string;
	/** Currency of results and of every amount in the file. */
	readonly currency: "USD";
	/** Catalogue id or alias, as written; whether it exists is for the catalogue to say. */
	readonly model: string;
	readonly workload: Workload;
	readonly demand: Demand;
	readonly slo: ServiceLevel;
	readonly supply: Supply;
	readonly cost: Cost;
	readonly redundancy: Redundancy;
	/** How requests come, and how the fleet answers; where given, fleets are sized to the limits and not to throughput alone. */
	readonly traffic?: Traffic;
	/** Models, or loads of one model, that share the demand: within a day where traffic is stated, over years where a horizon is. */
	readonly models?: readonly ModelPlan[];
	/** A fleet beyond these is infeasible. */
	readonly limits?: Room;
	/** Overrides the derived one; a result must then say so. */
	readonly utilisation?: QuantityInput<Dimensionless>;
	/** `YYYY-MM-DD`. */
	readonly asOf?: string;
	/** Years of money, where the file gives a horizon. */
	readonly fiveYears?: FiveYears;
	/** What results of it must keep: `farthing check`. */
	readonly policies?: readonly Policy[];
	/** Inputs that move together; all others are independent. */
	readonly correlations?: readonly CorrelationPlan[];
	/** Where each member was written, by path (`supply.hardware[0]`); defaulted members are in {@link defaults}. */
	readonly origins: { readonly [path: string]: Origin };
	/** Members the file left out, each with what was taken for it and why. */
	readonly defaults: readonly ScenarioDefault[];
	/** The file as plain data, overlays and overrides applied, defaults not: what the scenario's hash is made of. */
	readonly document: JsonObject;
}

export interface CorrelationPlan {
	/** Paths of two members of the file that are ranges. */
	readonly between: readonly [string, string];
	/** Rank correlation, −1 to 1. */
	readonly rank: QuantityInput<Dimensionless>;
}

/** Nominal lengths, tokens per request: the pair that benchmarks call ISL and OSL. Points, whole numbers. */
export interface Workload {
	readonly input: QuantityInput<TokensPerRequest<"input">>;
	readonly output: QuantityInput<TokensPerRequest<"output">>;
}

export interface Demand {
	/** Input plus output tokens. */
	readonly tokensPerDay: QuantityInput<TokensPerSecond<"total">>;
	/** Busiest hour over mean, at least 1. */
	readonly peakToMean: QuantityInput<Dimensionless>;
}

/** Without {@link Traffic.hourly} the course over the day is the demand's peak to mean. */
export interface Traffic {
	/**
	 * A traffic shape, of the catalogue by its id or written out: its burstiness, lengths and prefixes, at the scenario's rate
	 * and mean lengths.
	 */
	readonly shape?: string | FittedShape;
	/** Rate of each hour over the mean: of a day, or of a week from Monday on. Their mean is 1. */
	readonly hourly?: readonly number[];
	/** How many times the requests come a week later. */
	readonly growth?: QuantityInput<Dimensionless>;
	/** Coefficient of variation of the gaps between requests: 1 is a Poisson process. */
	readonly burstiness: QuantityInput<Dimensionless>;
	/** Stands in for the burstiness. */
	readonly bursts?: Bursts;
	/** Coefficient of variation of both lengths: 0 is all alike. */
	readonly lengthSpread: QuantityInput<Dimensionless>;
	/** Share of the requests that must keep the limits. */
	readonly withinLimits: QuantityInput<Dimensionless>;
	/** Share of the time in which enough replicas must be up to keep the limits in the busiest hour. */
	readonly availability: QuantityInput<Dimensionless>;
	/** Share of a prompt that is one of a number of shared beginnings. */
	readonly sharedPrefix?: { readonly share: QuantityInput<Dimensionless>; readonly groups: number };
	readonly autoscaler?: TrafficAutoscaler;
	readonly failures?: { readonly between: QuantityInput<Time>; readonly repair: QuantityInput<Time> };
}

/** Busy times of a process that switches: in a share of the time so many times the mean. */
export interface Bursts {
	readonly rate: QuantityInput<Dimensionless>;
	readonly share: QuantityInput<Dimensionless>;
	/** Mean length of a busy time. */
	readonly length: QuantityInput<Time>;
}

/** A traffic shape written out. */
export interface FittedShape extends TrafficShape {
	readonly name: string;
}

export interface TrafficAutoscaler {
	readonly policy: "planner" | "utilisation" | "concurrency" | "sla";
	readonly interval: QuantityInput<Time>;
	/** From the decision until a replica serves. */
	readonly start: QuantityInput<Time>;
	readonly patience: QuantityInput<Time>;
	readonly fewest: number;
	/** Share of capacity (of the places, of the limit on TTFT) that the policy aims at; absent: found by the plan. */
	readonly target?: QuantityInput<Dimensionless>;
}

/** What there is room for. */
export interface Room {
	/** Of the site, PUE included. */
	readonly power?: QuantityInput<Power>;
	readonly pue: QuantityInput<Dimensionless>;
	/** Servers or racks. */
	readonly hosts?: number;
	readonly gpus?: number;
}

/** Limits a deployment must keep. An absent limit was switched off with `any`. */
export interface ServiceLevel {
	readonly tokensPerSecondPerUser?: QuantityInput<Interactivity>;
	readonly ttft?: QuantityInput<Time>;
	readonly ttftStatistic: TtftStatistic;
	/** What to do with a row that has no TTFT while there is a limit: leave it unranked, or rank it with a warning. */
	readonly ttftUnknown: "exclude" | "accept";
}

export type TtftStatistic = "median" | "p90" | "p99" | "mean";

/** Candidates by catalogue id or alias, as written. */
export interface Supply {
	readonly hardware: Choice;
	readonly precision: Choice;
	readonly stack: Choice;
	readonly speculative: Choice;
	readonly disaggregated: boolean | "any";
}

export type Choice = "any" | readonly string[];

export type Cost = CardCost | RatesCost | BuildUpCost;

export interface CardCost {
	readonly kind: "card";
	readonly card: { readonly id: string; readonly tier: string };
	/** Rates that stand in for the card's, by hardware id or alias. May be empty. */
	readonly rates: Rates;
}

export interface RatesCost {
	readonly kind: "rates";
	readonly rates: Rates;
}

export type Rates = { readonly [hardware: string]: QuantityInput<UsdPerGpuHour> };

export interface BuildUpCost {
	readonly kind: "build-up";
	readonly buildUp: BuildUp;
}

/** The open build-up. Where `assumptions` names a set of the catalogue, the other members stand in for that set's. */
export interface BuildUp {
	readonly assumptions?: string;
	/** Economic life of the IT capital. */
	readonly life?: QuantityInput<Time>;
	/** Per year, on the IT capital. */
	readonly costOfCapital?: QuantityInput<Dimensionless>;
	/** Share of the capital left at the end of its life. */
	readonly residual?: QuantityInput<Dimensionless>;
	/** Share of the capital per year. */
	readonly maintenance?: QuantityInput<Dimensionless>;
	readonly facility?: Facility;
	readonly pue?: QuantityInput<Dimensionless>;
	readonly energyPrice?: QuantityInput<UsdPerEnergy>;
	/** Average over provisioned IT power. */
	readonly load?: QuantityInput<Dimensionless>;
	readonly staff?: QuantityInput<UsdPerGpuHour>;
	/** Same dimension as a rate per GPU-hour; people write it per GPU and year. */
	readonly software?: QuantityInput<UsdPerGpuHour>;
	readonly hardware: { readonly [hardware: string]: HardwareCapital };
}

export type Facility = OwnedFacility | LeasedFacility;

export interface OwnedFacility {
	readonly kind: "owned";
	/** Per watt of provisioned IT power. */
	readonly buildCost: QuantityInput<UsdPerPower>;
	readonly life: QuantityInput<Time>;
	readonly costOfCapital: QuantityInput<Dimensionless>;
}

export interface LeasedFacility {
	readonly kind: "leased";
	/** Per kW of provisioned IT power and month, energy not included. USD/kW/month has the dimension of USD/kWh. */
	readonly rent: QuantityInput<UsdPerEnergy>;
}

export interface HardwareCapital {
	/** All-in IT capital per GPU: server, scale-out network, storage, installation, spares. */
	readonly capital?: QuantityInput<UsdPerGpu>;
	/** Provisioned IT power per GPU. */
	readonly power?: QuantityInput<PowerPerGpu>;
}

export interface Redundancy {
	readonly wholeReplicas: boolean;
	readonly spareReplicas: number;
	/** `owned`: for tiers and build-ups that own the machines, not for rented GPUs. */
	readonly wholeHosts: boolean | "owned";
	readonly availability: QuantityInput<Dimensionless>;
}

/** A quantity as a person gave it. */
export interface QuantityInput<D extends Dims> extends AnyQuantityInput {
	readonly unit: Unit<D>;
}

export interface AnyQuantityInput {
	/** In coherent base units. */
	readonly distribution: Distribution;
	/** The unit farthing shows it in. */
	readonly unit: AnyUnit;
	/** As written, or as defaulted: `1.85 to 2.60 USD/GPU-hr`. */
	readonly text: string;
	/** Path in the file: `cost.rates.b200`. */
	readonly path: string;
	readonly origin: Origin;
	/** What the object form says about it. */
	readonly source?: string;
	readonly asOf?: string;
	readonly grade?: Grade;
	readonly owner?: string;
	readonly note?: string;
}

export type Origin = FileOrigin | OverrideOrigin | DefaultOrigin;

export interface FileOrigin {
	readonly kind: "file";
	readonly file: string;
	/** From 1. */
	readonly line: number;
	readonly column: number;
	/** Source text of the value; absent for maps and lists. */
	readonly text?: string;
}

/** Given by the caller over the file: a flag of the command line, say. */
export interface OverrideOrigin {
	readonly kind: "override";
	/** Name of the flag or variable: `--demand`. */
	readonly label: string;
	readonly text?: string;
}

export interface DefaultOrigin {
	readonly kind: "default";
	readonly source: string;
}

export interface ScenarioDefault {
	readonly path: string;
	/** As one would have written it. */
	readonly value: string;
	readonly source: string;
}

export type TokensPerRequest<K extends TokenKind> = Product<Tokens<K>, { readonly req: -1 }>;
export type UsdPerEnergy = { readonly USD: 1; readonly J: -1 };
export type UsdPerPower = { readonly USD: 1; readonly J: -1; readonly s: 1 };
export type UsdPerGpu = { readonly USD: 1; readonly gpu: -1 };
export type PowerPerGpu = Product<Power, { readonly gpu: -1 }>;

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [member: string]: JsonValue };
