/** From the books of a run to its report. */
import type { LatencyHistogram } from "./latency-histogram.ts";
import type { PoolState } from "./pool-state.ts";
import { STATES } from "./replica.ts";
import type { LatencySummary, PoolReport, StateName } from "./simulation-report.ts";

export function summaryOf(of: LatencyHistogram): LatencySummary {
	return {
		count: of.count,
		mean: of.mean,
		p50: of.quantile(0.5),
		p90: of.quantile(0.9),
		p99: of.quantile(0.99),
		largest: of.largest,
	};
}

export function poolReport({ spec, replicas, mostServing }: PoolState): PoolReport {
	const total = (value: (replica: (typeof replicas)[number]) => number): number =>
		replicas.reduce((sum, replica) => sum + value(replica), 0);
	const byState = Object.fromEntries(
		STATES.map((state, i) => [state, total(({ seconds }) => seconds[i] as number)]),
	) as Record<StateName, number>;
	const decodeSeconds = total((replica) => replica.decodeSeconds);
	return {
		name: spec.name,
		role: spec.role,
		gpusPerReplica: spec.gpusPerReplica,
		byState,
		replicaSeconds: total((replica) => replica.paidSeconds),
		prefillSeconds: total((replica) => replica.prefillSeconds),
		decodeSeconds,
		lostSeconds: total((replica) => replica.lostSeconds),
		steps: total((replica) => replica.stepCount),
		meanBatch: decodeSeconds === 0 ? 0 : total((replica) => replica.batchSeconds) / decodeSeconds,
		kvPeak: replicas.reduce((most, { kv }) => Math.max(most, kv.peak / kv.capacity), 0),
		mostServing,
	};
}
