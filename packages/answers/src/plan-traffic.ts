/**
 * Fleets sized to limits instead of throughput alone, where a scenario states its traffic. For every deployment a queueing
 * estimate says how many replicas keep the limit on TTFT at the stated percentile in the busiest hour; for the cheapest ones
 * the simulator confirms or corrects it, to the smallest whole number that keeps all limits. With an autoscaler, a simulated
 * day says what share of the fleet's GPU-hours is needed; only machines by the hour are handed back for the rest.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint, SimulationReport } from "@farthing/engine";
import { centralValue, dayProfile, LENGTH_CLASSES, replicasForWait, simulate } from "@farthing/engine";
import type { Scenario, Traffic } from "@farthing/scenario";
import { centralOf, requestLengths } from "./plan-candidates.ts";
import type { TrafficFactorValues, TrafficSizing } from "./plan-fleet.ts";
import type { RateBook } from "./rates.ts";
import { measuredFleet } from "./simulate/measured-fleet.ts";
import { fleetBehaviour, meanRequestsPerSecond, peakTraffic, scenarioTraffic, shapeNamed } from "./simulate/traffic.ts";

/** How the replicas of an option were found. */
export interface OptionSizing {
	readonly by: "queueing-estimate" | "simulation";
	/** Replicas that serve the busiest hour inside the limits, before failures and spares. */
	readonly replicas: number;
	readonly estimated_replicas: number;
	/** Replicas that throughput alone asks for. */
	readonly throughput_replicas: number;
	/** Share of the simulated requests of the busiest hour inside the limits. */
	readonly within_limits?: number;
	/** The same over a day with the autoscaler, and the share of capacity it aims at; absent where none keeps the limits. */
	readonly within_limits_day?: number;
	readonly autoscaler_load?: number;
	/** Share of the fleet's GPU-hours that the autoscaler keeps up, starts included; absent without one. */
	readonly needed_share?: number;
	/** Share of the fleet's GPU-hours that is paid for: what is needed where it is by the hour, else all. */
	readonly paid_share: number;
	/** Why hours that the autoscaler does not need are paid for. */
	readonly paid_share_reason?: string;
}

export interface PlanTraffic extends TrafficSizing {
	sizingOf(point: BenchmarkPoint): OptionSizing;
	isConfirmed(point: BenchmarkPoint): boolean;
	/** Simulates a deployment. False where no fleet of up to twice the estimate keeps the limits. */
	confirm(point: BenchmarkPoint): boolean;
}

/** How often the number of replicas is changed before a deployment is given up. */
const TRIALS = 12;

/** None where the scenario states no traffic, or its utilisation. */
export function planTraffic(
	catalogue: Catalogue,
	scenario: Scenario,
	rates: RateBook,
	asOf: string,
	seed: number,
): PlanTraffic | undefined {
	const { traffic } = scenario;
	if (traffic === undefined || scenario.utilisation !== undefined) return undefined;
	const found = new Map<string, OptionSizing>();
	const question: Question = { catalogue, scenario, traffic, rates, asOf, seed };
	const sizingOf = (point: BenchmarkPoint): OptionSizing => {
		const known = found.get(point.id);
		if (known !== undefined) return known;
		const estimate = estimated(question, point);
		found.set(point.id, estimate);
		return estimate;
	};
	return {
		sizingOf,
		isConfirmed: (point) => sizingOf(point).by === "simulation",
		factorsOf: (point) => factorsOf(question, sizingOf(point)),
		confirm(point) {
			const sizing = confirmed(question, point, sizingOf(point));
			if (sizing === undefined) return false;
			found.set(point.id, sizing);
			return true;
		},
	};
}

interface Question {
	readonly catalogue: Catalogue;
	readonly scenario: Scenario;
	readonly traffic: Traffic;
	readonly rates: RateBook;
	readonly asOf: string;
	readonly seed: number;
}

/** Bars of the search, in replicas. */
function throughputReplicas({ scenario }: Question, point: BenchmarkPoint): number {
	const peak = centralValue(scenario.demand.peakToMean.distribution);
	const capacity = point.tokensPerGpuSecond * (point.gpus as number);
	return (centralValue(scenario.demand.tokensPerDay.distribution) * peak) / capacity;
}

function estimated(question: Question, point: BenchmarkPoint): OptionSizing {
	const { scenario, traffic } = question;
	const { input, output } = requestLengths(scenario);
	const perThroughput = throughputReplicas(question, point);
	const peak = centralValue(scenario.demand.peakToMean.distribution);
	const limit = centralOf(scenario.slo.ttft);
	const alone = point.latency.ttft?.median ?? 0;
	const shape = traffic.shape === undefined ? undefined : shapeNamed(question.catalogue, traffic.shape);
	const spread = shape === undefined ? centralValue(traffic.lengthSpread.distribution) : 1;
	const replicas = replicasForWait({
		requestsPerSecond: meanRequestsPerSecond(scenario) * peak,
		replicaRequestsPerSecond: (point.tokensPerGpuSecond * (point.gpus as number)) / (input + output),
		places: Math.max(1, point.concurrency),
		waitSeconds: limit === undefined ? 60 : Math.max(limit * 0.05, limit - alone),
		mayExceed: 1 - centralValue(traffic.withinLimits.distribution),
		arrivalVariation: shape === undefined ? centralValue(traffic.burstiness.distribution) : shape.burstiness,
		serviceVariation: spread,
	});
	return {
		by: "queueing-estimate",
		replicas,
		estimated_replicas: replicas,
		throughput_replicas: perThroughput,
		...paidFor(question, point, estimatedShare(question, replicas)),
	};
}

type PaidFor = Pick<OptionSizing, "needed_share" | "paid_share" | "paid_share_reason">;

/** A machine that is committed to is idle, not saved, while the autoscaler does not need it. */
function paidFor({ rates }: Question, point: BenchmarkPoint, needed: number | undefined): PaidFor {
	if (needed === undefined) return { paid_share: 1 };
	const answer = rates.rateOf(point.hardware);
	if (!answer.known || answer.committed === undefined) return { needed_share: needed, paid_share: needed };
	return { needed_share: needed, paid_share: 1, paid_share_reason: answer.committed };
}

/** Each hour as many as its share of the peak asks for, and what starting them takes. */
function estimatedShare({ scenario, traffic }: Question, replicas: number): number | undefined {
	const { autoscaler } = traffic;
	if (autoscaler === undefined) return undefined;
	const most = replicas + scenario.redundancy.spareReplicas;
	const hours = dayProfile(centralValue(scenario.demand.peakToMean.distribution));
	const busiest = Math.max(...hours);
	const wanted = hours.map((hour) =>
		Math.min(most, Math.max(autoscaler.fewest, Math.ceil((replicas * hour) / busiest / 0.8))),
	);
	const starts = wanted.reduce((sum, now, i) => sum + Math.max(0, now - (wanted.at(i - 1) as number)), 0);
	const starting = (starts * centralValue(autoscaler.start.distribution)) / 3600;
	return Math.min(1, (wanted.reduce((sum, now) => sum + now, 0) + starting) / (24 * most));
}

/** The fewest replicas that keep the limits when simulated, from the estimate up or down. */
function confirmed(question: Question, point: BenchmarkPoint, estimate: OptionSizing): OptionSizing | undefined {
	const enough = centralValue(question.traffic.withinLimits.distribution);
	const least = Math.max(1, Math.ceil(estimate.throughput_replicas - 1e-9));
	const tried = new Map<number, number>();
	const shareAt = (replicas: number): number => {
		const known = tried.get(replicas);
		if (known !== undefined) return known;
		const share = goodShare(simulatedPeak(question, point, replicas));
		tried.set(replicas, share);
		return share;
	};
	let replicas = Math.max(least, estimate.replicas);
	while (shareAt(replicas) < enough) {
		replicas = Math.max(replicas + 1, Math.ceil(replicas * 1.1));
		if (replicas > 2 * Math.max(estimate.replicas, least) + 1 || tried.size > TRIALS) return undefined;
	}
	while (replicas > least && tried.size < TRIALS && shareAt(replicas - 1) >= enough) replicas--;
	const scaled = question.traffic.autoscaler !== undefined;
	const day = scaled ? quietestDay(question, point, replicas, enough) : undefined;
	return {
		estimated_replicas: estimate.estimated_replicas,
		throughput_replicas: estimate.throughput_replicas,
		by: "simulation",
		replicas,
		within_limits: tried.get(replicas) as number,
		...(day === undefined ? {} : { within_limits_day: day.share, autoscaler_load: day.load }),
		...paidFor(question, point, scaled ? (day?.neededShare ?? 1) : undefined),
	};
}

/** Shares of capacity that an autoscaler may aim at, the cheapest first. */
const LOADS = [0.8, 0.6, 0.4] as const;

/** The cheapest day that keeps the limits; none does: the fleet stays up, and the autoscaler saves nothing. */
function quietestDay(
	question: Question,
	point: BenchmarkPoint,
	replicas: number,
	enough: number,
): { readonly share: number; readonly load: number; readonly neededShare: number } | undefined {
	for (const load of LOADS) {
		const { report, neededShare } = simulatedDay(question, point, replicas, load);
		const share = goodShare(report);
		if (share >= enough) return { share, load, neededShare };
	}
	return undefined;
}

function factorsOf({ traffic, seed }: Question, sizing: OptionSizing): TrafficFactorValues {
	const { failures } = traffic;
	const between = failures === undefined ? 1 : centralValue(failures.between.distribution);
	const repair = failures === undefined ? 0 : centralValue(failures.repair.distribution);
	return {
		headroom: Math.max(1, sizing.replicas / sizing.throughput_replicas),
		failures: (between + repair) / between,
		paidShare: sizing.paid_share,
		paidShareSource: sizing.paid_share_reason,
		source:
			sizing.by === "simulation"
				? `simulated traffic of the scenario, seed ${seed}`
				: "queueing estimate (Erlang C, Allen-Cunneen)",
	};
}

const PEAK_SECONDS = 3600;

function simulatedPeak(question: Question, point: BenchmarkPoint, replicas: number): SimulationReport {
	const traffic = peakTraffic(question.catalogue, question.scenario, question.seed);
	return simulated(question, point, replicas, PEAK_SECONDS, traffic, {});
}

/** A day with the autoscaler over the whole fleet, spares included. */
function simulatedDay(
	question: Question,
	point: BenchmarkPoint,
	replicas: number,
	load: number,
): { readonly report: SimulationReport; readonly neededShare: number } {
	const { catalogue, scenario, traffic: member, seed } = question;
	const most = replicas + scenario.redundancy.spareReplicas;
	const traffic = scenarioTraffic(catalogue, scenario, seed, 24);
	const behaviour = fleetBehaviour(member, most, limitsOf(scenario), point.concurrency, load);
	const report = simulated(question, point, most, 86_400, traffic, behaviour);
	const up = report.pools.reduce((sum, { replicaSeconds, gpusPerReplica }) => sum + replicaSeconds * gpusPerReplica, 0);
	return { report, neededShare: Math.min(1, up / (most * (point.gpus as number) * report.seconds)) };
}

function simulated(
	{ catalogue, scenario, asOf, seed }: Question,
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

function goodShare({ requests }: SimulationReport): number {
	return requests.arrived === 0 ? 0 : requests.good / requests.arrived;
}
