/** Which deployments can serve: what the site has room for, and of the cheapest what the simulator confirms. */
import type { BenchmarkPoint, QuantityJson } from "@farthing/engine";
import { buildModel, evaluate, scalarOf } from "@farthing/engine";
import type { Built } from "./plan-built.ts";
import { cheapestFirst } from "./plan-built.ts";
import type { FleetQuestion } from "./plan-fleet.ts";
import type { RoomBook } from "./plan-room.ts";
import type { PlanTraffic } from "./plan-traffic.ts";
import type { Unranked } from "./ranking.ts";
import { unrankedLine } from "./ranking.ts";
import type { ConfirmedReplicas } from "./sizing/confirmed.ts";

/** The cheapest options, at most, whose fleet the simulator confirms. */
const CONFIRMED = 3;

export interface FeasibleRows {
	readonly kept: readonly BenchmarkPoint[];
	readonly unranked: readonly Unranked[];
}

/** Left out, with the reason: what the site has no room for, and of the cheapest what never keeps the limits under traffic. */
export function feasibleRows(
	points: readonly BenchmarkPoint[],
	{ room }: FleetQuestion,
	traffic: PlanTraffic | undefined,
	build: (point: BenchmarkPoint) => Built,
): FeasibleRows {
	let { kept, unranked } = withinRoom(points, room, build);
	if (traffic === undefined) return { kept, unranked };
	for (;;) {
		const next = cheapestOf(kept, build).find((point) => !traffic.isConfirmed(point));
		if (next === undefined) return { kept, unranked };
		const missed = traffic.confirm(next);
		const left = missed === undefined ? withinRoom([next], room, build).unranked : [limitsMissed(next, missed)];
		if (left.length === 0) continue;
		kept = kept.filter(({ id }) => id !== next.id);
		unranked = [...unranked, ...left];
	}
}

function limitsMissed(point: BenchmarkPoint, { replicas, withinLimits }: ConfirmedReplicas): Unranked {
	const share = `${Number((withinLimits * 100).toPrecision(3))}%`;
	const reason = `no fleet of it was found that keeps the limits at the stated percentile under this traffic: the search stopped at ${replicas} replicas, which keep them for ${share} of requests`;
	return unrankedLine(point, "limits-missed-under-traffic", reason);
}

function withinRoom(
	points: readonly BenchmarkPoint[],
	room: RoomBook | undefined,
	build: (point: BenchmarkPoint) => Built,
): FeasibleRows {
	if (room === undefined || points.length === 0) return { kept: points, unranked: [] };
	const built = points.map(build);
	const evaluation = evaluate(buildModel(built.flatMap(({ nodes }) => nodes)));
	const kept: BenchmarkPoint[] = [];
	const unranked: Unranked[] = [];
	for (const { point, ids } of built) {
		const verdict = room.verdictOn(point.hardware, scalarOf(evaluation, ids.gpus));
		if (verdict.fits) kept.push(point);
		else unranked.push({ ...unrankedLine(point, verdict.code, verdict.reason), ...shortBy(verdict) });
	}
	return { kept, unranked };
}

function shortBy({ shortBy: by }: { readonly shortBy?: QuantityJson }): { readonly short_by?: QuantityJson } {
	return by === undefined ? {} : { short_by: by };
}

function cheapestOf(points: readonly BenchmarkPoint[], build: (point: BenchmarkPoint) => Built): BenchmarkPoint[] {
	if (points.length === 0) return [];
	const built = points.map(build);
	const evaluation = evaluate(buildModel(built.flatMap(({ nodes }) => nodes)));
	return cheapestFirst(built, evaluation)
		.slice(0, CONFIRMED)
		.map(({ point }) => point);
}
