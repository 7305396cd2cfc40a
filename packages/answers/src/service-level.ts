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

export function ttftVerdict(point: BenchmarkPoint, rule: TtftRule): TtftVerdict {
	const measured = point.latency.ttft?.[rule.statistic];
	if (measured === undefined) {
		const reason = `${point.kind === "median" ? "medians over all runs" : "the row"} publish${point.kind === "median" ? "" : "es"} no ${rule.statistic} TTFT, and a TTFT limit is set`;
		return { verdict: rule.unknown === "accept" ? "accepted-unknown" : "unknown", reason };
	}
	if (measured <= rule.limitSeconds) return { verdict: "met" };
	return { verdict: "missed", reason: `${rule.statistic} TTFT ${measured.toFixed(2)} s is over the limit of ${rule.limitSeconds} s` };
}
