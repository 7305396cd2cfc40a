/** The `result` of `farthing import`: the account as JSON, every figure a quantity with its unit. */
import type { QuantityJson } from "@farthing/engine";
import { formatInstant, type Instant } from "../records/units.ts";
import { type Account, coverageOf } from "./account.ts";
import type { BenchmarkRow } from "./benchmark-row.ts";

export interface ImportResult {
	readonly kind: string;
	readonly records: number;
	readonly quarantined: number;
	readonly skipped: readonly { readonly reason: string; readonly count: number }[];
	readonly unknown: readonly { readonly name: string; readonly count: number }[];
	readonly coverage: number;
	readonly totals: ImportTotals;
	readonly window?: { readonly from: string; readonly to: string };
	readonly files: readonly ImportedFile[];
	readonly faults?: readonly {
		readonly file?: string;
		readonly line?: number;
		readonly column?: number;
		readonly reason: string;
	}[];
	readonly uncounted?: readonly { readonly reason: string; readonly count: number }[];
	readonly benchmarks?: readonly BenchmarkRow[];
	readonly details?: readonly Readonly<Record<string, unknown>>[];
	readonly quarantine_file?: string;
	readonly stored?: StoredCounts;
}

export interface StoredCounts {
	readonly store: string;
	readonly usage: number;
	readonly capacity: number;
	readonly charges: number;
	readonly prices: number;
	/** Of all these, how many the ledger had before: by the content of the file, by id, or as equal records of another file. */
	readonly already_there?: number;
	/** Requests without an id, and windows that name no engine, that look like ones of another file: they are stored, and may count twice. */
	readonly suspected_doubles?: number;
}

export interface ImportedFile {
	readonly file: string;
	readonly kind: string;
	readonly records: number;
	readonly quarantined: number;
	readonly coverage: number;
	readonly compression?: string;
	readonly encoding?: string;
}

export interface ImportTotals {
	readonly requests?: QuantityJson;
	readonly tokens: Readonly<Record<string, QuantityJson>>;
	readonly gpu_seconds?: QuantityJson;
	readonly energy?: QuantityJson;
	readonly gpus?: QuantityJson;
	readonly power?: QuantityJson;
	/** By what it is and currency: `billed_usd`. */
	readonly cost?: Readonly<Record<string, QuantityJson>>;
}

export function resultOf(
	account: Account,
	files: readonly ImportedFile[],
	faults: ImportResult["faults"] = [],
): ImportResult {
	const { from, to } = account;
	const counts = (map: ReadonlyMap<string, number>): { reason: string; count: number }[] =>
		[...map].map(([reason, count]) => ({ reason, count }));
	return {
		kind: account.kind,
		records: account.records,
		quarantined: account.quarantined,
		skipped: counts(account.skipped),
		unknown: [...account.unknown].map(([name, count]) => ({ name, count })),
		coverage: coverageOf(account),
		totals: totalsOf(account),
		...(from === undefined || to === undefined
			? {}
			: { window: { from: formatInstant(from as Instant), to: formatInstant(to as Instant) } }),
		files,
		...(faults === undefined || faults.length === 0 ? {} : { faults }),
		...(account.uncountedWhy.size === 0 ? {} : { uncounted: counts(account.uncountedWhy) }),
		...(account.benchmarks.length === 0 ? {} : { benchmarks: account.benchmarks }),
		...(account.details.length === 0 ? {} : { details: account.details }),
	};
}

function totalsOf({ totals }: Account): ImportTotals {
	const { requests, tokens, gpuSeconds, joules, joulesCounted, gpus, watts, money } = totals;
	const quantity = (value: number, unit: string, more: Partial<QuantityJson> = {}): QuantityJson => ({
		value,
		unit,
		...more,
	});
	const { unsplit } = tokens;
	const input = tokens.input === undefined && unsplit === undefined ? undefined : (tokens.input ?? 0) + (unsplit ?? 0);
	const total = sumKnown(tokens.inputTotal ?? sumKnown(input, tokens.cachedInput), tokens.output);
	const named: [string, string, number | undefined, Partial<QuantityJson>][] = [
		// Where cached tokens are not told apart, all of the prompt is taken as computed: an upper limit, and modelled.
		["input", "input", input, unsplit === undefined ? { state: "measured" } : { state: "modelled" }],
		["cached_input", "cached_input", tokens.cachedInput, { state: "measured" }],
		["transferred_input", "cached_input", tokens.transferredInput, { state: "measured" }],
		["cache_write", "input", tokens.cacheWrite, { state: "measured" }],
		["input_total", "input", tokens.inputTotal, { state: "measured" }],
		["output", "output", tokens.output, { state: "measured" }],
		["reasoning", "reasoning", tokens.reasoning, { state: "measured" }],
		["total", "total", total, { state: "measured" }],
	];
	return {
		...(requests === undefined ? {} : { requests: quantity(requests, "request", { state: "measured" }) }),
		tokens: Object.fromEntries(
			named.flatMap(([name, kind, value, more]) =>
				value === undefined ? [] : [[name, quantity(value, "tok", { tokens: kind, ...more })]],
			),
		),
		...(gpuSeconds === undefined ? {} : { gpu_seconds: quantity(gpuSeconds, "GPU-s", { state: "measured" }) }),
		...(joules === undefined
			? {}
			: {
					energy: quantity(joules, "J", {
						state: joulesCounted ? "measured" : "interpolated",
						...(totals.joulesCoverage < 1 ? { coverage: totals.joulesCoverage } : {}),
					}),
				}),
		...(gpus === undefined ? {} : { gpus: quantity(gpus, "GPU", { state: "measured" }) }),
		...(watts === undefined ? {} : { power: quantity(watts, "W", { state: "measured" }) }),
		...(money.size === 0
			? {}
			: {
					cost: Object.fromEntries(
						[...money].map(([key, nano]) => {
							const [of = "", currency = ""] = key.split(" ");
							return [`${of}_${currency.toLowerCase()}`, quantity(Number(nano) / 1e9, currency, { state: "measured" })];
						}),
					),
				}),
	};
}

function sumKnown(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}
