/** What the members of a scenario file about years say, before months have numbers. */
import type { Dimensionless, Power, UsdPerGpuHour } from "@farthing/engine";
import type {
	CommittedItem,
	DemandPathStep,
	FacilityPlan,
	HybridPlan,
	ModelPlan,
	People,
	SoftwareMethod,
	TokenPricePlan,
} from "./five-years.ts";
import type { Facility, PowerPerGpu, QuantityInput, UsdPerEnergy, UsdPerGpu } from "./scenario.ts";

export type Share = QuantityInput<Dimensionless>;

/** A month of the plan: its number from 1, or a date. */
export type MonthMark = { readonly month: number } | { readonly date: string };

export interface RawYears {
	readonly demand: RawDemand & { readonly tokens_per_day: DemandPathStep["tokensPerDay"] };
	readonly start: string | undefined;
	readonly horizon: number | undefined;
	readonly models: readonly ModelPlan[] | undefined;
	/** Whether the file states its traffic: models then also share machines within a day, without any years. */
	readonly traffic: object | undefined;
	readonly finance: RawFinance | undefined;
	readonly strategies: RawStrategies | undefined;
	readonly facility: RawFacility | undefined;
	readonly people: People | undefined;
	readonly revenue: RawRevenue | undefined;
	readonly software_curve: RawSoftwareCurve | undefined;
	readonly committed: readonly CommittedItem[] | undefined;
}

export interface RawDemand {
	readonly growth: Share | undefined;
	readonly path: readonly RawStep[] | undefined;
}

export interface RawStep {
	readonly at: MonthMark;
	readonly tokens_per_day: DemandPathStep["tokensPerDay"];
	readonly growth: Share | undefined;
	readonly note: string | undefined;
}

export interface RawFinance {
	readonly discount_rate: Share;
	readonly tax: Share | undefined;
	readonly book_life: number;
	readonly debt: { readonly share: Share; readonly interest: Share; readonly term: number } | undefined;
}

export interface RawStrategies {
	readonly precision_change: { readonly at: MonthMark; readonly to: string } | undefined;
	readonly hardware: string | undefined;
	readonly own: RawOwn | undefined;
	readonly rent: RawRent | undefined;
	readonly api: RawApi | undefined;
	readonly hybrid: RawHybrid | undefined;
}

export interface RawPath {
	readonly price_decline: Share | undefined;
	readonly price_path: readonly RawRegime[] | undefined;
}

export interface RawRegime {
	readonly at: MonthMark;
	readonly decline: Share | undefined;
	readonly rise: Share | undefined;
	readonly jump: Share | undefined;
}

export interface RawCapital {
	readonly server: QuantityInput<UsdPerGpu>;
	readonly network: QuantityInput<UsdPerGpu> | undefined;
	readonly storage: QuantityInput<UsdPerGpu> | undefined;
	readonly install: QuantityInput<UsdPerGpu> | undefined;
}

export interface RawOwn extends RawPath {
	readonly assumptions: string | undefined;
	readonly capital: RawCapital | undefined;
	readonly buy: boolean;
	readonly power: QuantityInput<PowerPerGpu> | undefined;
	readonly life: number;
	readonly lead_time: number | undefined;
	readonly deposit: Share | undefined;
	readonly residual: Share | undefined;
	readonly residual_path: readonly { readonly age: number; readonly share: Share }[] | undefined;
	readonly refresh: RawRefresh | undefined;
	readonly existing:
		| { readonly gpus: number; readonly value: QuantityInput<UsdPerGpu>; readonly life_left: number }
		| undefined;
	readonly maintenance: Share | undefined;
	readonly failures: Share | undefined;
	readonly licences: QuantityInput<UsdPerGpuHour> | undefined;
	readonly insurance: Share | undefined;
}

export interface RawRefresh {
	readonly at: MonthMark;
	readonly hardware: string | undefined;
	readonly speed: Share | undefined;
	readonly price: Share | undefined;
	readonly power: QuantityInput<PowerPerGpu> | undefined;
}

export interface RawRent extends RawPath {
	readonly on_demand: QuantityInput<UsdPerGpuHour> | undefined;
	readonly reserved:
		| { readonly rate: QuantityInput<UsdPerGpuHour>; readonly share: Share; readonly term: number }
		| undefined;
	readonly spot:
		| { readonly rate: QuantityInput<UsdPerGpuHour>; readonly share: Share; readonly interrupted: Share }
		| undefined;
}

export interface RawTokenPrice {
	readonly input: TokenPricePlan["input"];
	readonly cached_input: TokenPricePlan["cachedInput"] | undefined;
	readonly output: TokenPricePlan["output"];
}

export interface RawApi extends RawPath {
	readonly price: RawTokenPrice | undefined;
	readonly host: "lowest" | "median";
	readonly cached: Share | undefined;
	readonly batch: { readonly share: Share; readonly factor: Share } | undefined;
}

export interface RawHybrid {
	readonly base_level: HybridPlan["baseLevel"];
	readonly burst_level: HybridPlan["burstLevel"];
	readonly burst_efficiency: HybridPlan["efficiency"];
}

export interface RawFacility {
	readonly region: string | undefined;
	readonly grid: string | undefined;
	readonly space: Facility | undefined;
	readonly paid_in_cash: boolean;
	readonly pue: Share | undefined;
	readonly load: Share | undefined;
	readonly energy_price: QuantityInput<UsdPerEnergy> | undefined;
	readonly energy_price_path: readonly RawRegime[] | undefined;
	readonly site_power: QuantityInput<Power> | undefined;
	readonly egress:
		| {
				readonly price: NonNullable<FacilityPlan["egress"]>["price"];
				readonly bytes_per_token: NonNullable<FacilityPlan["egress"]>["bytesPerToken"];
		  }
		| undefined;
}

export interface RawRevenue extends RawTokenPrice, RawPath {
	readonly sold: Share;
}

export interface RawSoftwareCurve {
	readonly method: SoftwareMethod;
	readonly apply: Share;
	readonly half_life: QuantityInput<{ readonly s: 1 }>;
	readonly steps: boolean;
}
