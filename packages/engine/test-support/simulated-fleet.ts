import type { EngineSpec, FleetSpec, PoolSpec } from "../src/simulation/fleet-spec.ts";
import type { SimulationReport } from "../src/simulation/simulation-report.ts";
import type { SimulationSpec } from "../src/simulation/simulation.ts";
import { simulate } from "../src/simulation/simulation.ts";
import type { StepCosts } from "../src/simulation/step-costs.ts";
import { linearStepCosts } from "../src/simulation/step-costs.ts";
import type { GeneratedLoad } from "../src/traffic/load.ts";
import { generatedLoad } from "../src/traffic/load.ts";

/** A law of the size of a mid-range GPU. */
export const PLAIN_LAW: StepCosts = linearStepCosts({
	stepSeconds: 0.005,
	sequenceSeconds: 2e-5,
	contextSeconds: 1e-9,
	prefillSeconds: 5e-6,
	prefillContextSeconds: 1e-11,
	largestBatch: 256,
});

export function enginePart(over: Partial<EngineSpec> = {}): EngineSpec {
	return {
		law: PLAIN_LAW,
		largestBatch: 256,
		stepTokens: 2048,
		kvBlocks: 40_000,
		blockTokens: 16,
		schedule: "mixed",
		admission: "grow",
		tokensPerStep: 1,
		...over,
	};
}

export function poolPart(over: Partial<PoolSpec> = {}): PoolSpec {
	return { name: "pool", role: "both", replicas: 2, gpusPerReplica: 8, weight: 1, engine: enginePart(), ...over };
}

export function fleetPart(over: Partial<FleetSpec> = {}): FleetSpec {
	return { pools: [poolPart()], router: "least-loaded", priorities: 1, ...over };
}

export function loadPart(over: Partial<GeneratedLoad> = {}): GeneratedLoad {
	return {
		arrivals: { process: { kind: "poisson" }, requestsPerSecond: 40 },
		lengths: { kind: "exponential", input: 1024, output: 128 },
		requests: 4000,
		...over,
	};
}

export function simulated(
	fleet: FleetSpec,
	load: GeneratedLoad,
	over: Partial<Omit<SimulationSpec, "fleet" | "source">> = {},
): SimulationReport {
	const seed = over.seed ?? 1;
	return simulate({
		fleet,
		source: generatedLoad(load, seed),
		limits: {},
		lengthClasses: [{ name: "all", mostTokens: Number.MAX_SAFE_INTEGER }],
		windowSeconds: 60,
		...over,
		seed,
	});
}
