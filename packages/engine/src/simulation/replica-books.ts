/**
 * The books of one replica: its seconds by the state it was in, those of its steps by what they were spent on, and the prompt
 * tokens it computed, told apart into those no machine had computed before and those that were lost and computed again. Times
 * are whole ticks and tokens whole numbers, so that everything adds up to the last bit, whatever fails when.
 */

export const STATES = ["busy", "warm_idle", "starting", "draining", "failed"] as const;
export type ReplicaState = "off" | "starting" | "ready" | "draining" | "failed";

/** Why the KV cache of a request was lost, as it is kept with the request. */
export const PREEMPTED = 1;
export const FAILED_MACHINE = 2;

const BUSY = 0;
const WARM_IDLE = 1;
const STARTING = 2;
const DRAINING = 3;
const FAILED = 4;
const UNPAID = 5;

export class ReplicaBooks {
	#state: ReplicaState = "off";
	#stepping = false;
	#since = 0;
	#account = UNPAID;
	/** Replica-seconds by {@link STATES}. */
	readonly seconds: Float64Array = new Float64Array(UNPAID + 1);
	/** All that is paid for. */
	paidSeconds = 0;
	/** Those of the draining ones in which it stepped. */
	drainingStepSeconds = 0;
	/** Seconds of steps by what they were spent on; `lost`: of the step that a failure cut off. */
	prefillSeconds = 0;
	decodeSeconds = 0;
	lostSeconds = 0;
	stepCount = 0;
	/** Sum of batch × seconds of decode, for the mean batch. */
	batchSeconds = 0;
	prefilledTokens = 0;
	/** Of these the ones computed again, after a preemption and after a failure. */
	recomputedAfterPreemption = 0;
	recomputedAfterFailure = 0;

	get isStepping(): boolean {
		return this.#stepping;
	}

	/** Busy seconds up to now, for an autoscaler. */
	busyUntil(now: number): number {
		return (this.seconds[BUSY] as number) + (this.#account === BUSY ? now - this.#since : 0);
	}

	/** Ready seconds up to now: busy and warm idle. */
	readyUntil(now: number): number {
		const closed = (this.seconds[BUSY] as number) + (this.seconds[WARM_IDLE] as number);
		return closed + (this.#account === BUSY || this.#account === WARM_IDLE ? now - this.#since : 0);
	}

	paidUntil(now: number): number {
		return this.paidSeconds + (this.#account === UNPAID ? 0 : now - this.#since);
	}

	/** Seconds in a state up to now, by its place in {@link STATES}. */
	stateUntil(state: number, now: number): number {
		return (this.seconds[state] as number) + (this.#account === state ? now - this.#since : 0);
	}

	/** What it does at this moment; undefined of one that is off. */
	get doing(): (typeof STATES)[number] | undefined {
		return STATES[this.#account];
	}

	enter(state: ReplicaState, now: number): void {
		this.close(now);
		this.#state = state;
		this.#account = this.#accountNow();
	}

	setStepping(stepping: boolean, now: number): void {
		if (stepping === this.#stepping) return;
		this.close(now);
		this.#stepping = stepping;
		this.#account = this.#accountNow();
	}

	/** Brings them up to `now`. */
	close(now: number): void {
		const seconds = now - this.#since;
		this.seconds[this.#account] = (this.seconds[this.#account] as number) + seconds;
		if (this.#account !== UNPAID) this.paidSeconds += seconds;
		if (this.#account === DRAINING && this.#stepping) this.drainingStepSeconds += seconds;
		this.#since = now;
	}

	/** Steps of a batch took some seconds, of which decode some. */
	ran(steps: number, batch: number, seconds: number, decodeSeconds: number): void {
		this.stepCount += steps;
		this.batchSeconds += batch * decodeSeconds;
		this.decodeSeconds += decodeSeconds;
		this.prefillSeconds += seconds - decodeSeconds;
	}

	/** A chunk of a prompt was computed, of which some again for the reason kept with the request. */
	computed(tokens: number, again: number, reason: number): void {
		this.prefilledTokens += tokens;
		if (again === 0) return;
		if (reason === FAILED_MACHINE) this.recomputedAfterFailure += again;
		else this.recomputedAfterPreemption += again;
	}

	#accountNow(): number {
		switch (this.#state) {
			case "off":
				return UNPAID;
			case "starting":
				return STARTING;
			case "draining":
				return DRAINING;
			case "failed":
				return FAILED;
			case "ready":
				return this.#stepping ? BUSY : WARM_IDLE;
		}
	}
}
