/** The `result` of `farthing actuals`: every number a quantity with unit, basis, grade and date. Absent is unknown. */
import type { QuantityJson } from "@farthing/engine";
import type { Dimension, Owner } from "../attribution/attributed-line.ts";
import type { CostLineKind } from "../records/cost-window.ts";
import type { IdleKind } from "./idle-ledger.ts";
import type { SourceComparison } from "./used-work.ts";

export interface ActualsResult {
	readonly window: { readonly from: string; readonly to: string; readonly days: number };
	readonly basis: string;
	readonly by: readonly Dimension[];
	readonly cost_column: string;
	readonly currency: string;
	/** All charges of the window, and what a million delivered tokens took of them, idle and shared included. */
	readonly cost: QuantityJson;
	readonly unit_cost: QuantityJson;
	readonly tokens: TokensJson;
	/** Serving alone, per million computed input tokens and per million output tokens of all models. */
	readonly by_tokens?: TokenCosts;
	readonly rows: readonly ActualsRow[];
	/** What the owners of `rows` pay for holding GPUs, and what for keeping them at work, whatever basis was asked for. */
	readonly bases: readonly BasesRow[];
	readonly requests?: RequestsJson;
	/** Every other line; with the costs of `rows` they add up to `cost`. */
	readonly lines: readonly OtherLine[];
	readonly idle: QuantityJson;
	readonly residual: QuantityJson;
	readonly bill?: QuantityJson;
	readonly rated: QuantityJson;
	readonly reconciliation: Reconciliation;
	readonly use: Use;
	/** The GPU time that was paid for by what came of it, with its cost on the busy basis; empty where no meter knows of a GPU. */
	readonly idle_ledger: readonly IdleLineJson[];
	readonly energy?: QuantityJson;
	readonly energy_per_mtok?: QuantityJson;
	readonly carbon?: QuantityJson;
	readonly carbon_per_mtok?: QuantityJson;
	readonly laws: readonly LawJson[];
	readonly sources: readonly SourceComparison[];
	readonly days: readonly DayJson[];
	/** Seven days each from the first on; the last may be shorter. */
	readonly weeks: readonly WeekJson[];
	readonly variance: readonly { readonly cause: string; readonly delta: QuantityJson }[];
	/** `covered`: what serving the models that it plans really cost, on the reserved basis. */
	readonly plan?: {
		readonly cost: QuantityJson;
		readonly covered: QuantityJson;
		readonly plans: readonly PlanJson[];
	};
	readonly forecast?: ForecastJson;
	readonly anomalies: readonly AnomalyJson[];
	/** Why there is no forecast, or why no day can stand out. */
	readonly outlook_gaps: readonly OutlookGap[];
	readonly coverage: number;
}

export interface TokensJson {
	readonly input: QuantityJson;
	readonly cached_input?: QuantityJson;
	readonly output: QuantityJson;
	readonly reasoning?: QuantityJson;
	readonly total: QuantityJson;
	/** Those of `total` whose cost is known, over which costs per token are; absent where it is known of all. */
	readonly priced?: QuantityJson;
}

/** Per million computed input tokens, and per million output tokens. */
export interface TokenCosts {
	readonly input?: QuantityJson;
	readonly output?: QuantityJson;
}

export interface BasesRow extends Owner {
	readonly reserved: BasisCost;
	readonly busy: BasisCost;
}

export interface BasisCost {
	readonly cost: QuantityJson;
	/** Of what all owners pay on that basis; absent where that is nothing. */
	readonly share?: QuantityJson;
}

export interface IdleLineJson {
	readonly kind: IdleKind;
	readonly gpu_hours: QuantityJson;
	readonly cost: QuantityJson;
}

export interface ActualsRow extends Owner {
	/** When it began and how it ended, of a single request. */
	readonly at?: string;
	readonly status?: string;
	readonly tokens: TokensJson;
	/** Without a value, `state: "unknown"`, where no charge reaches the models of the row. */
	readonly cost: QuantityJson;
	/** Per million tokens of input and output alike; absent where there are none. */
	readonly unit_cost?: QuantityJson;
	readonly by_tokens?: TokenCosts;
	readonly gpu_hours?: QuantityJson;
	readonly energy?: QuantityJson;
	readonly energy_per_mtok?: QuantityJson;
	/** What its tokens were sold for, and the share of it that `cost` leaves; absent where some have no price. */
	readonly revenue?: QuantityJson;
	readonly margin?: QuantityJson;
	readonly coverage: number;
}

/** Of an answer by request: all that were priced one by one; those that are not among the rows are a line of their own. */
export interface RequestsJson {
	readonly count: number;
	readonly shown: number;
	/** Of those whose cost is known. */
	readonly cost: QuantityJson;
	/** Requests whose cost is not known, and the share of the tokens of all requests that `cost` is for; absent where all are known. */
	readonly unpriced?: number;
	readonly coverage?: number;
}

export interface OtherLine extends Owner {
	readonly kind: CostLineKind;
	readonly label?: string;
	readonly cost: QuantityJson;
	readonly gpu_hours?: QuantityJson;
}

export interface Reconciliation {
	readonly difference: QuantityJson;
	readonly rows: number;
	readonly prorated: number;
	/** As billed, by currency. */
	readonly bills: readonly {
		readonly currency: string;
		readonly billed: QuantityJson;
		readonly effective: QuantityJson;
		readonly counted: QuantityJson;
	}[];
	/** GPU time at the prices on file against the bill, where both are known. */
	readonly rated_against_bill: readonly {
		readonly pool: string;
		readonly rated: QuantityJson;
		readonly billed: QuantityJson;
		readonly difference: QuantityJson;
	}[];
	readonly rates: readonly {
		readonly day: string;
		readonly from: string;
		readonly to: string;
		readonly rate: string;
	}[];
}

export interface Use {
	readonly busy: QuantityJson;
	/** The parts of `busy`, where prices of one's own are on file: for tokens that are sold, and for others. */
	readonly sold?: QuantityJson;
	readonly internal?: QuantityJson;
	/** For requests that failed or were given up, apart from `sold` and `internal`; absent where no log says how requests ended. */
	readonly failed?: QuantityJson;
	readonly idle_held: QuantityJson;
	readonly unallocated: QuantityJson;
	readonly utilization?: QuantityJson;
}

export interface LawJson {
	readonly deployment: string;
	readonly state: "measured" | "modelled";
	readonly note: string;
	readonly us_per_uncached_input_token: number;
	readonly us_per_output_token: number;
	readonly ns_per_output_context_token2: number;
	readonly overrun?: number;
}

export interface OutlookGap {
	readonly of: "forecast" | "anomalies";
	readonly reason: string;
}

export interface DayJson {
	readonly day: string;
	/** Without a value, `state: "unknown"`, on a day that no charge reaches. */
	readonly cost: QuantityJson;
	readonly tokens: QuantityJson;
	/** As of the whole. */
	readonly priced_tokens?: QuantityJson;
	/** All cost of the day per million tokens delivered on it, of those whose cost is known; absent where none were. */
	readonly unit_cost?: QuantityJson;
	/** Serving alone, as of the whole. */
	readonly by_tokens?: TokenCosts;
}

export interface WeekJson {
	/** First and last day. */
	readonly from: string;
	readonly to: string;
	readonly cost: QuantityJson;
	/** P10 and P90 are those of its days; absent where nothing was delivered. */
	readonly unit_cost?: QuantityJson;
}

export interface PlanJson {
	readonly model: string;
	readonly source: string;
	readonly as_of: string;
	readonly delivered: QuantityJson;
	/** What the benchmark behind the plan would cost at full load, where the plan says it. */
	readonly headline?: QuantityJson;
}

export interface ForecastJson {
	readonly month: string;
	readonly spent: QuantityJson;
	readonly end: QuantityJson;
	readonly days: number;
}

export interface AnomalyJson {
	readonly day: string;
	readonly of: string;
	readonly cost: QuantityJson;
	readonly expected: QuantityJson;
	readonly deviations: number;
}
