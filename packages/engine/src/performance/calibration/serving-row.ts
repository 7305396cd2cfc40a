/**
 * A serving configuration with its load, and what was measured of it. Rows of benchmarks, of a user's own runs and
 * questions have this one form. Lengths are nominal tokens; `lengthShare` is the mean length that ran over the nominal
 * one (InferenceX draws lengths evenly from 80 to 100% of the nominal: 0.9).
 */

export interface ServingRow {
	readonly id: string;
	readonly model: string;
	/** Models with the same architecture share one body. */
	readonly body: string;
	readonly hardware: string;
	/** Vendor and narrowest format of the part: parts of one family run the same kernels. `nvidia-fp4`, `amd-fp8`, … */
	readonly family: string;
	readonly isMixture: boolean;
	readonly stack: string;
	readonly precision: string;
	readonly speculative: string;
	readonly disaggregated: boolean;
	readonly isl: number;
	readonly osl: number;
	readonly lengthShare: number;
	/** Share of the prompt whose cache entries exist already. */
	readonly cachedShare?: number;
	/** Requests in flight over the whole deployment. */
	readonly concurrency: number;
	readonly decode: WorkerLayout;
	/** Of disaggregated deployments. */
	readonly prefill?: WorkerLayout;
	/** GPUs of the whole deployment; absent where the source leaves worker counts out. */
	readonly gpus?: number;
	/** Day of the measurement, counted from 1970-01-01. */
	readonly day?: number;
	readonly measured: MeasuredServing;
	readonly source: string;
}

export interface WorkerLayout {
	readonly tp: number;
	readonly pp: number;
	readonly ep: number;
	readonly dpAttention: boolean;
	/** Absent where the source does not say. */
	readonly workers?: number;
}

export interface MeasuredServing {
	readonly ttftMeanSeconds?: number;
	readonly ttftMedianSeconds?: number;
	readonly tpotSeconds?: number;
	readonly tokensPerGpuSecond?: number;
}

/** The quantities that are predicted. Mean and median TTFT differ by up to a factor of two in the same run. */
export const PREDICTED = ["tpot", "ttftMedian", "ttftMean", "throughput"] as const;
export type PredictedName = (typeof PREDICTED)[number];

export function measuredOf({ measured }: ServingRow, name: PredictedName): number | undefined {
	switch (name) {
		case "tpot":
			return measured.tpotSeconds;
		case "ttftMedian":
			return measured.ttftMedianSeconds;
		case "ttftMean":
			return measured.ttftMeanSeconds;
		case "throughput":
			return measured.tokensPerGpuSecond;
	}
}

/** Rows of one group differ only in layout, load and date. */
export function groupOf({ body, hardware, stack, precision, speculative, disaggregated }: ServingRow): string {
	return [body, hardware, stack, precision, speculative, disaggregated ? "disaggregated" : "aggregated"].join("|");
}

export function layoutOf({ decode, prefill, gpus }: ServingRow): string {
	const text = (layout: WorkerLayout) =>
		`${layout.tp}.${layout.pp}.${layout.ep}.${layout.dpAttention ? 1 : 0}.${layout.workers ?? "?"}`;
	return `${prefill === undefined ? "" : `${text(prefill)}>`}${text(decode)}/${gpus ?? "?"}`;
}

/** Rows of one operating point are runs of the same thing: a test set never holds one run while the fit holds another. */
export function operatingPointOf(row: ServingRow): string {
	return `${groupOf(row)}|${layoutOf(row)}|${row.isl}|${row.osl}|${row.concurrency}`;
}

/** What a prediction is of: scatter differs between these more than between levels. */
export const SERVING_KINDS = ["aggregated", "repeated", "drafting", "disaggregated", "untold"] as const;
export type ServingKind = (typeof SERVING_KINDS)[number];

/** Rows of a group that lie further apart in time saw the stack change, and scatter as it did. */
const REPEATED_DAYS = 45;

/**
 * `untold`: whether it drafts tokens, or how many workers each role has, is not known. `repeated`: aggregated, and its group
 * was measured over `groupDays` days.
 */
export function servingKindOf(
	{ speculative, disaggregated, decode, prefill }: ServingRow,
	groupDays: number = 0,
): ServingKind {
	const isTold = !disaggregated || (decode.workers !== undefined && prefill?.workers !== undefined);
	if (speculative === "unknown" || !isTold) return "untold";
	if (disaggregated) return "disaggregated";
	if (speculative !== "none") return "drafting";
	return groupDays > REPEATED_DAYS ? "repeated" : "aggregated";
}

/** Half-width of the 80% interval in standard deviations of the field, by quantity, kind and level. */
export type IntervalWidths = Readonly<
	Record<PredictedName, Readonly<Record<ServingKind, Readonly<Record<string, number>>>>>
>;

/** The normal one where nothing was held out at that level. */
export function intervalWidth(
	widths: IntervalWidths,
	name: PredictedName,
	{ kind, level }: { readonly kind: ServingKind; readonly level: string },
): number {
	return widths[name][kind][level] ?? 1.2816;
}
