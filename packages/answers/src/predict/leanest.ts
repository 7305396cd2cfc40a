/** Which modelled deployments of a group a plan looks at: those that serve its demand within its limits on the fewest GPUs. */
import { centralValue, roundToStep } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { PlannedPoint } from "./sweep.ts";

/** What a plan asks of a deployment. */
export interface PlannedDemand {
	readonly ttftSeconds: number;
	readonly tokensPerSecondPerUser: number;
	/** Tokens a second in the busiest hour. */
	readonly peakTokensPerSecond: number;
	readonly wholeReplicas: boolean;
	readonly spareReplicas: number;
	/** Under traffic part of the limit on TTFT goes to waiting. */
	readonly hasTraffic: boolean;
}

export function plannedDemand({ slo, demand, redundancy, traffic }: Scenario): PlannedDemand {
	const { ttft, tokensPerSecondPerUser: speed } = slo;
	return {
		ttftSeconds: ttft === undefined ? Number.POSITIVE_INFINITY : centralValue(ttft.distribution),
		tokensPerSecondPerUser: speed === undefined ? 0 : centralValue(speed.distribution),
		peakTokensPerSecond: centralValue(demand.tokensPerDay.distribution) * centralValue(demand.peakToMean.distribution),
		wholeReplicas: redundancy.wholeReplicas,
		spareReplicas: redundancy.spareReplicas,
		hasTraffic: traffic !== undefined,
	};
}

/** Of each group. */
const KEPT = 4;

/** Also the one with the smallest replica, for volumes below the one asked, and under traffic those that leave half of the limit for waiting. */
export function leanest<P extends PlannedPoint>(points: readonly P[], planned: PlannedDemand): P[] {
	const within = (ttftSeconds: number): P[] =>
		points.filter(
			(point) =>
				point.ttftMedianSeconds <= ttftSeconds && point.interactivityTokensPerSecond >= planned.tokensPerSecondPerUser,
		);
	const byGpus = (of: readonly P[]): P[] =>
		[...of].sort(
			(a, b) => fleetGpus(a, planned) - fleetGpus(b, planned) || b.tokensPerGpuSecond - a.tokensPerGpuSecond,
		);
	const all = byGpus(within(planned.ttftSeconds));
	const smallest = [...all].sort((a, b) => a.gpus - b.gpus).slice(0, 1);
	const quick = planned.hasTraffic ? byGpus(within(planned.ttftSeconds / 2)).slice(0, KEPT) : [];
	return [...new Set([...all.slice(0, KEPT), ...quick, ...smallest])];
}

function fleetGpus({ tokensPerGpuSecond, gpus }: PlannedPoint, planned: PlannedDemand): number {
	const replicas = planned.peakTokensPerSecond / (tokensPerGpuSecond * gpus);
	return ((planned.wholeReplicas ? roundToStep("ceil", replicas, 1) : replicas) + planned.spareReplicas) * gpus;
}
