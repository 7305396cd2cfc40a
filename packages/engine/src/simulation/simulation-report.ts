/** What a run of the simulator says: plain data, units in the names. */
import type { PoolSpec } from "./fleet-spec.ts";
import type { STATES } from "./replica-books.ts";
import type { WindowReport } from "./run-statistics.ts";

export interface SimulationReport {
	/** Virtual time from the start to the last token, or to the horizon if that is later. */
	readonly seconds: number;
	/** When the last request arrived. */
	readonly lastArrivalSeconds: number;
	readonly requests: {
		readonly arrived: number;
		readonly finished: number;
		/** Longer than the KV memory of any replica. */
		readonly rejected: number;
		/** Inside the limits. */
		readonly good: number;
		readonly preemptions: number;
	};
	/**
	 * Of the finished requests. A token of a prompt is input where it was computed before it was found in a prefix cache, else cached
	 * input; `prefilled` = `input` + `recomputed`, and with what was rejected all add up to what arrived, to the last token.
	 */
	readonly tokens: {
		readonly input: number;
		readonly cachedInput: number;
		readonly output: number;
		/** All tokens of the requests inside the limits. */
		readonly good: number;
		/** Tokens prefilled, again after preemptions and failures included. */
		readonly prefilled: number;
		/** Tokens prefilled again since their KV cache was lost, those given out already among them. */
		readonly recomputed: { readonly afterPreemption: number; readonly afterFailure: number };
		readonly arrived: { readonly input: number; readonly output: number };
		readonly rejected: { readonly input: number; readonly output: number };
	};
	readonly ttft: LatencySummary;
	readonly tpot: LatencySummary;
	readonly e2e: LatencySummary;
	/** From arrival to admission into a batch, and again after each preemption. */
	readonly queue: LatencySummary;
	readonly pools: readonly PoolReport[];
	readonly lengthClasses: readonly LengthClassReport[];
	/** By priority, the most urgent first; by load where loads are told apart. */
	readonly priorities: readonly PriorityReport[];
	readonly littlesLaw: {
		/** ∫ requests in the system over time. */
		readonly area: number;
		/** Σ over requests of their time in the system. */
		readonly sojourn: number;
	};
	readonly saturation: Saturation;
	readonly windows: readonly WindowReport[];
	readonly events: number;
}

export interface LatencySummary {
	readonly count: number;
	readonly mean: number;
	readonly p50: number;
	readonly p90: number;
	readonly p99: number;
	readonly largest: number;
}

export type StateName = (typeof STATES)[number];

export interface PoolReport {
	readonly name: string;
	readonly role: PoolSpec["role"];
	readonly gpusPerReplica: number;
	/** Replica-seconds that are paid for, by state; they add up to {@link replicaSeconds} to the last bit. */
	readonly byState: Readonly<Record<StateName, number>>;
	readonly replicaSeconds: number;
	/** Seconds of steps by what they were spent on. */
	readonly prefillSeconds: number;
	readonly decodeSeconds: number;
	/** Of steps that a failure cut off. */
	readonly lostSeconds: number;
	/** Step seconds of draining replicas; the three above are the busy seconds and these, to the last bit. */
	readonly drainingStepSeconds: number;
	readonly steps: number;
	/** Mean over decode time of the sequences in the batch. */
	readonly meanBatch: number;
	/** Largest share of a replica's KV memory that requests held. */
	readonly kvPeak: number;
	/** Most replicas that served at once. */
	readonly mostServing: number;
}

export interface PriorityReport {
	readonly arrived: number;
	readonly finished: number;
	/** Inside the limits. */
	readonly good: number;
	/** From arrival to the last token, of the one that took the longest. */
	readonly longestSeconds: number;
}

export interface LengthClassReport {
	readonly name: string;
	readonly mostTokens: number;
	readonly requests: number;
	readonly input: number;
	readonly output: number;
}

/** Whether more was asked than the fleet can do: then waiting grows for as long as the load lasts. */
export interface Saturation {
	readonly saturated: boolean;
	readonly reason: string;
	/** Work asked per second over what the fleet can do, by the step law at the largest batch that fits. */
	readonly offeredLoad: number;
	/** Requests waiting for a place when the last one arrived. */
	readonly waitingAtTheEnd: number;
	/** Stretches in which more waited than the fleet works off in a tenth of a window, each of a minute or more. */
	readonly stretches: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
}
