/** The fewest replicas that keep the limits when simulated, from an estimate up or down. */
import type { BenchmarkPoint } from "@farthing/engine";
import { centralValue } from "@farthing/engine";
import type { SizingQuestion } from "./question.ts";
import type { SimulatedPeak } from "./simulated.ts";
import { simulatedPeak } from "./simulated.ts";

/** How many numbers of replicas are simulated to narrow down the fewest, once some are known to be enough. */
const NARROWINGS = 12;
/** How much larger each next fleet is: in small steps up to twice the estimate, which is mostly near; twice as large beyond. */
const STEP = 1.1;
const LEAP = 2;
/** Where twice the fleet closes no more than this of what is missing, or gains no more of what it has, replicas are not what is missing. */
const WORTH = 0.1;
/** Times the estimate. */
const LARGEST = 64;

/** Replicas, and the share of the requests of the busiest hour inside the limits on them. */
export interface ConfirmedReplicas {
	readonly keeps: boolean;
	/** The fewest that keep the limits; where none was found, the most that were simulated. */
	readonly replicas: number;
	readonly withinLimits: number;
	/** Share of their GPU time in that hour that steps. */
	readonly busyShare: number;
}

/** At least `least`. */
export function confirmedReplicas(
	question: SizingQuestion,
	point: BenchmarkPoint,
	least: number,
	estimate: number,
): ConfirmedReplicas {
	const enough = centralValue(question.traffic.withinLimits.distribution);
	return fewestKeeping({ least, estimate, enough }, (replicas) => simulatedPeak(question, point, replicas));
}

export interface ReplicaSearch {
	readonly least: number;
	readonly estimate: number;
	/** Share of requests that must be inside the limits. */
	readonly enough: number;
}

/** `simulate` gives the busiest hour on so many replicas; it is asked once of each number. */
export function fewestKeeping(
	{ least, estimate, enough }: ReplicaSearch,
	simulate: (replicas: number) => SimulatedPeak,
): ConfirmedReplicas {
	const tried = new Map<number, SimulatedPeak>();
	const peakAt = (replicas: number): SimulatedPeak => {
		const peak = tried.get(replicas) ?? simulate(replicas);
		tried.set(replicas, peak);
		return peak;
	};
	const shareAt = (replicas: number): number => peakAt(replicas).withinLimits;
	const first = Math.max(least, estimate);
	let replicas = first;
	let tooFew = least - 1;
	for (;;) {
		const share = shareAt(replicas);
		if (share >= enough) break;
		const isNear = replicas < LEAP * first;
		const next = isNear ? Math.max(replicas + 1, Math.ceil(replicas * STEP)) : replicas * LEAP;
		if (next > LARGEST * first) return { keeps: false, replicas, ...peakAt(replicas) };
		if (!isNear && shareAt(next) - share <= WORTH * Math.min(share, enough - share))
			return { keeps: false, replicas: next, ...peakAt(next) };
		tooFew = replicas;
		replicas = next;
	}
	const before = tried.size;
	const keeps = (fewer: number): boolean => tried.size < before + NARROWINGS && shareAt(fewer) >= enough;
	const fewest = fewestBetween(tooFew, replicas, keeps);
	return { keeps: true, replicas: fewest, ...peakAt(fewest) };
}

/** The fewest above `tooFew` up to `most`, which keeps the limits; first one fewer, since the estimate is mostly right. */
function fewestBetween(tooFew: number, most: number, keeps: (replicas: number) => boolean): number {
	if (most - tooFew <= 1 || !keeps(most - 1)) return most;
	let [low, high] = [tooFew, most - 1];
	while (high - low > 1) {
		const middle = high - low <= 3 ? high - 1 : (low + high) >> 1;
		if (keeps(middle)) high = middle;
		else low = middle;
	}
	return high;
}
