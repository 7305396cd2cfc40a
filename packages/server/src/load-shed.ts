/**
 * The queue of requests that came and are not begun, and what of it is refused. A few are begun in each turn of the
 * event loop, so that turns stay short: a loop takes one new connection a turn. Whoever waited too long by the time it is
 * his turn is refused, which costs little, so who is answered is answered in time, and with the queue the refusals end.
 * Waiting counts in processor time of this process: time that others have of the machine is no overload of its own, and
 * where few wait nobody is refused, however slowly it is let run.
 */

export interface ShedClock {
	/** Milliseconds of the wall clock. */
	now(): number;
	/** Milliseconds of processor time that the process has used. */
	used(): number;
	/** Calls back in the next turn of the event loop, in the order asked. */
	nextTurn(run: () => void): void;
}

export interface LoadShed {
	/** Calls one of the two: at once where nobody waits, or when it is this request's turn. */
	take(answer: () => void, refuse: () => void): void;
	/** Refused since the start. */
	readonly refused: number;
}

interface Waiting {
	readonly answer: () => void;
	readonly refuse: () => void;
	readonly ahead: number;
	readonly now: number;
	readonly used: number;
}

/** Begun in a turn: reads of a quarter of a millisecond make it 2 ms. */
const BATCH = 8;
/** Work while a request waits, from which it is refused: 64 connections that ask again at once wait for 16 ms of it. */
const WORK_MS = 60;
/** With no more before it a request is never refused: a browser holds six connections, each with one. */
const FEW = 8;
/** With more before it a request is refused from this time too, whoever had the machine meanwhile. */
const LONG = 128;
const WAIT_MS = 150;

export function loadShed(clock: ShedClock = LOOP): LoadShed {
	const queue: Waiting[] = [];
	let refused = 0;
	let begun = 0;
	let isTurning = false;

	const isTooLate = ({ ahead, now, used }: Waiting): boolean =>
		ahead > FEW && (clock.used() - used > WORK_MS || (ahead > LONG && clock.now() - now > WAIT_MS));
	const begin = (waiting: Waiting): void => {
		if (!isTooLate(waiting)) return waiting.answer();
		refused++;
		waiting.refuse();
	};
	const turn = (): void => {
		begun = 0;
		isTurning = queue.length > 0;
		if (!isTurning) return;
		// What is late goes at once: it takes no time from the others.
		while (queue[0] !== undefined && isTooLate(queue[0])) begin(queue.shift() as Waiting);
		// Each is called by itself, since most of its work is done between callbacks.
		for (const waiting of queue.splice(0, BATCH)) clock.nextTurn(() => begin(waiting));
		clock.nextTurn(turn);
	};
	return {
		take(answer, refuse) {
			if (!isTurning) {
				isTurning = true;
				clock.nextTurn(turn);
			}
			if (queue.length === 0 && begun < BATCH) {
				begun++;
				answer();
			} else queue.push({ answer, refuse, ahead: queue.length, now: clock.now(), used: clock.used() });
		},
		get refused() {
			return refused;
		},
	};
}

const LOOP: ShedClock = {
	now: () => performance.now(),
	used() {
		const { user, system } = process.cpuUsage();
		return (user + system) / 1000;
	},
	nextTurn: (run) => void setImmediate(run),
};
