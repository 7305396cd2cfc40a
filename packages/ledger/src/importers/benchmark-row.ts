/**
 * One measured point of a benchmark: what `price`, `frontier` and the calibration of `predict` work with. Rates are per
 * second; `scope` says of what. A member that the file does not have is absent.
 */
export interface BenchmarkRow {
	readonly layout: string;
	readonly model: string;
	readonly hardware?: string;
	readonly stack?: string;
	readonly precision?: string;
	readonly date?: string;
	/** GPUs of the deployment, all roles. */
	readonly gpus?: number;
	readonly prefillGpus?: number;
	readonly decodeGpus?: number;
	readonly isDisaggregated?: boolean;
	readonly speculative?: string;
	readonly isl?: number;
	readonly osl?: number;
	readonly concurrency?: number;
	/** Tokens a second and GPU: input and output together over all GPUs. */
	readonly tokensPerGpuSecond?: number;
	/** As published: of a disaggregated row over the GPUs of that role only. */
	readonly inputPerGpuSecond?: number;
	readonly outputPerGpuSecond?: number;
	/** Seconds. */
	readonly medianTtft?: number;
	readonly medianTpot?: number;
	readonly p99Ttft?: number;
	/** Output tokens a second that a user sees. */
	readonly interactivity?: number;
	readonly joulesPerOutputToken?: number;
	/** Checks that the row fails. */
	readonly doubts?: readonly string[];
}
