import { TOKEN_CLASSES, type TokenClass } from "../../records/token-classes.ts";
import type { Instant } from "../../records/units.ts";

/** What may be asked apart by; `null` in an answer is a label that the source did not give. */
export const USAGE_DIMENSIONS = [
	"source_kind",
	"adapter",
	"instance",
	"cluster",
	"namespace",
	"pod",
	"role",
	"deployment",
	"hardware",
	"served",
	"model",
	"precision",
	"tier",
	"org",
	"team",
	"user",
	"key",
	"status",
	"context",
] as const;
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

export type TimeStep = "minute" | "hour" | "day";

/** How much was served in [from, to), by which labels, with sums kept apart at `edges` and by `step`. */
export interface UsageQuestion {
	readonly from: Instant;
	readonly to: Instant;
	readonly by: readonly UsageDimension[];
	/** Only rows whose label is one of these. */
	readonly where?: Readonly<Partial<Record<UsageDimension, readonly (string | null)[]>>>;
	/** Instants between which sums are kept apart: changes of price, ends of months. */
	readonly edges?: readonly Instant[];
	readonly step?: TimeStep;
	/** Sums that are wanted, where not all are: each costs time. Those left out come as nothing known. */
	readonly columns?: readonly SummedColumn[];
	/** Whether the sum of squared outputs of requests is wanted: {@link UsageSum.outSquares}. */
	readonly withOutSquares?: boolean;
	/** `raw` reads every event; otherwise roll-ups answer for the whole days, hours and minutes that they hold. */
	readonly detail?: "auto" | "raw";
}

/** Sum of one column over the rows that know it. What is not known is not zero: compare `known` with the records. */
export interface ColumnSum {
	readonly sum: bigint;
	readonly known: bigint;
}

export interface UsageSum {
	readonly keys: Readonly<Partial<Record<UsageDimension, string | null>>>;
	/** The interval between two edges, or the step, that the sums belong to. */
	readonly from: Instant;
	readonly to: Instant;
	/** Requests. */
	readonly records: bigint;
	/**
	 * By column: the token classes, `dur_us`, and `out_context`: of requests the sum of out_total × in_total, of windows that of
	 * out_total × (in_total + out_total ÷ 2) ÷ requests.
	 */
	readonly sums: Readonly<Record<SummedColumn, ColumnSum>>;
	/**
	 * Of requests, where it was asked for, the sum of out_total². A row of a roll-up counts as if its requests were alike: their mean
	 * squared for each. No label that is asked for changes what is summed.
	 */
	readonly outSquares?: bigint;
}

export type SummedColumn = TokenClass | "out_context" | "dur_us";
export const SUMMED_COLUMNS: readonly SummedColumn[] = [...TOKEN_CLASSES, "out_context", "dur_us"];

/** What a price per token can be applied to. */
export const RATED_COLUMNS: readonly SummedColumn[] = [
	"in_computed",
	"in_cached_local",
	"in_cached_remote",
	"in_transferred",
	"cache_write",
	"out_total",
	"out_reasoning",
];

/**
 * Prompt lengths at which providers change their price; `context` is the number of those that the prompt is longer
 * than, so that a price by length can be applied to sums. Read in price lists of 2026-11.
 */
export const CONTEXT_EDGES: readonly number[] = [32_000, 128_000, 200_000, 256_000, 272_000];
