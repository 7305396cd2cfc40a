/**
 * What software alone did to the same configuration: throughput of its last dated row over its first, brought to a
 * common span. Pairs closer together than `minimumDays` are left out; regressions are kept.
 */
import { pow } from "../numerics/elementary.ts";
import type { BenchmarkPoint } from "./benchmark-point.ts";
import { configurationKey } from "./frontier.ts";

export interface DriftPair {
	readonly first: BenchmarkPoint;
	readonly last: BenchmarkPoint;
	readonly days: number;
	/** Throughput of the last over the first. */
	readonly ratio: number;
	/** The same per `perDays` days, compounded. */
	readonly ratioPerSpan: number;
}

export function driftPairs(points: readonly BenchmarkPoint[], minimumDays: number, perDays: number): DriftPair[] {
	const groups = new Map<string, BenchmarkPoint[]>();
	for (const point of points) {
		if (point.measuredOn === undefined) continue;
		const key = configurationKey(point);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [point]);
		else group.push(point);
	}
	return [...groups.values()].flatMap((group) => {
		const byDate = [...group].sort(byDateAndRun);
		const first = byDate[0] as BenchmarkPoint;
		const last = byDate[byDate.length - 1] as BenchmarkPoint;
		const days = daysBetween(first.measuredOn as string, last.measuredOn as string);
		if (days < minimumDays) return [];
		const ratio = last.tokensPerGpuSecond / first.tokensPerGpuSecond;
		return [{ first, last, days, ratio, ratioPerSpan: pow(ratio, perDays / days) }];
	});
}

/** Whole days from one `YYYY-MM-DD` to another. */
export function daysBetween(from: string, to: string): number {
	return dayNumber(to) - dayNumber(from);
}

/** Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, "chrono-compatible low-level date algorithms"). */
function dayNumber(date: string): number {
	const [y, m, d] = date.split("-").map(Number) as [number, number, number];
	const year = m <= 2 ? y - 1 : y;
	const era = Math.floor(year / 400);
	const yearOfEra = year - era * 400;
	const dayOfYear = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5) + d - 1;
	const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
	return era * 146_097 + dayOfEra - 719_468;
}

function byDateAndRun(a: BenchmarkPoint, b: BenchmarkPoint): number {
	const [x, y] = [`${a.measuredOn} ${a.run ?? ""} ${a.id}`, `${b.measuredOn} ${b.run ?? ""} ${b.id}`];
	return x < y ? -1 : x > y ? 1 : 0;
}
