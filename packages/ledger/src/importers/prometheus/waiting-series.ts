/**
 * Samples that wait to be metered, by the target that they are of. Each target has a horizon of its own, up to which it
 * was handed on: one that lags, as where a sender catches up, does not lose to one that is ahead.
 */
import { createHash } from "node:crypto";
import type { TimedPoint } from "./integrate.ts";
import { isOfGpus } from "./metric-selectors.ts";
import type { RawSeries } from "./prometheus-api.ts";
import { seriesKey } from "./scrape.ts";

/** Samples that were not taken, by one reason. */
export interface LeftOut {
	readonly samples: number;
	/** Name and target of the first of them, and its time in milliseconds. */
	readonly series: string;
	readonly at: number;
}

export interface Sorted {
	readonly kept: readonly RawSeries[];
	/** More than an hour ahead of the clock: their date is wrong. */
	readonly ahead?: LeftOut;
	/** Of windows that were handed on. */
	readonly late?: LeftOut;
}

/** A window that is handed on, and whose samples with it. */
export interface Handing {
	readonly from: number;
	readonly targets: readonly string[];
	/** Tells this handing from any other, also when it is tried again. */
	readonly key: string;
}

/** What is kept of the horizons from one start to the next. */
export interface Horizons {
	/** End of the furthest window that was handed on. */
	readonly from?: number;
	/** Before it every target was handed on whose own horizon is not here. */
	readonly floor?: number;
	readonly targets?: readonly (readonly [target: string, from: number])[];
	readonly handing?: Handing;
}

export interface WaitingOptions {
	/** Milliseconds of a window of the ledger. */
	readonly step: number;
	/** Milliseconds of samples that must lie beyond a window before it is handed on. */
	readonly margin: number;
	readonly now: () => number;
}

interface HeldSeries extends RawSeries {
	readonly points: TimedPoint[];
	/** By the clock, when the last of it came. */
	arrived: number;
}

interface Target {
	from: number;
	/** False until the first window: until then an older sample moves its beginning. */
	isHanded: boolean;
	readonly series: Map<string, HeldSeries>;
}

const MINUTE = 60_000;
/** As of events over HTTP. */
const AHEAD = 60 * MINUTE;
/** Samples before a window that are kept, for its first edge and for series that began before. */
const KEPT_BEFORE = 5 * MINUTE;
/** A series of which nothing came for so long is not waited for, where others of its target go on. */
const SERIES_SILENT = 10 * MINUTE;
/** A target of which nothing came for so long has ended; a sender that cannot send tries again for longer than for a series. */
const TARGET_SILENT = 60 * MINUTE;
/** A target that is so far behind the furthest has no horizon of its own any more. */
const HORIZON_KEPT = 24 * 60 * MINUTE;

export class WaitingSeries {
	private readonly options: WaitingOptions;
	private readonly targets = new Map<string, Target>();
	private newest = 0;
	private furthest = 0;
	private floor = 0;
	private handing: Handing | undefined;

	constructor(options: WaitingOptions, { from, floor, targets, handing }: Horizons = {}) {
		this.options = options;
		const latest = options.now() + AHEAD;
		// A horizon beyond the clock came from a sample with a wrong date: it is found anew from what waits.
		const known = (at: number | undefined): number => (at === undefined || at > latest ? 0 : at);
		this.furthest = known(from);
		// What was written before targets had horizons of their own holds one for all.
		this.floor = targets === undefined ? this.furthest : known(floor);
		for (const [key, horizon] of targets ?? []) {
			if (known(horizon) > 0) this.targets.set(key, { from: horizon, isHanded: true, series: new Map() });
		}
		if (handing !== undefined && known(handing.from) > 0) this.handing = handing;
	}

	get horizons(): Horizons {
		const targets = [...this.targets].flatMap(([key, { from, isHanded }]) => (isHanded ? [[key, from] as const] : []));
		return {
			from: this.furthest,
			floor: this.floor,
			targets,
			...(this.handing === undefined ? {} : { handing: this.handing }),
		};
	}

	/** True where the labels of the exporters of GPUs are `exported_…`: then the plain ones name the exporter. */
	get podsAreExported(): boolean {
		for (const { series } of this.targets.values()) {
			for (const { name, labels } of series.values()) {
				if (labels["exported_pod"] !== undefined && isOfGpus(name)) return true;
			}
		}
		return false;
	}

	/** Parts what can be metered from what cannot. A sample that is here already is neither taken again nor left out. */
	sorted(given: readonly RawSeries[]): Sorted {
		const latest = this.options.now() + AHEAD;
		const kept: RawSeries[] = [];
		let ahead: LeftOut | undefined;
		let late: LeftOut | undefined;
		for (const series of given) {
			const target = this.targets.get(targetOf(series));
			const from = target?.isHanded === true ? target.from : this.floor;
			const held = target?.series.get(seriesKey(series.name, series.labels));
			const points = series.points.filter(({ at }) => {
				if (at > latest) ahead = oneMore(ahead, series, at);
				else if (at >= from) return true;
				else if (held?.points.some((point) => point.at === at) !== true) late = oneMore(late, series, at);
				return false;
			});
			if (points.length > 0) kept.push({ ...series, points });
		}
		return { kept, ...(ahead === undefined ? {} : { ahead }), ...(late === undefined ? {} : { late }) };
	}

	/** Gives the newest sample of each target of these. */
	take(given: readonly RawSeries[]): Map<string, number> {
		const arrived = this.options.now();
		const newest = new Map<string, number>();
		for (const series of given) {
			const points = series.points.filter(({ at }) => at <= arrived + AHEAD);
			const last = points.reduce((latest, { at }) => Math.max(latest, at), 0);
			if (points.length === 0) continue;
			const key = targetOf(series);
			newest.set(key, Math.max(newest.get(key) ?? 0, last));
			this.newest = Math.max(this.newest, last);
			this.add(key, { ...series, points }, arrived);
		}
		return newest;
	}

	private add(key: string, { name, labels, points }: RawSeries, arrived: number): void {
		const target = this.targets.get(key) ?? { from: Number.POSITIVE_INFINITY, isHanded: false, series: new Map() };
		this.targets.set(key, target);
		const own = seriesKey(name, labels);
		const held = target.series.get(own) ?? { name, labels, points: [], arrived };
		target.series.set(own, held);
		held.arrived = arrived;
		for (const point of points) {
			if (target.isHanded && point.at < target.from - KEPT_BEFORE) continue;
			insert(held.points, point);
			const start = Math.floor(point.at / this.options.step) * this.options.step;
			if (!target.isHanded) target.from = Math.max(Math.min(target.from, start), this.floor);
		}
	}

	/** The next window that is complete, the earliest first; the same one until it is {@link handed}. */
	next(): Handing | undefined {
		if (this.handing !== undefined) return this.handing;
		const ready = [...this.targets].filter(([, target]) => this.isReady(target));
		const from = Math.min(...ready.map(([, target]) => target.from));
		if (ready.length === 0) return undefined;
		const targets = ready.flatMap(([key, target]) => (target.from === from ? [key] : [])).sort();
		// What comes after a window was handed on for others is told from that by whose it is.
		const late = createHash("sha256").update(JSON.stringify(targets)).digest("hex").slice(0, 16);
		this.handing = { from, targets, key: from >= this.furthest ? `${from}` : `${from}:${late}` };
		return this.handing;
	}

	seriesOf({ targets }: Handing): RawSeries[] {
		return targets.flatMap((key) => [...(this.targets.get(key)?.series.values() ?? [])]);
	}

	/** The window is in the ledger. */
	handed({ from, targets }: Handing): void {
		const to = from + this.options.step;
		for (const key of targets) {
			const target = this.targets.get(key);
			if (target === undefined) continue;
			target.from = to;
			target.isHanded = true;
			for (const [own, { points }] of target.series) {
				const first = points.findIndex(({ at }) => at >= to - KEPT_BEFORE);
				if (first < 0) target.series.delete(own);
				else points.splice(0, first);
			}
		}
		this.furthest = Math.max(this.furthest, to);
		this.handing = undefined;
		this.dropOld();
	}

	/** False where samples of the target up to that time are of no use any more. */
	isWaitedFor(key: string, newest: number): boolean {
		const target = this.targets.get(key);
		if (target === undefined) return false;
		return newest >= (this.isSilent(target) ? target.from : target.from - KEPT_BEFORE);
	}

	private isReady(target: Target): boolean {
		const { step, margin, now } = this.options;
		const enough = target.from + step + margin;
		if (this.newest < enough || target.from + step > now() || newestOf(target) < target.from) return false;
		if (this.isSilent(target)) return true;
		let isReached = false;
		for (const { points, arrived } of target.series.values()) {
			if ((points.at(-1)?.at ?? 0) >= enough) isReached = true;
			// Senders have several queues: a series of the target may lag behind the others.
			else if (now() - arrived < SERIES_SILENT) return false;
		}
		return isReached;
	}

	private isSilent({ series }: Target): boolean {
		const before = this.options.now() - TARGET_SILENT;
		for (const { arrived } of series.values()) if (arrived > before) return false;
		return true;
	}

	private dropOld(): void {
		for (const [key, target] of this.targets) {
			const isOld = target.isHanded && target.from < this.furthest - HORIZON_KEPT;
			if (!isOld || newestOf(target) >= target.from) continue;
			this.floor = Math.max(this.floor, target.from);
			this.targets.delete(key);
		}
	}
}

function newestOf({ series }: Target): number {
	let newest = 0;
	for (const { points } of series.values()) newest = Math.max(newest, points.at(-1)?.at ?? 0);
	return newest;
}

/** A board may stand under the pod that holds it: an exporter of GPUs is one target whatever pods it names. */
function targetOf({ name, labels }: RawSeries): string {
	const names = isOfGpus(name) ? ["cluster", "job", "instance"] : ["cluster", "job", "namespace", "pod", "instance"];
	return JSON.stringify([isOfGpus(name) ? "gpus" : "", ...names.map((label) => labels[label] ?? "")]);
}

function oneMore(known: LeftOut | undefined, { name, labels }: RawSeries, at: number): LeftOut {
	if (known !== undefined) return { ...known, samples: known.samples + 1 };
	const where = labels["instance"] ?? labels["pod"] ?? labels["job"];
	return { samples: 1, series: where === undefined ? name : `${name} of ${where}`, at };
}

function insert(points: TimedPoint[], point: TimedPoint): void {
	let place = points.length;
	while (place > 0 && (points[place - 1] as TimedPoint).at > point.at) place--;
	if (points[place - 1]?.at !== point.at) points.splice(place, 0, point);
}
