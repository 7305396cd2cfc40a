/** Fleets that cannot be are refused before they run. */
import type { FleetSpec } from "./fleet-spec.ts";
import { stepCostsFault } from "./step-costs.ts";

export class SimulationError extends Error {
	readonly code: string;
	constructor(code: string, message: string) {
		super(message);
		this.name = "SimulationError";
		this.code = code;
	}
}

/** Throws {@link SimulationError}. */
export function requireFleet({ pools, priorities, router }: FleetSpec): void {
	const refuse = (code: string, message: string): never => {
		throw new SimulationError(code, message);
	};
	if (!Number.isInteger(priorities) || priorities < 1) refuse("bad-fleet", "there is at least one priority");
	if (pools.every(({ role }) => role === "decode")) refuse("bad-fleet", "no pool takes requests");
	const splits = pools.some(({ role }) => role === "prefill");
	if (splits !== pools.some(({ role }) => role === "decode"))
		refuse("bad-fleet", "prefill and decode pools go together");
	if (splits && pools.some(({ role }) => role === "both")) {
		refuse("bad-fleet", "a pool that does both does not stand beside prefill and decode pools");
	}
	for (const { name, engine, replicas, autoscaler, gpusPerReplica, weight } of pools) {
		const fault = stepCostsFault(engine.law);
		if (fault !== undefined) refuse("bad-step-costs", `${name}: ${fault}`);
		if (engine.law.decodeSeconds.length <= engine.largestBatch) {
			refuse("bad-step-costs", `${name}: the step law ends before a batch of ${engine.largestBatch}`);
		}
		if (engine.largestBatch < 1 || engine.kvBlocks < 1 || engine.blockTokens < 1 || engine.tokensPerStep < 1) {
			refuse("bad-fleet", `${name}: batch, KV blocks, tokens of a block and tokens of a step are at least 1`);
		}
		if (engine.stepTokens < 1) refuse("bad-fleet", `${name}: a step has at least one token`);
		const entry = engine.prefixCache?.entryTokens ?? engine.blockTokens;
		if (entry % engine.blockTokens !== 0) refuse("bad-fleet", `${name}: a prefix entry is a whole number of blocks`);
		if (replicas < 1 && (autoscaler?.most ?? 0) < 1) refuse("bad-fleet", `${name} has no replica`);
		if (!(gpusPerReplica > 0) || !(weight > 0)) refuse("bad-fleet", `${name}: GPUs and weight are above 0`);
		if (autoscaler !== undefined && !(autoscaler.intervalSeconds > 0)) {
			refuse("bad-fleet", `${name}: the interval of the autoscaler is above 0`);
		}
	}
	if (router === "prefix-aware" && pools.every(({ engine }) => engine.prefixCache === undefined)) {
		refuse("bad-fleet", "a prefix-aware router needs a prefix cache");
	}
}
