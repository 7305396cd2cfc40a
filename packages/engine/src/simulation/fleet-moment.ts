/** A run at one moment: what waits, what is worked on, and what the replicas do. For whoever watches it. */
import type { Replica } from "./replica.ts";
import type { StateName } from "./simulation-report.ts";

export interface FleetMoment {
	readonly seconds: number;
	/** Requests that wait for a place in a batch, and those that have one. */
	readonly waiting: number;
	readonly running: number;
	/** Replicas by what they do; `off`: not paid for. */
	readonly replicas: Readonly<Record<StateName | "off", number>>;
}

/** `held` requests wait in front of the replicas. */
export function momentOf(seconds: number, all: readonly Replica[], held: number, inSystem: number): FleetMoment {
	const replicas = { busy: 0, warm_idle: 0, starting: 0, draining: 0, failed: 0, off: 0 };
	let waiting = held;
	for (const replica of all) {
		replicas[replica.books.doing ?? "off"]++;
		waiting += replica.waitingCount;
	}
	return { seconds, waiting, running: inSystem - waiting, replicas };
}
