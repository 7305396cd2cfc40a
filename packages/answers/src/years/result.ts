/** What a plan over years says: the shape of its result. */
import type { Correlation, QuantityJson } from "@farthing/engine";
import type { Scenario, SoftwareMethod } from "@farthing/scenario";
import type { Cause } from "./asked.ts";
import type { ByVolume } from "./by-volume.ts";
import type { BreakEven } from "./comparisons.ts";
import type { HeadlineReturn } from "./headline-return.ts";
import type { MarginMonths } from "./margin-months.ts";
import type { Stage } from "./stages.ts";
import type { StrategyName } from "./strategies.ts";
import type { WhyUnpriced } from "./why-unpriced.ts";

export interface PlanYearsResult {
	readonly scenario: string;
	readonly model: string;
	readonly months: number;
	readonly start?: string;
	/** Of several models that of the one with the largest share. */
	readonly machine: YearsMachine;
	/** Where several models share the demand: each with its machine and what it costs. */
	readonly models?: readonly ModelResult[];
	/** The best under the full lens: {@link years} and the measures beside it are its own. */
	readonly strategy?: StrategyName;
	readonly ranked_by: "npv" | "present_cost";
	readonly years: readonly YearResult[];
	readonly npv?: QuantityJson;
	readonly irr?: RateOfReturn;
	readonly payback?: QuantityJson;
	readonly peak_cash?: QuantityJson;
	readonly strategies: readonly StrategyResult[];
	/** Of an average token sold, at the opening; where tokens are sold. */
	readonly price?: QuantityJson;
	readonly break_evens: readonly BreakEven[];
	readonly by_volume: ByVolume;
	readonly bridges: readonly CostBridge[];
	readonly software_curve: SoftwareResult;
	readonly stages: readonly Stage[];
	/** Energy and carbon per token of the machines that are owned, by the grid they might stand on. */
	readonly footprint: Footprint;
	/** The arithmetic of a headline return, and what it leaves out; where tokens are sold and machines bought. */
	readonly headline_return?: HeadlineReturn;
	/** Absent where no input has a range. */
	readonly uncertainty?: Uncertainty;
	readonly defaults: Scenario["defaults"];
	readonly attribution: string;
}

export interface ModelResult {
	readonly name: string;
	readonly model: string;
	readonly share: QuantityJson;
	readonly machine: YearsMachine;
	readonly software_estimate?: NonNullable<SoftwareResult["estimate"]>;
	/** Ways that are priced; cost before revenue, loans and tax, with its share of the people. */
	readonly strategies: readonly {
		readonly strategy: StrategyName;
		readonly present_cost: QuantityJson;
		readonly levelised: QuantityJson;
		readonly years: readonly {
			readonly year: number;
			readonly tokens: QuantityJson;
			readonly unit_cost: QuantityJson;
			readonly gpus?: QuantityJson;
		}[];
	}[];
}

export interface YearsMachine {
	/** The row that is the cheapest at the mean demand of the years; every way runs it, so that they differ in how they pay. */
	readonly row: string;
	readonly hardware: string;
	readonly precision: string;
	readonly stack: string;
	readonly speculative: string;
	readonly layout: string;
	readonly host?: string;
	/** Accuracy runs of the catalogue in this format, and in FP8: evidence for the change of format. */
	readonly accuracy?: Accuracy;
	/** From a month on, on the same machines. */
	readonly precision_change?: {
		readonly month: number;
		readonly precision: string;
		readonly row: string;
		/** Throughput over that before. */
		readonly gain: QuantityJson;
		readonly accuracy?: Accuracy;
	};
}

/** Median scores over runs. */
export interface Accuracy {
	readonly task: string;
	readonly precision: number;
	readonly fp8: number;
	readonly runs: number;
	readonly runs_fp8: number;
}

export interface YearResult {
	/** 0 is the opening. */
	readonly year: number;
	readonly tokens: QuantityJson;
	readonly capital: Readonly<Record<string, QuantityJson>>;
	readonly running: Readonly<Record<string, QuantityJson>>;
	/** The sums of `capital` and of `running`; absent where none is paid. */
	readonly capital_paid?: QuantityJson;
	readonly running_cost: QuantityJson;
	/** What machines are sold for; absent where none are owned. */
	readonly resale?: QuantityJson;
	/** In cash: capital and running cost less resale. */
	readonly cost: QuantityJson;
	/** With capital spread over the life of the machines: over `tokens` it is `unit_cost`; absent at the opening. */
	readonly charge?: QuantityJson;
	/** Absent where no tax rate is given. */
	readonly tax?: QuantityJson;
	/** Of the project, before loans: revenue − running − capital + resale − tax. */
	readonly cash: QuantityJson;
	/** After loans; absent where there are none. */
	readonly owner_cash?: QuantityJson;
	readonly revenue?: QuantityJson;
	readonly unit_cost?: QuantityJson;
	readonly gpus?: QuantityJson;
	readonly power?: QuantityJson;
	readonly utilisation?: QuantityJson;
	readonly energy?: QuantityJson;
	readonly carbon?: QuantityJson;
	readonly shortfall?: QuantityJson;
}

export interface RateOfReturn {
	/** How many rates of return the cash has. */
	readonly roots: "none" | "one" | "many";
	readonly value?: QuantityJson;
	/** All of them a year, where there are several. */
	readonly all?: readonly number[];
}

export type StrategyResult = PricedResult | UnpricedResult;

export interface PricedResult {
	readonly strategy: StrategyName;
	readonly priced: true;
	/** From 1; absent where not all demand is served. */
	readonly rank?: number;
	readonly unranked_because?: string;
	/** Months in which spare replicas have to serve, so that the redundancy asked for is not kept. */
	readonly reserve_not_kept?: { readonly months: number; readonly first_month: number };
	/** Why there is no `price_floor`. */
	readonly no_price_floor?: string;
	/** What of the scenario this way is not charged with, and why. */
	readonly leaves_out?: string;
	readonly years: readonly YearResult[];
	readonly measures: Readonly<Record<string, QuantityJson>>;
	readonly irr?: RateOfReturn;
	/** Absent where no token is sold. */
	readonly by_month?: MarginMonths;
	/** The same with what is committed left out, for every strategy alike. */
	readonly marginal: { readonly rank?: number; readonly measures: Readonly<Record<string, QuantityJson>> };
}

export interface UnpricedResult {
	readonly strategy: StrategyName;
	readonly priced: false;
	/** In a sentence of English. */
	readonly reason: string;
	/** The same as data. */
	readonly why: WhyUnpriced;
	readonly years: readonly { readonly year: number; readonly gpus: QuantityJson }[];
}

export interface CostBridge {
	readonly strategy: StrategyName;
	/** Cost per token in the last year if all were as at the opening, and as planned. */
	readonly from: QuantityJson;
	readonly to: QuantityJson;
	readonly method: "shapley";
	readonly causes: readonly { readonly cause: Cause; readonly label: string; readonly delta: QuantityJson }[];
}

export interface SoftwareResult {
	/** The way that owns machines and is priced with each curve; absent where none does. */
	readonly strategy?: StrategyName;
	readonly method: SoftwareMethod;
	readonly estimate?: {
		readonly group: string;
		readonly pairs: number;
		readonly regressions: number;
		readonly per_90_days: { readonly p10: number; readonly median: number; readonly p90: number };
		readonly from: string;
		readonly to: string;
	};
	readonly recipes?: { readonly ratio: number; readonly before: string; readonly after: string };
	/** What no software exceeds, and what that follows from. Absent where neither roofline nor data sheet gives a limit. */
	readonly limit?: {
		readonly tokens_per_gpu_second: QuantityJson;
		readonly from: "roofline" | "data-sheet";
		readonly reason: string;
	};
	/** What the last year's cost per token and the value would be if one of these were believed. */
	readonly believed: readonly {
		readonly method: SoftwareMethod;
		readonly claim?: string;
		readonly grade: "D" | "E";
		readonly unit_cost?: QuantityJson;
		readonly npv?: QuantityJson;
		readonly reason?: string;
	}[];
}

export interface Footprint {
	/** The way whose machines these are; absent where none are owned. */
	readonly strategy?: StrategyName;
	readonly energy_per_mtok?: QuantityJson;
	readonly carbon_per_mtok: readonly { readonly region: string; readonly carbon: QuantityJson }[];
	/** Money for energy beside its carbon, by the region the machines might stand in; the scenario's own first. */
	readonly regions: readonly {
		readonly region: string;
		readonly energy_price: QuantityJson;
		readonly energy_cost_per_mtok: QuantityJson;
		/** By the grid of the region, or of its country where the catalogue has none of its own. */
		readonly carbon_per_mtok?: QuantityJson;
	}[];
}

export interface Uncertainty {
	readonly draws: number;
	readonly seed: number;
	/** Inputs that move together; all others are independent. */
	readonly correlations: readonly Correlation[];
	readonly chances: readonly ChanceResult[];
	readonly fans: readonly FanResult[];
}

export interface ChanceResult {
	readonly strategy: StrategyName;
	/** `best`: no other way is better, ties shared out equally; `loss`: NPV below 0; `no_payback`: not paid back within the horizon, for good. */
	readonly of: "best" | "loss" | "no_payback";
	readonly probability: number;
	/** Of the probability, by the number of draws. */
	readonly standard_error: number;
}

/** Quantiles by month, from the opening on. */
export interface FanResult {
	readonly strategy: StrategyName;
	readonly of: "unit_cost.delivered" | "cash_so_far";
	readonly unit: string;
	readonly node: string;
	readonly p10: readonly number[];
	readonly p50: readonly number[];
	readonly p90: readonly number[];
}
