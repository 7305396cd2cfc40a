/**
 * Who has which machines at which hour, where loads share one kind of GPU: interactive loads as many as their limits ask for in
 * that hour, batches what is left. The fleet is as large as the fullest hour asks for, and so large that batches get done in the
 * course of a day (or week): replicas that are there · their throughput ≥ all work, with a share left over for switching.
 */
import type { BenchmarkPoint } from "@farthing/engine";

/** A load of which the replicas are found hour by hour. */
export interface HourlyNeed {
	readonly point: BenchmarkPoint;
	/** Replicas of each hour that keep the limits; none of a batch. Those of a host keep the limits of interactive guests too, who need none. */
	readonly needed?: readonly number[];
	/** Replica-hours of work in an hour, by throughput alone. */
	readonly work: readonly number[];
	/** Place of the interactive load on whose replicas it runs; none: on replicas of its own. */
	readonly host?: number;
}

export interface HourlyShares {
	/** GPUs that serve at once. */
	readonly gpus: number;
	/** Replicas of each hour, by load; 0 of one that has a host. */
	readonly replicas: readonly (readonly number[])[];
}

/** Part of the replicas left over that does work: the rest is lost in starts and drains. */
const USED = 0.95;

/** The least fleet, and at least `least` GPUs. Undefined where batches do not get done with ten times what interactive loads need. */
export function sharedHours(needs: readonly HourlyNeed[], least: number): HourlyShares | undefined {
	const hours = Math.max(...needs.map(({ work }) => work.length));
	const interactive = Array.from({ length: hours }, (_, hour) =>
		needs.reduce((sum, need) => sum + at(need.needed, hour) * sizeOf(need), 0),
	);
	const step = Math.min(...needs.map(sizeOf));
	const work = needs.reduce((sum, need) => sum + total(need.work, hours) * sizeOf(need), 0);
	let gpus = Math.max(least, Math.ceil(Math.max(...interactive) / step) * step, step);
	for (const most = 10 * gpus + (2 * work) / hours; gpus <= most; gpus += step) {
		const replicas = dealt(needs, interactive, gpus, hours);
		if (needs.every((need, i) => getsDone(needs, need, i, replicas, hours))) return { gpus, replicas };
	}
	return undefined;
}

/** What interactive loads leave of each hour goes to batches, by their work. */
function dealt(
	needs: readonly HourlyNeed[],
	interactive: readonly number[],
	gpus: number,
	hours: number,
): readonly (readonly number[])[] {
	const isBatch = (need: HourlyNeed): boolean => need.needed === undefined;
	const weight = (need: HourlyNeed): number => (isBatch(need) ? total(need.work, hours) * sizeOf(need) : 0);
	const all = needs.reduce((sum, need) => sum + weight(need), 0);
	const extra = needs.map((need) =>
		interactive.map((taken) =>
			all === 0 ? 0 : Math.floor(((gpus - taken) * weight(need)) / all / sizeOf(need) + 1e-9),
		),
	);
	return needs.map((need, i) =>
		interactive.map((_, hour) => {
			if (need.host !== undefined) return 0;
			const guests = needs.reduce((sum, { host }, k) => sum + (host === i ? (extra[k]?.[hour] as number) : 0), 0);
			return at(need.needed, hour) + (isBatch(need) ? (extra[i]?.[hour] as number) : guests);
		}),
	);
}

function getsDone(
	needs: readonly HourlyNeed[],
	need: HourlyNeed,
	place: number,
	replicas: readonly (readonly number[])[],
	hours: number,
): boolean {
	if (need.host !== undefined) return true;
	const own = total(need.work, hours);
	// What interactive guests take is in the replicas that the host needs.
	const guests = needs
		.filter(({ host, needed }) => host === place && needed === undefined)
		.reduce((sum, { work }) => sum + total(work, hours), 0);
	return (
		total(replicas[place] as readonly number[], hours) * USED >= own + guests ||
		(guests === 0 && need.needed !== undefined)
	);
}

function sizeOf({ point }: HourlyNeed): number {
	return point.gpus as number;
}

function at(of: readonly number[] | undefined, hour: number): number {
	return of === undefined ? 0 : (of[hour % of.length] as number);
}

function total(of: readonly number[], hours: number): number {
	let sum = 0;
	for (let hour = 0; hour < hours; hour++) sum += at(of, hour);
	return sum;
}
