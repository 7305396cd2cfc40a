/** Limits a deployment must keep, held against what a benchmark row measured. */
import type { BenchmarkPoint } from "@farthing/engine";

export type TtftStatistic = "median" | "p90" | "p99" | "mean";

export interface TtftRule {
	readonly limitSeconds: number;
	readonly statistic: TtftStatistic;
	/** What to do with rows that have no such TTFT. */
	readonly unknown: "exclude" | "accept";
}

export type TtftVerdict =
	| { readonly verdict: "met" }
	| { readonly verdict: "accepted-unknown"; readonly reason: string }
	| { readonly verdict: "missed" | "unknown"; readonly reason: string };

/** `trusted` is false where a check of the row found its TTFT wanting: what it says is then not known. */
export function ttftVerdict(point: BenchmarkPoint, rule: TtftRule, trusted = true): TtftVerdict {
	const { limitSeconds, statistic } = rule;
	const measured = trusted ? point.latency.ttft?.[statistic] : undefined;
	if (measured === undefined) {
		const reason = trusted
			? `${unpublished(point)} no ${statistic} TTFT`
			: `the ${statistic} TTFT of the row failed a check`;
		return {
			verdict: rule.unknown === "accept" ? "accepted-unknown" : "unknown",
			reason: `${reason}, and a TTFT limit is set`,
		};
	}
	if (measured <= limitSeconds) return { verdict: "met" };
	return {
		verdict: "missed",
		reason: `${statistic} TTFT ${measured.toFixed(2)} s is over the limit of ${limitSeconds} s`,
	};
}

function unpublished({ kind }: BenchmarkPoint): string {
	return kind === "median" ? "medians over all runs publish" : "the row publishes";
}
