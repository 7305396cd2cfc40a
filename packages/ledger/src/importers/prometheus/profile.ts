/**
 * What the metrics of one exporter mean, as data: which family carries which concept, in order of preference. A profile
 * is versioned; a change of meaning raises its version, and records carry profile and version as their source.
 */
import type { TokenClass } from "../../records/token-classes.ts";

export interface Profile {
	readonly id: string;
	readonly version: number;
	/** Who counts: of several that count the same requests, one is believed (`token-of-record.ts`). */
	readonly counts: "engine" | "router" | "frontend" | "gateway";
	/** Families of this exporter, as a pattern on the name before any suffix is taken off. */
	readonly families: string;
	/** Other spellings of the same families, brought to ours first. */
	readonly spellings?: readonly { readonly from: string; readonly to: string }[];
	/** Labels with the name of the model, the first that is there. */
	readonly model: readonly string[];
	/** Labels that tell engines of one target apart. */
	readonly engine: readonly string[];
	/** Ranks that all report the same work: one of each is taken. */
	readonly ranks: readonly string[];
	readonly roles: readonly RoleRule[];
	readonly tokens: Readonly<Partial<Record<TokenClass | "cached_any", readonly Rule[]>>>;
	readonly requests: {
		readonly finished: readonly Rule[];
		readonly aborted?: readonly Rule[];
		readonly errored?: readonly Rule[];
		/** Label of the finished counter that says how a request ended. */
		readonly reason?: string;
	};
	readonly latency: Readonly<Partial<Record<"ttft" | "itl" | "tpot" | "e2e", readonly string[]>>>;
	/** When the engine counts: at the first token, at each step, or when a request is done. */
	readonly moment: "step" | "finish";
	/** Families that are understood and say nothing that is metered. */
	readonly others: readonly string[];
	/** What the absence of a concept costs, for `doctor`. */
	readonly absent: Readonly<Record<string, string>>;
	/** How to switch metrics on. */
	readonly enable: string;
}

/** Series that add up to one figure. */
export interface Rule {
	/** The family, in full. */
	readonly metric: string;
	/** Series of a histogram: its sum or its count instead of a value. */
	readonly part?: "sum" | "count";
	/** Only series whose label has one of these values. */
	readonly only?: Readonly<Record<string, readonly string[]>>;
	/** Not series whose label has one of these values. */
	readonly except?: Readonly<Record<string, readonly string[]>>;
	/** Parts that are also there as their own total: taken only where no other part is. */
	readonly total?: { readonly label: string; readonly value: string };
}

export interface RoleRule {
	readonly label: string;
	/** Pattern on the label's value. */
	readonly matches: string;
	readonly role: Role;
}

/** Part of a deployment that a meter belongs to. */
export type Role = "agg" | "prefill" | "decode" | "router" | "frontend";

/** Labels by which clusters commonly say the role, whatever the engine. */
export const COMMON_ROLES: readonly RoleRule[] = ["prefill", "decode"].flatMap((role) => [
	{ label: "worker_type", matches: `^${role}`, role: role as Role },
	{ label: "role", matches: `^${role}$`, role: role as Role },
	{ label: "llm_d_ai_role", matches: `^${role}$`, role: role as Role },
	{ label: "dynamo_component", matches: role, role: role as Role },
	{ label: "pod", matches: `(^|[-_.])${role}([-_.0-9]|$)`, role: role as Role },
	{ label: "exported_pod", matches: `(^|[-_.])${role}([-_.0-9]|$)`, role: role as Role },
]);
