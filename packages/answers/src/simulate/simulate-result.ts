/** What `farthing simulate` answers. */
import type { QuantityJson, StateName } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { ServiceLimits } from "../plan-service.ts";
import type { Instances } from "./pool-parts.ts";
import type { SimulationRuns } from "./runs.ts";
import type { TrafficWords } from "./traffic.ts";

export interface Latencies {
	readonly mean: QuantityJson;
	readonly p50: QuantityJson;
	readonly p90: QuantityJson;
	readonly p99: QuantityJson;
}

export interface SimulateResult {
	readonly scenario: string;
	readonly model: string;
	readonly rate: string;
	readonly slo: ServiceLimits;
	readonly fleet: {
		readonly row: string;
		readonly name: string;
		readonly hardware: string;
		readonly replicas: number;
		/** Machines of a split deployment in a ratio that was asked for: one replica of them all. */
		readonly instances?: Instances;
		/** Paid for, whole hosts included, as in a plan; and those that its replicas run on. */
		readonly gpus: number;
		readonly replica_gpus: number;
		/** Replicas of the plan, where another number was asked for. */
		readonly planned_replicas?: number;
		readonly largest_batch: number;
		/** File of the step times, where they are of one's own. */
		readonly step_table?: string;
		readonly step_costs: readonly StepCostsJson[];
		readonly rows: readonly string[];
	};
	readonly traffic: TrafficWords;
	readonly exact: boolean;
	readonly duration: QuantityJson;
	readonly ttft: Latencies;
	/** Absent where no request had a second token. */
	readonly tpot?: Latencies;
	readonly e2e: Latencies;
	/** Waiting for a place in a batch. */
	readonly queue: Latencies;
	/** Tokens a second of the requests inside the limits. */
	readonly goodput: QuantityJson;
	readonly good_share: number;
	/** Share of the paid GPU time that steps, whatever the batch: busy, not full. */
	readonly utilization: QuantityJson;
	/**
	 * What a plan calls utilisation: tokens served over what the paid GPU time does at the row's benchmarked throughput. Absent with
	 * step times of one's own, whose throughput nobody benchmarked.
	 */
	readonly load_share?: number;
	readonly saturated: boolean;
	readonly saturation: {
		readonly reason: string;
		readonly offered_load: number;
		readonly waiting_at_the_end: number;
		/** When more waited than the fleet works off; a run may be saturated in these alone. */
		readonly stretches: readonly { readonly from_seconds: number; readonly to_seconds: number }[];
	};
	/** By state; also of GPUs in hosts that carry no replica, and of replicas that are shut down and paid for, where there are any. */
	readonly gpu_seconds: Readonly<Record<string, QuantityJson>>;
	readonly unit_cost: { readonly total: QuantityJson; readonly input?: QuantityJson; readonly output: QuantityJson };
	/** Cost of tokens that kept the limits; absent where none did. */
	readonly unit_cost_goodput?: QuantityJson;
	/** The states that the cost of a token paid for: they add up to `unit_cost.total`. */
	readonly unit_cost_by_state: Readonly<Record<string, QuantityJson>>;
	/** Of these GPUs in service with nothing to do. */
	readonly idle_cost: QuantityJson;
	readonly cost: Readonly<Record<string, QuantityJson>>;
	readonly cost_per_request: QuantityJson;
	readonly cost_by_length: readonly LengthCost[];
	/** Answered requests. */
	readonly requests: number;
	readonly request_counts: {
		readonly arrived: number;
		readonly rejected: number;
		readonly good: number;
		readonly preemptions: number;
	};
	readonly tokens: { readonly input: QuantityJson; readonly cached_input: QuantityJson; readonly output: QuantityJson };
	/** `prefilled` = `tokens.input` + the two others, to the last token: what was lost is computed again, and counted. */
	readonly prefill_tokens: {
		readonly prefilled: number;
		readonly again_after_preemption: number;
		readonly again_after_failure: number;
	};
	readonly prefix_hit_rate: number;
	readonly kv_peak: number;
	readonly mean_batch: number;
	/** Absent where the power of the part is not known. */
	readonly energy?: QuantityJson;
	readonly littles_law: { readonly in_system_seconds: number; readonly sojourn_seconds: number };
	readonly windows: readonly WindowJson[];
	/** Of many runs: the figures above are those of the first seed. */
	readonly runs?: SimulationRuns;
	readonly defaults: Scenario["defaults"];
	readonly attribution: string;
}

export interface StepCostsJson {
	readonly pool: string;
	/** `ttft`, `shapes` or `assumption` of measured rows; `table` of a table of one's own, `law` of a modelled row, or of a measured one that alone cannot tell. */
	readonly prefill_from: string;
	/** Absent where the law gives them. */
	readonly median_error?: number;
	readonly rows: number;
}

export interface LengthCost {
	readonly name: string;
	readonly requests: number;
	readonly cost_per_request: QuantityJson;
}

export interface WindowJson {
	readonly from_seconds: number;
	readonly to_seconds: number;
	readonly arrived: number;
	readonly finished: number;
	readonly good: number;
	readonly output_tokens: number;
	readonly ttft_p50?: number;
	readonly ttft_p99?: number;
	readonly tpot_p50?: number;
	readonly tpot_p99?: number;
	/** Of the requests that finished in the window. */
	readonly e2e_p50?: number;
	readonly e2e_p99?: number;
	readonly waiting: number;
	readonly in_flight: number;
	readonly replicas: number;
	readonly busy_share?: number;
	/** Paid GPU-seconds by state; over all windows they add up to those of the run, but for what runs no replica. */
	readonly gpu_seconds: Readonly<Record<StateName, number>>;
}
