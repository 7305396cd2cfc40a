/** What sizing to traffic asks, and the parts of the answer that estimate and simulation share. */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint } from "@farthing/engine";
import { centralValue, paidShareOf, roundToStep, sparesForFailures } from "@farthing/engine";
import type { Scenario, Traffic } from "@farthing/scenario";
import { requestLengths } from "../plan-candidates.ts";
import type { RateBook } from "../rates.ts";
import { upShareOf } from "../simulate/traffic.ts";

export interface SizingQuestion {
	readonly catalogue: Catalogue;
	readonly scenario: Scenario;
	readonly traffic: Traffic;
	readonly rates: RateBook;
	readonly asOf: string;
	readonly seed: number;
}

/** Mean demand, tokens a second. */
export function meanDemand({ scenario }: SizingQuestion): number {
	return centralValue(scenario.demand.tokensPerDay.distribution);
}

/** Requests a second that a replica answers at its benchmarked throughput. */
export function replicaRate({ scenario }: SizingQuestion, point: BenchmarkPoint): number {
	const { input, output } = requestLengths(scenario);
	return (point.tokensPerGpuSecond * (point.gpus as number)) / (input + output);
}

/** Replicas, broken ones too, that throughput alone asks for in the busiest hour of this mean demand. */
export function throughputReplicas({ scenario }: SizingQuestion, point: BenchmarkPoint, demand: number): number {
	const peak = centralValue(scenario.demand.peakToMean.distribution);
	return (demand * peak) / (point.tokensPerGpuSecond * (point.gpus as number));
}

/** As many whole ones, at least one; rounded as the graph rounds. */
export function wholeReplicas(broken: number): number {
	return Math.max(1, roundToStep("ceil", broken, 1));
}

/** Share of the time in which a replica serves. */
export function upShare({ scenario }: SizingQuestion): number {
	return upShareOf(scenario);
}

/** Replicas beyond those needed, of which enough are up as often as is asked. */
export function failureSpares(question: SizingQuestion, needed: number): number {
	return sparesForFailures(needed, upShare(question), centralValue(question.traffic.availability.distribution));
}

/** All replicas beyond those needed: N+1 counts towards what failures ask for. */
export function allSpares(question: SizingQuestion, needed: number): number {
	return Math.max(question.scenario.redundancy.spareReplicas, failureSpares(question, needed));
}

/** Share of a fleet's GPU-hours that is needed and that is paid for, and why all of them are where they are. */
export interface PaidShare {
	readonly needed_share?: number;
	readonly paid_share: number;
	readonly paid_share_reason?: string;
}

/** A machine that is committed to is idle, not saved, while the autoscaler does not need it. */
export function paidShare(
	{ rates, traffic }: SizingQuestion,
	point: BenchmarkPoint,
	needed: number | undefined,
	whyAll: string = ALL_NEEDED,
): PaidShare {
	if (traffic.autoscaler === undefined || needed === undefined)
		return { paid_share: 1, paid_share_reason: traffic.autoscaler === undefined ? NO_AUTOSCALER : whyAll };
	const answer = rates.rateOf(point.hardware);
	const committed = answer.known ? answer.committed : undefined;
	const paid = paidShareOf(needed, committed !== undefined);
	if (committed !== undefined) return { needed_share: needed, paid_share: paid, paid_share_reason: committed };
	if (needed >= 1) return { needed_share: 1, paid_share: paid, paid_share_reason: whyAll };
	return { needed_share: needed, paid_share: paid };
}

const NO_AUTOSCALER = "there is no autoscaler: every replica stays up all day";
const ALL_NEEDED = "the autoscaler keeps the whole fleet up all day";
export const NONE_KEEPS: string = "no day with the autoscaler keeps the limits, so the whole fleet stays up";
