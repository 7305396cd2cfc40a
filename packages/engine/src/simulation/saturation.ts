/**
 * Whether more was asked than the fleet can do. Two signs, either of which is enough: the work that arrived per second is
 * more than the step law lets the replicas do at the largest batch that fits, or the requests that wait for a place kept
 * growing until the last one arrived. A simulator that stays silent here reports latencies that mean nothing.
 */
import { requestSecondsOf } from "./autoscaler.ts";
import type { PoolSpec } from "./fleet-spec.ts";
import type { RunStatistics } from "./run-statistics.ts";
import type { Saturation } from "./simulation-report.ts";

export interface SaturationEvidence {
	readonly pools: readonly { readonly spec: PoolSpec; readonly serving: number }[];
	readonly statistics: RunStatistics;
	readonly lastArrival: number;
	readonly seconds: number;
	readonly waitingAtLastArrival: number;
	/** When about half of the requests had arrived. */
	readonly waitingAtHalf: number;
	readonly closed: boolean;
}

export function saturationOf(of: SaturationEvidence): Saturation {
	const offeredLoad = offeredLoadOf(of);
	const waiting = of.waitingAtLastArrival;
	const common = { offeredLoad, waitingAtTheEnd: waiting };
	if (of.closed) {
		const full = waiting > 0;
		const reason = full ? "users wait for a place in a batch" : "every user has a place: the loop limits the load";
		return { saturated: full, reason, ...common };
	}
	if (offeredLoad >= 1) {
		return { saturated: true, reason: `the load is ${percent(offeredLoad)} of what the fleet can do`, ...common };
	}
	if (waiting > of.statistics.arrived * 0.02 && waiting > of.waitingAtHalf * 1.5) {
		return { saturated: true, reason: `${waiting} requests waited at the end, and ever more of them`, ...common };
	}
	return { saturated: false, reason: `the load is ${percent(offeredLoad)} of what the fleet can do`, ...common };
}

/** Of the pool that is asked most for what it has. 0 where too little arrived to tell. */
function offeredLoadOf({ pools, statistics, lastArrival, closed }: SaturationEvidence): number {
	const { arrived } = statistics;
	if (arrived < 2 || lastArrival === 0 || closed) return 0;
	const input = statistics.arrivedInput / arrived;
	const output = statistics.arrivedOutput / arrived;
	const cachedShare = statistics.input === 0 ? 0 : statistics.cachedInput / statistics.input;
	const rate = (arrived - 1) / lastArrival;
	const roles = [...new Set(pools.map(({ spec }) => spec.role))];
	return Math.max(
		...roles.map((role) => {
			const capacity = pools
				.filter(({ spec }) => spec.role === role)
				.reduce((sum, { spec, serving }) => {
					return sum + serving / requestSecondsOf(spec, Number.POSITIVE_INFINITY, input, output, cachedShare);
				}, 0);
			return rate / capacity;
		}),
	);
}

function percent(share: number): string {
	return `${(share * 100).toFixed(0)}%`;
}
