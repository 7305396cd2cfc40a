/** A deployment simulated under a scenario's traffic: the busiest hour on some replicas, and a day with the autoscaler. */
import type { BenchmarkPoint, SimulationReport } from "@farthing/engine";
import { LENGTH_CLASSES, simulate } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { centralOf } from "../plan-candidates.ts";
import { courseOf } from "../simulate/course.ts";
import { measuredFleet } from "../simulate/measured-fleet.ts";
import type { AutoscalerSetting } from "../simulate/traffic.ts";
import { fleetBehaviour, peakTraffic, scenarioTraffic } from "../simulate/traffic.ts";
import type { SizingQuestion } from "./question.ts";
import { allSpares } from "./question.ts";

const PEAK_SECONDS = 3600;

/** Share of the requests of the busiest hour inside the limits, on replicas that are all up. */
export function simulatedPeak(question: SizingQuestion, point: BenchmarkPoint, replicas: number): number {
	const traffic = peakTraffic(question.catalogue, question.scenario, question.seed);
	return goodShare(simulated(question, point, replicas, PEAK_SECONDS, traffic, {}));
}

export interface SimulatedDay {
	/** Share of the requests inside the limits. */
	readonly withinLimits: number;
	/** Replica-seconds up, starts and failures included, over those of the whole fleet. */
	readonly neededShare: number;
}

/**
 * A day, or a week where the course of the requests is one, on the fleet that is paid for: the replicas needed and all spares,
 * which fail and come and go as the scenario says.
 */
export function simulatedDay(
	question: SizingQuestion,
	point: BenchmarkPoint,
	replicas: number,
	setting: AutoscalerSetting,
): SimulatedDay {
	const { catalogue, scenario, seed } = question;
	const most = replicas + allSpares(question, replicas);
	const hours = courseOf(scenario).length;
	const traffic = scenarioTraffic(catalogue, scenario, seed, hours);
	const behaviour = fleetBehaviour(scenario, most, limitsOf(scenario), point.concurrency, setting);
	const report = simulated(question, point, most, hours * 3600, traffic, behaviour);
	const up = report.pools.reduce((sum, { replicaSeconds, gpusPerReplica }) => sum + replicaSeconds * gpusPerReplica, 0);
	return {
		withinLimits: goodShare(report),
		neededShare: Math.min(1, up / (most * (point.gpus as number) * report.seconds)),
	};
}

function simulated(
	{ catalogue, scenario, asOf, seed }: SizingQuestion,
	point: BenchmarkPoint,
	replicas: number,
	seconds: number,
	traffic: ReturnType<typeof peakTraffic>,
	behaviour: ReturnType<typeof fleetBehaviour>,
): SimulationReport {
	const { prefixTokens } = traffic;
	const { fleet } = measuredFleet(catalogue, point, asOf, {
		replicas,
		router: prefixTokens === undefined ? "least-loaded" : "prefix-aware",
		priorities: 1,
		...(prefixTokens === undefined ? {} : { prefixTokens }),
		...behaviour,
	});
	return simulate({
		fleet,
		source: traffic.source,
		horizonSeconds: seconds,
		limits: limitsOf(scenario),
		lengthClasses: LENGTH_CLASSES,
		windowSeconds: 3600,
		seed,
	});
}

function limitsOf({ slo }: Scenario): { ttftSeconds?: number; tpotSeconds?: number } {
	const ttftSeconds = centralOf(slo.ttft);
	const interactivity = centralOf(slo.tokensPerSecondPerUser);
	return {
		...(ttftSeconds === undefined ? {} : { ttftSeconds }),
		...(interactivity === undefined ? {} : { tpotSeconds: 1 / interactivity }),
	};
}

/** An hour in which nobody came keeps every limit. */
function goodShare({ requests }: SimulationReport): number {
	return requests.arrived === 0 ? 1 : requests.good / requests.arrived;
}
