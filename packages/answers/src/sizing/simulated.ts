/** A deployment simulated under a scenario's traffic: the busiest hour on some replicas, and a day with the autoscaler. */
import type { BenchmarkPoint, SimulationReport } from "@farthing/engine";
import { centralValue, LENGTH_CLASSES, simulate } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { centralOf } from "../plan-candidates.ts";
import { courseOf } from "../simulate/course.ts";
import { measuredFleet } from "../simulate/measured-fleet.ts";
import type { AutoscalerSetting } from "../simulate/traffic.ts";
import { fleetBehaviour, meanRequestsPerSecond, peakTraffic, scenarioTraffic } from "../simulate/traffic.ts";
import type { SizingQuestion } from "./question.ts";
import { allSpares } from "./question.ts";

const PEAK_SECONDS = 3600;
/** Of a busiest hour as many requests are simulated as tell shares to a few hundredths of a percent, and five minutes at least. */
const PEAK_REQUESTS = 150_000;
const LEAST_PEAK_SECONDS = 300;
/** Of a day, on a slice of the fleet that serves as much less. */
const DAY_REQUESTS = 500_000;
/** Fewer could not come and go in steps as small as those of the whole. */
const LEAST_SLICE = 20;

/** Seconds of the busiest hour that are simulated. */
export function peakSeconds(scenario: Scenario): number {
	const rate = meanRequestsPerSecond(scenario) * centralValue(scenario.demand.peakToMean.distribution);
	return Math.min(PEAK_SECONDS, Math.max(LEAST_PEAK_SECONDS, Math.ceil(PEAK_REQUESTS / rate)));
}

export interface SimulatedPeak {
	/** Share of the requests inside the limits. */
	readonly withinLimits: number;
	/** Share of the GPU time of the replicas that steps. */
	readonly busyShare: number;
}

/** The busiest hour, on replicas that are all up. */
export function simulatedPeak(question: SizingQuestion, point: BenchmarkPoint, replicas: number): SimulatedPeak {
	const traffic = peakTraffic(question.catalogue, question.scenario, question.seed);
	const report = simulated(question, point, replicas, peakSeconds(question.scenario), traffic, {});
	return { withinLimits: goodShare(report), busyShare: busyShare(report) };
}

function busyShare({ pools }: SimulationReport): number {
	const gpuSeconds = (of: (pool: SimulationReport["pools"][number]) => number): number =>
		pools.reduce((sum, pool) => sum + of(pool) * pool.gpusPerReplica, 0);
	return gpuSeconds(({ byState }) => byState.busy) / gpuSeconds(({ replicaSeconds }) => replicaSeconds);
}

export interface SimulatedDay {
	/** Share of the requests inside the limits. */
	readonly withinLimits: number;
	/** Replica-seconds up, starts and failures included, over those of the whole fleet. */
	readonly neededShare: number;
}

/** Replicas of a fleet that a simulated day is of: all, or a slice where all would serve more requests than are simulated. */
export function daySlice({ scenario }: SizingQuestion, replicas: number): number {
	const requests = meanRequestsPerSecond(scenario) * courseOf(scenario).length * 3600;
	if (requests <= 2 * DAY_REQUESTS) return replicas;
	return Math.min(replicas, Math.max(LEAST_SLICE, Math.round((replicas * DAY_REQUESTS) / requests)));
}

/**
 * A day, or a week where the course of the requests is one, on the fleet that is paid for: the replicas needed and all spares,
 * which fail and come and go as the scenario says. A slice has as many fewer replicas, spares and requests.
 */
export function simulatedDay(
	question: SizingQuestion,
	point: BenchmarkPoint,
	replicas: number,
	setting: AutoscalerSetting,
): SimulatedDay {
	const { catalogue, seed } = question;
	const part = daySlice(question, replicas) / replicas;
	const scenario = part === 1 ? question.scenario : withDemand(question.scenario, part);
	const most = Math.max(1, Math.round((replicas + allSpares(question, replicas)) * part));
	const fewest = Math.max(1, Math.round(setting.fewest * part));
	const hours = courseOf(scenario).length;
	const traffic = scenarioTraffic(catalogue, scenario, seed, hours);
	const behaviour = fleetBehaviour(scenario, most, limitsOf(scenario), point.concurrency, { ...setting, fewest });
	const report = simulated({ ...question, scenario }, point, most, hours * 3600, traffic, behaviour);
	const up = report.pools.reduce((sum, { replicaSeconds, gpusPerReplica }) => sum + replicaSeconds * gpusPerReplica, 0);
	return {
		withinLimits: goodShare(report),
		neededShare: Math.min(1, up / (most * (point.gpus as number) * report.seconds)),
	};
}

function withDemand(scenario: Scenario, share: number): Scenario {
	const { tokensPerDay } = scenario.demand;
	const value = centralValue(tokensPerDay.distribution) * share;
	return {
		...scenario,
		demand: { ...scenario.demand, tokensPerDay: { ...tokensPerDay, distribution: { kind: "point", value } } },
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
