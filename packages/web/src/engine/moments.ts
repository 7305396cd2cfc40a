/** Moments of a simulated run, evenly spaced in its time and few enough to draw: where they grow too many, every second one goes. */
import type { FleetMoment } from "@farthing/engine";

export const STATES = ["busy", "warm_idle", "starting", "draining", "failed", "off"] as const;
export type MomentState = (typeof STATES)[number];

/** Columns, one place for each moment. */
export interface Moments {
	readonly seconds: readonly number[];
	readonly waiting: readonly number[];
	readonly running: readonly number[];
	readonly replicas: Readonly<Record<MomentState, readonly number[]>>;
}

const MOST = 1200;
/** How long a run lasts is not known as it begins. */
const FIRST_STEP = 0.25;

export class MomentsKept {
	/** Seconds from one moment to the next. */
	step = FIRST_STEP;
	#kept: FleetMoment[];
	#end: FleetMoment | undefined;

	constructor(first: FleetMoment) {
		this.#kept = [{ ...first, seconds: 0 }];
	}

	/** When the run is to be looked at next. */
	get next(): number {
		return this.#kept.length * this.step;
	}

	/** How the run stands at {@link next}, all that happens up to then being done. */
	add(moment: FleetMoment): void {
		this.#kept.push({ ...moment, seconds: this.next });
		if (this.#kept.length <= MOST) return;
		this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
		this.step *= 2;
	}

	/** How the run ends, which is always told. */
	end(moment: FleetMoment): void {
		this.#end = moment;
	}

	moments(): Moments {
		const last = this.#end;
		const all = last === undefined ? this.#kept : [...this.#kept.filter(({ seconds }) => seconds < last.seconds), last];
		const column = (of: (moment: FleetMoment) => number): number[] => all.map(of);
		const states = STATES.map((state) => [state, column((each) => each.replicas[state])] as const);
		return {
			seconds: column(({ seconds }) => seconds),
			waiting: column(({ waiting }) => waiting),
			running: column(({ running }) => running),
			replicas: Object.fromEntries(states) as Record<MomentState, number[]>,
		};
	}
}

/** Place of the last moment up to a time. */
export function momentAt({ seconds }: Moments, time: number): number {
	let [low, high] = [0, seconds.length - 1];
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((seconds[middle] as number) <= time) low = middle;
		else high = middle - 1;
	}
	return low;
}
