/** The limits of the simulator that queueing theory knows in closed form. */
import { describe, expect, it } from "vitest";
import { enginePart, fleetPart, poolPart, simulated } from "../../test-support/simulated-fleet.ts";
import type { FleetSpec } from "./fleet-spec.ts";
import { linearStepCosts } from "./step-costs.ts";
import type { LengthSpec } from "../traffic/lengths.ts";
import type { SimulationReport } from "./simulation-report.ts";

const REPLICATES = 16;

/** Mean over independent runs, with its standard error. */
function overSeeds(run: (seed: number) => number): { mean: number; error: number } {
	const values = Array.from({ length: REPLICATES }, (_, i) => run(i + 1));
	const mean = values.reduce((sum, value) => sum + value, 0) / REPLICATES;
	const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (REPLICATES - 1);
	return { mean, error: Math.sqrt(variance / REPLICATES) };
}

function expectWithin3(of: { mean: number; error: number }, theory: number): void {
	expect(of.error / theory).toBeLessThan(0.03);
	expect(Math.abs(of.mean - theory) / of.error).toBeLessThan(3);
}

/** Servers that do one prompt at a time, 0.1 ms a token: the service time is the length. */
function servers(count: number): FleetSpec {
	const law = linearStepCosts({ stepSeconds: 0, sequenceSeconds: 0, prefillSeconds: 1e-4, largestBatch: 1 });
	const engine = enginePart({ law, largestBatch: 1, stepTokens: 1e9, kvBlocks: 1e8 });
	return fleetPart({ pools: [poolPart({ replicas: count, engine })], router: "central" });
}

const MEAN_INPUT = 10_000;

function queue(count: number, load: number, lengths: LengthSpec, seed: number): SimulationReport {
	const requestsPerSecond = (load * count) / (MEAN_INPUT * 1e-4);
	return simulated(
		servers(count),
		{ arrivals: { process: { kind: "poisson" }, requestsPerSecond }, lengths, requests: 8000 * count },
		{ seed },
	);
}

const exponential: LengthSpec = { kind: "exponential", input: MEAN_INPUT, output: 1e-9 };
const fixed: LengthSpec = { kind: "fixed", input: MEAN_INPUT, output: 1 };

describe("the simulator where queueing theory has the answer", () => {
	it("M/M/1: E[T] = 1/(μ − λ)", () => {
		expectWithin3(
			overSeeds((seed) => queue(1, 0.7, exponential, seed).e2e.mean),
			1 / (1 - 0.7),
		);
	});

	it("M/M/c: waiting by Erlang C", () => {
		const [c, load] = [4, 0.7];
		const offered = c * load;
		const terms = [1, offered, offered ** 2 / 2, offered ** 3 / 6];
		const last = offered ** 4 / 24 / (1 - load);
		const waits = last / (terms.reduce((sum, term) => sum + term, 0) + last);
		expectWithin3(
			overSeeds((seed) => queue(c, load, exponential, seed).queue.mean),
			waits / (c * (1 - load)),
		);
	});

	it("M/D/1: E[W] = ρ/2(1 − ρ) of a service", () => {
		expectWithin3(
			overSeeds((seed) => queue(1, 0.7, fixed, seed).queue.mean),
			0.7 / (2 * 0.3),
		);
	});

	it("processor sharing: E[T] = E[S]/(1 − ρ), whatever the lengths are", () => {
		const token = 1e-3;
		const law = linearStepCosts({ stepSeconds: 0, sequenceSeconds: token, prefillSeconds: 0, largestBatch: 400 });
		const engine = enginePart({ law, largestBatch: 400, stepTokens: 1e6, kvBlocks: 1e7 });
		const fleet = fleetPart({ pools: [poolPart({ replicas: 1, engine })] });
		for (const [output, lengths] of [
			[1500, { kind: "exponential", input: 1, output: 1500 }],
			[1500, { kind: "log-normal", input: 1, output: 1500, inputVariation: 0, outputVariation: 1.5 }],
		] as const) {
			const arrivals = { process: { kind: "poisson" }, requestsPerSecond: 0.6 / (output * token) } as const;
			const result = overSeeds((seed) => simulated(fleet, { arrivals, lengths, requests: 6000 }, { seed }).e2e.mean);
			expectWithin3(result, (output * token) / 0.4);
		}
	});
});
