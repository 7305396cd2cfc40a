/** The course of requests over the hours, as the reader types it, and the peak that follows from it. */
import type { Change } from "../../state/app-state.ts";

export const HOURLY = "traffic.hourly";
export const PEAK = "demand.peak_to_mean";
const WEEKEND = "traffic.weekend";

/** Numbers for 24 hours of a day or 168 of a week; undefined where the text holds no such. */
export function hoursIn(text: string): readonly number[] | undefined {
	const hours = text
		.split(/[\s,;]+/)
		.filter((each) => each !== "")
		.map(Number);
	const isCourse = hours.length === 24 || hours.length === 168;
	if (!isCourse || !hours.every((each) => Number.isFinite(each) && each >= 0)) return undefined;
	return hours.some((each) => each > 0) ? hours : undefined;
}

/** Busiest hour over the mean, in the digits that a field shows. */
export function peakOfHours(hours: readonly number[]): number {
	const mean = hours.reduce((sum, each) => sum + each, 0) / hours.length;
	return Number((Math.max(...hours) / mean).toPrecision(5));
}

/** The changes with these hours and their peak; without hours both are taken back. */
export function withHours(
	changes: Readonly<Record<string, Change>>,
	hours: readonly number[] | undefined,
): Readonly<Record<string, Change>> {
	const { [HOURLY]: _, [PEAK]: __, ...others } = changes;
	if (hours === undefined) return others;
	// Hours of a whole week have their weekend in them.
	const { [WEEKEND]: ___, ...rest } = others;
	return { ...(hours.length === 168 ? rest : others), [HOURLY]: hours, [PEAK]: peakOfHours(hours) };
}
