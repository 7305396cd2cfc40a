/** What a plan warns of: what was stated, sized in part, or saves nothing. */
import { centralValue, scalarOf } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { Warning } from "./envelope.ts";
import type { Built } from "./plan-built.ts";
import type { PlanContext } from "./plan-option.ts";
import type { PlanTraffic } from "./plan-traffic.ts";
import { sharedNames } from "./sharing/shared-names.ts";

export interface WarnedPlan {
	readonly scenario: Scenario;
	readonly context: PlanContext;
	readonly ranked: readonly Built[];
	readonly traffic: PlanTraffic | undefined;
	readonly model: string;
	/** Whether what its loads take together is told. */
	readonly isShared: boolean;
}

export function planWarnings({ scenario, context, ranked, traffic, model, isShared }: WarnedPlan): Warning[] {
	return [
		...overrideWarning(scenario),
		...belowOneReplica(context, ranked),
		...idleNotSaved(ranked, traffic),
		...floorAboveFleet(scenario, ranked, traffic),
		...growthNotSized(scenario),
		...notSimulated(traffic),
		...optionsOfOneModel(scenario, model, isShared),
	];
}

function overrideWarning({ utilisation }: Scenario): Warning[] {
	if (utilisation === undefined) return [];
	const share = `${(centralValue(utilisation.distribution) * 100).toFixed(0)}%`;
	const message = `utilisation is stated as ${share}, not derived from demand: peak, whole replicas, spares and hosts do not count`;
	return [{ code: "utilization-overridden", message }];
}

/** Part of a replica cannot be run: a utilisation that is stated may leave less than one. */
function belowOneReplica({ evaluation }: PlanContext, ranked: readonly Built[]): Warning[] {
	const least = (each: Built): number => scalarOf(evaluation, each.ids.replicas);
	const below = ranked.filter((each) => least(each) < 1);
	const [first] = below;
	if (first === undefined) return [];
	const share = `${(least(first) * 100).toPrecision(3)}%`;
	const others = below.length === 1 ? "" : `, and ${below.length - 1} more options less than one`;
	const message = `row ${first.point.id} is planned with ${share} of one replica${others}: what is left of it is not paid for here, so something else must use it`;
	return [{ code: "below-one-replica", message }];
}

/** A floor that no replica is ever below: the autoscaler has nothing to take away. */
function floorAboveFleet(
	{ traffic: member }: Scenario,
	ranked: readonly Built[],
	traffic: PlanTraffic | undefined,
): Warning[] {
	const [best] = ranked;
	const fewest = member?.autoscaler?.fewest ?? 0;
	if (traffic === undefined || best === undefined) return [];
	const { replicas, spare_replicas: spare } = traffic.sizingOf(best.point);
	if (fewest <= replicas + spare || fewest === 1) return [];
	const message = `the autoscaler is to keep ${fewest} replicas at least, more than the ${replicas + spare} that the cheapest fleet has: it never takes one away`;
	return [{ code: "autoscaler-floor-above-fleet", message }];
}

/** The fleets are those of the first day: what grows in the weeks after is for `simulate`. */
function growthNotSized({ traffic }: Scenario): Warning[] {
	if (traffic?.growth === undefined) return [];
	const message = `traffic.growth (${traffic.growth.text} a week) does not change the fleets: they are sized to the demand at the start; simulate with more --hours shows how long they last`;
	return [{ code: "growth-not-sized", message }];
}

function notSimulated(traffic: PlanTraffic | undefined): Warning[] {
	if (traffic?.estimateOnly === undefined) return [];
	const message = `fleets are sized by the queueing estimate alone, which no simulation confirms: ${traffic.estimateOnly}`;
	return [{ code: "estimate-only", message }];
}

/** The options are fleets for one model and one load; what several loads take together is told under `sharing`. */
function optionsOfOneModel(scenario: Scenario, model: string, isShared: boolean): Warning[] {
	if (!isShared) return [];
	const message = `the options serve the whole demand with ${model} as one load; sharing tells of ${sharedNames(scenario)} together`;
	return [{ code: "options-of-one-load", message }];
}

/** One warning for each reason why hours that the autoscaler does not need are paid for. */
function idleNotSaved(ranked: readonly Built[], traffic: PlanTraffic | undefined): Warning[] {
	const parts = new Map<string, Set<string>>();
	for (const { point } of ranked) {
		const { needed_share: needed, paid_share_reason: reason } = traffic?.sizingOf(point) ?? {};
		if (needed === undefined || needed >= 1 || reason === undefined) continue;
		parts.set(reason, (parts.get(reason) ?? new Set()).add(point.hardware));
	}
	return [...parts].map(([reason, hardware]) => ({
		code: "autoscaler-saves-nothing",
		message: `the autoscaler saves nothing on ${[...hardware].join(", ")}: ${reason}; what it would shut down stands idle`,
	}));
}
