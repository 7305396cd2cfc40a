/** Moments of a simulated run, few enough to draw: where they grow too many, every second one goes. */
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
const FIRST_STEP = 4;

export class MomentsKept {
	/** Events from one moment to the next. */
	step = FIRST_STEP;
	#kept: FleetMoment[];
	#latest: FleetMoment;

	constructor(first: FleetMoment) {
		this.#kept = [first];
		this.#latest = first;
	}

	add(moment: FleetMoment): void {
		this.#latest = moment;
		const last = this.#kept.at(-1);
		// What happens at one time is told as it ends.
		if (last?.seconds === moment.seconds) this.#kept.pop();
		this.#kept.push(moment);
		if (this.#kept.length <= MOST) return;
		this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
		this.step *= 2;
	}

	moments(): Moments {
		// How a run ends is always told.
		const all = this.#kept.at(-1) === this.#latest ? this.#kept : [...this.#kept, this.#latest];
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
