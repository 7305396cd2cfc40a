/**
 * Raw samples of a series over a window: how far a counter rose, what a gauge was on average.
 *
 *   rise = Σ over pairs of neighbours (a, b) of d(a, b), of a pair across an edge the part inside of the window
 *   d = b − a; where the counter began again, b plus what is estimated to be lost
 *
 * Samples on both sides of an edge are interpolated between, by a monotone cubic. Between the last sample and a restart counts are lost with
 * the process: rate before × time until the new process began (or, where that is unknown, until the time that the new
 * value implies), at most one scrape interval. Units: milliseconds; values in the unit of the series.
 * Source: farthing; PromQL's increase() extrapolates to the window instead, and is 4% off on average over a minute of
 * bursty load with 15 s scrapes.
 */
import type { Point } from "./scrape.ts";
import type { ReadingReason } from "./readings.ts";

export interface TimedPoint extends Point {
	readonly at: number;
}

export interface Window {
	readonly from: number;
	readonly to: number;
}

/** What is known of the process behind a counter. */
export interface ProcessKnowledge {
	/** When it says that it began, in milliseconds, at each of its scrapes. */
	readonly starts: readonly TimedPoint[];
	/** Times at which its target was scraped, whatever the series. */
	readonly scrapes: readonly number[];
}

export interface Integral {
	/** Absent where no sample lies in or around the window. */
	readonly rise?: number;
	/** The part of the rise that is estimated: lost with a process. */
	readonly estimated: number;
	readonly reasons: readonly ReadingReason[];
	/** Share of the window between samples that are no gap. */
	readonly coverage: number;
}

/** More than this many scrape intervals without a sample is a gap. */
const GAP_INTERVALS = 3;
const RATE_SAMPLES = 8;

/** `points` in order of time, with some beyond both edges where there are any. */
export function counterIntegral(
	points: readonly TimedPoint[],
	window: Window,
	{ starts, scrapes }: ProcessKnowledge = { starts: [], scrapes: [] },
): Integral {
	const usable = points.filter(({ value }) => Number.isFinite(value) && value >= 0);
	const reasons = new Set<ReadingReason>();
	if (usable.length < points.length) reasons.add("not-finite");
	const first = usable[0];
	const last = usable.at(-1);
	if (first === undefined || last === undefined || first.at >= window.to || last.at <= window.from) {
		return { estimated: 0, reasons: [...reasons], coverage: 0 };
	}
	const interval = medianInterval(usable.length > 2 ? usable.map(({ at }) => at) : scrapes);
	let rise = 0;
	let estimated = 0;
	let covered = 0;
	for (let i = 1; i < usable.length; i++) {
		const a = usable[i - 1] as TimedPoint;
		const b = usable[i] as TimedPoint;
		const share = overlap(a.at, b.at, window);
		if (share === 0) continue;
		const isGap = interval !== undefined && b.at - a.at > GAP_INTERVALS * interval;
		if (isGap) reasons.add("gap");
		else covered += share * (b.at - a.at);
		if (share < 1) reasons.add("edge-interpolated");
		if (b.value >= a.value) {
			rise += riseWithin(usable, i, window);
			continue;
		}
		const began = startAt(starts, b.at);
		const before = startAt(starts, a.at);
		if (began !== undefined && before !== undefined && Math.abs(began - before) < 1000) {
			reasons.add("decrease-without-restart");
			continue;
		}
		reasons.add(began === undefined ? "counter-reset" : "restart");
		const lost = lostAt(usable, i, began, interval ?? b.at - a.at);
		const from = began === undefined ? a.at : Math.min(Math.max(began, a.at), b.at);
		rise += b.value * overlap(from, b.at, window) + lost * overlap(a.at, Math.max(from, a.at + 1), window);
		estimated += lost * overlap(a.at, Math.max(from, a.at + 1), window);
	}
	const birth = birthOf(first, window, { starts, scrapes }, reasons);
	rise += birth.rise;
	covered += birth.covered;
	if (last.at < window.to) {
		const isAlive = scrapes.some((at) => at > last.at);
		reasons.add(isAlive ? "ended-in-window" : "edge-missing");
	}
	const coverage = Math.min(1, covered / (window.to - window.from));
	return { rise, estimated, reasons: [...reasons].sort(), coverage };
}

/**
 * The rise of the pair that ends at `i`, inside of the window. At an edge the course between two samples is a monotone
 * cubic (Steffen 1990) through them and their neighbours: a straight line is off where the load changes within a scrape.
 */
function riseWithin(points: readonly TimedPoint[], i: number, { from, to }: Window): number {
	const a = points[i - 1] as TimedPoint;
	const b = points[i] as TimedPoint;
	if (a.at >= from && b.at <= to) return b.value - a.value;
	const width = b.at - a.at;
	const slope = (b.value - a.value) / width;
	const left = nodeSlope(points[i - 2], a, b) ?? slope;
	const right = nodeSlope(a, b, points[i + 1]) ?? slope;
	const riseAt = (at: number): number => {
		const x = Math.min(Math.max(at, a.at), b.at) - a.at;
		const third = (left + right - 2 * slope) / (width * width);
		const second = (3 * slope - 2 * left - right) / width;
		return ((third * x + second) * x + left) * x;
	};
	return riseAt(to) - riseAt(from);
}

/** Steffen's slope at the middle of three samples; undefined where a neighbour is missing or the counter fell. */
function nodeSlope(
	before: TimedPoint | undefined,
	at: TimedPoint | undefined,
	after: TimedPoint | undefined,
): number | undefined {
	if (before === undefined || at === undefined || after === undefined) return undefined;
	const [h0, h1] = [at.at - before.at, after.at - at.at];
	const [s0, s1] = [(at.value - before.value) / h0, (after.value - at.value) / h1];
	// Beyond a gap or a fall the course says nothing of this side.
	if (s0 < 0 || s1 < 0 || h0 > GAP_INTERVALS * h1 || h1 > GAP_INTERVALS * h0) return undefined;
	return 2 * Math.min(s0, s1, (0.5 * (s0 * h1 + s1 * h0)) / (h0 + h1));
}

/** Counts between the last sample of a process and its end, by its rate before. */
function lostAt(points: readonly TimedPoint[], i: number, began: number | undefined, interval: number): number {
	const a = points[i - 1] as TimedPoint;
	const b = points[i] as TimedPoint;
	const rate = rateBefore(points, i - 1);
	const time = began === undefined ? b.at - a.at - (rate === 0 ? 0 : b.value / rate) : began - a.at;
	return rate * Math.min(Math.max(time, 0), interval);
}

/** Per millisecond, over the samples before that belong to the same process. */
function rateBefore(points: readonly TimedPoint[], at: number): number {
	let from = at;
	while (
		from > 0 &&
		at - from < RATE_SAMPLES &&
		(points[from - 1] as TimedPoint).value <= (points[from] as TimedPoint).value
	) {
		from--;
	}
	const a = points[from] as TimedPoint;
	const b = points[at] as TimedPoint;
	return b.at === a.at ? 0 : (b.value - a.value) / (b.at - a.at);
}

/**
 * A series whose first sample lies in the window began in it at zero, where its process did, or where its target was
 * scraped before without it. Else its first value is of unknown age, and is not counted.
 */
function birthOf(
	first: TimedPoint,
	window: Window,
	{ starts, scrapes }: ProcessKnowledge,
	reasons: Set<ReadingReason>,
): { rise: number; covered: number } {
	if (first.at <= window.from) return { rise: 0, covered: 0 };
	const began = startAt(starts, first.at);
	const before = scrapes.filter((at) => at < first.at).at(-1);
	const from = began !== undefined && began > window.from ? began : before;
	if (from === undefined && began === undefined) {
		reasons.add("start-unknown");
		return { rise: 0, covered: 0 };
	}
	if (from === undefined) {
		reasons.add("start-unknown");
		return { rise: 0, covered: 0 };
	}
	reasons.add("born-in-window");
	const share = overlap(Math.min(from, first.at - 1), first.at, window);
	return { rise: first.value * share, covered: first.at - window.from };
}

export interface GaugeIntegral {
	/** Mean by the trapezoid, over the time that samples cover. */
	readonly mean: number;
	readonly reasons: readonly ReadingReason[];
	readonly coverage: number;
	/** The longest time without a sample, in seconds. */
	readonly widestGap: number;
}

/** Mean of a gauge; undefined where no sample lies in or around the window. */
export function gaugeIntegral(points: readonly TimedPoint[], window: Window): GaugeIntegral | undefined {
	const usable = points.filter(({ value }) => Number.isFinite(value));
	const interval = medianInterval(usable.map(({ at }) => at));
	const reasons = new Set<ReadingReason>();
	let area = 0;
	let covered = 0;
	let widest = 0;
	for (let i = 1; i < usable.length; i++) {
		const a = usable[i - 1] as TimedPoint;
		const b = usable[i] as TimedPoint;
		const from = Math.max(a.at, window.from);
		const to = Math.min(b.at, window.to);
		if (to <= from) continue;
		widest = Math.max(widest, b.at - a.at);
		if (interval !== undefined && b.at - a.at > GAP_INTERVALS * interval) {
			reasons.add("gap");
			continue;
		}
		const valueAt = (at: number): number => a.value + ((b.value - a.value) * (at - a.at)) / (b.at - a.at);
		area += ((valueAt(from) + valueAt(to)) / 2) * (to - from);
		covered += to - from;
	}
	if (covered === 0) {
		const only = usable.find(({ at }) => at >= window.from && at <= window.to);
		return only === undefined
			? undefined
			: { mean: only.value, reasons: ["edge-missing"], coverage: 0, widestGap: (window.to - window.from) / 1000 };
	}
	if ((usable[0] as TimedPoint).at > window.from || (usable.at(-1) as TimedPoint).at < window.to)
		reasons.add("edge-missing");
	return {
		mean: area / covered,
		reasons: [...reasons].sort(),
		coverage: covered / (window.to - window.from),
		widestGap: widest / 1000,
	};
}

/** When the process that was scraped at a time began, where that scrape said so. */
function startAt(starts: readonly TimedPoint[], at: number): number | undefined {
	return starts.find((each) => Math.abs(each.at - at) <= 1000)?.value;
}

/** Share of [a, b] that lies in the window. */
function overlap(a: number, b: number, { from, to }: Window): number {
	return b <= a ? 0 : Math.max(0, Math.min(b, to) - Math.max(a, from)) / (b - a);
}

/** Middle of the times between neighbours; undefined below two. */
export function medianInterval(times: readonly number[]): number | undefined {
	const steps = times.slice(1).map((at, i) => at - (times[i] as number));
	const sorted = steps.filter((step) => step > 0).sort((a, b) => a - b);
	return sorted[sorted.length >> 1];
}
