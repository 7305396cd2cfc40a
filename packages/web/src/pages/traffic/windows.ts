/** The stretches of a run, as charts over time read them. */
import type { WindowJson } from "@farthing/answers";

/** A chart has no place for more marks than this; the keyboard then goes by some of them. */
const MOST_MARKS = 60;

export function markedPlaces(count: number): number[] {
	const step = Math.ceil(count / MOST_MARKS);
	return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

/** The stretch with the most of something; undefined where none has any. */
export function mostOf(
	windows: readonly WindowJson[],
	of: (window: WindowJson) => number | undefined,
): WindowJson | undefined {
	const known = windows.filter((window) => of(window) !== undefined);
	return known.length === 0 ? undefined : known.reduce((a, b) => ((of(b) as number) > (of(a) as number) ? b : a));
}

export const secondsOf = ({ from_seconds: from, to_seconds: to }: WindowJson): number => to - from;

/** Utilisation by day and hour of a week that begins on Monday, means of all weeks; empty for a run of less than two days. */
export function hoursOfWeek(windows: readonly WindowJson[]): (number | undefined)[][] {
	const end = windows.at(-1)?.to_seconds ?? 0;
	if (end < 2 * DAY - 60) return [];
	const sums = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => ({ sum: 0, seconds: 0 })));
	for (const window of windows) {
		const seconds = secondsOf(window);
		// What is worked off after the last hour belongs to none.
		if (window.busy_share === undefined || seconds < 1) continue;
		const hour = Math.floor((window.from_seconds + seconds / 2) / 3600);
		const cell = sums[Math.floor(hour / 24) % 7]?.[hour % 24];
		if (cell === undefined || window.arrived === 0) continue;
		cell.sum += window.busy_share * seconds;
		cell.seconds += seconds;
	}
	return sums.map((row) => row.map(({ sum, seconds }) => (seconds === 0 ? undefined : sum / seconds)));
}

const DAY = 86_400;
