/** From the books of a run to its report. */
import type { FleetLife } from "./fleet-life.ts";
import type { LatencyHistogram } from "./latency-histogram.ts";
import type { PoolState } from "./pool-state.ts";
import type { Replica } from "./replica.ts";
import type { ReplicaBooks } from "./replica-books.ts";
import { STATES } from "./replica-books.ts";
import type { RunStatistics, WindowReport } from "./run-statistics.ts";
import { saturationOf } from "./saturation.ts";
import type { SimulationSpec } from "./simulation.ts";
import type { LatencySummary, PoolReport, SimulationReport, StateName } from "./simulation-report.ts";

/** What a run that is over has in its books. */
export interface RunBooks {
	readonly spec: SimulationSpec;
	readonly fleet: FleetLife;
	readonly statistics: RunStatistics;
	readonly windows: readonly WindowReport[];
	readonly seconds: number;
	readonly lastArrival: number;
	readonly waitingAtLastArrival: number;
	readonly waitingAtHalf: number;
	readonly events: number;
}

export function reportOf(books: RunBooks): SimulationReport {
	const { spec, fleet, statistics } = books;
	const booked = (value: (of: ReplicaBooks) => number): number => sumOver(fleet.replicas, value);
	return {
		seconds: books.seconds,
		lastArrivalSeconds: books.lastArrival,
		requests: {
			arrived: statistics.arrived,
			finished: statistics.finished,
			rejected: statistics.rejected,
			good: statistics.good,
			preemptions: statistics.preemptions,
		},
		tokens: {
			input: statistics.input - statistics.cachedInput,
			cachedInput: statistics.cachedInput,
			output: statistics.output,
			good: statistics.goodTokens,
			prefilled: booked(({ prefilledTokens }) => prefilledTokens),
			recomputed: {
				afterPreemption: booked(({ recomputedAfterPreemption }) => recomputedAfterPreemption),
				afterFailure: booked(({ recomputedAfterFailure }) => recomputedAfterFailure),
			},
			arrived: { input: statistics.arrivedInput, output: statistics.arrivedOutput },
			rejected: { input: statistics.rejectedInput, output: statistics.rejectedOutput },
		},
		ttft: summaryOf(statistics.ttft),
		tpot: summaryOf(statistics.tpot),
		e2e: summaryOf(statistics.e2e),
		queue: summaryOf(statistics.queue),
		pools: fleet.pools.map((pool) => poolReport(pool)),
		lengthClasses: spec.lengthClasses.map((each, i) => ({
			...each,
			requests: statistics.requestsByClass[i] as number,
			input: statistics.inputByClass[i] as number,
			output: statistics.outputByClass[i] as number,
		})),
		priorities: statistics.byLoad.map(({ arrived, finished, good, longest }) => ({
			arrived,
			finished,
			good,
			longestSeconds: longest,
		})),
		littlesLaw: { area: statistics.inSystemArea, sojourn: statistics.sojourn },
		saturation: saturationOf({
			pools: fleet.pools.map((pool) => ({ spec: pool.spec, serving: upOf(pool, books.seconds) })),
			windows: books.windows,
			statistics,
			lastArrival: books.lastArrival,
			seconds: books.seconds,
			waitingAtLastArrival: books.waitingAtLastArrival,
			waitingAtHalf: books.waitingAtHalf,
			closed: spec.source.kind === "closed",
		}),
		windows: books.windows,
		events: books.events,
	};
}

function summaryOf(of: LatencyHistogram): LatencySummary {
	return {
		count: of.count,
		mean: of.mean,
		p50: of.quantile(0.5),
		p90: of.quantile(0.9),
		p99: of.quantile(0.99),
		largest: of.largest,
	};
}

function sumOver(replicas: readonly Replica[], value: (of: ReplicaBooks) => number): number {
	return replicas.reduce((sum, { books }) => sum + value(books), 0);
}

/** Replicas that are up on the mean; where an autoscaler decides, as many as it ever had but for failures. */
function upOf({ spec, replicas, mostServing }: PoolState, seconds: number): number {
	const of = (state: number): number => sumOver(replicas, (books) => books.seconds[state] as number);
	const [busy, warmIdle, , , failed] = STATES.map((_, i) => of(i)) as [number, number, number, number, number];
	const ready = busy + warmIdle;
	if (spec.autoscaler === undefined) return seconds === 0 ? mostServing : ready / seconds;
	return ready + failed === 0 ? mostServing : (mostServing * ready) / (ready + failed);
}

function poolReport({ spec, replicas, mostServing }: PoolState): PoolReport {
	const total = (value: (of: ReplicaBooks) => number): number => sumOver(replicas, value);
	const byState = Object.fromEntries(
		STATES.map((state, i) => [state, total(({ seconds }) => seconds[i] as number)]),
	) as Record<StateName, number>;
	const decodeSeconds = total((of) => of.decodeSeconds);
	return {
		name: spec.name,
		role: spec.role,
		gpusPerReplica: spec.gpusPerReplica,
		byState,
		replicaSeconds: total((of) => of.paidSeconds),
		prefillSeconds: total((of) => of.prefillSeconds),
		decodeSeconds,
		lostSeconds: total((of) => of.lostSeconds),
		drainingStepSeconds: total((of) => of.drainingStepSeconds),
		steps: total((of) => of.stepCount),
		meanBatch: decodeSeconds === 0 ? 0 : total((of) => of.batchSeconds) / decodeSeconds,
		kvPeak: replicas.reduce((most, { kv }) => Math.max(most, kv.peak / kv.capacity), 0),
		mostServing,
	};
}
