/** The fewest replicas that keep the limits when simulated, from an estimate up or down. */
import type { BenchmarkPoint } from "@farthing/engine";
import { centralValue } from "@farthing/engine";
import type { SizingQuestion } from "./question.ts";
import { simulatedPeak } from "./simulated.ts";

/** How often the number of replicas is changed before a deployment is given up. */
const TRIALS = 12;

export interface ConfirmedReplicas {
	readonly replicas: number;
	/** Share of the requests of the busiest hour inside the limits. */
	readonly withinLimits: number;
}

/** At least `least`. Undefined where no fleet of up to twice the estimate keeps the limits. */
export function confirmedReplicas(
	question: SizingQuestion,
	point: BenchmarkPoint,
	least: number,
	estimate: number,
): ConfirmedReplicas | undefined {
	const enough = centralValue(question.traffic.withinLimits.distribution);
	const tried = new Map<number, number>();
	const shareAt = (replicas: number): number => {
		const known = tried.get(replicas);
		if (known !== undefined) return known;
		const share = simulatedPeak(question, point, replicas);
		tried.set(replicas, share);
		return share;
	};
	let replicas = Math.max(least, estimate);
	while (shareAt(replicas) < enough) {
		replicas = Math.max(replicas + 1, Math.ceil(replicas * 1.1));
		if (replicas > 2 * Math.max(estimate, least) + 1 || tried.size > TRIALS) return undefined;
	}
	const fewest = fewestFrom(least, replicas, (fewer) => tried.size < TRIALS && shareAt(fewer) >= enough);
	return { replicas: fewest, withinLimits: shareAt(fewest) };
}

/** The fewest from `least` up to `most`, which keeps the limits; first one fewer, since the estimate is mostly right. */
function fewestFrom(least: number, most: number, keeps: (replicas: number) => boolean): number {
	if (most === least || !keeps(most - 1)) return most;
	let [low, high] = [least - 1, most - 1];
	while (high - low > 1) {
		const middle = high - low <= 3 ? high - 1 : (low + high) >> 1;
		if (keeps(middle)) high = middle;
		else low = middle;
	}
	return high;
}
