import { identityFaults, type TokenClasses } from "./token-classes.ts";
import {
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
	type RecordIssue,
	type RecordShape,
} from "./record-shape.ts";
import type { Count, Instant, Micros, TokenCount } from "./units.ts";

/** What was served: one request, or all requests of one source and scope in a window of time. */
export interface UsageRecord {
	readonly grain: "request" | "window";
	/** Start, inclusive. Of a request: its arrival. */
	readonly t0: Instant;
	/** End, exclusive for a window. Of a request: its last token. */
	readonly t1: Instant;
	readonly source: UsageSource;
	/** Id of the request where it is one; two records of one id are one request. */
	readonly request_id?: string;
	readonly status?: RequestStatus;
	readonly scope?: UsageScope;
	readonly model: UsageModel;
	readonly tenant?: Tenant;
	readonly tokens: TokenClasses;
	readonly requests?: RequestCounts;
	readonly latency?: LatencyMeasures;
	readonly quality?: UsageQuality;
}

export const SOURCE_KINDS = ["engine", "router", "gateway", "client", "provider", "benchmark"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];
export const REQUEST_STATUSES = ["ok", "aborted", "error"] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];
export const SCOPE_ROLES = ["agg", "prefill", "decode", "router", "frontend"] as const;
export type ScopeRole = (typeof SCOPE_ROLES)[number];

export interface UsageSource {
	/** Importer or profile that read it, `vllm`, `litellm`, `otlp`. */
	readonly adapter: string;
	readonly version: string;
	readonly kind: SourceKind;
	/** Which of several: scrape target, proxy, file. */
	readonly instance?: string;
	/** Changes when the source's counters start again. */
	readonly incarnation?: string;
}

export interface UsageScope {
	readonly cluster?: string;
	readonly namespace?: string;
	readonly pod?: string;
	readonly role?: ScopeRole;
	/** The deployment: what is scaled, charged and compared as one. */
	readonly group?: string;
	readonly dp_rank?: number;
	/** Accelerator by catalogue id, where the source knows it. */
	readonly hardware?: string;
}

export interface UsageModel {
	/** The name under which it is served. */
	readonly served: string;
	/** Id of the catalogue. */
	readonly id?: string;
	readonly precision?: string;
	/** LoRA or other adapter. */
	readonly adapter?: string;
	/** Service tier that changes the price: `batch`, `priority`, … */
	readonly tier?: string;
}

export interface Tenant {
	readonly org?: string;
	readonly team?: string;
	readonly user?: string;
	/** Id or alias of a key, never the key itself. */
	readonly key?: string;
	readonly tags?: Readonly<Record<string, string>>;
}

export interface RequestCounts {
	readonly finished?: Count;
	readonly aborted?: Count;
	readonly errored?: Count;
	readonly by_reason?: Readonly<Record<string, Count>>;
}

export const LATENCY_METRICS = ["ttft", "itl", "tpot", "e2e"] as const;
export type LatencyMetric = (typeof LATENCY_METRICS)[number];
export type LatencyMeasures = { readonly [M in LatencyMetric]?: LatencyMeasure };

/** One value of a request, or the buckets of a window: counts at or below each bound, not cumulated. */
export interface LatencyMeasure {
	readonly value?: Micros;
	readonly bounds?: readonly Micros[];
	/** One more than `bounds`: the last holds what lies above. */
	readonly counts?: readonly Count[];
	readonly sum?: Micros;
}

export interface UsageQuality {
	/** Share of the window that samples cover, 0 to 1. */
	readonly coverage?: number;
	readonly resets?: Count;
	readonly gaps?: Count;
	readonly edge_interpolated?: boolean;
	readonly double_count_risk?: boolean;
	readonly reasons?: readonly string[];
}

export const sourceShape: RecordShape<UsageSource> = members<UsageSource>("Where a record comes from", {
	adapter: label("Importer or profile that read it"),
	version: label("Version of that importer or profile"),
	kind: oneOf("Place in the way of a request", SOURCE_KINDS),
	instance: optional(label("Scrape target, proxy or file")),
	incarnation: optional(label("Changes when the counters start again")),
});

export const scopeShape: RecordShape<UsageScope> = members<UsageScope>("What served it", {
	cluster: optional(label("Cluster")),
	namespace: optional(label("Namespace")),
	pod: optional(label("Pod, container or host process")),
	role: optional(oneOf("Role in the deployment", SCOPE_ROLES)),
	group: optional(label("Deployment")),
	dp_rank: optional(wholeNumber<number>("Data-parallel rank")),
	hardware: optional(label("Accelerator by catalogue id")),
});

export const modelShape: RecordShape<UsageModel> = members<UsageModel>("The model", {
	served: label("Name under which it is served"),
	id: optional(label("Id of the catalogue")),
	precision: optional(label("Number format")),
	adapter: optional(label("LoRA or other adapter")),
	tier: optional(label("Service tier that changes the price")),
});

export const tenantShape: RecordShape<Tenant> = members<Tenant>("On whose behalf", {
	org: optional(label("Organisation or customer")),
	team: optional(label("Team")),
	user: optional(label("User")),
	key: optional(label("Id or alias of a key, never the key itself")),
	tags: optional(mapOf("Free labels", label("A label"))),
});

const tokens = (description: string): { readonly optional: RecordShape<TokenCount> } =>
	optional(wholeNumber<TokenCount>(description));

export const tokensShape: RecordShape<TokenClasses> = members<TokenClasses>(
	"Tokens by class; absent means unknown",
	{
		in_total: tokens("Prompt tokens, cached ones included"),
		in_computed: tokens("Prompt tokens that were computed here"),
		in_cached_local: tokens("Prompt tokens found in the cache of the server"),
		in_cached_remote: tokens("Prompt tokens found in a cache outside of it"),
		in_transferred: tokens("Prompt tokens whose state came from another role of the deployment"),
		cache_write: tokens("The part of the computed ones that was written to a cache sold as such"),
		out_total: tokens("Generated tokens, reasoning included"),
		out_reasoning: tokens("The part of the generated ones that is reasoning"),
		draft_proposed: tokens("Tokens proposed by speculative decoding"),
		draft_accepted: tokens("Proposed tokens that were accepted"),
	},
	(record, path, issues) => {
		for (const words of identityFaults(record)) fault(issues, "identity-broken", path, words, "parts that add up");
	},
);

const counts = (description: string): RecordShape<Count> => wholeNumber<Count>(description);
const duration = (description: string): RecordShape<Micros> => wholeNumber<Micros>(description);

const latencyShape: RecordShape<LatencyMeasure> = members<LatencyMeasure>(
	"One value, or counts by bucket",
	{
		value: optional(duration("Microseconds")),
		bounds: optional(listOf(duration("Upper bound of a bucket in microseconds"))),
		counts: optional(listOf(counts("Observations in the bucket, not cumulated"))),
		sum: optional(duration("Sum of the observations in microseconds")),
	},
	checkLatency,
);

export const usageShape: RecordShape<UsageRecord> = members<UsageRecord>(
	"What was served: one request, or a window of one source and scope",
	{
		grain: oneOf("One request, or a window of time", ["request", "window"]),
		t0: instantOf("Start"),
		t1: instantOf("End"),
		source: sourceShape,
		request_id: optional(label("Id of the request")),
		status: optional(oneOf("How the request ended", REQUEST_STATUSES)),
		scope: optional(scopeShape),
		model: modelShape,
		tenant: optional(tenantShape),
		tokens: tokensShape,
		requests: optional(
			members<RequestCounts>("Requests of the window", {
				finished: optional(counts("Finished")),
				aborted: optional(counts("Given up by the client")),
				errored: optional(counts("Failed")),
				by_reason: optional(mapOf("Finished by reason", counts("Requests"))),
			}),
		),
		latency: optional(
			members<LatencyMeasures>("Latency in microseconds", {
				ttft: optional(latencyShape),
				itl: optional(latencyShape),
				tpot: optional(latencyShape),
				e2e: optional(latencyShape),
			}),
		),
		quality: optional(
			members<UsageQuality>("How good the measurement is", {
				coverage: optional(finite("Share of the window that samples cover", 0, 1)),
				resets: optional(counts("Counter resets in the window")),
				gaps: optional(counts("Gaps in the samples")),
				edge_interpolated: optional(truth("An edge of the window was interpolated")),
				double_count_risk: optional(truth("Another source counts the same tokens")),
				reasons: optional(listOf(label("Reason code"))),
			}),
		),
	},
	checkUsage,
);

function checkLatency(latency: LatencyMeasure, path: string, issues: RecordIssue[]): void {
	const { bounds, counts: found } = latency;
	if ((bounds === undefined) !== (found === undefined) || (bounds && found && found.length !== bounds.length + 1)) {
		fault(issues, "contradiction", path, `${path} needs one count more than bounds`, "bounds and counts together");
	}
	if (bounds?.some((bound, i) => i > 0 && bound <= (bounds[i - 1] ?? 0))) {
		fault(issues, "contradiction", path, `${path}.bounds do not rise`, "rising bounds");
	}
}

function checkUsage(record: UsageRecord, path: string, issues: RecordIssue[]): void {
	if (record.t1 < record.t0) fault(issues, "contradiction", path, "t1 is before t0", "an end after the start");
	if (record.grain === "window") {
		if (record.t1 === record.t0) fault(issues, "contradiction", path, "the window is empty", "t1 after t0");
		if (record.request_id !== undefined) {
			fault(issues, "contradiction", path, "a window has no request_id", "grain request, or no request_id");
		}
	}
}
