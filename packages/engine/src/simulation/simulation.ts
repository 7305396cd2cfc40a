/**
 * Discrete-event simulation of serving: requests arrive, are routed, batched and answered; replicas start, drain, fail and
 * are repaired. One queue of events in virtual time; every random draw has a stream of its own, so that the same spec and
 * seed give the same bits. A run is a stepper: it can report progress and stop between any two events.
 */
import { requireFleet } from "./fleet-check.ts";
import type { FleetSpec } from "./fleet-spec.ts";
import type { FleetMoment } from "./fleet-moment.ts";
import type { RequestSource } from "./request-source.ts";
import type { GoodputLimits, LengthClass } from "./run-statistics.ts";
import { FleetRun } from "./simulation-run.ts";
import type { SimulationReport } from "./simulation-report.ts";

export interface SimulationSpec {
	readonly fleet: FleetSpec;
	readonly source: RequestSource;
	/** Requests that arrive later are left out; the fleet is paid for at least until then. */
	readonly horizonSeconds?: number;
	readonly limits: GoodputLimits;
	/** Loads that the source tells apart by the `priority` it gives, which is then their place here; none: each priority is one. */
	readonly loads?: readonly SimulatedLoad[];
	readonly lengthClasses: readonly LengthClass[];
	/** Length of the stretches of the course over time. */
	readonly windowSeconds: number;
	readonly seed: number;
	/** One decode step at a time, to check the steps that are taken at once. */
	readonly exact?: boolean;
}

/** A load with limits of its own, served at a priority that others may share. */
export interface SimulatedLoad {
	readonly limits: GoodputLimits;
	readonly priority: number;
}

export interface SimulationRun {
	/** Virtual time reached. */
	readonly seconds: number;
	/** Requests that have arrived. */
	readonly arrived: number;
	/** How it stands. */
	readonly moment: FleetMoment;
	/** When the next event is; infinite when the run is over. */
	readonly nextSeconds: number;
	/** Works off up to `events` events, none of them after `until`. False when the run is over. */
	advance(events: number, until?: number): boolean;
	/** What the run says; to be asked when it is over. */
	report(): SimulationReport;
}

/** The whole run. Throws {@link SimulationError} for a fleet that cannot be. */
export function simulate(spec: SimulationSpec): SimulationReport {
	const run = startSimulation(spec);
	while (run.advance(1_000_000));
	return run.report();
}

export function startSimulation(spec: SimulationSpec): SimulationRun {
	requireFleet(spec.fleet);
	return new FleetRun(spec);
}
