/**
 * Fleets sized to limits instead of throughput alone, where a scenario states its traffic. For every deployment a queueing
 * estimate says how many replicas keep the limit on TTFT at the stated percentile in the busiest hour; for the cheapest ones
 * the simulator confirms or corrects it, to the smallest whole number that keeps all limits. Beyond them stand as many that
 * enough are up at the stated availability. With an autoscaler, simulated days on all of them say with which settings what
 * share of the fleet's GPU-hours is needed; only machines by the hour are handed back for the rest.
 */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint } from "@farthing/engine";
import { centralValue, enoughUp } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { FactorValues, TrafficFactorValues, TrafficSizing } from "./plan-fleet.ts";
import type { RateBook } from "./rates.ts";
import type { AutoscalerSetting } from "./simulate/traffic.ts";
import { courseOf } from "./simulate/course.ts";
import { meanRequestsPerSecond, shapeNamed, statedSetting } from "./simulate/traffic.ts";
import type { SettingChoice } from "./sizing/autoscaler-search.ts";
import { searchedSetting } from "./sizing/autoscaler-search.ts";
import type { ConfirmedReplicas } from "./sizing/confirmed.ts";
import { confirmedReplicas } from "./sizing/confirmed.ts";
import { estimatedAlong, estimatedReplicas, estimatedShare } from "./sizing/estimate.ts";
import type { PaidShare, SizingQuestion } from "./sizing/question.ts";
import {
	allSpares,
	failureSpares,
	meanDemand,
	NONE_KEEPS,
	paidShare,
	throughputReplicas,
	upShare,
	wholeReplicas,
} from "./sizing/question.ts";
import { daySlice, peakSeconds, simulatedDay } from "./sizing/simulated.ts";

/** How the replicas of an option were found. */
export interface OptionSizing extends PaidShare {
	readonly by: "queueing-estimate" | "simulation";
	/** Replicas that serve the busiest hour inside the limits, before failures and spares. */
	readonly replicas: number;
	readonly estimated_replicas: number;
	/** Replicas that throughput alone asks for. */
	readonly throughput_replicas: number;
	/** Replicas beyond those that serve: N+1 and what failures ask for, whichever is more. */
	readonly spare_replicas: number;
	/** What failures alone ask for at the stated availability. */
	readonly failure_spares: number;
	/** Probability that enough replicas are up; 1 where none ever fails. */
	readonly enough_up: number;
	/** Share of the simulated requests of the busiest hour inside the limits. */
	readonly within_limits?: number;
	/**
	 * Share of those replicas' time in it that steps, whatever the batch: what `simulate` calls busy. Their load over what they do at
	 * the benchmarked throughput is throughput_replicas over replicas.
	 */
	readonly busy_share?: number;
	/** Stretch of the busiest hour that was simulated, where it is not all of it: `within_limits` is known to this (one standard error). */
	readonly simulated_s?: number;
	readonly within_limits_error?: number;
	/** The same over a day with the autoscaler, and the share of capacity it aims at; absent where none keeps the limits. */
	readonly within_limits_day?: number;
	readonly autoscaler_load?: number;
	readonly autoscaler?: OptionAutoscaler;
}

/** The settings with which the simulated day keeps the limits at the least cost. */
export interface OptionAutoscaler {
	readonly target: number;
	readonly interval_s: number;
	readonly fewest: number;
	/**
	 * Days that were simulated to find them. `narrowed`: interval and floor are those of a cheaper option, and no bolder target
	 * was tried; `cut-short`: there were settings left to try; `estimate`: a day has too many requests to simulate, and the settings
	 * are as stated.
	 */
	readonly days_simulated: number;
	/** Replicas of the slice of the fleet that the days are of, with as much less demand; absent where they are of all of it. */
	readonly simulated_replicas?: number;
	readonly search: "complete" | "narrowed" | "cut-short" | "estimate";
}

export interface PlanTraffic extends TrafficSizing {
	sizingOf(point: BenchmarkPoint): OptionSizing;
	/** Always where nothing is simulated. */
	isConfirmed(point: BenchmarkPoint): boolean;
	/** Why no fleet is simulated. */
	readonly estimateOnly?: string;
	/** Simulates a deployment. Gives the largest fleet that was simulated where none was found that keeps the limits. */
	confirm(point: BenchmarkPoint): ConfirmedReplicas | undefined;
}

/** None where the scenario states no traffic, or its utilisation. Nothing is simulated where it is told why not. */
export function planTraffic(
	catalogue: Catalogue,
	scenario: Scenario,
	rates: RateBook,
	asOf: string,
	seed: number,
	whyEstimateOnly?: string,
): PlanTraffic | undefined {
	const { traffic } = scenario;
	if (traffic === undefined || scenario.utilisation !== undefined) return undefined;
	if (traffic.shape !== undefined) shapeNamed(catalogue, traffic.shape, scenario);
	const found = new Map<string, OptionSizing>();
	const question: SizingQuestion = { catalogue, scenario, traffic, rates, asOf, seed };
	let settings: AutoscalerSetting | undefined;
	const estimateOnly = whyEstimateOnly ?? tooManyRequests(scenario);
	const sizingOf = (point: BenchmarkPoint): OptionSizing => {
		const known = found.get(point.id);
		if (known !== undefined) return known;
		const estimate = estimated(question, point);
		found.set(point.id, estimate);
		return estimate;
	};
	return {
		sizingOf,
		isConfirmed: (point) => estimateOnly !== undefined || sizingOf(point).by === "simulation",
		...(estimateOnly === undefined ? {} : { estimateOnly }),
		factorsOf: (point) => factorsOf(question, sizingOf(point)),
		factorsAlong: (point, demands) => factorsAlong(question, point, demands),
		confirm(point) {
			const estimate = sizingOf(point);
			const least = wholeReplicas(estimate.throughput_replicas);
			const fewest = confirmedReplicas(question, point, least, estimate.replicas);
			if (!fewest.keeps) return fewest;
			const sizing = confirmed(question, point, estimate, fewest, settings);
			if (sizing.paid_share < 1 && sizing.autoscaler !== undefined) {
				const { target, interval_s: intervalSeconds, fewest } = sizing.autoscaler;
				settings ??= { target, intervalSeconds, fewest };
			}
			found.set(point.id, sizing);
			return undefined;
		},
	};
}

/** Requests of a busiest hour that are simulated; each fleet that is tried takes as many. */
const SIMULATED_REQUESTS = 2e6;

/** Why a busiest hour is too long to simulate; undefined where it is not. */
export function tooManyRequests(scenario: Scenario): string | undefined {
	const peak = centralValue(scenario.demand.peakToMean.distribution);
	const requests = meanRequestsPerSecond(scenario) * peak * 3600;
	if (requests <= SIMULATED_REQUESTS) return undefined;
	return `the busiest hour has ${(requests / 1e6).toPrecision(3)} million requests, more than the ${SIMULATED_REQUESTS / 1e6} million that are simulated`;
}

function estimated(question: SizingQuestion, point: BenchmarkPoint): OptionSizing {
	const demand = meanDemand(question);
	const replicas = estimatedReplicas(question, point, demand);
	return {
		by: "queueing-estimate",
		replicas,
		estimated_replicas: replicas,
		throughput_replicas: throughputReplicas(question, point, demand),
		...spares(question, replicas),
		...paidShare(question, point, estimatedShare(question, replicas)),
	};
}

function spares(
	question: SizingQuestion,
	replicas: number,
): Pick<OptionSizing, "spare_replicas" | "failure_spares" | "enough_up"> {
	const all = allSpares(question, replicas);
	return {
		spare_replicas: all,
		failure_spares: failureSpares(question, replicas),
		enough_up: enoughUp(replicas, all, upShare(question)),
	};
}

/** The fewest replicas that keep the limits when simulated, with what stands beside them. */
function confirmed(
	question: SizingQuestion,
	point: BenchmarkPoint,
	estimate: OptionSizing,
	{ replicas, withinLimits, busyShare }: ConfirmedReplicas,
	settings: AutoscalerSetting | undefined,
): OptionSizing {
	return {
		by: "simulation",
		replicas,
		estimated_replicas: estimate.estimated_replicas,
		throughput_replicas: estimate.throughput_replicas,
		...spares(question, replicas),
		within_limits: withinLimits,
		busy_share: busyShare,
		...stretchOf(question, withinLimits),
		...scaledDay(question, point, replicas, settings),
	};
}

function stretchOf(
	{ scenario }: SizingQuestion,
	share: number,
): Pick<OptionSizing, "simulated_s" | "within_limits_error"> {
	const seconds = peakSeconds(scenario);
	if (seconds >= 3600) return {};
	const peak = centralValue(scenario.demand.peakToMean.distribution);
	const requests = meanRequestsPerSecond(scenario) * peak * seconds;
	// A share of all is known no better than one request in so many.
	const error = Math.max(Math.sqrt(share * (1 - share)), 1 / Math.sqrt(requests)) / Math.sqrt(requests);
	return { simulated_s: seconds, within_limits_error: error };
}

/** Targets that are tried, the boldest first; fewer where the rest is not paid back anyway. */
const TARGETS = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4] as const;
const TARGETS_UNPAID = [0.8, 0.6, 0.4] as const;
const INTERVALS = [30, 300] as const;
/** Floors that are tried, as shares of the replicas that the busiest hour needs. */
const FLOORS = [0.25, 0.5] as const;
/** Requests that all simulated days of one search may have together; a day of more is estimated. */
const SEARCHED_REQUESTS = 4e6;

type ScaledDay = PaidShare & Pick<OptionSizing, "within_limits_day" | "autoscaler_load" | "autoscaler">;

/** The cheapest day that keeps the limits; none does: the fleet stays up, and the autoscaler saves nothing. */
function scaledDay(
	question: SizingQuestion,
	point: BenchmarkPoint,
	replicas: number,
	settings: AutoscalerSetting | undefined,
): ScaledDay {
	const enough = centralValue(question.traffic.withinLimits.distribution);
	const stated = statedSetting(question.traffic);
	if (stated === undefined) return paidShare(question, point, undefined);
	const choice = settings === undefined ? choiceOf(question, point, replicas, stated) : narrowed(question, settings);
	const { scenario } = question;
	const slice = daySlice(question, replicas);
	const requests = (meanRequestsPerSecond(scenario) * courseOf(scenario).length * 3600 * slice) / replicas;
	if (requests > SEARCHED_REQUESTS) return estimatedDay(question, point, replicas, stated);
	const days = Math.max(1, Math.floor(SEARCHED_REQUESTS / requests));
	const simulate = (setting: AutoscalerSetting) => simulatedDay(question, point, replicas, setting);
	const search = searchedSetting(choice, enough, days, simulate);
	if (search.found === undefined) return paidShare(question, point, 1, NONE_KEEPS);
	const { setting, day } = search.found;
	return {
		within_limits_day: day.withinLimits,
		autoscaler_load: setting.target,
		autoscaler: {
			target: setting.target,
			interval_s: setting.intervalSeconds,
			fewest: Math.min(setting.fewest, replicas + allSpares(question, replicas)),
			days_simulated: search.tried,
			...(slice === replicas ? {} : { simulated_replicas: slice }),
			search: !search.complete ? "cut-short" : settings === undefined ? "complete" : "narrowed",
		},
		...paidShare(question, point, day.neededShare),
	};
}

/** A day too long to simulate: each hour as many replicas as its share of the peak asks for, with the settings as stated. */
function estimatedDay(
	question: SizingQuestion,
	point: BenchmarkPoint,
	replicas: number,
	{ target, intervalSeconds, fewest }: AutoscalerSetting,
): ScaledDay {
	return {
		autoscaler_load: target,
		autoscaler: { target, interval_s: intervalSeconds, fewest, days_simulated: 0, search: "estimate" },
		...paidShare(question, point, estimatedShare(question, replicas, target)),
	};
}

function narrowed({ traffic }: SizingQuestion, { target, intervalSeconds, fewest }: AutoscalerSetting): SettingChoice {
	const targets = traffic.autoscaler?.target === undefined ? TARGETS.filter((each) => each <= target) : [target];
	return { targets, intervals: [intervalSeconds], floors: [fewest] };
}

/** What may be set: what the scenario leaves open, and all that is worth a day only where hours can be handed back. */
function choiceOf(
	{ scenario, traffic, rates }: SizingQuestion,
	point: BenchmarkPoint,
	replicas: number,
	stated: AutoscalerSetting,
): SettingChoice {
	const rate = rates.rateOf(point.hardware);
	const isByTheHour = rate.known && rate.committed === undefined;
	const isOpen = (member: string): boolean =>
		isByTheHour && scenario.defaults.some(({ path }) => path === `traffic.autoscaler.${member}`);
	const floors = FLOORS.map((share) => Math.ceil(share * replicas)).filter((floor) => floor > stated.fewest);
	return {
		targets: traffic.autoscaler?.target === undefined ? (isByTheHour ? TARGETS : TARGETS_UNPAID) : [stated.target],
		intervals: [stated.intervalSeconds, ...(isOpen("interval") ? INTERVALS : [])],
		floors: [stated.fewest, ...(isOpen("fewest") ? [...new Set(floors)] : [])],
	};
}

function factorsOf(question: SizingQuestion, sizing: OptionSizing): TrafficFactorValues {
	return {
		...factorValues(sizing.replicas, sizing.throughput_replicas, sizing.failure_spares, sizing.paid_share),
		paidShareSource: sizing.paid_share_reason,
		failureSource: failureSource(question, sizing),
		source: sizing.by === "simulation" ? `simulated traffic of the scenario, seed ${question.seed}` : ESTIMATE_SOURCE,
	};
}

const ESTIMATE_SOURCE = "queueing estimate (Erlang C, Allen-Cunneen)";

function failureSource(question: SizingQuestion, { replicas, failure_spares: spare }: OptionSizing): string {
	const asked = centralValue(question.traffic.availability.distribution);
	const up = upShare(question);
	if (up >= 1) return "no failures are stated";
	const percent = (share: number): string => `${Number((share * 100).toPrecision(6))}%`;
	return `binomial: ${replicas} of ${replicas + spare} replicas, each up ${percent(up)} of the time, are up ${percent(enoughUp(replicas, spare, up))} of it; ${percent(asked)} is asked`;
}

function factorsAlong(
	question: SizingQuestion,
	point: BenchmarkPoint,
	demands: readonly number[],
): readonly FactorValues[] {
	return estimatedAlong(question, point, demands).map(({ replicas, throughput }) => {
		const { paid_share } = paidShare(question, point, estimatedShare(question, replicas));
		return factorValues(replicas, throughput, failureSpares(question, replicas), paid_share);
	});
}

/** Headroom is whole replicas beyond those that throughput asks for; the rounding of these is a step of its own. */
function factorValues(replicas: number, throughput: number, failureSpares: number, paidShare: number): FactorValues {
	const beyond = Math.max(0, replicas - wholeReplicas(throughput));
	return { headroom: (throughput + beyond) / throughput, failureSpares, paidShare };
}
