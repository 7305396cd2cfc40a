/**
 * Which loads share replicas, on one kind of GPU, before anything is simulated: interactive loads of one model on the replicas of the
 * first of them, where a row keeps the limits of all, batches behind the interactive load of their model, other loads on replicas
 * of their own that take GPUs over from each other by the hour.
 */
import type { BenchmarkPoint } from "@farthing/engine";
import { buildModel, evaluate, scalarOf, usdPerDay } from "@farthing/engine";
import { nodeId } from "../node-id.ts";
import { centralOf } from "../plan-candidates.ts";
import type { RateBook } from "../rates.ts";
import { estimatedReplicas, estimatedTogether } from "../sizing/estimate.ts";
import type { SizingQuestion } from "../sizing/question.ts";
import { meanDemand, throughputReplicas } from "../sizing/question.ts";
import type { HourlyShares } from "./hours.ts";
import { sharedHours } from "./hours.ts";
import type { LoadClass } from "./load-classes.ts";
import type { SharedLoad } from "./simulated-sharing.ts";

export interface AloneFleet {
	readonly point: BenchmarkPoint;
	/** USD a day. */
	readonly bill: number;
	readonly gpus: number;
	/** GPUs that serve, before spares and whole hosts: what the load takes of a fleet that others fill too. */
	readonly serving: number;
}

export interface Alone {
	readonly load: LoadClass;
	readonly question: SizingQuestion;
	/** The cheapest first. */
	readonly fleets: readonly AloneFleet[];
}

export interface Sketch {
	readonly part: string;
	readonly loads: readonly SharedLoad[];
	readonly shares: HourlyShares;
	/** USD a day, before spares and whole hosts. */
	readonly bill: number;
}

/** With the interactive loads of a model on shared replicas, where they can be, and with each on replicas of its own. */
export function sketchesOn(rates: RateBook, alone: readonly Alone[], part: string): Sketch[] {
	const hosts = [hostsOf(alone, part, true), hostsOf(alone, part, false)];
	const isSame = hosts[0]?.every((host, i) => host === hosts[1]?.[i]) === true;
	return (isSame ? hosts.slice(1) : hosts).flatMap((each) => sketchOn(rates, alone, part, each) ?? []);
}

function sketchOn(
	rates: RateBook,
	alone: readonly Alone[],
	part: string,
	hosts: readonly (number | undefined)[],
): Sketch | undefined {
	const rate = rates.rateOf(part);
	if (!rate.known) return undefined;
	const guestsOf = (place: number): readonly Alone[] =>
		alone.filter(({ load }, i) => hosts[i] === place && load.waits === undefined);
	const points = alone.map((each, i) => leanestOn(part, each, guestsOf(i)));
	const loads = alone.map((each, i): SharedLoad => {
		const { load, question } = each;
		const host = hosts[i];
		const point = points[host ?? i] as BenchmarkPoint;
		const hourly = hoursOf(each);
		const work = hourly.map((hour) => throughputReplicas(level(question), point, meanDemand(question) * hour));
		const common = { point, work, ...(host === undefined ? {} : { host }) };
		if (load.waits !== undefined) return { load, question, need: common };
		if (host !== undefined) return { load, question, need: { ...common, needed: hourly.map(() => 0) } };
		return { load, question, need: { ...common, needed: neededBy([each, ...guestsOf(i)], point) } };
	});
	const shares = sharedHours(
		loads.map(({ need }) => need),
		0,
	);
	if (shares === undefined) return undefined;
	const price = scalarOf(evaluate(buildModel([rate.rate])), nodeId(rate.rate)) / usdPerDay.factor;
	return { part, loads, shares, bill: shares.gpus * price };
}

/** Replicas of each hour for loads that share them. */
function neededBy(loads: readonly Alone[], point: BenchmarkPoint): number[] {
	const hours = Math.max(...loads.map((each) => hoursOf(each).length));
	return Array.from({ length: hours }, (_, hour) => {
		const asked = loads.map((each) => {
			const hourly = hoursOf(each);
			return {
				question: level(each.question),
				demand: meanDemand(each.question) * (hourly[hour % hourly.length] as number),
			};
		});
		const [first] = asked as [(typeof asked)[number]];
		return asked.length === 1
			? estimatedReplicas(first.question, point, first.demand)
			: estimatedTogether(asked, point);
	});
}

function hoursOf({ load }: Alone): readonly number[] {
	return load.scenario.traffic.hourly as readonly number[];
}

/** Of each load the place of the one on whose replicas it runs. */
function hostsOf(alone: readonly Alone[], part: string, isJoined: boolean): readonly (number | undefined)[] {
	const hosts: (number | undefined)[] = [];
	alone.forEach((each, i) => {
		const { load } = each;
		const first = alone.findIndex(
			(other) => other.load.waits === undefined && other.load.scenario.model === load.scenario.model,
		);
		if (first === -1 || first === i) return hosts.push(undefined);
		if (load.waits !== undefined) return hosts.push(first);
		const guests = alone.filter((_, k) => hosts[k] === first && k < i);
		const fits = isJoined && pointsFor(part, alone[first] as Alone, [...guests, each]).length > 0;
		return hosts.push(fits ? first : undefined);
	});
	return hosts;
}

/** Rows of a load on a part that keep the limits of its guests too. */
function pointsFor(part: string, { fleets }: Alone, guests: readonly Alone[]): readonly AloneFleet[] {
	return fleets.filter(({ point }) => point.hardware === part && guests.every(({ load }) => keepsLimits(point, load)));
}

function keepsLimits(point: BenchmarkPoint, { scenario: { slo } }: LoadClass): boolean {
	const speed = centralOf(slo.tokensPerSecondPerUser);
	const ttft = centralOf(slo.ttft);
	const seen = point.latency.ttft?.median;
	return (
		(speed === undefined || point.interactivityTokensPerSecond >= speed) &&
		(ttft === undefined || (seen === undefined ? slo.ttftUnknown === "accept" : seen <= ttft))
	);
}

/** Of those that take the fewest GPUs on a part the one that does the most with them. */
function leanestOn(part: string, alone: Alone, guests: readonly Alone[]): BenchmarkPoint {
	const on = pointsFor(part, alone, guests) as [AloneFleet, ...AloneFleet[]];
	const best = on.reduce((a, b) => {
		if (a.serving !== b.serving) return b.serving < a.serving ? b : a;
		return b.point.tokensPerGpuSecond > a.point.tokensPerGpuSecond ? b : a;
	});
	return best.point;
}

/** The question of one hour: its rate is the mean. */
function level(question: SizingQuestion): SizingQuestion {
	const { scenario } = question;
	const { peakToMean } = scenario.demand;
	const demand = {
		...scenario.demand,
		peakToMean: { ...peakToMean, distribution: { kind: "point", value: 1 } as const },
	};
	return { ...question, scenario: { ...scenario, demand } };
}
