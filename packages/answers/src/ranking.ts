/** Which measured rows may be ranked for a question, and why the others may not. */
import type { BenchmarkPoint, PointField, QuantityJson } from "@farthing/engine";
import type { Warning } from "./envelope.ts";
import { groupedBy } from "./grouping.ts";
import type { RateBook } from "./rates.ts";
import type { CheckedRow, RowMatch } from "./rows.ts";
import { mayAnswer, unlikeAsked } from "./rows.ts";
import type { TtftRule } from "./service-level.ts";
import { ttftVerdict } from "./service-level.ts";

/** A row that is not ranked, or a frontier that does not reach what was asked. */
export interface Unranked {
	readonly row?: string;
	readonly hardware: string;
	readonly precision: string;
	readonly stack: string;
	readonly speculative: string;
	readonly code: string;
	readonly reason: string;
	/** By how much a fleet of it is too large for the site, where that is the reason. */
	readonly short_by?: QuantityJson;
	/** How many rows the line stands for. */
	readonly rows: number;
}

export interface RankingLimits {
	/** Output tokens a second that a user must see. */
	readonly interactivity?: number;
	readonly ttft?: TtftRule;
	/** What a row must have right to answer. */
	readonly needed: readonly PointField[];
	/** What a row must be, where rows were named instead of looked for. */
	readonly asked?: RowMatch;
}

export type Limit = "tokens_per_s_per_user" | "ttft";

export interface Ranking {
	readonly kept: readonly CheckedRow[];
	readonly unranked: readonly Unranked[];
	/** Rows that miss a limit, each as a line of its own. */
	readonly missed: readonly { readonly limit: Limit; readonly line: Unranked }[];
	readonly warnings: readonly Warning[];
}

export function rankable(rows: readonly CheckedRow[], limits: RankingLimits, rates: RateBook): Ranking {
	const kept: CheckedRow[] = [];
	const unknownTtft: BenchmarkPoint[] = [];
	const unranked: Unranked[] = [];
	const missed: { limit: Limit; line: Unranked }[] = [];
	for (const row of rows) {
		const { point } = row;
		const verdict = verdictOn(row, limits, rates);
		if (verdict.verdict === "unranked") unranked.push(unrankedLine(point, verdict.code, verdict.reason));
		else if (verdict.verdict === "missed") {
			missed.push({ limit: verdict.limit, line: unrankedLine(point, `${verdict.limit}-missed`, verdict.reason) });
		} else {
			kept.push(row);
			if (!verdict.ttftKnown) unknownTtft.push(point);
		}
	}
	return { kept, unranked, missed, warnings: unknownTtftWarning(unknownTtft) };
}

/** Rows a reader would want summed: by configuration and kind of reason. */
export function summedUnranked(unranked: readonly Unranked[]): Unranked[] {
	const groups = groupedBy(unranked, (line) => `${frontierKey(line)}|${line.code}`);
	return [...groups.values()].map((group) => {
		const { row: _, short_by: __, ...first } = group[0] as Unranked;
		return { ...first, rows: group.reduce((sum, { rows }) => sum + rows, 0) };
	});
}

/** What rows of one frontier share. */
export function frontierKey(of: Pick<BenchmarkPoint, "hardware" | "precision" | "stack" | "speculative">): string {
	return [of.hardware, of.precision, of.stack, of.speculative].join("|");
}

export function unrankedLine(point: BenchmarkPoint, code: string, reason: string): Unranked {
	const { id, hardware, precision, stack, speculative } = point;
	return { row: id, hardware, precision, stack, speculative, code, reason, rows: 1 };
}

type RowVerdict =
	| { readonly verdict: "kept"; readonly ttftKnown: boolean }
	| { readonly verdict: "missed"; readonly limit: Limit; readonly reason: string }
	| { readonly verdict: "unranked"; readonly code: string; readonly reason: string };

/** A limit that is missed comes first: such a row could not serve whatever else is known of it. */
function verdictOn(row: CheckedRow, limits: RankingLimits, rates: RateBook): RowVerdict {
	const { point } = row;
	const unlike = limits.asked === undefined ? undefined : unlikeAsked(point, limits.asked);
	if (unlike !== undefined) return { verdict: "unranked", code: "not-asked-for", reason: unlike };
	const trusted = (field: PointField): boolean => !row.checks.some(({ taints }) => taints.includes(field));
	const speed = point.interactivityTokensPerSecond;
	if (limits.interactivity !== undefined && trusted("interactivityTokensPerSecond") && speed < limits.interactivity) {
		const reason = `${speed.toFixed(1)} tok/s/user is below the limit of ${limits.interactivity}`;
		return { verdict: "missed", limit: "tokens_per_s_per_user", reason };
	}
	const ttft = limits.ttft === undefined ? undefined : ttftVerdict(point, limits.ttft, trusted("latency.ttft"));
	if (ttft?.verdict === "missed") return { verdict: "missed", limit: "ttft", reason: ttft.reason };
	const fit = mayAnswer(row, limits.needed);
	if (!fit.ok) return { verdict: "unranked", code: "failed-check", reason: fit.reason };
	const rate = rates.rateOf(point.hardware);
	if (!rate.known) return { verdict: "unranked", code: "no-rate", reason: rate.reason };
	if (ttft?.verdict === "unknown") return { verdict: "unranked", code: "ttft-unknown", reason: ttft.reason };
	return { verdict: "kept", ttftKnown: ttft?.verdict !== "accepted-unknown" };
}

const NAMED = 3;

function unknownTtftWarning(points: readonly BenchmarkPoint[]): Warning[] {
	if (points.length === 0) return [];
	const named = points.slice(0, NAMED).map(({ id }) => id);
	const more = points.length > NAMED ? ` and ${points.length - NAMED} more` : "";
	const rows =
		points.length === 1
			? "1 row is ranked although its TTFT is"
			: `${points.length} rows are ranked although their TTFT is`;
	return [{ code: "ttft-unknown", message: `${rows} not known: ${named.join(", ")}${more}` }];
}
