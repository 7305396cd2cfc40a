/** Which families a file holds that nothing here understands: they are listed, never dropped in silence. */
import { KUBE_FAMILIES, OPENCOST_FAMILIES } from "./cluster.ts";
import { DEVICE_PROFILES } from "./device-profile.ts";
import type { Profile } from "./profile.ts";
import { PROFILES } from "./profiles/all.ts";
import type { Reading } from "./readings.ts";
import type { PromType } from "./text-format.ts";

/** Of the scrape, the process and its language: every exporter has them and they meter nothing. */
const PLUMBING =
	/^(process|python|go|promhttp|scrape|http|net|up$|ALERTS|prometheus|jvm|nodejs|tokio|otelcol|target_info$|otel_scope_info$)(_.*|$)/;
/** Triton's gauges of its TensorRT-LLM backend are momentary and its counters count requests: no tokens can be read. */
const TRITON = /^nv_(inference|trt_llm|gpu|cpu|energy|cache|model|pinned|response|rate_limiter)_.*$/;

/** What functions of PromQL give has lost its name. */
const NAMELESS = "a series without a name, as functions of PromQL give: save the answer to a query of series";

export interface FamilyCensus {
	readonly profiles: readonly string[];
	/** Families that no profile knows. */
	readonly unknown: readonly string[];
	/** Families known and not metered, counted. */
	readonly unused: number;
}

export function familyCensus(readings: readonly Reading[], types: ReadonlyMap<string, PromType>): FamilyCensus {
	// `_created` is the twin of a family, with the time at which it began.
	const named = readings.filter(({ name }) => !name.endsWith("_created"));
	const families = new Set(named.map(({ name }) => familyOf(name, types)));
	const profiles = new Set<string>();
	const unknown: string[] = [];
	let unused = 0;
	for (const family of families) {
		const known = describedBy(family);
		if (known === undefined) unknown.push(family === "" ? NAMELESS : family);
		else if (known === "") unused++;
		else profiles.add(known);
	}
	return { profiles: [...profiles].sort(), unknown: unknown.sort(), unused };
}

/** Id and version of the profile that knows a family; empty for plumbing; undefined where none does. */
function describedBy(family: string): string | undefined {
	for (const profile of PROFILES) {
		const name = spelled(profile, family);
		if (!new RegExp(profile.families).test(name)) continue;
		return isKnown(profile, name) ? `${profile.id}@${profile.version}` : undefined;
	}
	for (const profile of DEVICE_PROFILES) {
		const name = (profile.spellings ?? []).reduce((each, { from, to }) => each.replace(new RegExp(from), to), family);
		if (new RegExp(profile.families).test(name)) return `${profile.id}@${profile.version}`;
	}
	if (KUBE_FAMILIES.test(family)) return "kube-state-metrics@1";
	if (OPENCOST_FAMILIES.test(family)) return "opencost@1";
	if (TRITON.test(family)) return "triton@1";
	return PLUMBING.test(family) ? "" : undefined;
}

function isKnown(profile: Profile, name: string): boolean {
	const rules = [
		...Object.values(profile.tokens).flat(),
		...profile.requests.finished,
		...(profile.requests.aborted ?? []),
		...(profile.requests.errored ?? []),
	];
	return (
		rules.some(({ metric }) => metric === name) ||
		Object.values(profile.latency).flat().includes(name) ||
		profile.others.some((pattern) => new RegExp(pattern).test(name))
	);
}

function spelled(profile: Profile, name: string): string {
	return (profile.spellings ?? []).reduce((each, { from, to }) => each.replace(new RegExp(from), to), name);
}

/** The parts of a histogram belong to their family. */
export function familyOf(name: string, types: ReadonlyMap<string, PromType>): string {
	const stem = name.replace(/_(bucket|sum|count)$/, "");
	if (stem === name) return name;
	const type = types.get(stem);
	if (type === "histogram" || type === "summary") return stem;
	return types.has(name) ? name : stem;
}
