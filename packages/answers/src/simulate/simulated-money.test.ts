/** Money over random fleets that scale, fail and split prefill from decode: every GPU-second is paid for once, and told once. */
import type { Expr, SimulationReport, UsdPerGpuHour } from "@farthing/engine";
import {
	buildModel,
	evaluate,
	generatedLoad,
	input,
	linearStepCosts,
	scalarOf,
	simulate,
	usd,
	usdPerGpuHour,
} from "@farthing/engine";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { gpuSecond, moneyNodes } from "./simulated-money.ts";

const SOURCE = { source: "a test", asOf: "2026-11-01" } as const;

const fleets = fc.record({
	replicas: fc.integer({ min: 1, max: 4 }),
	gpus: fc.constantFrom(1, 4, 8, 72),
	rate: fc.integer({ min: 1, max: 60 }),
	price: fc.double({ min: 0.05, max: 12, noNaN: true }),
	splits: fc.boolean(),
	fails: fc.boolean(),
	scales: fc.boolean(),
	isCommitted: fc.boolean(),
	unused: fc.integer({ min: 0, max: 8 }),
	seed: fc.integer({ min: 1, max: 1000 }),
});
type Fleet = typeof fleets extends fc.Arbitrary<infer T> ? T : never;

function reportOf(of: Fleet): SimulationReport {
	const engine = {
		law: linearStepCosts({ stepSeconds: 0.005, sequenceSeconds: 2e-5, prefillSeconds: 5e-6, largestBatch: 64 }),
		largestBatch: 64,
		stepTokens: 2048,
		kvBlocks: 800,
		blockTokens: 16,
		schedule: "mixed",
		admission: "grow",
		tokensPerStep: 1,
	} as const;
	const policy = { kind: "concurrency", perReplica: 8 } as const;
	const scaler = { policy, intervalSeconds: 2, fewest: 1, most: 4, startSeconds: 3, patienceSeconds: 4 };
	const common = {
		replicas: of.replicas,
		gpusPerReplica: of.gpus,
		weight: 1,
		engine,
		...(of.fails ? { failures: { meanSecondsBetween: 20, repairSeconds: 5 } } : {}),
		...(of.scales ? { autoscaler: scaler } : {}),
	};
	const pools = of.splits
		? [
				{ ...common, name: "prefill", role: "prefill" as const },
				{ ...common, name: "decode", role: "decode" as const },
			]
		: [{ ...common, name: "pool", role: "both" as const }];
	const lengths = { kind: "exponential", input: 512, output: 64 } as const;
	const arrivals = { process: { kind: "poisson" }, requestsPerSecond: of.rate } as const;
	return simulate({
		fleet: { pools, router: "least-loaded", priorities: 1 },
		source: generatedLoad({ arrivals, lengths, requests: 200 }, of.seed),
		limits: { ttftSeconds: 0.5 },
		lengthClasses: [{ name: "all", mostTokens: Number.MAX_SAFE_INTEGER }],
		windowSeconds: 60,
		seed: of.seed,
	});
}

it("adds up in every run: GPU-seconds to the last bit, and money with them", () => {
	fc.assert(
		fc.property(fleets, (of) => {
			const report = reportOf(of);
			const replicaGpus = report.pools.length * of.gpus * Math.max(of.replicas, of.scales ? 4 : 0);
			const rate = input("rate", usdPerGpuHour, {
				...SOURCE,
				label: "rate",
				grade: "E",
				value: { kind: "point", value: of.price * usdPerGpuHour.factor },
			}) as unknown as Expr<UsdPerGpuHour>;
			const bought = { gpus: replicaGpus + of.unused, replicaGpus, isCommitted: of.isCommitted };
			const money = moneyNodes(report, rate, SOURCE, undefined, bought);
			const evaluation = evaluate(buildModel(money.nodes));
			const at = (name: string): number => scalarOf(evaluation, money.ids[name] as string);
			const seconds = money.states.reduce((sum, state) => sum + at(`gpu_time.${state}`) / gpuSecond.factor, 0);
			const paid = report.pools.reduce(
				(sum, { replicaSeconds, gpusPerReplica }) => sum + replicaSeconds * gpusPerReplica,
				0,
			);
			const ran = ["busy", "warm_idle", "starting", "draining", "failed"];
			// Whole ticks of 2⁻²⁴ s times whole GPUs: no rounding anywhere.
			expect(ran.reduce((sum, state) => sum + at(`gpu_time.${state}`) / gpuSecond.factor, 0)).toBe(paid);
			const isAll = of.isCommitted || !of.scales;
			if (isAll) expect(seconds).toBe(bought.gpus * report.seconds);
			const bare = money.states.includes("no_replica") ? at("gpu_time.no_replica") / gpuSecond.factor : 0;
			// Of hosts, hours are handed back in proportion to the replicas'.
			if (isAll) expect(bare).toBe(of.unused * report.seconds);
			else expect(bare / paid).toBeCloseTo(of.unused / replicaGpus, 9);
			expect(money.states.includes("off")).toBe(of.isCommitted && paid < replicaGpus * report.seconds);
			const byState = money.states.reduce((sum, state) => sum + at(`unit_cost.${state}`), 0);
			expect(byState / at("total")).toBeCloseTo(1, 12);
			const cost = at("cost");
			expect(money.states.reduce((sum, state) => sum + at(`cost.${state}`), 0)).toBe(cost);
			expect(cost / usd.factor / ((seconds / 3600) * of.price)).toBeCloseTo(1, 12);
			const ofInput = money.ids["input"] === undefined ? 0 : at("input") * at("tokens.input");
			expect((ofInput + at("output") * at("tokens.output")) / cost).toBeCloseTo(1, 12);
			expect((at("total") * at("tokens.total")) / cost).toBeCloseTo(1, 12);
			if (money.ids["good"] !== undefined) expect((at("good") * at("tokens.good")) / cost).toBeCloseTo(1, 12);
		}),
		{ numRuns: 60, seed: 7 },
	);
});
