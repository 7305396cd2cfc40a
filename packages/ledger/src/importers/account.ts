/** The account of an import: what was read, what was left out and why, and totals; built from items one at a time. */
import type { Amount } from "../records/money.ts";
import type { SourceKind, UsageRecord } from "../records/usage.ts";
import type { BenchmarkRow } from "./benchmark-row.ts";
import type { Figures, ImportItem, Quarantined, TokenFigures } from "./import-item.ts";

export interface Account {
	readonly kind: string;
	records: number;
	quarantined: number;
	/** Records that should say their tokens and do not. */
	uncounted: number;
	readonly skipped: Map<string, number>;
	readonly unknown: Map<string, number>;
	readonly uncountedWhy: Map<string, number>;
	readonly warnings: Map<string, { code: string; message: string }>;
	readonly totals: Totals;
	readonly benchmarks: BenchmarkRow[];
	benchmarkCount: number;
	readonly details: Record<string, unknown>[];
	/** The first few, to show. */
	readonly firstFaults: Quarantined[];
	from?: number;
	to?: number;
	/** When which kind of source counted a model, by model. */
	readonly counters: Map<string, Map<SourceKind, Counter>>;
}

/** First and last moment, and the tokens that add to the totals. */
export interface Counter {
	from: number;
	to: number;
	tokens: number;
}

export interface Totals {
	requests?: number;
	/** Sums of what sources say; `unsplit` is input of sources that do not tell cached tokens apart. */
	readonly tokens: { -readonly [K in keyof TokenFigures]: number } & { unsplit?: number };
	gpuSeconds?: number;
	joules?: number;
	joulesCounted: boolean;
	joulesCoverage: number;
	gpus?: number;
	watts?: number;
	readonly money: Map<string, bigint>;
}

const SHOWN_ROWS = 100;
const SHOWN_FAULTS = 20;

export function newAccount(kind: string): Account {
	return {
		kind,
		records: 0,
		quarantined: 0,
		uncounted: 0,
		skipped: new Map(),
		unknown: new Map(),
		uncountedWhy: new Map(),
		warnings: new Map(),
		totals: { tokens: {}, joulesCounted: true, joulesCoverage: 1, money: new Map() },
		benchmarks: [],
		benchmarkCount: 0,
		details: [],
		firstFaults: [],
		counters: new Map(),
	};
}

/** Takes one item into the account. */
export function note(account: Account, item: ImportItem): void {
	switch (item.kind) {
		case "usage":
			if (item.counted !== false || item.record.grain === "request") account.records++;
			if (item.counted !== false) addUsage(account, item.record);
			span(account, item.record.t0, item.record.t1);
			return;
		case "capacity":
			span(account, item.record.t0, item.record.t1);
			if (item.counted !== false) account.records++;
			return;
		case "charge":
			span(account, item.record.charge_period_start, item.record.charge_period_end);
			account.records++;
			return;
		case "price":
			if (item.counted !== false) account.records++;
			return;
		case "benchmark":
			account.benchmarkCount++;
			if (account.benchmarks.length < SHOWN_ROWS) account.benchmarks.push(item.row);
			return;
		case "read":
			account.records += item.count;
			return;
		case "quarantine":
			account.quarantined++;
			if (account.firstFaults.length < SHOWN_FAULTS) account.firstFaults.push(item);
			return;
		case "skip":
			raise(account.skipped, item.reason, item.count);
			return;
		case "unknown":
			raise(account.unknown, item.name, item.count ?? 1);
			return;
		case "uncounted":
			account.uncounted++;
			raise(account.uncountedWhy, item.reason, 1);
			return;
		case "warning":
			account.warnings.set(`${item.code} ${item.message}`, { code: item.code, message: item.message });
			return;
		case "figures":
			addFigures(account, item.figures);
	}
}

function addUsage(account: Account, record: UsageRecord): void {
	const { totals } = account;
	const { grain, status, tokens, requests, model, source, t0: from, t1: to } = record;
	addCounter(account, model.id ?? model.served, source.kind, {
		from,
		to,
		tokens: (tokens.in_total ?? 0) + (tokens.out_total ?? 0),
	});
	const finished = grain === "request" ? (status === undefined || status === "ok" ? 1 : 0) : requests?.finished;
	if (finished !== undefined) totals.requests = (totals.requests ?? 0) + finished;
	const { in_total, in_computed, in_cached_local, in_cached_remote, in_transferred, cache_write, out_total } = tokens;
	addTokens(totals, {
		...(in_total === undefined ? {} : { inputTotal: in_total }),
		...(in_computed === undefined ? {} : { input: in_computed }),
		...(in_cached_local === undefined ? {} : { cachedInput: in_cached_local + (in_cached_remote ?? 0) }),
		...(in_transferred === undefined || in_transferred === 0 ? {} : { transferredInput: in_transferred }),
		...(cache_write === undefined ? {} : { cacheWrite: cache_write }),
		...(out_total === undefined ? {} : { output: out_total }),
		...(tokens.out_reasoning === undefined ? {} : { reasoning: tokens.out_reasoning }),
	});
}

function addCounter({ counters }: Account, model: string, kind: SourceKind, { from, to, tokens }: Counter): void {
	const kinds = counters.get(model) ?? new Map<SourceKind, Counter>();
	counters.set(model, kinds);
	const before = kinds.get(kind);
	if (before === undefined) kinds.set(kind, { from, to, tokens });
	else {
		before.from = Math.min(before.from, from);
		before.to = Math.max(before.to, to);
		before.tokens += tokens;
	}
}

/** Models whose tokens several kinds of sources counted in the same time, so that the totals hold them more than once. */
export function countedTwice({
	counters,
}: Account): { readonly model: string; readonly by: readonly (readonly [SourceKind, Counter])[] }[] {
	return [...counters].flatMap(([model, kinds]) => {
		const known = [...kinds].filter(([kind, { tokens }]) => kind !== "benchmark" && tokens > 0);
		const by = known.filter(([kind, own]) =>
			known.some(([other, of]) => other !== kind && of.from < own.to && of.to > own.from),
		);
		return by.length === 0 ? [] : [{ model, by }];
	});
}

function addFigures(account: Account, figures: Figures): void {
	const { totals } = account;
	const { requests, tokens, gpuSeconds, joules, gpus, watts, money, details } = figures;
	if (requests !== undefined) totals.requests = (totals.requests ?? 0) + requests;
	if (tokens !== undefined) addTokens(totals, tokens);
	if (gpuSeconds !== undefined) totals.gpuSeconds = (totals.gpuSeconds ?? 0) + gpuSeconds;
	if (joules !== undefined) totals.joules = (totals.joules ?? 0) + joules;
	if (figures.joulesCounted === false) totals.joulesCounted = false;
	totals.joulesCoverage = Math.min(totals.joulesCoverage, figures.joulesCoverage ?? 1);
	if (gpus !== undefined) totals.gpus = Math.max(totals.gpus ?? 0, gpus);
	if (watts !== undefined) totals.watts = (totals.watts ?? 0) + watts;
	for (const { of, amount } of money ?? []) addMoney(totals, of, amount);
	if (details !== undefined && account.details.length < SHOWN_ROWS) account.details.push(details);
}

/** A source that says a total and no split adds to `unsplit`: computed or cached, it cannot be told. */
function addTokens({ tokens: sums }: Totals, tokens: TokenFigures): void {
	for (const [name, n] of Object.entries(tokens) as [keyof TokenFigures, number][]) sums[name] = (sums[name] ?? 0) + n;
	if (tokens.inputTotal !== undefined && tokens.input === undefined) {
		sums.unsplit = (sums.unsplit ?? 0) + tokens.inputTotal;
	}
}

function addMoney({ money }: Totals, of: string, { currency, nano }: Amount): void {
	const key = `${of} ${currency}`;
	money.set(key, (money.get(key) ?? 0n) + nano);
}

function raise(counts: Map<string, number>, name: string, by: number): void {
	counts.set(name, (counts.get(name) ?? 0) + by);
}

function span(account: Account, t0: number, t1: number): void {
	account.from = Math.min(account.from ?? t0, t0);
	account.to = Math.max(account.to ?? t1, t1);
}

/** Adds the account of one source to that of all. */
export function merge(into: Account, from: Account): void {
	into.records += from.records;
	into.quarantined += from.quarantined;
	into.uncounted += from.uncounted;
	into.benchmarkCount += from.benchmarkCount;
	for (const [name, n] of from.skipped) raise(into.skipped, name, n);
	for (const [name, n] of from.unknown) raise(into.unknown, name, n);
	for (const [name, n] of from.uncountedWhy) raise(into.uncountedWhy, name, n);
	for (const [key, warning] of from.warnings) into.warnings.set(key, warning);
	for (const row of from.benchmarks) if (into.benchmarks.length < SHOWN_ROWS) into.benchmarks.push(row);
	for (const each of from.details) if (into.details.length < SHOWN_ROWS) into.details.push(each);
	for (const [model, kinds] of from.counters) {
		for (const [kind, counter] of kinds) addCounter(into, model, kind, counter);
	}
	for (const each of from.firstFaults) if (into.firstFaults.length < SHOWN_FAULTS) into.firstFaults.push(each);
	if (from.from !== undefined && from.to !== undefined) span(into, from.from, from.to);
	const { totals } = from;
	const { unsplit, ...tokens } = totals.tokens;
	for (const [name, n] of Object.entries(tokens) as [keyof TokenFigures, number][]) {
		into.totals.tokens[name] = (into.totals.tokens[name] ?? 0) + n;
	}
	if (unsplit !== undefined) into.totals.tokens.unsplit = (into.totals.tokens.unsplit ?? 0) + unsplit;
	addFigures(into, {
		...(totals.requests === undefined ? {} : { requests: totals.requests }),
		...(totals.gpuSeconds === undefined ? {} : { gpuSeconds: totals.gpuSeconds }),
		...(totals.joules === undefined
			? {}
			: {
					joules: totals.joules,
					joulesCounted: totals.joulesCounted,
					joulesCoverage: totals.joulesCoverage,
				}),
		...(totals.gpus === undefined ? {} : { gpus: totals.gpus }),
		...(totals.watts === undefined ? {} : { watts: totals.watts }),
	});
	for (const [key, nano] of totals.money) into.totals.money.set(key, (into.totals.money.get(key) ?? 0n) + nano);
}

/** Share of the records of the source that were read and say what they should, 0 to 1. */
export function coverageOf({ records, quarantined, uncounted }: Account): number {
	const all = records + quarantined;
	return all === 0 ? 0 : Math.max(0, records - uncounted) / all;
}
