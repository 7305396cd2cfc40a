/**
 * What to refuse while more comes than can be answered. A process that falls behind answers everybody late; one that
 * refuses a part at once answers the rest in time. The part is raised while the process is late by its own work for many
 * connections, and lowered when not: a process that is late since others have the machine refuses nobody, and neither does
 * one that a few connections keep busy, since each of them waits for its answer before it asks again.
 */

export interface LoadShed {
	/** To be called once a turn, with how much later than due it is called by the work of this process. */
	turn(lateMs: number): void;
	/** The next request, on this connection, is one of those to refuse. */
	refuses(connection: object): boolean;
	/** Refused since the start. */
	readonly refused: number;
}

/** Later than this, those who are answered wait too long. */
const LATE_MS = 20;
const RAISE = 0.1;
const LOWER = 0.05;
/** Connections that asked since the turn before, up to which they are not what makes the process late. */
const MANY = 50;
/** Some are let through always, so that one sees when it is over. */
const MOST = 0.95;

/** Requests that are refused are spread evenly over those that come: no draw, so the same load has the same answers. */
export function loadShed(): LoadShed {
	let share = 0;
	let owed = 0;
	let refused = 0;
	const asking = new Set<object>();
	return {
		turn(lateMs) {
			const isTooMuch = lateMs > LATE_MS && asking.size > MANY;
			share = isTooMuch ? Math.min(MOST, share + RAISE) : Math.max(0, share - LOWER);
			if (share === 0) owed = 0;
			asking.clear();
		},
		refuses(connection) {
			asking.add(connection);
			owed += share;
			if (owed < 1) return false;
			owed -= 1;
			refused++;
			return true;
		},
		get refused() {
			return refused;
		},
	};
}
