/** What a simulated fleet is made of. Times in seconds, lengths in tokens, as the names say; all of it plain data. */
import type { StepCosts } from "./step-costs.ts";

export interface EngineSpec {
	readonly law: StepCosts;
	/** Sequences that may be in a replica's batch at once. */
	readonly largestBatch: number;
	/** Tokens of one step, decoded and prefilled: what is left by decode is filled with chunks of prompts. */
	readonly stepTokens: number;
	/** KV memory of a replica in blocks. */
	readonly kvBlocks: number;
	readonly blockTokens: number;
	/** `mixed`: prompts are prefilled beside decode (vLLM, TensorRT-LLM). `prefill-first`: decode waits (SGLang). */
	readonly schedule: "mixed" | "prefill-first";
	/** `grow`: blocks are taken as they fill, sequences may be preempted. `reserve`: all at admission, none ever is. */
	readonly admission: "grow" | "reserve";
	/** Whether prompts are looked up in a prefix cache, and the tokens that one id stands for (a multiple of the block). */
	readonly prefixCache?: { readonly entryTokens: number };
	/** Output tokens a sequence gains per step: 1, or with speculative decoding 1 + accepted drafts, on average. */
	readonly tokensPerStep: number;
}

export interface PoolSpec {
	readonly name: string;
	/** `both`: prefill and decode on the same machines. */
	readonly role: "both" | "prefill" | "decode";
	/** Replicas at the start. */
	readonly replicas: number;
	readonly gpusPerReplica: number;
	readonly engine: EngineSpec;
	/** Share of the load it is given against other pools of its role: requests in flight over weight are levelled. */
	readonly weight: number;
	readonly autoscaler?: AutoscalerSpec;
	readonly failures?: FailureSpec;
}

export interface AutoscalerSpec {
	readonly policy: ScalingPolicy;
	/** Between decisions. */
	readonly intervalSeconds: number;
	readonly fewest: number;
	readonly most: number;
	/** From the decision until a replica serves: machine, weights, warm-up. Paid for. */
	readonly startSeconds: number;
	/** How long fewer must have been enough before one is drained. */
	readonly patienceSeconds: number;
}

export type ScalingPolicy =
	/** Replicas = requests in flight ÷ `perReplica`. */
	| { readonly kind: "concurrency"; readonly perReplica: number }
	/**
	 * Replicas of each hour from the start, over and over. A pool changes before the hour does by the time that a start takes:
	 * one that yields (`fewer`) goes down and one that takes (`more`) goes up ahead of it, so that machines change hands.
	 */
	| { readonly kind: "schedule"; readonly hourly: readonly number[]; readonly ahead: "more" | "fewer" }
	/** Replicas such that the share of time they step is `target`. */
	| { readonly kind: "utilisation"; readonly target: number }
	/** One and a half times as many when the percentile of TTFT is over the limit, one fewer when it is far below. */
	| { readonly kind: "sla"; readonly ttftSeconds: number; readonly percentile: number }
	/**
	 * As the planner of NVIDIA Dynamo: foresees the next interval's requests and lengths, divides by what a replica does
	 * inside the TPOT limit by the step law, corrected by what was seen.
	 */
	| {
			readonly kind: "planner";
			readonly predictor: "last" | "trend";
			readonly tpotSeconds: number;
			/** Share of a replica's capacity that is planned with. */
			readonly load: number;
	  };

export interface FailureSpec {
	/** Mean time between failures of a replica. */
	readonly meanSecondsBetween: number;
	readonly repairSeconds: number;
}

/** KV transfer from prefill to decode machines; the link of each prefill replica carries one at a time. */
export interface TransferSpec {
	readonly bytesPerToken: number;
	readonly bytesPerSecond: number;
	readonly setUpSeconds: number;
}

export type RouterName = "round-robin" | "least-loaded" | "prefix-aware" | "central";

export interface FleetSpec {
	readonly pools: readonly PoolSpec[];
	/** `central`: one queue in front of all replicas, a request goes to the first with a free place. */
	readonly router: RouterName;
	readonly transfer?: TransferSpec;
	/** Classes of requests: 0 is served first and may take the place of a later one. */
	readonly priorities: number;
}
