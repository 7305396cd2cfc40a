/**
 * The course of a day with a stated peak over its mean. Up to 2: rate(h) = 1 + (peak − 1)·cos(2π·h/24); above: the cosine to a
 * power, ((1 + cos)/2)^q over its mean, with q such that the busiest hour has the peak. A shape, not a measurement. The busiest
 * hour is hour 14 of the day, in whatever zone the reader likes: nothing depends on it.
 */
import { pow } from "../numerics/elementary.ts";

export const BUSIEST_HOUR = 14;

/** Twenty-four rates with mean 1. `peakToMean` from 1 to 24, where all is in one hour. */
export function dayProfile(peakToMean: number): number[] {
	if (peakToMean <= 2) return HOURS.map((hour) => 1 + (peakToMean - 1) * cosineOf(hour));
	let low = 1;
	let high = 2000;
	for (let i = 0; i < 60; i++) {
		const middle = (low + high) / 2;
		if (peakOf(middle) < peakToMean) low = middle;
		else high = middle;
	}
	const weights = weightsOf((low + high) / 2);
	const mean = weights.reduce((sum, weight) => sum + weight, 0) / 24;
	return weights.map((weight) => weight / mean);
}

/**
 * Rates of the 168 hours of a week from Monday on, with mean 1: five days of the given course, and two of the same with
 * `weekend` times the requests.
 */
export function weekProfile(day: readonly number[], weekend: number): number[] {
	const week = Array.from({ length: 168 }, (_, hour) => (day[hour % 24] as number) * (hour < 120 ? 1 : weekend));
	const mean = week.reduce((sum, hour) => sum + hour, 0) / week.length;
	return week.map((hour) => hour / mean);
}

function peakOf(power: number): number {
	const weights = weightsOf(power);
	return 24 / weights.reduce((sum, weight) => sum + weight, 0);
}

function weightsOf(power: number): number[] {
	return HOURS.map((hour) => {
		const base = (1 + cosineOf(hour)) / 2;
		return base === 0 ? 0 : pow(base, power);
	});
}

const HOURS: readonly number[] = Array.from({ length: 24 }, (_, hour) => hour);

function cosineOf(hour: number): number {
	return COSINES[Math.abs(hour - BUSIEST_HOUR)] as number;
}

/** cos(15° · n): the engine's own functions are exp and log, and these are all that is needed. */
const COSINES: readonly number[] = [
	1, 0.9659258262890683, 0.8660254037844387, 0.7071067811865476, 0.5, 0.25881904510252074, 0, -0.25881904510252074,
	-0.5, -0.7071067811865476, -0.8660254037844387, -0.9659258262890683, -1, -0.9659258262890683, -0.8660254037844387,
];
