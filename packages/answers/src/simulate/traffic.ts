/** The requests of a scenario: its demand over its lengths, as they come by its member `traffic`, over a day with its peak. */
import type { ArrivalKind, GeneratedLoad, LengthSpec, PoolSpec, RequestSource } from "@farthing/engine";
import type { Catalogue } from "@farthing/catalogue";
import { findId } from "@farthing/catalogue";
import { centralValue, generatedLoad, pow, shapeLoad } from "@farthing/engine";
import type { FittedShape, Scenario, Traffic as TrafficMember } from "@farthing/scenario";
import { unknownName } from "../names.ts";
import { placeOf } from "../rates.ts";
import { requestLengths } from "../plan-candidates.ts";
import { courseOf } from "./course.ts";

export interface Traffic {
	readonly source: RequestSource;
	/** Tokens of a block of the prefix ids that the requests carry; none: they carry none. */
	readonly prefixTokens?: number;
	readonly words: TrafficWords;
	/** The stretch of a week that was asked for, where it is not whole weeks. */
	readonly part?: WeekPart;
}

export interface WeekPart {
	readonly hours: number;
	/** Of its requests a second over the mean of the week. */
	readonly share: number;
	readonly words: string;
}

/** What the requests are, for the result. */
export interface TrafficWords {
	readonly requests: string;
	readonly arrivals?: string;
	readonly lengths?: string;
	readonly profile?: string;
	/** Hours of the course that it repeats: a day, or a week from Monday on. */
	readonly course_hours?: number;
	readonly prefixes?: string;
	readonly scaling?: string;
}

/** Tokens of a block of generated prefixes. */
const PREFIX_TOKENS = 128;
/** Beginnings among which the reused part of a shape's prompts is spread: a trace does not say how many there are. */
const SHAPE_GROUPS = 100;

/** Less than a day is the stretch around its busiest hour: that is when limits are missed. */
export function scenarioTraffic(
	catalogue: Pick<Catalogue, "trafficShapes">,
	scenario: Scenario,
	seed: number,
	hours: number,
	named: string | FittedShape | undefined = scenario.traffic?.shape,
): Traffic {
	const hourly = courseOf(scenario);
	const busiest = hourly.indexOf(Math.max(...hourly));
	const startHour = hours >= 24 ? 0 : (busiest - Math.floor(hours / 2) + hourly.length) % hourly.length;
	const rate = meanRequestsPerSecond(scenario);
	const part = weekPart(hourly, startHour, hours);
	const shape = named === undefined ? undefined : shapeNamed(catalogue, named);
	const load = generated(scenario, rate, shape);
	const { traffic } = scenario;
	const profile = { hourly, startHour, ...growthOf(traffic) };
	return {
		source: generatedLoad({ ...load, arrivals: { ...load.arrivals, ...profile } }, seed),
		...(load.prefixes === undefined ? {} : { prefixTokens: PREFIX_TOKENS }),
		...(part === undefined ? {} : { part }),
		words: {
			requests: `generated, ${Number(rate.toPrecision(3))} a second on average${part === undefined ? "" : " over the week"}`,
			arrivals: arrivalWords(load.arrivals.process),
			lengths: shape === undefined ? lengthWords(load.lengths) : `lengths of ${shape.name} about the scenario's means`,
			profile: courseWords(hourly, hours, traffic, part),
			course_hours: hourly.length,
			...(load.prefixes === undefined
				? {}
				: {
						prefixes: `${(load.prefixes.share * 100).toFixed(0)}% of a prompt is one of ${traffic?.sharedPrefix?.groups ?? SHAPE_GROUPS} beginnings`,
					}),
		},
	};
}

/** Hours that a simulation takes unless told: a week where the load has one, else a day. */
export function usualHours(scenario: Scenario): number {
	return courseOf(scenario).length;
}

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

function weekPart(hourly: readonly number[], startHour: number, hours: number): WeekPart | undefined {
	if (hourly.length !== 168 || hours % 168 === 0) return undefined;
	let requests = 0;
	for (let at = 0; at < hours; at++) {
		requests += (hourly[(startHour + at) % hourly.length] as number) * Math.min(1, hours - at);
	}
	const mean = hourly.reduce((sum, hour) => sum + hour, 0) / hourly.length;
	const share = requests / hours / mean;
	const from = `${DAYS[Math.floor(startHour / 24)]} ${startHour % 24}:00`;
	const words = `${hours} hours of it from ${from} on, with ${Number(share.toPrecision(3))} times its mean`;
	return { hours, share, words };
}

/** An hour at the rate of the busiest one. */
export function peakTraffic(catalogue: Pick<Catalogue, "trafficShapes">, scenario: Scenario, seed: number): Traffic {
	const peak = centralValue(scenario.demand.peakToMean.distribution);
	const named = scenario.traffic?.shape;
	const shape = named === undefined ? undefined : shapeNamed(catalogue, named);
	const load = generated(scenario, meanRequestsPerSecond(scenario) * peak, shape);
	return {
		source: generatedLoad(load, seed),
		...(load.prefixes === undefined ? {} : { prefixTokens: PREFIX_TOKENS }),
		words: { requests: "the busiest hour" },
	};
}

function growthOf(traffic: TrafficMember | undefined): { readonly growthPerDay?: number } {
	if (traffic?.growth === undefined) return {};
	return { growthPerDay: pow(1 + centralValue(traffic.growth.distribution), 1 / 7) };
}

function courseWords(
	hourly: readonly number[],
	hours: number,
	traffic: TrafficMember | undefined,
	part: WeekPart | undefined,
): string {
	const peak = Number(Math.max(...hourly).toPrecision(4));
	const around = hours >= 24 ? "" : `, the ${hours === 1 ? "hour" : `${hours} hours`} around it`;
	const stretch = part === undefined ? around : `, ${part.words}`;
	const growth = traffic?.growth === undefined ? "" : `, ${traffic.growth.text} more a week`;
	return `a ${hourly.length === 168 ? "week" : "day"} whose busiest hour is ${peak} times the mean${stretch}${growth}`;
}

export function meanRequestsPerSecond(scenario: Scenario): number {
	const { input, output } = requestLengths(scenario);
	return centralValue(scenario.demand.tokensPerDay.distribution) / (input + output);
}

/** What of an autoscaler can be set, besides what it goes by. */
export interface AutoscalerSetting {
	/** Share of capacity, of the places in batches or of the limit on TTFT that it aims at. */
	readonly target: number;
	readonly intervalSeconds: number;
	readonly fewest: number;
}

/** Share of capacity that an autoscaler aims at unless something says better. */
export const USUAL_TARGET = 0.8;

/** As the scenario has it; none without an autoscaler. */
export function statedSetting(traffic: TrafficMember | undefined): AutoscalerSetting | undefined {
	const { autoscaler } = traffic ?? {};
	if (autoscaler === undefined) return undefined;
	const { target, interval, fewest } = autoscaler;
	return {
		target: target === undefined ? USUAL_TARGET : centralValue(target.distribution),
		intervalSeconds: centralValue(interval.distribution),
		fewest,
	};
}

/** Until a replica serves again where a scenario states its availability and no failures; an assumption. */
export const USUAL_REPAIR_HOURS = 4;

/**
 * How replicas fail and are repaired: as stated, and so often that each is up as long as `redundancy` and stated failures leave
 * of the time together.
 */
export function failuresOf({ redundancy, traffic }: Pick<Scenario, "redundancy" | "traffic">): PoolSpec["failures"] {
	const stated = traffic?.failures;
	const available = centralValue(redundancy.availability.distribution);
	if (stated === undefined && available >= 1) return undefined;
	const repairSeconds = stated === undefined ? USUAL_REPAIR_HOURS * 3600 : centralValue(stated.repair.distribution);
	if (stated !== undefined && available >= 1)
		return { meanSecondsBetween: centralValue(stated.between.distribution), repairSeconds };
	const up = upShareOf({ redundancy, ...(traffic === undefined ? {} : { traffic }) });
	return { meanSecondsBetween: (repairSeconds * up) / (1 - up), repairSeconds };
}

/** Share of the time in which a replica serves: what `redundancy` says, and failures with their repair. */
export function upShareOf({ redundancy, traffic }: Pick<Scenario, "redundancy" | "traffic">): number {
	const stated = centralValue(redundancy.availability.distribution);
	const failures = traffic?.failures;
	if (failures === undefined) return stated;
	const between = centralValue(failures.between.distribution);
	return (stated * between) / (between + centralValue(failures.repair.distribution));
}

/** The autoscaler and failures of a scenario for a fleet of at most `most` replicas. */
export function fleetBehaviour(
	scenario: Pick<Scenario, "redundancy" | "traffic">,
	most: number,
	limits: { readonly ttftSeconds?: number; readonly tpotSeconds?: number },
	places: number,
	setting: AutoscalerSetting | undefined = statedSetting(scenario.traffic),
): Pick<PoolSpec, "autoscaler" | "failures"> {
	const { autoscaler } = scenario.traffic ?? {};
	const failures = failuresOf(scenario);
	return {
		...(autoscaler === undefined || setting === undefined
			? {}
			: {
					autoscaler: {
						policy: policyOf(autoscaler.policy, limits, places, setting.target),
						intervalSeconds: setting.intervalSeconds,
						fewest: Math.min(most, setting.fewest),
						most,
						startSeconds: centralValue(autoscaler.start.distribution),
						patienceSeconds: centralValue(autoscaler.patience.distribution),
					},
				}),
		...(failures === undefined ? {} : { failures }),
	};
}

/** What policies aim at: a share of capacity or of the places, the limits themselves or as much less. */
function policyOf(
	policy: NonNullable<TrafficMember["autoscaler"]>["policy"],
	limits: { readonly ttftSeconds?: number; readonly tpotSeconds?: number },
	places: number,
	load: number,
): NonNullable<PoolSpec["autoscaler"]>["policy"] {
	switch (policy) {
		case "planner":
			return {
				kind: "planner",
				predictor: "last",
				tpotSeconds: limits.tpotSeconds ?? Number.POSITIVE_INFINITY,
				load,
			};
		case "utilisation":
			return { kind: "utilisation", target: load };
		case "concurrency":
			return { kind: "concurrency", perReplica: Math.max(1, places * load) };
		case "sla":
			return { kind: "sla", ttftSeconds: (limits.ttftSeconds ?? Number.POSITIVE_INFINITY) * load, percentile: 0.99 };
	}
}

/** A traffic shape, of the catalogue or written out. Throws exit 3 for an unknown one. */
export function shapeNamed(
	{ trafficShapes }: Pick<Catalogue, "trafficShapes">,
	name: string | FittedShape,
	of?: Pick<Scenario, "origins">,
): FittedShape {
	if (typeof name === "object") return name;
	const found = trafficShapes.find(({ id }) => id === name);
	if (found !== undefined) return found;
	const ids = trafficShapes.map(({ id }) => id);
	const nearest = findId("traffic shape", ids, name);
	const origin = of?.origins["traffic.shape"];
	const where = origin === undefined ? {} : placeOf({ origin, path: "traffic.shape" });
	throw unknownName("traffic-shape", name, nearest.found ? [nearest.value] : nearest.nearest, where);
}

function generated(scenario: Scenario, requestsPerSecond: number, shape: FittedShape | undefined): GeneratedLoad {
	const { input, output } = requestLengths(scenario);
	const { traffic } = scenario;
	if (shape !== undefined) {
		const lengths = { inputTokens: input, outputTokens: output };
		return shapeLoad(shape, { requestsPerSecond, ...lengths, prefixBlockTokens: PREFIX_TOKENS, groups: SHAPE_GROUPS });
	}
	const burstiness = traffic === undefined ? 1 : centralValue(traffic.burstiness.distribution);
	const spread = traffic === undefined ? 0 : centralValue(traffic.lengthSpread.distribution);
	const shared = traffic?.sharedPrefix;
	return {
		arrivals: { process: processOf(burstiness, traffic), requestsPerSecond },
		lengths:
			spread === 0
				? { kind: "fixed", input, output }
				: { kind: "log-normal", input, output, inputVariation: spread, outputVariation: spread },
		...(shared === undefined
			? {}
			: {
					prefixes: {
						blockTokens: PREFIX_TOKENS,
						share: centralValue(shared.share.distribution),
						groups: shared.groups,
						skew: 1,
					},
				}),
	};
}

function processOf(burstiness: number, traffic: TrafficMember | undefined): ArrivalKind {
	if (traffic?.bursts !== undefined) {
		const { rate, share, length } = traffic.bursts;
		return {
			kind: "mmpp",
			busyRate: centralValue(rate.distribution),
			busyShare: centralValue(share.distribution),
			busySeconds: centralValue(length.distribution),
		};
	}
	if (burstiness === 0) return { kind: "even" };
	return burstiness === 1 ? { kind: "poisson" } : { kind: "gamma", variation: burstiness };
}

function arrivalWords(process: ArrivalKind): string {
	switch (process.kind) {
		case "even":
			return "evenly spaced";
		case "poisson":
			return "Poisson";
		case "gamma":
			return `gaps with a coefficient of variation of ${process.variation}`;
		case "mmpp":
			return `bursts of ${process.busyRate} times the rate, ${Number(process.busySeconds.toPrecision(3))} s long on average, ${Number((process.busyShare * 100).toPrecision(3))}% of the time`;
	}
}

function lengthWords(of: LengthSpec): string {
	if (of.kind === "joint") return "lengths of the shape";
	const words = `${of.input} tokens in, ${of.output} out`;
	return of.kind === "log-normal" ? `${words} on average, spread by ${of.inputVariation}` : `${words}, all alike`;
}
