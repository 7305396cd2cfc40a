import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enginePart, fleetPart, loadPart, poolPart, simulated } from "../../test-support/simulated-fleet.ts";
import { enoughUp } from "../economics/failure-spares.ts";
import { closedLoad, mergedLoad } from "../traffic/load.ts";
import type { EngineSpec, FleetSpec, PoolSpec, RouterName } from "./fleet-spec.ts";
import { linearStepCosts } from "./step-costs.ts";
import type { OpenSource } from "./request-source.ts";
import { emptyRequest } from "./request-source.ts";
import type { PriorityReport, SimulationReport } from "./simulation-report.ts";
import { simulate, startSimulation } from "./simulation.ts";
import { generatedLoad } from "../traffic/load.ts";

const PREFIXES = { blockTokens: 512, share: 0.6, groups: 20, skew: 1 };

/** Everything that goes in comes out, to the last request, token and tick, whatever fails when. */
function expectConserved(report: SimulationReport, requests: number): void {
	const { tokens, windows, priorities, lengthClasses } = report;
	expect(report.requests.arrived).toBe(requests);
	expect(report.requests.finished + report.requests.rejected).toBe(requests);
	expect(report.littlesLaw.area).toBe(report.littlesLaw.sojourn);
	for (const pool of report.pools) {
		const { busy, warm_idle, starting, draining, failed } = pool.byState;
		expect(busy + warm_idle + starting + draining + failed).toBe(pool.replicaSeconds);
		expect(pool.prefillSeconds + pool.decodeSeconds + pool.lostSeconds).toBe(busy + pool.drainingStepSeconds);
		expect(pool.drainingStepSeconds).toBeLessThanOrEqual(draining);
	}
	const { afterPreemption, afterFailure } = tokens.recomputed;
	expect(tokens.prefilled).toBe(tokens.input + afterPreemption + afterFailure);
	if (report.requests.preemptions === 0) expect(afterPreemption).toBe(0);
	if (report.pools.every(({ byState }) => byState.failed === 0)) expect(afterFailure).toBe(0);
	expect(tokens.input + tokens.cachedInput + tokens.rejected.input).toBe(tokens.arrived.input);
	expect(tokens.output + tokens.rejected.output).toBe(tokens.arrived.output);
	const sum = <T>(of: readonly T[], value: (each: T) => number): number =>
		of.reduce((all, each) => all + value(each), 0);
	expect(sum(windows, (each) => each.arrived)).toBe(requests);
	expect(sum(windows, (each) => each.finished)).toBe(report.requests.finished);
	expect(sum(windows, (each) => each.good)).toBe(report.requests.good);
	expect(sum(windows, (each) => each.outputTokens)).toBe(tokens.output);
	expect(sum(priorities, (each) => each.arrived)).toBe(requests);
	expect(sum(priorities, (each) => each.finished)).toBe(report.requests.finished);
	expect(sum(lengthClasses, (each) => each.requests)).toBe(report.requests.finished);
	expect(sum(lengthClasses, (each) => each.input)).toBe(tokens.input);
	expect(sum(lengthClasses, (each) => each.output)).toBe(tokens.output);
}

function timesOf(source: OpenSource): { readonly seconds: number; readonly priority: number }[] {
	const into = emptyRequest();
	const times: { seconds: number; priority: number }[] = [];
	while (source.next(into)) times.push({ seconds: into.seconds, priority: into.priority });
	return times;
}

const DISAGGREGATED: FleetSpec = fleetPart({
	pools: [
		poolPart({ name: "prefill", role: "prefill", replicas: 2 }),
		poolPart({ name: "decode", role: "decode", replicas: 1 }),
	],
	transfer: { bytesPerToken: 70_000, bytesPerSecond: 50e9, setUpSeconds: 0.002 },
});

describe("a run", () => {
	it("gives the same bits for the same seed, and others for another", () => {
		const report = (seed: number): string => JSON.stringify(simulated(fleetPart(), loadPart(), { seed }));
		expect(report(7)).toBe(report(7));
		expect(report(7)).not.toBe(report(8));
	});

	it("ends no request before its first token, nor batches more than fit, whatever is spent outside the GPUs", () => {
		fc.assert(
			fc.property(
				fc.record({
					outside: fc.double({ min: 0, max: 30, noNaN: true }),
					prefill: fc.double({ min: 1e-6, max: 1e-3, noNaN: true }),
					splits: fc.boolean(),
					seed: fc.nat(1000),
				}),
				({ outside, prefill, splits, seed }) => {
					const costs = { stepSeconds: 0.004, sequenceSeconds: 2e-5, prefillSeconds: prefill, largestBatch: 8 };
					const engineOf = (requestSeconds: number): EngineSpec =>
						enginePart({ law: linearStepCosts({ ...costs, requestSeconds }), largestBatch: 8 });
					const pools = splits
						? [
								poolPart({ name: "prefill", role: "prefill", engine: engineOf(outside) }),
								poolPart({ name: "decode", role: "decode", engine: engineOf(0) }),
							]
						: [poolPart({ engine: engineOf(outside) })];
					const report = simulated(fleetPart({ pools }), loadPart({ requests: 60 }), { seed });
					for (const at of ["mean", "p50", "p90", "p99", "largest"] as const)
						expect(report.e2e[at]).toBeGreaterThanOrEqual(report.ttft[at] * (1 - 1e-9));
					expect(report.ttft.mean).toBeGreaterThanOrEqual(outside);
					for (const { meanBatch } of report.pools) expect(meanBatch).toBeLessThanOrEqual(8 * (1 + 1e-12));
				},
			),
			{ numRuns: 60, seed: 3 },
		);
	});

	describe("its verdict of saturation", () => {
		const burst = (times: readonly number[]): OpenSource => {
			let at = 0;
			return {
				kind: "open",
				next(into) {
					const seconds = times[at++];
					if (seconds === undefined) return false;
					Object.assign(into, { seconds, inputTokens: 1000, outputTokens: 100, priority: 0, prefixIds: undefined });
					return true;
				},
			};
		};
		const law = linearStepCosts({ stepSeconds: 0.01, sequenceSeconds: 0, prefillSeconds: 1e-6, largestBatch: 1 });
		const verdictOf = (times: readonly number[], over: Partial<PoolSpec> = {}, horizonSeconds?: number) =>
			simulate({
				fleet: fleetPart({ pools: [poolPart({ replicas: 9, engine: enginePart({ law, largestBatch: 1 }), ...over })] }),
				source: burst(times),
				limits: {},
				lengthClasses: [{ name: "all", mostTokens: 1e9 }],
				windowSeconds: 60,
				seed: 1,
				...(horizonSeconds === undefined ? {} : { horizonSeconds }),
			}).saturation;

		it("takes no burst at the end for a load that grows", () => {
			const times = [...Array.from({ length: 60 }, (_, i) => i), ...Array.from({ length: 12 }, () => 60)];
			expect(verdictOf(times)).toMatchObject({ saturated: false, waitingAtTheEnd: 4, stretches: [] });
		});

		it("names the hours that are, where the mean is not", () => {
			// A request takes a second; the second hour asks for two of them.
			const hour = (from: number, rate: number): number[] =>
				Array.from({ length: 3600 * rate }, (_, i) => from + i / rate);
			const verdict = verdictOf([...hour(0, 0.1), ...hour(3600, 2), ...hour(7200, 0.1), ...hour(10_800, 0.1)], {
				replicas: 1,
			});
			expect(verdict.offeredLoad).toBeLessThan(0.7);
			expect(verdict).toMatchObject({ saturated: true, stretches: [{ toSeconds: expect.any(Number) }] });
			const [{ fromSeconds, toSeconds }] = verdict.stretches as [{ fromSeconds: number; toSeconds: number }];
			expect(fromSeconds).toBe(3600);
			expect(toSeconds).toBeGreaterThan(7200);
			expect(verdict.reason).toContain("from hour 1 to ");
		});

		it("counts replicas that are up alone", () => {
			const times = Array.from({ length: 7200 }, (_, i) => i * 2);
			const load = (over: Partial<PoolSpec>): number => verdictOf(times, over, 14_400).offeredLoad;
			const failing = load({ failures: { meanSecondsBetween: 100, repairSeconds: 100 } });
			expect(load({}) * 1.7).toBeLessThan(failing);
			expect(failing).toBeLessThan(load({}) * 2.3);
		});
	});

	it("may be worked off in pieces", () => {
		const spec = {
			fleet: fleetPart(),
			limits: {},
			lengthClasses: [{ name: "all", mostTokens: 1e9 }],
			windowSeconds: 60,
			seed: 1,
		};
		const whole = simulate({ ...spec, source: generatedLoad(loadPart(), 1) });
		const run = startSimulation({ ...spec, source: generatedLoad(loadPart(), 1) });
		while (run.advance(17));
		expect(run.report()).toEqual(whole);
	});

	it("stops before what comes after a time, and is the same run", () => {
		const spec = {
			fleet: fleetPart(),
			limits: {},
			lengthClasses: [{ name: "all", mostTokens: 1e9 }],
			windowSeconds: 60,
			horizonSeconds: 400,
			seed: 1,
		};
		const whole = simulate({ ...spec, source: generatedLoad(loadPart(), 1) });
		const run = startSimulation({ ...spec, source: generatedLoad(loadPart(), 1) });
		for (let until = 5; run.advance(1e6, until); until += 5) {
			expect(run.seconds).toBeLessThanOrEqual(until);
			expect(run.nextSeconds).toBeGreaterThan(until);
		}
		expect(run.nextSeconds).toBe(Number.POSITIVE_INFINITY);
		expect(run.report()).toEqual(whole);
	});

	it("has a course whose stretches add up to the whole, and moments that account for every request and replica", () => {
		const failures = { meanSecondsBetween: 200, repairSeconds: 30 };
		const policy = { kind: "utilisation", target: 0.5 } as const;
		const autoscaler = { policy, intervalSeconds: 20, fewest: 1, most: 4, startSeconds: 15, patienceSeconds: 30 };
		const fleet = fleetPart({ pools: [poolPart({ replicas: 2, gpusPerReplica: 3, failures, autoscaler })] });
		const whole = { limits: {}, lengthClasses: [{ name: "all", mostTokens: 1e9 }], windowSeconds: 60, seed: 1 };
		const run = startSimulation({ ...whole, fleet, source: generatedLoad(loadPart(), 1) });
		let seen = 0;
		while (run.advance(50)) {
			const { waiting, running, replicas, seconds } = run.moment;
			expect(Object.values(replicas).reduce((sum, each) => sum + each)).toBe(4);
			expect(Math.min(waiting, running)).toBeGreaterThanOrEqual(0);
			expect(seconds).toBe(run.seconds);
			seen = Math.max(seen, waiting + running);
		}
		expect(seen).toBeGreaterThan(0);
		expect(run.moment).toMatchObject({ waiting: 0, running: 0 });
		const { windows, pools, requests } = run.report();
		expect(windows.reduce((sum, { arrived }) => sum + arrived, 0)).toBe(requests.arrived);
		for (const state of ["busy", "warm_idle", "starting", "draining", "failed"] as const) {
			const paid = (pools[0]?.byState[state] ?? 0) * 3;
			expect(windows.reduce((sum, { gpuSeconds }) => sum + gpuSeconds[state], 0)).toBeCloseTo(paid, 6);
			if (state !== "draining") expect(paid).toBeGreaterThan(0);
		}
		const slowest = Math.max(...windows.map(({ e2eP99 = 0 }) => e2eP99));
		expect(slowest).toBeGreaterThanOrEqual(run.report().e2e.p99 * 0.998);
	});

	it("takes steps at once as one by one: means within 0.5%, P99 within 1%", () => {
		const shapes: [FleetSpec, Parameters<typeof loadPart>[0]][] = [
			[fleetPart(), {}],
			[fleetPart({ pools: [poolPart({ engine: enginePart({ schedule: "prefill-first" }) })] }), {}],
			[fleetPart({ pools: [poolPart({ engine: enginePart({ kvBlocks: 3000 }) })] }), {}],
			[fleetPart({ pools: [poolPart({ engine: enginePart({ tokensPerStep: 1.8 }) })] }), {}],
			[
				fleetPart({ pools: [poolPart({ engine: enginePart({ prefixCache: { entryTokens: 512 } }) })] }),
				{ prefixes: PREFIXES },
			],
			[DISAGGREGATED, {}],
		];
		for (const [fleet, load] of shapes) {
			const macro = simulated(fleet, loadPart(load));
			const exact = simulated(fleet, loadPart(load), { exact: true });
			for (const name of ["ttft", "tpot", "e2e"] as const) {
				expect(Math.abs(macro[name].mean / exact[name].mean - 1)).toBeLessThan(0.005);
				expect(Math.abs(macro[name].p99 / exact[name].p99 - 1)).toBeLessThan(0.01);
			}
			expect(macro.tokens.output).toBe(exact.tokens.output);
		}
	});

	it("conserves requests, tokens and replica-seconds under every policy", () => {
		const routers: RouterName[] = ["round-robin", "least-loaded", "central", "prefix-aware"];
		fc.assert(
			fc.property(
				fc.record({
					router: fc.constantFrom(...routers),
					schedule: fc.constantFrom("mixed" as const, "prefill-first" as const),
					admission: fc.constantFrom("grow" as const, "reserve" as const),
					kvBlocks: fc.integer({ min: 150, max: 4000 }),
					tokensPerStep: fc.constantFrom(1, 1.7, 2.5),
					largestBatch: fc.integer({ min: 1, max: 64 }),
					stepTokens: fc.integer({ min: 64, max: 4096 }),
					rate: fc.integer({ min: 1, max: 120 }),
					split: fc.boolean(),
					failures: fc.boolean(),
					scaled: fc.boolean(),
					batchShare: fc.constantFrom(0, 0.5),
					exact: fc.boolean(),
					slowLink: fc.boolean(),
					caches: fc.boolean(),
					seed: fc.integer({ min: 1, max: 1000 }),
				}),
				(of) => {
					const engine = enginePart({
						schedule: of.schedule,
						admission: of.admission,
						kvBlocks: of.kvBlocks,
						tokensPerStep: of.tokensPerStep,
						largestBatch: of.largestBatch,
						stepTokens: of.stepTokens,
						...(of.caches ? { prefixCache: { entryTokens: 64 } } : {}),
					});
					const common: Partial<PoolSpec> = {
						engine,
						...(of.failures ? { failures: { meanSecondsBetween: 20, repairSeconds: 5 } } : {}),
						...(of.scaled
							? {
									autoscaler: {
										policy: { kind: "concurrency" as const, perReplica: 8 },
										intervalSeconds: 2,
										fewest: 1,
										most: 4,
										startSeconds: 3,
										patienceSeconds: 4,
									},
								}
							: {}),
					};
					const pools = of.split
						? [poolPart({ ...common, name: "p", role: "prefill" }), poolPart({ ...common, name: "d", role: "decode" })]
						: [poolPart(common), poolPart({ ...common, name: "other", weight: 2, replicas: 1 })];
					const transfer = { bytesPerToken: 70_000, bytesPerSecond: of.slowLink ? 5e8 : 50e9, setUpSeconds: 0.002 };
					const router = of.router === "prefix-aware" && !of.caches ? "least-loaded" : of.router;
					const report = simulated(
						fleetPart({ pools, router, priorities: 2, ...(of.split ? { transfer } : {}) }),
						loadPart({
							arrivals: { process: { kind: "gamma", variation: 2 }, requestsPerSecond: of.rate },
							requests: 300,
							prefixes: { ...PREFIXES, blockTokens: 64 },
							...(of.batchShare > 0 ? { batchShare: of.batchShare } : {}),
						}),
						{ seed: of.seed, exact: of.exact },
					);
					expectConserved(report, 300);
				},
			),
			{ numRuns: 150, seed: 6 },
		);
	});
});

describe("scheduling", () => {
	it("works the example by hand: one request of 4,096 tokens in, 3 out", () => {
		// Two chunks of 2,048: 2·5 ms + 4,096·5 µs + 1e-11·(2,048² / 2 + 2,048·3,072); then two decode steps at K = 4,096, 4,097.
		const report = simulated(fleetPart({ pools: [poolPart({ replicas: 1 })] }), {
			arrivals: { process: { kind: "even" }, requestsPerSecond: 1 },
			lengths: { kind: "fixed", input: 4096, output: 3 },
			requests: 1,
		});
		const prefill = 2 * 0.005 + 4096 * 5e-6 + 1e-11 * (2048 ** 2 / 2 + 2048 * 3072);
		expect(report.ttft.mean).toBeCloseTo(prefill, 6);
		expect(report.e2e.mean - report.ttft.mean).toBeCloseTo(2 * (0.005 + 2e-5) + 1e-9 * (4096 + 4097), 6);
		expect(report.tokens).toMatchObject({ input: 4096, output: 3, prefilled: 4096 });
	});

	it("computes again what was preempted, and loses no token", () => {
		const engine = enginePart({ kvBlocks: 400 });
		const report = simulated(
			fleetPart({ pools: [poolPart({ engine })] }),
			loadPart({ lengths: { kind: "fixed", input: 512, output: 900 }, requests: 300 }),
		);
		expect(report.requests.preemptions).toBeGreaterThan(0);
		expect(report.tokens.output).toBe(300 * 900);
		expect(report.tokens.prefilled).toBeGreaterThan(300 * 512);
		expect(report.pools[0]?.kvPeak).toBeLessThanOrEqual(1);
	});

	it("never preempts what has reserved its memory", () => {
		const engine = enginePart({ kvBlocks: 400, admission: "reserve" });
		const report = simulated(
			fleetPart({ pools: [poolPart({ engine })] }),
			loadPart({ lengths: { kind: "fixed", input: 512, output: 900 }, requests: 300 }),
		);
		expect(report.requests.preemptions).toBe(0);
	});

	it("rejects a request that no memory holds, and says so", () => {
		const engine = enginePart({ kvBlocks: 40 });
		const report = simulated(
			fleetPart({ pools: [poolPart({ engine })] }),
			loadPart({ lengths: { kind: "fixed", input: 640, output: 1 }, requests: 5 }),
		);
		expect(report.requests).toMatchObject({ arrived: 5, finished: 0, rejected: 5 });
	});

	it("rejects what no machine that decodes could hold, before it is computed", () => {
		const small = poolPart({ name: "decode", role: "decode", engine: enginePart({ kvBlocks: 40 }) });
		const pools = [poolPart({ name: "prefill", role: "prefill" }), small];
		const transfer = { bytesPerToken: 70_000, bytesPerSecond: 50e9, setUpSeconds: 0.002 };
		const load = loadPart({ lengths: { kind: "fixed", input: 620, output: 40 }, requests: 5 });
		const report = simulated(fleetPart({ pools, transfer }), load, { horizonSeconds: 600 });
		expect(report.requests).toMatchObject({ arrived: 5, finished: 0, rejected: 5 });
		expect(report.tokens.prefilled).toBe(0);
	});

	it("serves the urgent first", () => {
		const fleet = fleetPart({ priorities: 2, pools: [poolPart({ engine: enginePart({ largestBatch: 8 }) })] });
		const mixed = simulated(fleet, loadPart({ batchShare: 0.5 }), { limits: { ttftSeconds: 1 } });
		const alike = simulated(fleet, loadPart(), { limits: { ttftSeconds: 1 } });
		expect(mixed.requests.good).toBeGreaterThan(alike.requests.good);
		const [urgent, batch] = mixed.priorities as [PriorityReport, PriorityReport];
		expect(urgent.arrived + batch.arrived).toBe(mixed.requests.arrived);
		expect(urgent.good + batch.good).toBe(mixed.requests.good);
		expect(urgent.longestSeconds).toBeLessThan(batch.longestSeconds);
		expect(batch.longestSeconds).toBeCloseTo(mixed.e2e.largest, 9);
	});

	it("merges loads by time, each at its own priority", () => {
		const loads = [loadPart({ requests: 40 }), loadPart({ requests: 60 })];
		const own = loads.map((load, i) => timesOf(generatedLoad(load, i)));
		const merged = timesOf(mergedLoad(loads.map((load, i) => generatedLoad(load, i))));
		expect(merged.map(({ seconds }) => seconds)).toEqual(
			own
				.flat()
				.map(({ seconds }) => seconds)
				.sort((a, b) => a - b),
		);
		own.forEach((times, priority) => {
			expect(merged.filter((each) => each.priority === priority).map(({ seconds }) => seconds)).toEqual(
				times.map(({ seconds }) => seconds),
			);
		});
	});

	it("follows a schedule by the hour, ahead by the time that a start takes", () => {
		const replicas = (ahead: "more" | "fewer"): readonly number[] => {
			const policy = { kind: "schedule", hourly: [1, 3], ahead } as const;
			const scaler = { intervalSeconds: 60, fewest: 0, most: 3, startSeconds: 120, patienceSeconds: 0 };
			const pools = [poolPart({ replicas: 1, autoscaler: { policy, ...scaler } })];
			const load = loadPart({ arrivals: { process: { kind: "even" }, requestsPerSecond: 0.1 }, requests: 780 });
			return simulated(fleetPart({ pools }), load).windows.map((window) => window.replicas);
		};
		// Windows of a minute. Who takes is there as the second hour begins and stays to its end; who yields is gone before it.
		const [taking, yielding] = [replicas("more"), replicas("fewer")];
		expect([30, 60, 117, 125].map((minute) => taking[minute])).toEqual([1, 3, 3, 1]);
		expect([30, 60, 90, 118].map((minute) => yielding[minute])).toEqual([1, 1, 3, 1]);
	});

	it("caches prefixes: the more memory, the more hits", () => {
		const hits = [2500, 10_000, 40_000].map((kvBlocks) => {
			const engine = enginePart({ kvBlocks, prefixCache: { entryTokens: 512 } });
			const load = loadPart({
				prefixes: { ...PREFIXES, groups: 200 },
				lengths: { kind: "fixed", input: 8192, output: 16 },
			});
			const { tokens } = simulated(fleetPart({ pools: [poolPart({ engine, replicas: 4 })] }), load);
			return tokens.cachedInput / (tokens.input + tokens.cachedInput);
		});
		expect(hits[0]).toBeLessThan(hits[1] as number);
		expect(hits[1]).toBeLessThan(hits[2] as number);
		// Each of 200 beginnings is computed at least once by each of 4 replicas that gets it.
		expect(hits[2]).toBeLessThan(0.6);
	});

	it("finds more in the caches when requests go where their beginning is", () => {
		const engine = enginePart({ kvBlocks: 8000, prefixCache: { entryTokens: 512 } });
		const cached = (router: RouterName): number =>
			simulated(
				fleetPart({ router, pools: [poolPart({ engine, replicas: 4 })] }),
				loadPart({ prefixes: { ...PREFIXES, groups: 200 }, lengths: { kind: "fixed", input: 8192, output: 16 } }),
			).tokens.cachedInput;
		expect(cached("prefix-aware")).toBeGreaterThan(1.2 * cached("round-robin"));
	});

	it("closes the loop: as many in flight as users, no more", () => {
		const report = simulate({
			fleet: fleetPart({ pools: [poolPart({ replicas: 1 })] }),
			source: closedLoad({ users: 16, requests: 320, lengths: { kind: "fixed", input: 256, output: 64 } }, 1),
			limits: {},
			lengthClasses: [{ name: "all", mostTokens: 1e9 }],
			windowSeconds: 60,
			seed: 1,
		});
		expect(report.requests.finished).toBe(320);
		expect(report.littlesLaw.area / report.seconds).toBeLessThanOrEqual(16);
		expect(report.littlesLaw.area / report.seconds).toBeGreaterThan(15);
	});
});

describe("saturation", () => {
	const run = (rate: number): SimulationReport =>
		simulated(fleetPart(), loadPart({ arrivals: { process: { kind: "poisson" }, requestsPerSecond: rate } }));

	it("is said above capacity, and not below it", () => {
		const idle = run(10);
		expect(idle.saturation.saturated).toBe(false);
		const capacity = 10 / idle.saturation.offeredLoad;
		expect(run(capacity * 0.85).saturation.saturated).toBe(false);
		expect(run(capacity * 1.15).saturation.saturated).toBe(true);
		expect(run(capacity * 3).saturation).toMatchObject({ saturated: true });
	});
});

describe("fleets that change", () => {
	const scaler = {
		policy: { kind: "concurrency", perReplica: 20 },
		intervalSeconds: 10,
		fewest: 1,
		most: 8,
		startSeconds: 30,
		patienceSeconds: 60,
	} as const;

	it("grow and shrink with the day, and cost less than the largest of them", () => {
		const hourly = Array.from({ length: 24 }, (_, hour) => (hour % 2 === 0 ? 0.2 : 1.8));
		const load = loadPart({
			arrivals: { process: { kind: "poisson" }, requestsPerSecond: 40, hourly },
			requests: 100_000_000,
		});
		const pools = [poolPart({ replicas: 1, autoscaler: scaler })];
		const report = simulated(fleetPart({ pools }), load, { horizonSeconds: 4 * 3600 });
		const [pool] = report.pools;
		expect(pool?.mostServing).toBeGreaterThan(2);
		expect(pool?.byState.starting).toBeGreaterThan(0);
		expect(pool?.replicaSeconds).toBeLessThan((pool?.mostServing ?? 0) * report.seconds * 0.8);
	});

	it("work under every scaling policy", () => {
		const policies = [
			{ kind: "utilisation", target: 0.6 },
			{ kind: "sla", ttftSeconds: 0.2, percentile: 0.99 },
			{ kind: "planner", predictor: "trend", tpotSeconds: 0.05, load: 0.8 },
			{ kind: "planner", predictor: "last", tpotSeconds: 0.05, load: 0.8 },
		] as const;
		for (const policy of policies) {
			const pools = [poolPart({ replicas: 1, autoscaler: { ...scaler, policy } })];
			const load = loadPart({ arrivals: { process: { kind: "poisson" }, requestsPerSecond: 120 }, requests: 60_000 });
			const report = simulated(fleetPart({ pools }), load);
			expect(report.requests.finished).toBe(60_000);
			expect(report.pools[0]?.mostServing).toBeGreaterThan(1);
		}
	});

	it("begin as they would be found at any time: as many are down in the first minutes as later", () => {
		// Up 20 s of 100: all of them up at first would be nearly all down together after a minute.
		const failures = { meanSecondsBetween: 20, repairSeconds: 80 };
		const fleet = fleetPart({ pools: [poolPart({ replicas: 400, failures })] });
		const [pool] = simulated(fleet, loadPart(), { horizonSeconds: 40, seed: 3 }).pools;
		expect((pool?.byState.failed ?? 0) / (pool?.replicaSeconds ?? 0)).toBeCloseTo(0.8, 1);
	});

	it("are up together as often as the binomial says by which plans count spares", () => {
		// Up 1 hour of 5: 76 replicas of which 8 have to serve.
		const failures = { meanSecondsBetween: 3600, repairSeconds: 4 * 3600 };
		const load = loadPart({ arrivals: { process: { kind: "even" }, requestsPerSecond: 0.001 }, requests: 100_000 });
		const fleet = fleetPart({ pools: [poolPart({ replicas: 76, failures })] });
		const { windows } = simulated(fleet, load, { horizonSeconds: 3600 * 4000, windowSeconds: 3600 });
		const enough = windows.filter(({ replicas }) => replicas >= 8).length / windows.length;
		expect(Math.abs(enough - enoughUp(8, 68, 0.2))).toBeLessThan(0.005);
	});

	it("fail, and their requests are computed again elsewhere", () => {
		const failures = { meanSecondsBetween: 30, repairSeconds: 10 };
		const report = simulated(fleetPart({ pools: [poolPart({ replicas: 4, failures })] }), loadPart());
		expect(report.requests.finished).toBe(4000);
		expect(report.pools[0]?.byState.failed).toBeGreaterThan(0);
		expect(report.tokens.prefilled).toBeGreaterThan(report.tokens.input);
	});

	it("count what a failure lost by hand: the prompt and what was given out of it, once each", () => {
		// Found by seed: the one machine fails while the one request decodes, and is back 5 s later.
		const failures = { meanSecondsBetween: 30, repairSeconds: 5 };
		const load = { arrivals: { process: { kind: "even" }, requestsPerSecond: 1 }, requests: 1 } as const;
		const lengths = { kind: "fixed", input: 1000, output: 4000 } as const;
		const run = (seed: number, exact: boolean): SimulationReport =>
			simulated(fleetPart({ pools: [poolPart({ replicas: 1, failures })] }), { ...load, lengths }, { seed, exact });
		const seed = Array.from({ length: 50 }, (_, i) => i).find((each) => {
			const { byState, lostSeconds } = (run(each, true).pools as [SimulationReport["pools"][number]])[0];
			return byState.failed === 5 && lostSeconds > 0;
		}) as number;
		const [macro, exact] = [run(seed, false), run(seed, true)];
		for (const { tokens, pools } of [macro, exact]) {
			const [pool] = pools as [SimulationReport["pools"][number]];
			const given = tokens.recomputed.afterFailure - 1000;
			expect(given).toBeGreaterThan(0);
			expect(given).toBeLessThan(4000);
			expect(tokens).toMatchObject({ input: 1000, cachedInput: 0, output: 4000, prefilled: 2000 + given });
			// Both prefills give a token, the first of one chunk, the second of so many of 2,048; every decode step gives one.
			expect(pool.steps).toBe(1 + Math.ceil((1000 + given) / 2048) + 3998);
			// A step of at most 5,000 tokens of context: 5 ms + 20 µs + 5 µs.
			expect(pool.lostSeconds).toBeLessThan(0.005025);
		}
		expect(macro.tokens).toEqual(exact.tokens);
	});

	it("refuses fleets that cannot be", () => {
		const refused = (fleet: FleetSpec): (() => unknown) => {
			return () => simulated(fleet, loadPart());
		};
		expect(refused(fleetPart({ pools: [poolPart({ role: "prefill" })] }))).toThrow(/go together/);
		expect(refused(fleetPart({ pools: [poolPart({ engine: enginePart({ largestBatch: 999 }) })] }))).toThrow(
			/ends before/,
		);
		expect(refused(fleetPart({ router: "prefix-aware" }))).toThrow(/prefix cache/);
	});
});
