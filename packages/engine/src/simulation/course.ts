/** The course of a run over time, a stretch after the other. */
import type { Replica } from "./replica.ts";
import { STATES } from "./replica-books.ts";
import type { RunStatistics, WindowReport } from "./run-statistics.ts";

/** After so many stretches each is twice as long as those before: a run without end takes no memory without end. */
const DOUBLES_AFTER = 10_000;

export class Course {
	readonly windows: WindowReport[] = [];
	#seconds: number;
	#from = 0;
	#busy = 0;
	#paid = 0;
	/** GPU-seconds by {@link STATES} up to the stretch under way. */
	#gpuSeconds: readonly number[] = STATES.map(() => 0);

	constructor(windowSeconds: number) {
		this.#seconds = windowSeconds;
	}

	/** When the stretch under way began. */
	get from(): number {
		return this.#from;
	}

	/** How long the stretch under way is to be. */
	get seconds(): number {
		return this.#seconds;
	}

	/** Ends a stretch; `held` requests wait in front of the replicas. */
	end(now: number, replicas: readonly Replica[], held: number, statistics: RunStatistics): void {
		let busy = 0;
		let paid = 0;
		let waiting = held;
		let serving = 0;
		for (const replica of replicas) {
			busy += replica.books.busyUntil(now);
			paid += replica.books.paidUntil(now);
			waiting += replica.waitingCount;
			if (replica.isRoutable) serving++;
		}
		const paidNow = paid - this.#paid;
		const busyShare = paidNow > 0 ? (busy - this.#busy) / paidNow : undefined;
		const gpuSeconds = gpuSecondsUntil(now, replicas);
		const spent = gpuSeconds.map((seconds, i) => seconds - (this.#gpuSeconds[i] as number));
		this.windows.push(
			statistics.window(this.#from, now, { waiting, replicas: serving, busyShare, gpuSeconds: byState(spent) }),
		);
		this.#from = now;
		this.#busy = busy;
		this.#paid = paid;
		this.#gpuSeconds = gpuSeconds;
		if (this.windows.length % DOUBLES_AFTER === 0) this.#seconds *= 2;
	}
}

function gpuSecondsUntil(now: number, replicas: readonly Replica[]): number[] {
	return STATES.map((_, state) =>
		replicas.reduce((sum, replica) => sum + replica.books.stateUntil(state, now) * replica.pool.gpusPerReplica, 0),
	);
}

function byState(seconds: readonly number[]): WindowReport["gpuSeconds"] {
	const [busy = 0, warm_idle = 0, starting = 0, draining = 0, failed = 0] = seconds;
	return { busy, warm_idle, starting, draining, failed };
}
