import type { Amount } from "./money.ts";
import {
	amountOf,
	fault,
	finite,
	instantOf,
	label,
	listOf,
	mapOf,
	members,
	oneOf,
	optional,
	truth,
	wholeNumber,
	type RecordShape,
} from "./record-shape.ts";
import type { TokenClasses } from "./token-classes.ts";
import type { GpuMicros, Instant, Millijoules } from "./units.ts";
import { tokensShape } from "./usage.ts";

/**
 * What a window of time cost, and for whom: derived from usage, capacity, prices and charges by a named rule. The
 * lines of each basis add up to `charges`, currency by currency, to the cent.
 */
export interface CostWindow {
	readonly t0: Instant;
	readonly t1: Instant;
	readonly basis: CostBasis;
	/** Name and version of the rule of allocation. */
	readonly rule: string;
	readonly lines: readonly CostLine[];
	/** Sum of the charges of the window, one per currency. */
	readonly charges: readonly Amount[];
	/** Token of record against every other source. */
	readonly reconciliation: readonly TokenReconciliation[];
	/** Share of the charges that lines explain, 0 to 1. */
	readonly coverage: number;
}

export const COST_BASES = ["reserved", "busy", "marginal"] as const;
export type CostBasis = (typeof COST_BASES)[number];
/**
 * serving: for tokens of an owner · idle_held: held by a deployment and not at work · committed: at work, but paid with or
 * without the work (marginal basis only) · unallocated: paid and held by nobody · unmetered: GPU time paid that no meter saw ·
 * shared: infrastructure of all · tax, credit: as billed · residual: billed for what nothing here knows.
 */
export const COST_LINE_KINDS = [
	"serving",
	"idle_held",
	"committed",
	"unallocated",
	"unmetered",
	"shared",
	"tax",
	"credit",
	"residual",
] as const;
export type CostLineKind = (typeof COST_LINE_KINDS)[number];

export interface CostLine {
	readonly kind: CostLineKind;
	/** Dimensions and their values, `{"model": "deepseek-r1", "team": "search"}`. */
	readonly keys: Readonly<Record<string, string>>;
	readonly amount: Amount;
	readonly tokens?: TokenClasses;
	readonly gpu_held?: GpuMicros;
	readonly gpu_busy?: GpuMicros;
	readonly energy?: Millijoules;
}

export interface TokenReconciliation {
	readonly model: string;
	/** `source.kind` and instance whose figures are used. */
	readonly of_record: string;
	readonly compared: string;
	readonly direction: "input" | "output";
	/** (compared − of record) / of record. */
	readonly difference: number;
	readonly is_alarm: boolean;
}

export const costWindowShape: RecordShape<CostWindow> = members<CostWindow>(
	"What a window of time cost, and for whom",
	{
		t0: instantOf("Start, inclusive"),
		t1: instantOf("End, exclusive"),
		basis: oneOf("Basis of allocation", COST_BASES),
		rule: label("Name and version of the rule of allocation"),
		lines: listOf(
			members<CostLine>("One share of the charges", {
				kind: oneOf("What the money went into", COST_LINE_KINDS),
				keys: mapOf("Dimensions and their values", label("Value")),
				amount: amountOf("Cost"),
				tokens: optional(tokensShape),
				gpu_held: optional(wholeNumber<GpuMicros>("GPU microseconds held")),
				gpu_busy: optional(wholeNumber<GpuMicros>("GPU microseconds busy")),
				energy: optional(wholeNumber<Millijoules>("Millijoules")),
			}),
			1_000_000,
		),
		charges: listOf(amountOf("Charges of one currency")),
		reconciliation: listOf(
			members<TokenReconciliation>("One source against the token of record", {
				model: label("Served model"),
				of_record: label("Source of record", 1024),
				compared: label("Other source", 1024),
				direction: oneOf("Tokens compared", ["input", "output"]),
				difference: finite("Relative difference", -1e9, 1e9),
				is_alarm: truth("Above the tolerance"),
			}),
			1_000_000,
		),
		coverage: finite("Share of the charges that lines explain", 0, 1),
	},
	(window, path, issues) => {
		if (window.t1 <= window.t0) fault(issues, "contradiction", path, "the window is empty", "t1 after t0");
		const sums = new Map<string, bigint>();
		for (const { amount } of window.lines) sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.nano);
		for (const { currency, nano } of window.charges) {
			if (sums.get(currency) === nano || (nano === 0n && !sums.has(currency))) sums.delete(currency);
			else fault(issues, "identity-broken", path, `lines in ${currency} do not add up to the charges`, "an equal sum");
		}
		for (const currency of [...sums].filter(([, nano]) => nano !== 0n).map(([code]) => code)) {
			if (window.charges.some((charge) => charge.currency === currency)) continue;
			fault(issues, "identity-broken", path, `lines in ${currency} have no charges`, "an equal sum");
		}
	},
);
