/**
 * One measured operating point of a serving deployment, as farthing keeps it.
 *
 * Units stand in the member names: rates are tokens per second and GPU of the whole deployment unless the name
 * says otherwise, latencies are seconds, energy is joules at the GPU board. A member the source did not publish
 * is absent, never 0.
 */
export interface BenchmarkPoint {
	/** Stable id, made from the natural key of the row. */
	readonly id: string;
	readonly family: BenchmarkFamily;
	/** `dated`: one run on one day. `median`: the median over all runs of a configuration in a period. */
	readonly kind: "dated" | "median";
	/** Predicted, not measured: such a point enters only where somebody asked for modelled rows. */
	readonly isModelled?: true;
	readonly model: string;
	readonly hardware: string;
	readonly stack: string;
	/** Number format of the weights: `bf16`, `fp8`, `nvfp4`, `mxfp4`, `int4`. */
	readonly precision: string;
	/** The name the source gave the format, where it is another (`fp4`). */
	readonly publishedPrecision?: string;
	/** Speculative method: `none`, `mtp`, …; `unknown` where the source does not state it. */
	readonly speculative: string;
	readonly disaggregated: boolean;
	readonly multinode: boolean;
	/** Input and output length, nominal tokens. */
	readonly isl: number;
	readonly osl: number;
	/** Closed-loop concurrency over the whole deployment, requests in flight. */
	readonly concurrency: number;
	/** GPUs of the whole deployment: TP·PP of an aggregated row, prefill plus decode of a disaggregated one. Absent where unknown. */
	readonly gpus?: number;
	/** GPU count the source stated, where it differs in meaning (TP·EP in the public API for EP > 1). */
	readonly publishedGpus?: number;
	/** One engine for both phases in aggregated rows: `prefill` is absent there. */
	readonly prefill?: WorkerGroup;
	readonly decode: WorkerGroup;
	/** Measurement date, `YYYY-MM-DD`; absent for medians. */
	readonly measuredOn?: string;
	/** Date the row was published or extracted. */
	readonly publishedOn?: string;
	/** Period a median covers, both dates inclusive. */
	readonly period?: readonly [string, string];
	/** Run number of the source, and which attempt of it. */
	readonly run?: string;
	readonly attempt?: number;
	/** Number of the configuration in the source's database. */
	readonly publishedConfiguration?: string;
	readonly image?: string;
	/** Input plus output tokens per second over all GPUs of the deployment. */
	readonly tokensPerGpuSecond: number;
	/** Input tokens per second: per prefill GPU if disaggregated, else per GPU. As published. */
	readonly inputTokensPerPrefillGpuSecond?: number;
	/** Output tokens per second: per decode GPU if disaggregated, else per GPU. As published. */
	readonly outputTokensPerDecodeGpuSecond?: number;
	/** Output tokens per second and user: 1 / median TPOT. */
	readonly interactivityTokensPerSecond: number;
	readonly latency: {
		readonly ttft?: LatencySeconds;
		readonly tpot?: LatencySeconds;
		readonly itl?: LatencySeconds;
		readonly e2e?: LatencySeconds;
	};
	/** Mean over all GPUs of the deployment and the measured window; of one role on {@link WorkerGroup}. */
	readonly averageGpuPowerWatts?: number;
	/** Mean share of time with a kernel on the GPU, 0 to 1. */
	readonly averageGpuUtilization?: number;
	readonly averageGpuMemoryBytes?: number;
	readonly joulesPerOutputToken?: number;
	readonly joulesPerTotalToken?: number;
	readonly joulesPerInputToken?: number;
	/** 2: joules per token cover the whole deployment. Absent: the meaning for disaggregated rows is not known. */
	readonly powerSchemaVersion?: number;
	/** Id of the source in the catalogue's source list. */
	readonly source: string;
}

export type BenchmarkFamily = "inferencex" | "mlperf-inference-v6.0";

export interface WorkerGroup {
	/** Tensor-parallel size of one worker as published; absent where the source states none. */
	readonly tp?: number;
	/** Pipeline-parallel size, 1 where absent. */
	readonly pp?: number;
	readonly ep?: number;
	readonly dpAttention?: boolean;
	readonly workers?: number;
	/** GPUs of this role as published; whether the count can be true is a row check. */
	readonly gpus?: number;
	readonly averageGpuPowerWatts?: number;
}

export interface LatencySeconds {
	readonly mean?: number;
	readonly median?: number;
	readonly p90?: number;
	readonly p99?: number;
	readonly p999?: number;
	readonly std?: number;
}
