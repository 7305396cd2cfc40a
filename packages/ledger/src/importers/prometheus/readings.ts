/**
 * What each series says over a window: how far a counter rose, what a gauge was. From one scrape (since the process
 * began), from two (between them), or from raw samples (`integrate.ts`); the profiles work on readings alone.
 */
import type { Scrape, Series } from "./scrape.ts";
import { seriesKey } from "./scrape.ts";
import type { Labels } from "./text-format.ts";

export interface Reading {
	readonly name: string;
	readonly labels: Labels;
	/** Rise of the value over the window, were it a counter; absent where it cannot be told. */
	readonly rise?: number;
	/** Mean over the window, were it a gauge. */
	readonly mean: number;
	readonly last: number;
	/** Reason codes, such as `counter-reset`. */
	readonly reasons: readonly ReadingReason[];
	/** Share of the window that samples cover, 0 to 1. */
	readonly coverage: number;
	/** The part of the rise that is estimated. */
	readonly estimated?: number;
	/** The longest time between two samples of it, in seconds. */
	readonly widestGap?: number;
}

export type ReadingReason =
	| "counter-reset"
	| "restart"
	| "decrease-without-restart"
	| "gap"
	| "edge-interpolated"
	| "edge-missing"
	| "born-in-window"
	| "start-unknown"
	| "ended-in-window"
	| "not-finite";

export interface Readings {
	readonly readings: readonly Reading[];
	/** Length of the window in seconds, where it is known. */
	readonly seconds?: number;
	/** Milliseconds since 1970. */
	readonly from?: number;
	readonly to?: number;
	/**
	 * True where counters are read from the start of their process: `from`, if that is known. `to` is the time of the scrape; who held GPUs
	 * in between is not known.
	 */
	readonly sinceStart: boolean;
	/** True where pods of GPUs are known to stand in `exported_…` labels, also if none of these readings has one. */
	readonly podsAreExported?: boolean;
}

/** One scrape: counters since their process began. `at`: when it was made, where it does not say so itself. */
export function readingsSinceStart(scrape: Scrape, at?: number): Readings {
	const readings = scrape.series.map((series): Reading => {
		const last = lastOf(series);
		return {
			name: series.name,
			labels: series.labels,
			...(Number.isFinite(last) ? { rise: last } : {}),
			mean: last,
			last,
			reasons: Number.isFinite(last) ? [] : ["not-finite"],
			coverage: 1,
		};
	});
	const stamps = scrape.series.flatMap(({ points }) => points.flatMap((point) => point.at ?? []));
	const to = stamps.length === 0 ? at : Math.max(...stamps);
	const began = startOf(scrape, "only");
	return {
		readings,
		sinceStart: true,
		...(to === undefined ? {} : { to }),
		...(to === undefined || began === undefined || began * 1000 >= to ? {} : { from: began * 1000 }),
	};
}

/**
 * Two scrapes of one target, `seconds` apart. A counter that fell began again: at the new start of its process, what it
 * shows now is counted; where the process is the same, the fall is a fault and nothing is counted.
 */
export function readingsBetween(before: Scrape, after: Scrape, seconds: number): Readings {
	const earlier = new Map(before.series.map((series) => [seriesKey(series.name, series.labels), lastOf(series)]));
	const restart = restartBetween(before, after);
	const readings = after.series.map((series): Reading => {
		const last = lastOf(series);
		const first = earlier.get(seriesKey(series.name, series.labels));
		const mean = first === undefined ? last : (first + last) / 2;
		const common = { name: series.name, labels: series.labels, mean, last, coverage: 1 };
		if (!Number.isFinite(last) || (first !== undefined && !Number.isFinite(first)))
			return { ...common, reasons: ["not-finite"] };
		if (restart === "restarted") return { ...common, rise: last, reasons: ["restart"] };
		// Label sets appear when they are first counted.
		if (first === undefined) return { ...common, rise: last, reasons: [] };
		if (last >= first) return { ...common, rise: last - first, reasons: [] };
		if (restart === "same") return { ...common, rise: 0, reasons: ["decrease-without-restart"] };
		return { ...common, rise: last, reasons: ["counter-reset"] };
	});
	return { readings, seconds, sinceStart: false };
}

/** Whether the process behind two scrapes is the same, by the time at which it says it began. */
function restartBetween(before: Scrape, after: Scrape): "same" | "restarted" | "unknown" {
	const [was, is] = [startOf(before), startOf(after)];
	if (was === undefined || is === undefined) return "unknown";
	return Math.abs(was - is) < 1 ? "same" : "restarted";
}

/** In seconds since 1970; of several the last, or with `only` nothing, since which counter is whose is not known. */
export function startOf(scrape: Scrape, of: "last" | "only" = "last"): number | undefined {
	const starts = scrape.series.filter(({ name }) => name === "process_start_time_seconds").map(lastOf);
	return starts.length === 0 || (of === "only" && new Set(starts).size > 1) ? undefined : Math.max(...starts);
}

function lastOf({ points }: Series): number {
	return points.at(-1)?.value ?? Number.NaN;
}
