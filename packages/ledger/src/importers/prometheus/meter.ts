/** Readings of one or more targets through a profile: tokens, requests and latency of each model at each target. */
import type { LatencyMetric, RequestCounts } from "../../records/usage.ts";
import { type Count, count, type Micros, microsOfSeconds, type TokenCount, tokenCount } from "../../records/units.ts";
import { completeTokens, identityFaults, type TokenClass, type TokenClasses } from "../../records/token-classes.ts";
import type { Profile, Role, Rule } from "./profile.ts";
import type { Reading } from "./readings.ts";
import type { Labels } from "./text-format.ts";

/** What one target served of one model, as it counted it. */
export interface Metered {
	readonly profile: Profile;
	readonly target: Target;
	readonly model: string;
	readonly role: Role;
	readonly dpRank?: number;
	readonly tokens: TokenClasses;
	/** True where the source says how many prompt tokens were cached. */
	readonly splitsInput: boolean;
	readonly requests: RequestCounts;
	readonly latency: Readonly<Partial<Record<LatencyMetric, Histogram>>>;
	readonly coverage: number;
	readonly reasons: readonly string[];
	/** Concepts of the profile that no series carries. */
	readonly absent: readonly string[];
}

/** Where it was scraped: equal for all series of one process. */
export interface Target {
	readonly cluster?: string;
	readonly namespace?: string;
	readonly pod?: string;
	readonly instance?: string;
	readonly job?: string;
}

export interface Histogram {
	readonly bounds: readonly Micros[];
	readonly counts: readonly Count[];
	readonly sum: Micros;
	readonly count: Count;
}

/** Every reading of the profile's families, by target, model and engine; in order of first appearance. */
export function meter(profile: Profile, given: readonly Reading[]): Metered[] {
	const readings = respelled(profile, given);
	const groups = new Map<string, Group>();
	for (const reading of readings) {
		const target = targetOf(reading.labels);
		const model = modelOf(profile, reading.labels);
		const engine = profile.engine.map((label) => reading.labels[label] ?? "").join("/");
		const role = roleOf(profile, reading.labels);
		const key = JSON.stringify([target, model, engine, role]);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, { target, model, role, readings: [reading] });
		else group.readings.push(reading);
	}
	return mergedLabels([...groups.values()]).flatMap((group) => meteredOf(profile, group) ?? []);
}

interface Group {
	readonly target: Target;
	readonly model: string | undefined;
	readonly role: Role;
	readonly readings: Reading[];
}

/**
 * Some exporters give part of their families fewer labels (SGLang: token families have no role and no rank). What such a
 * group lacks is filled from the only other group of its target.
 */
function mergedLabels(groups: readonly Group[]): Group[] {
	const kept: Group[] = [];
	for (const group of groups) {
		if (group.model !== undefined) {
			kept.push(group);
			continue;
		}
		const others = groups.filter((each) => each.model !== undefined && sameTarget(each.target, group.target));
		const models = new Set(others.map(({ model }) => model));
		if (models.size === 1) {
			const [model] = models;
			kept.push({ ...group, model });
		} else if (models.size === 0) kept.push({ ...group, model: "unknown" });
		// With several models, a series without a model repeats the sum of them.
	}
	const merged = new Map<string, Group>();
	for (const group of kept) {
		const roles = new Set(
			kept.filter((each) => sameTarget(each.target, group.target) && each.role !== "agg").map(({ role }) => role),
		);
		const [only] = roles;
		const role = group.role === "agg" && roles.size === 1 && only !== undefined ? only : group.role;
		const key = JSON.stringify([group.target, group.model, role, engineOf(group)]);
		const known = merged.get(key);
		if (known === undefined) merged.set(key, { ...group, role, readings: [...group.readings] });
		else known.readings.push(...group.readings);
	}
	return [...merged.values()];
}

function engineOf(group: Group): string {
	const labels = group.readings[0]?.labels ?? {};
	return `${labels["engine"] ?? ""}/${labels["dp_rank"] ?? ""}/${labels["ReplicaId"] ?? ""}`;
}

function meteredOf(profile: Profile, group: Group): Metered | undefined {
	const unique = withoutRepeats(profile, group.readings);
	const { readings } = unique;
	const used: Reading[] = [];
	const figure = (rules: readonly Rule[] | undefined): number | undefined => {
		for (const rule of rules ?? []) {
			const found = matching(readings, rule);
			const known = found.flatMap(({ rise }) => rise ?? []);
			if (found.length === 0 || known.length < found.length) continue;
			used.push(...found);
			return known.reduce((sum, n) => sum + n, 0);
		}
		return undefined;
	};
	const input = inputOf(profile, figure, group.role);
	const rest: [TokenClass, number | undefined][] = (["out_total", "draft_proposed", "draft_accepted"] as const).map(
		(each) => [each, figure(profile.tokens[each])],
	);
	const requests = requestsOf(profile, figure, readings);
	const latency = latenciesOf(profile, readings);
	const tokens = wholeTokens({
		...input.tokens,
		...Object.fromEntries(rest.flatMap(([name, n]) => (n === undefined ? [] : [[name, n]]))),
	});
	const hasFigures = Object.keys(tokens).length > 0 || requests.finished !== undefined;
	if (!hasFigures) return undefined;
	const dpRank = Number(readings.find(({ labels }) => labels["dp_rank"] !== undefined)?.labels["dp_rank"]);
	return {
		profile,
		target: group.target,
		model: group.model ?? "unknown",
		role:
			group.role === "agg" && profile.counts === "frontend"
				? "frontend"
				: profile.counts === "router"
					? "router"
					: group.role,
		...(Number.isSafeInteger(dpRank) ? { dpRank } : {}),
		tokens,
		splitsInput: input.splits,
		requests,
		latency,
		coverage: used.reduce((least, each) => Math.min(least, each.coverage), 1),
		reasons: [...new Set([...unique.reasons, ...input.reasons, ...used.flatMap(({ reasons }) => reasons)])].sort(),
		absent: absentOf(tokens, input.splits, requests, latency),
	};
}

type Figure = (rules: readonly Rule[] | undefined) => number | undefined;

interface InputFigures {
	readonly tokens: Readonly<Record<string, number>>;
	readonly splits: boolean;
	readonly reasons: readonly string[];
}

/** The prompt by source where the exporter says it, else total less cached, else the total alone. */
function inputOf({ tokens: rules }: Profile, figure: Figure, role: Role): InputFigures {
	const total = figure(rules.in_total);
	const computed = figure(rules.in_computed);
	const local = figure(rules.in_cached_local);
	const moved = figure(rules.in_transferred);
	if (computed !== undefined && local !== undefined) {
		// Tokens from outside the engine are another role's work on a decode engine, a cache on any other.
		const elsewhere = moved ?? 0;
		const isMoved = role === "decode";
		const parts = {
			in_computed: computed,
			in_cached_local: local,
			in_cached_remote: isMoved ? 0 : elsewhere,
			in_transferred: isMoved ? elsewhere : 0,
		};
		const sum = computed + local + elsewhere;
		const isWhole = total === undefined || Math.abs(sum - total) <= Math.max(2, total * 0.001);
		if (isWhole) return { tokens: { in_total: sum, ...parts }, splits: true, reasons: [] };
		return { tokens: { in_total: total }, splits: false, reasons: ["sources-do-not-add-up"] };
	}
	if (total === undefined) return { tokens: {}, splits: false, reasons: [] };
	const cached = figure(rules.cached_any);
	if (cached === undefined) return { tokens: { in_total: total }, splits: false, reasons: [] };
	if (cached > total) return { tokens: { in_total: total }, splits: false, reasons: ["cached-exceeds-prompt"] };
	return {
		tokens: {
			in_total: total,
			in_computed: total - cached,
			in_cached_local: cached,
			in_cached_remote: 0,
			in_transferred: 0,
		},
		splits: true,
		reasons: [],
	};
}

/** Whole tokens whose parts add up: interpolated edges leave fractions. */
function wholeTokens(figures: Readonly<Record<string, number>>): TokenClasses {
	const rounded = Object.fromEntries(
		Object.entries(figures).map(([name, n]) => [name, tokenCount(Math.max(0, Math.round(n)))]),
	) as Partial<Record<TokenClass, TokenCount>>;
	const { in_computed, in_cached_local, in_cached_remote, in_transferred } = rounded;
	const whole =
		in_computed === undefined
			? rounded
			: {
					...rounded,
					in_total: tokenCount(in_computed + (in_cached_local ?? 0) + (in_cached_remote ?? 0) + (in_transferred ?? 0)),
				};
	const { draft_proposed, draft_accepted } = whole;
	const capped =
		draft_proposed !== undefined && draft_accepted !== undefined && draft_accepted > draft_proposed
			? { ...whole, draft_accepted: draft_proposed }
			: whole;
	return identityFaults(capped).length === 0 ? completeTokens(capped) : capped;
}

function requestsOf({ requests: rules }: Profile, figure: Figure, readings: readonly Reading[]): RequestCounts {
	const round = (n: number | undefined): Count | undefined =>
		n === undefined ? undefined : count(Math.max(0, Math.round(n)));
	const finished = round(figure(rules.finished));
	const aborted = round(figure(rules.aborted));
	const errored = round(figure(rules.errored));
	const { reason } = rules;
	const byReason =
		reason === undefined
			? []
			: (rules.finished[0] === undefined ? [] : matching(readings, { metric: rules.finished[0].metric })).flatMap(
					({ labels, rise }) =>
						labels[reason] === undefined || rise === undefined
							? []
							: [[labels[reason], count(Math.round(rise))] as const],
				);
	return {
		...(finished === undefined ? {} : { finished }),
		...(aborted === undefined ? {} : { aborted }),
		...(errored === undefined ? {} : { errored }),
		...(byReason.length === 0 ? {} : { by_reason: sumsOf(byReason) }),
	};
}

function sumsOf(pairs: readonly (readonly [string, Count])[]): Record<string, Count> {
	const sums: Record<string, Count> = {};
	for (const [name, n] of pairs) sums[name] = count((sums[name] ?? 0) + n);
	return sums;
}

function latenciesOf(profile: Profile, readings: readonly Reading[]): Metered["latency"] {
	const found = Object.entries(profile.latency).flatMap(([metric, families]) => {
		const family = families.find((each) => readings.some(({ name }) => name === `${each}_bucket`));
		const histogram = family === undefined ? undefined : histogramOf(family, readings);
		return histogram === undefined ? [] : [[metric, histogram]];
	});
	return Object.fromEntries(found) as Metered["latency"];
}

/** Buckets of a family, not cumulated; undefined where they contradict each other. */
function histogramOf(family: string, readings: readonly Reading[]): Histogram | undefined {
	const upTo = new Map<number, number>();
	for (const { name, labels, rise } of readings) {
		if (name !== `${family}_bucket` || rise === undefined) continue;
		const le = labels["le"] === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels["le"]);
		if (!Number.isNaN(le)) upTo.set(le, (upTo.get(le) ?? 0) + rise);
	}
	const total = upTo.get(Number.POSITIVE_INFINITY);
	const sum = readings.filter(({ name }) => name === `${family}_sum`).reduce((all, { rise }) => all + (rise ?? 0), 0);
	if (total === undefined || !Number.isFinite(sum) || sum < 0) return undefined;
	const rising = [...upTo].filter(([le]) => Number.isFinite(le) && le > 0).sort(([a], [b]) => a - b);
	const bounds = rising.map(([le]) => microsOfSeconds(le));
	const cumulated = [...rising.map(([, n]) => n), total].map(Math.round);
	const counts = cumulated.map((n, i) => n - (cumulated[i - 1] ?? 0));
	const areDistinct = bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] as number));
	if (!areDistinct || counts.some((n) => n < 0)) return undefined;
	return { bounds, counts: counts.map(count), sum: microsOfSeconds(sum), count: count(Math.round(total)) };
}

function absentOf(
	tokens: TokenClasses,
	splits: boolean,
	requests: RequestCounts,
	latency: Metered["latency"],
): string[] {
	return [
		...(tokens.in_total === undefined ? ["in_total"] : []),
		...(splits ? [] : ["cached_any"]),
		...(tokens.out_total === undefined ? ["out_total"] : []),
		...(requests.finished === undefined ? ["finished"] : []),
		...(latency.ttft === undefined ? ["ttft"] : []),
	];
}

/** Readings with their families spelled as the profile has them; others are left out. */
export function respelled(profile: Profile, readings: readonly Reading[]): Reading[] {
	const own = new RegExp(profile.families);
	const spellings = (profile.spellings ?? []).map(({ from, to }) => ({ from: new RegExp(from), to }));
	return readings.flatMap((reading) => {
		const name = spellings.reduce((spelled, { from, to }) => spelled.replace(from, to), reading.name);
		if (!own.test(name)) return [];
		return [name === reading.name ? reading : { ...reading, name }];
	});
}

function matching(readings: readonly Reading[], rule: Rule): Reading[] {
	const name = rule.part === undefined ? rule.metric : `${rule.metric}_${rule.part}`;
	const named = readings.filter(
		(reading) =>
			reading.name === name &&
			Object.entries(rule.only ?? {}).every(([label, values]) => values.includes(reading.labels[label] ?? "")) &&
			!Object.entries(rule.except ?? {}).some(([label, values]) => values.includes(reading.labels[label] ?? "")),
	);
	const { total } = rule;
	if (total === undefined) return named;
	const parts = named.filter(({ labels }) => labels[total.label] !== total.value);
	return parts.length === 0 ? named : parts;
}

/** Labels that a wrapper adds to series which the engine also exposes itself. */
const WRAPPER_LABELS = [
	"dynamo_namespace",
	"dynamo_component",
	"dynamo_endpoint",
	"model",
	"model_name",
	"worker_id",
	"engine_type",
];

/**
 * Each count once: of ranks that all report the same work the lowest, and of two series of a family that differ only in
 * labels that a wrapper adds, the one with more labels.
 */
function withoutRepeats(profile: Profile, readings: readonly Reading[]): { readings: Reading[]; reasons: string[] } {
	const reasons = new Set<string>();
	const ranked = new Map<string, Reading>();
	for (const reading of readings) {
		const key = JSON.stringify([reading.name, ...identityOf(reading.labels, profile.ranks)]);
		const other = ranked.get(key);
		if (other === undefined) ranked.set(key, reading);
		else {
			reasons.add("ranks-repeat");
			if (rankOf(profile, reading) < rankOf(profile, other)) ranked.set(key, reading);
		}
	}
	const kept = new Map<string, Reading[]>();
	for (const reading of ranked.values()) {
		const key = JSON.stringify([reading.name, ...identityOf(reading.labels, [...profile.ranks, ...WRAPPER_LABELS])]);
		const others = kept.get(key) ?? [];
		const repeated = others.findIndex(
			(each) => isWrapped(each.labels, reading.labels) || isWrapped(reading.labels, each.labels),
		);
		if (repeated < 0) others.push(reading);
		else {
			reasons.add("series-repeat");
			const other = others[repeated] as Reading;
			if (Object.keys(reading.labels).length > Object.keys(other.labels).length) others[repeated] = reading;
		}
		kept.set(key, others);
	}
	return { readings: [...kept.values()].flat(), reasons: [...reasons] };
}

/** True where `outer` has all labels of `inner`, with the same values, and more. */
function isWrapped(inner: Labels, outer: Labels): boolean {
	return Object.entries(inner).every(([label, value]) => outer[label] === value);
}

function identityOf(labels: Labels, without: readonly string[]): string[] {
	return Object.keys(labels)
		.filter((label) => !without.includes(label))
		.sort()
		.flatMap((label) => [label, labels[label] as string]);
}

function rankOf(profile: Profile, { labels }: Reading): number {
	return profile.ranks.reduce((rank, label) => rank * 10_000 + Number(labels[label] ?? 0), 0);
}

function modelOf(profile: Profile, labels: Labels): string | undefined {
	const label = profile.model.find((each) => (labels[each] ?? "") !== "");
	return label === undefined ? undefined : labels[label];
}

function roleOf(profile: Profile, labels: Labels): Role {
	const rule = profile.roles.find(({ label, matches }) => new RegExp(matches).test(labels[label] ?? ""));
	return rule?.role ?? "agg";
}

/** Target labels; after a scrape the exporter's own become `exported_…`, which say whose figures they are. */
export function targetOf(labels: Labels): Target {
	const named = (...names: readonly string[]): string | undefined =>
		names.map((name) => labels[name]).find((value) => value !== undefined && value !== "");
	const cluster = named("cluster");
	const namespace = named("exported_namespace", "namespace");
	const pod = named("exported_pod", "pod");
	const instance = named("instance");
	const job = named("job");
	return {
		...(cluster === undefined ? {} : { cluster }),
		...(namespace === undefined ? {} : { namespace }),
		...(pod === undefined ? {} : { pod }),
		...(instance === undefined ? {} : { instance }),
		...(job === undefined ? {} : { job }),
	};
}

function sameTarget(a: Target, b: Target): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
