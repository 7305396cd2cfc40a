/** How many replicas a pool should have, from what was seen since the last decision. */
import type { AutoscalerSpec, PoolSpec, ScalingPolicy } from "./fleet-spec.ts";
import { secondsOfStep } from "./step-costs.ts";

/** What a scaling decision is made on. */
export interface PoolObservation {
	/** Of the run, at the decision. */
	readonly now: number;
	readonly seconds: number;
	readonly arrived: number;
	/** Requests of the interval before. */
	readonly arrivedBefore: number;
	readonly meanInput: number;
	readonly meanOutput: number;
	/** Share of input that was found in a prefix cache. */
	readonly cachedShare: number;
	readonly inFlight: number;
	readonly ready: number;
	readonly starting: number;
	/** Share of the ready replicas' time in which they stepped. */
	readonly busyShare: number;
	/** Percentile asked by the policy; undefined where no request had its first token. */
	readonly ttft: number | undefined;
}

/** Replicas wanted, within the limits of the autoscaler. */
export function wantedReplicas(pool: PoolSpec, scaler: AutoscalerSpec, seen: PoolObservation): number {
	const wanted = Math.ceil(unbounded(pool, scaler, seen) - 1e-9);
	return Math.min(scaler.most, Math.max(scaler.fewest, wanted));
}

function unbounded(pool: PoolSpec, { policy, startSeconds }: AutoscalerSpec, seen: PoolObservation): number {
	switch (policy.kind) {
		case "concurrency":
			return seen.inFlight / policy.perReplica;
		case "utilisation":
			return (seen.ready * seen.busyShare) / policy.target;
		case "schedule":
			return scheduledReplicas(policy, seen.now, startSeconds);
		case "sla":
			return slaReplicas(policy, seen);
		case "planner":
			return plannedReplicas(pool, policy, seen);
	}
}

function scheduledReplicas(
	{ hourly, ahead }: Extract<ScalingPolicy, { kind: "schedule" }>,
	now: number,
	startSeconds: number,
): number {
	const at = (seconds: number): number => hourly[Math.floor(seconds / 3600) % hourly.length] as number;
	const [here, next] = [at(now), at(now + startSeconds)];
	return ahead === "more" ? Math.max(here, next) : Math.min(here, next);
}

function slaReplicas(policy: Extract<ScalingPolicy, { kind: "sla" }>, seen: PoolObservation): number {
	const now = seen.ready + seen.starting;
	if (seen.ttft === undefined) return seen.inFlight > 0 ? now : now - 1;
	if (seen.ttft > policy.ttftSeconds) return seen.starting > 0 ? now : now * 1.5;
	return seen.ttft < policy.ttftSeconds / 2 && seen.busyShare < 0.5 ? now - 1 : now;
}

/** Work that the next interval brings, in replica-seconds a second, over the share that is planned with. */
function plannedReplicas(
	pool: PoolSpec,
	policy: Extract<ScalingPolicy, { kind: "planner" }>,
	seen: PoolObservation,
): number {
	if (seen.arrived === 0) return seen.inFlight > 0 ? seen.ready : 0;
	const foreseen = policy.predictor === "last" ? seen.arrived : Math.max(0, 2 * seen.arrived - seen.arrivedBefore);
	const rate = Math.max(foreseen, policy.predictor === "trend" ? seen.arrived * 0.5 : 0) / seen.seconds;
	const work = requestSecondsOf(pool, policy.tpotSeconds, seen.meanInput, seen.meanOutput, seen.cachedShare);
	return (rate * work) / policy.load;
}

/** Seconds of a replica that a request of these lengths takes when the batch is as large as TPOT and memory allow. */
export function requestSecondsOf(
	pool: PoolSpec,
	tpotSeconds: number,
	input: number,
	output: number,
	cachedShare: number,
): number {
	const { engine, role } = pool;
	const { law } = engine;
	const computed = input * (1 - cachedShare);
	const prefill =
		role === "decode"
			? 0
			: computed * law.prefillSeconds +
				law.prefillContextSeconds * computed * (input - computed / 2) +
				(role === "prefill" ? (law.decodeSeconds[0] as number) * Math.max(1, computed / engine.stepTokens) : 0);
	if (role === "prefill") return prefill;
	const context = input + output / 2;
	const batch = batchWithin(pool, tpotSeconds, context, prefill, output);
	const perToken = secondsOfStep(law, batch, batch * context, 0, 0) / (batch * engine.tokensPerStep);
	return prefill + perToken * Math.max(0, output - 1);
}

/** The largest batch whose time per token, prefill of newcomers included, keeps the limit. */
export function batchWithin(
	pool: PoolSpec,
	tpotSeconds: number,
	context: number,
	prefillSeconds: number,
	output: number,
): number {
	const { engine } = pool;
	const { law } = engine;
	const fits = Math.max(1, Math.floor((engine.kvBlocks * engine.blockTokens) / Math.max(1, context)));
	const most = Math.min(engine.largestBatch, fits);
	let batch = 1;
	for (let low = 1, high = most; low <= high; ) {
		const middle = (low + high) >> 1;
		const step = secondsOfStep(law, middle, middle * context, 0, 0) / engine.tokensPerStep;
		const tpot = step + (middle * prefillSeconds) / Math.max(1, output);
		if (tpot <= tpotSeconds) {
			batch = middle;
			low = middle + 1;
		} else high = middle - 1;
	}
	return batch;
}
