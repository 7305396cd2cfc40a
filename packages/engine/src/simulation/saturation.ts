/**
 * Whether more was asked than the fleet can do. Three signs, any of which is enough: the work that arrived per second is
 * more than the step law lets the replicas that are up do at the largest batch that fits; the requests that wait for a place
 * kept growing until the last one arrived, and waited for a share of the run, not for the blink that a burst takes; or they
 * did so for a part of the run, which the mean does not show. A simulator that stays silent here reports latencies that mean
 * nothing.
 */
import { requestSecondsOf } from "./autoscaler.ts";
import type { PoolSpec } from "./fleet-spec.ts";
import type { RunStatistics, WindowReport } from "./run-statistics.ts";
import type { Saturation } from "./simulation-report.ts";

export interface SaturationEvidence {
	/** `serving`: replicas that are up, on the mean where no autoscaler decides how many. */
	readonly pools: readonly { readonly spec: PoolSpec; readonly serving: number }[];
	readonly windows: readonly WindowReport[];
	readonly statistics: RunStatistics;
	readonly lastArrival: number;
	readonly seconds: number;
	readonly waitingAtLastArrival: number;
	/** When about half of the requests had arrived. */
	readonly waitingAtHalf: number;
	readonly closed: boolean;
}

export function saturationOf(of: SaturationEvidence): Saturation {
	const capacity = capacityOf(of);
	const { arrived, queue } = of.statistics;
	const offeredLoad = of.lastArrival === 0 || capacity === 0 ? 0 : (arrived - 1) / of.lastArrival / capacity;
	const waiting = of.waitingAtLastArrival;
	const stretches = of.closed ? [] : stretchesOf(of, capacity);
	const common = { offeredLoad, waitingAtTheEnd: waiting, stretches };
	if (of.closed) {
		const full = waiting > 0;
		const reason = full ? "users wait for a place in a batch" : "every user has a place: the loop limits the load";
		return { saturated: full, reason, ...common };
	}
	const load = `the load is ${percent(offeredLoad)} of what the fleet can do`;
	if (offeredLoad >= 1) return { saturated: true, reason: load, ...common };
	const grew = waiting > arrived * WAITING_SHARE && waiting > of.waitingAtHalf * 1.5;
	if (grew && queue.largest > of.lastArrival * WAITING_SHARE) {
		const reason = `${waiting} ${waiting === 1 ? "request" : "requests"} waited at the end, and ever more of them`;
		return { saturated: true, reason, ...common };
	}
	if (stretches.length === 0) return { saturated: false, reason: load, ...common };
	return { saturated: true, reason: `${load} on the mean, and more than it can ${inWords(stretches)}`, ...common };
}

/** Of the requests, or of the time until the last one: less is no queue to speak of. */
const WAITING_SHARE = 0.02;
/** What waits takes that share of a window to work off. */
const BACKLOG_SHARE = 0.1;
const LEAST_STRETCH_SECONDS = 60;

/** Neighbouring windows at whose end more waits than the fleet works off in a tenth of the window. */
function stretchesOf({ windows }: SaturationEvidence, capacity: number): Saturation["stretches"] {
	const found: { fromSeconds: number; toSeconds: number }[] = [];
	if (capacity === 0) return found;
	for (const { fromSeconds, toSeconds, waiting } of windows) {
		if (waiting / capacity <= (toSeconds - fromSeconds) * BACKLOG_SHARE) continue;
		const last = found.at(-1);
		if (last?.toSeconds === fromSeconds) last.toSeconds = toSeconds;
		else found.push({ fromSeconds, toSeconds });
	}
	return found.filter(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds >= LEAST_STRETCH_SECONDS);
}

const STRETCHES_NAMED = 3;

function inWords(stretches: Saturation["stretches"]): string {
	const hour = (seconds: number): string => String(Number((seconds / 3600).toFixed(2)));
	const named = stretches
		.slice(0, STRETCHES_NAMED)
		.map(({ fromSeconds, toSeconds }) => `from hour ${hour(fromSeconds)} to ${hour(toSeconds)}`);
	const more = stretches.length - named.length;
	return `${named.join(", ")}${more === 0 ? "" : ` and ${more} times more`}`;
}

/** Requests a second of the pool that is asked most for what it has. 0 where too little arrived to tell. */
function capacityOf({ pools, statistics, closed }: SaturationEvidence): number {
	const { arrived } = statistics;
	if (arrived < 2 || closed) return 0;
	const input = statistics.arrivedInput / arrived;
	const output = statistics.arrivedOutput / arrived;
	const cachedShare = statistics.input === 0 ? 0 : statistics.cachedInput / statistics.input;
	const roles = [...new Set(pools.map(({ spec }) => spec.role))];
	return Math.min(
		...roles.map((role) =>
			pools
				.filter(({ spec }) => spec.role === role)
				.reduce((sum, { spec, serving }) => {
					return sum + serving / requestSecondsOf(spec, Number.POSITIVE_INFINITY, input, output, cachedShare);
				}, 0),
		),
	);
}

function percent(share: number): string {
	return `${(share * 100).toFixed(0)}%`;
}
