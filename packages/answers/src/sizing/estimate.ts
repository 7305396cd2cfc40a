/** Fleets sized by the queueing estimate alone: a first answer at the demand asked, and the only one along other volumes. */
import type { BenchmarkPoint, QueueingQuestion } from "@farthing/engine";
import { centralValue, replicasForWait } from "@farthing/engine";
import type { Traffic } from "@farthing/scenario";
import { centralOf, requestLengths } from "../plan-candidates.ts";
import { courseOf } from "../simulate/course.ts";
import { shapeNamed, USUAL_TARGET } from "../simulate/traffic.ts";
import type { SizingQuestion } from "./question.ts";
import { allSpares, replicaRate, throughputReplicas } from "./question.ts";

/** Wait that is asked for where there is no limit on TTFT. */
const PATIENCE_SECONDS = 60;
/** Least share of the limit that is left for waiting, where the row's own TTFT takes nearly all of it. */
const LEAST_WAIT = 0.05;

/** Replicas that keep the limit on TTFT in the busiest hour of a mean demand (tokens/s); at least `atLeast`, known too few. */
export function estimatedReplicas(
	question: SizingQuestion,
	point: BenchmarkPoint,
	demand: number,
	atLeast = 1,
): number {
	return replicasForWait({ ...waiting(question, point), ...arriving(question, demand) }, atLeast);
}

/**
 * Replicas that keep the strictest limit of several loads which share them, each at its own mean demand: their requests as one
 * stream, a replica answering as many a second as their mix lets it.
 */
export function estimatedTogether(
	loads: readonly { readonly question: SizingQuestion; readonly demand: number }[],
	point: BenchmarkPoint,
): number {
	const each = loads.map(({ question, demand }) => ({ ...waiting(question, point), ...arriving(question, demand) }));
	const requestsPerSecond = each.reduce((sum, of) => sum + of.requestsPerSecond, 0);
	// At night nobody may come at all.
	if (requestsPerSecond === 0) return 1;
	const busy = each.reduce((sum, of) => sum + of.requestsPerSecond / of.replicaRequestsPerSecond, 0);
	return replicasForWait({
		requestsPerSecond,
		replicaRequestsPerSecond: requestsPerSecond / busy,
		places: Math.max(1, point.concurrency),
		waitSeconds: Math.min(...each.map(({ waitSeconds }) => waitSeconds)),
		mayExceed: Math.min(...each.map(({ mayExceed }) => mayExceed)),
		arrivalVariation: Math.max(...each.map(({ arrivalVariation }) => arrivalVariation)),
		serviceVariation: Math.max(...each.map(({ serviceVariation }) => serviceVariation)),
	});
}

/** Each hour as many as its share of the peak asks for, and what starting them takes; undefined without an autoscaler. */
export function estimatedShare(
	question: SizingQuestion,
	replicas: number,
	target: number = USUAL_TARGET,
): number | undefined {
	const { scenario, traffic } = question;
	const { autoscaler } = traffic;
	if (autoscaler === undefined) return undefined;
	const most = replicas + allSpares(question, replicas);
	const hours = courseOf(scenario);
	const busiest = Math.max(...hours);
	const wanted = hours.map((hour) =>
		Math.min(most, Math.max(autoscaler.fewest, Math.ceil((replicas * hour) / busiest / target))),
	);
	const starts = wanted.reduce((sum, now, i) => sum + Math.max(0, now - (wanted.at(i - 1) as number)), 0);
	const starting = (starts * centralValue(autoscaler.start.distribution)) / 3600;
	return Math.min(1, (wanted.reduce((sum, now) => sum + now, 0) + starting) / (hours.length * most));
}

/**
 * The estimate at each of some mean demands, in rising order: fewer replicas never keep the limits of more demand, so each
 * search starts where the last one ended.
 */
export function estimatedAlong(
	question: SizingQuestion,
	point: BenchmarkPoint,
	demands: readonly number[],
): readonly { readonly replicas: number; readonly throughput: number }[] {
	let atLeast = 1;
	return demands.map((demand) => {
		atLeast = estimatedReplicas(question, point, demand, atLeast);
		return { replicas: atLeast, throughput: throughputReplicas(question, point, demand) };
	});
}

function waiting(question: SizingQuestion, point: BenchmarkPoint): Omit<QueueingQuestion, "requestsPerSecond"> {
	const { catalogue, scenario, traffic } = question;
	const limit = centralOf(scenario.slo.ttft);
	const alone = point.latency.ttft?.median ?? 0;
	const shape = traffic.shape === undefined ? undefined : shapeNamed(catalogue, traffic.shape);
	return {
		replicaRequestsPerSecond: replicaRate(question, point),
		places: Math.max(1, point.concurrency),
		waitSeconds: limit === undefined ? PATIENCE_SECONDS : Math.max(limit * LEAST_WAIT, limit - alone),
		mayExceed: 1 - centralValue(traffic.withinLimits.distribution),
		arrivalVariation: shape === undefined ? centralValue(traffic.burstiness.distribution) : shape.burstiness,
		serviceVariation: shape === undefined ? centralValue(traffic.lengthSpread.distribution) : 1,
	};
}

/** Bursts outlast what a request may wait: where more requests come in them than may miss the limit, theirs is the rate. */
function arriving({ scenario, traffic }: SizingQuestion, demand: number): Pick<QueueingQuestion, "requestsPerSecond"> {
	const { input, output } = requestLengths(scenario);
	const peak = centralValue(scenario.demand.peakToMean.distribution);
	return { requestsPerSecond: ((demand * peak) / (input + output)) * burstRate(traffic) };
}

function burstRate({ bursts, withinLimits }: Traffic): number {
	if (bursts === undefined) return 1;
	const rate = centralValue(bursts.rate.distribution);
	const inBursts = rate * centralValue(bursts.share.distribution);
	return inBursts > 1 - centralValue(withinLimits.distribution) ? rate : 1;
}
