import { describe, expect, it } from "vitest";
import type { BenchmarkPoint, QuantityJson, TraceRecord } from "@farthing/engine";
import { fitStepTable, readStepTable, traceLoad } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import {
	asking,
	catalogue,
	exampleScenario,
	refusal,
	rowList,
	saved,
	scenarioOf,
	sixRows,
	withRows,
} from "../test-support/questions.ts";
import type { Envelope } from "./envelope.ts";
import { plan } from "./whole-plan.ts";
import type { SimulateResult } from "./simulate/simulate-result.ts";
import type { SimulateOptions } from "./simulate.ts";
import { simulateScenario, startSimulate } from "./simulate.ts";
import { simulateChoice } from "./questions/simulate-question.ts";
import { whyNode } from "./why.ts";

const DEMAND = { "demand.tokens_per_day": "1B" } as const;

function simulated(
	options: SimulateOptions = {},
	over: Record<string, string | number | boolean> = {},
): Envelope<SimulateResult> {
	const scenario = exampleScenario("prototype-to-5b.yaml", { ...DEMAND, ...over });
	return simulateScenario(catalogue, scenario, asking("simulate"), { hours: 0.5, rows: sixRows(), ...options });
}

const value = (of: QuantityJson | undefined): number => of?.value ?? Number.NaN;

function trace(records: readonly Omit<TraceRecord, "kind" | "line">[]): NonNullable<SimulateOptions["trace"]> {
	let at = 0;
	const pull = (): TraceRecord | undefined => {
		const record = records[at++];
		return record === undefined ? undefined : { kind: "request", line: at, ...record };
	};
	return { name: "small", source: traceLoad(pull) };
}

describe("farthing simulate", () => {
	const answer = simulated();
	const { result } = answer;

	it("gives the members that programs rely on, each with unit and grade", () => {
		for (const name of ["ttft", "tpot", "e2e", "queue"] as const) {
			const of = result[name] as SimulateResult["ttft"];
			expect(value(of.p50)).toBeLessThanOrEqual(value(of.p90));
			expect(value(of.p90)).toBeLessThanOrEqual(value(of.p99));
			expect(of.p50).toMatchObject({ unit: "s", grade: "D", state: "modelled" });
		}
		expect(result.unit_cost.total).toMatchObject({ unit: "USD/Mtok", tokens: "total", basis: "delivered" });
		expect(result.unit_cost.output).toMatchObject({ tokens: "output" });
		expect(result.gpu_seconds["busy"]).toMatchObject({ unit: "GPU-s" });
		expect(result.saturated).toBe(false);
		expect(result.energy).toMatchObject({ unit: "kWh" });
	});

	it("pays for every GPU all the time: states sum to GPUs × time, costs of states to the cost", () => {
		const states = ["busy", "warm_idle", "starting", "draining", "failed"];
		const seconds = states.reduce((sum, state) => sum + value(result.gpu_seconds[state]), 0);
		expect(seconds).toBeCloseTo(result.fleet.gpus * value(result.duration), 6);
		const cost = states.reduce((sum, state) => sum + value(result.cost[state]), 0);
		expect(cost).toBe(value(result.cost["total"]));
		// The rate card says 2.07 USD an hour for a B200 that a neocloud owns.
		expect(cost / (seconds / 3600)).toBeCloseTo(2.07, 9);
	});

	it("tells GPUs of hosts that carry no replica apart from replicas with nothing to do; a token pays for the sum of all", () => {
		const row = rowList("version: 1\nrows: [{id: ix-84573640}]\n");
		const { result: of } = simulated({ rows: row, replicas: 3 });
		const unused = (of.fleet.gpus - of.fleet.replica_gpus) * value(of.duration);
		expect(of.fleet.gpus - of.fleet.replica_gpus).toBe(4);
		expect(value(of.gpu_seconds["no_replica"])).toBeCloseTo(unused, 6);
		expect(of.gpu_seconds).not.toHaveProperty("off");
		const { unit_cost_by_state: by } = of;
		expect(by["warm_idle"]).toEqual(of.idle_cost);
		expect(Object.keys(by)).toEqual(Object.keys(of.gpu_seconds));
		const tokens = value(of.cost["total"]) / value(of.unit_cost.total);
		expect(value(by["no_replica"]) * tokens).toBeCloseTo((unused / 3600) * 2.07, 9);
		const sum = Object.values(by).reduce((total, each) => total + value(each), 0);
		expect(sum / value(of.unit_cost.total)).toBeCloseTo(1, 12);
	});

	it("shares the cost among kinds of tokens and classes of length without a rest", () => {
		const { unit_cost: cost, tokens } = result;
		const money = (of: QuantityJson | undefined, count: QuantityJson): number => (value(of) * value(count)) / 1e6;
		const total = value(result.cost["total"]);
		expect(money(cost.input, tokens.input) + money(cost.output, tokens.output)).toBeCloseTo(total, 8);
		const classes = result.cost_by_length.reduce((sum, each) => sum + value(each.cost_per_request) * each.requests, 0);
		expect(classes).toBeCloseTo(total, 8);
		expect(value(result.idle_cost)).toBeLessThan(value(cost.total));
	});

	it("keeps Little's law", () => {
		const { in_system_seconds: area, sojourn_seconds: sojourn } = result.littles_law;
		expect(Math.abs(area / sojourn - 1)).toBeLessThan(1e-9);
	});

	it("can be explained down to the seed and the rate card", () => {
		const why = whyNode(saved(answer), "simulation.unit_cost.total");
		const text = JSON.stringify(why);
		expect(text).toContain("farthing simulate, seed 1");
		expect(text).toContain("rate-cards/2026-07");
	});

	it("gives the same bytes for the same question", () => {
		expect(JSON.stringify(simulated())).toBe(JSON.stringify(answer));
	});

	it("simulates the plan's own fleet", () => {
		const scenario = exampleScenario("prototype-to-5b.yaml", DEMAND);
		const best = plan(catalogue, scenario, asking("plan"), { top: 1, rows: sixRows() }).result.options[0];
		expect(result.fleet).toMatchObject({ row: best?.id, replicas: best?.replicas });
	});

	it("pays for whole hosts of the replicas that are asked for, as the plan does of its own", () => {
		const rows = rowList("version: 1\nrows: [{id: ix-84573640}]\n");
		const paid = (replicas: number | undefined, over: Record<string, string | boolean> = {}) => {
			const asked = replicas === undefined ? {} : { replicas };
			const { fleet, cost } = simulated(
				{ rows, hours: 0.1, ...asked },
				{ "demand.tokens_per_day": "5B", ...over },
			).result;
			return { replicas: fleet.replicas, used: fleet.replica_gpus, gpus: fleet.gpus, cost: value(cost["total"]) };
		};
		const planned = paid(undefined);
		expect(planned).toMatchObject({ replicas: 9, used: 36, gpus: 40 });
		expect(paid(9)).toEqual(planned);
		expect(paid(10)).toMatchObject({ used: 40, gpus: 40 });
		expect(paid(3)).toMatchObject({ used: 12, gpus: 16 });
		expect(paid(3, { "redundancy.whole_hosts": false })).toMatchObject({ used: 12, gpus: 12 });
		expect(paid(3, { "cost.card.tier": "rent_3yr" })).toMatchObject({ used: 12, gpus: 12 });
	});

	it("says when too few replicas are saturated", () => {
		const few = simulated({ replicas: 1 }, { "demand.tokens_per_day": "5B" });
		expect(few.result.saturated).toBe(true);
		expect(few.result.fleet.planned_replicas).toBeGreaterThan(1);
		expect(few.warnings.map(({ code }) => code)).toContain("saturated");
		expect(value(few.result.ttft.p99)).toBeGreaterThan(60);
	});

	it("sends requests as the router that was asked for does", () => {
		const waits = (router?: "least-loaded" | "round-robin") =>
			value(simulated({ replicas: 6, ...(router === undefined ? {} : { router }) }).result.queue.mean);
		expect(waits("least-loaded")).toBe(waits());
		expect(waits("round-robin")).not.toBe(waits("least-loaded"));
	});

	it("tells what GPUs did in each stretch; all stretches add up to the run", () => {
		for (const state of ["busy", "warm_idle"] as const) {
			const all = result.windows.reduce((sum, { gpu_seconds: of }) => sum + of[state], 0);
			expect(all).toBeCloseTo(value(result.gpu_seconds[state]), 6);
		}
		const [window] = result.windows.filter(({ finished }) => finished > 0);
		expect(window?.e2e_p99).toBeGreaterThan(window?.tpot_p99 ?? Number.POSITIVE_INFINITY);
	});

	it("simulates a deployment with prefill machines of its own", () => {
		const {
			fleet,
			requests,
			unit_cost: cost,
		} = simulated({ rows: rowList("version: 1\nrows: [{id: ix-8c4be6f1}]\n") }).result;
		expect(fleet.step_costs.map(({ pool }) => pool)).toEqual(["decode", "prefill"]);
		expect(requests).toBeGreaterThan(0);
		expect(value(cost.total)).toBeGreaterThan(0);
	});

	it("takes prefill and decode machines in a ratio of one's own, pays for them, and says that nobody measured it", () => {
		const rows = rowList("version: 1\nrows: [{id: ix-8c4be6f1}]\n");
		const row = simulated({ rows, replicas: 1 });
		const { prefill, decode } = catalogue.benchmarks.find(({ id }) => id === "ix-8c4be6f1") as BenchmarkPoint;
		const [before, after] = [prefill?.workers ?? 1, decode.workers ?? 1];
		const same = simulated({ rows, instances: { prefill: before, decode: after } });
		expect(same.result.unit_cost).toEqual(row.result.unit_cost);
		expect(same.result.ttft).toEqual(row.result.ttft);
		expect(same.warnings.map(({ code }) => code)).not.toContain("ratio-not-measured");
		const other = simulated({ rows, instances: { prefill: before + 2, decode: after } });
		expect(other.result.fleet).toMatchObject({
			replicas: 1,
			instances: { prefill: before + 2, decode: after },
			gpus: row.result.fleet.gpus + (2 * (prefill?.gpus as number)) / before,
		});
		const busy = { "demand.tokens_per_day": "8B" };
		const waited = (prefill: number): number =>
			value(simulated({ rows, instances: { prefill, decode: after } }, busy).result.queue.mean);
		expect(waited(before * 3)).toBeLessThan(waited(before) / 2);
		expect(other.warnings.map(({ code }) => code)).toContain("ratio-not-measured");
		expect(() => simulated({ instances: { prefill: 1, decode: 1 } })).toThrow(/same machines/);
		const refused = (instances: string): unknown => simulateChoice({ instances }, {});
		for (const text of ["3", "0:2", "3:2:1", "1.5:2", "20000:1"]) expect(() => refused(text)).toThrow(/PREFILL:DECODE/);
		expect(() => simulateChoice({ instances: "3:2", replicas: "2" }, {})).toThrow(/--instances/);
	});

	it("lets an autoscaler shut down machines of a ratio that was asked for, and pays for what is owned all the same", () => {
		const rows = rowList("version: 1\nrows: [{id: ix-8c4be6f1}]\n");
		const instances = { prefill: 12, decode: 6 };
		const steady = simulated({ rows, instances, hours: 2 }).result;
		const { traffic } = scenarioOf(
			'version: 1\nname: t\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: 1B}\ncost: {card: {id: "2026-07", tier: own_neocloud}}\ntraffic: {autoscaler: {start: 2 minutes, policy: planner, patience: 60 s}}',
		);
		const plain = exampleScenario("prototype-to-5b.yaml", DEMAND);
		const planned = plan(catalogue, plain, asking("plan"), { rows });
		const scenario = { ...plain, traffic } as Scenario;
		const { result: scaled } = simulateScenario(catalogue, scenario, asking("simulate"), {
			planned,
			instances,
			hours: 2,
		});
		expect(scaled.fleet).toMatchObject({ instances, gpus: steady.fleet.gpus, replica_gpus: steady.fleet.replica_gpus });
		expect(value(scaled.gpu_seconds["off"])).toBeGreaterThan(0.1 * scaled.fleet.gpus * value(scaled.duration));
		const paid = Object.values(scaled.gpu_seconds).reduce((sum, of) => sum + value(of), 0);
		expect(paid / (scaled.fleet.gpus * value(scaled.duration))).toBeCloseTo(1, 9);
		const serving = scaled.windows.map(({ replicas }) => replicas);
		expect(Math.max(...serving)).toBeLessThanOrEqual(instances.prefill + instances.decode);
		// One of each kind is kept, however many a replica of the row has.
		expect(Math.min(...serving)).toBe(2);
		expect(scaled.requests).toBe(steady.requests);
	});

	it("refuses machines that would have a fraction of a GPU", () => {
		const { prefill } = catalogue.benchmarks.find(({ id }) => id === "ix-8c4be6f1") as BenchmarkPoint;
		const odd = withRows({ "ix-8c4be6f1": { prefill: { ...prefill, workers: 3 } as BenchmarkPoint["decode"] } });
		const run = (options: SimulateOptions) =>
			simulateScenario(odd, exampleScenario("prototype-to-5b.yaml", DEMAND), asking("simulate"), {
				rows: rowList("version: 1\nrows: [{id: ix-8c4be6f1}]\n"),
				hours: 0.1,
				...options,
			});
		expect(refusal(() => run({ instances: { prefill: 2, decode: 1 } }))).toMatchObject({
			exit: 3,
			code: "fraction-of-gpu",
			message: expect.stringMatching(/20 GPUs for 3 prefill machines/),
			detail: { field: "--instances" },
		});
		const { fleet } = run({ replicas: 2 }).result;
		expect(fleet.replica_gpus).toBe(72);
	});

	it("replays a trace for as long as it lasts, on the rate of the trace", () => {
		const records = Array.from({ length: 50 }, (_, i) => ({
			seconds: 1_700_000_000 + i,
			inputTokens: 100 + i,
			outputTokens: 20,
		}));
		const { result: replayed } = simulateScenario(
			catalogue,
			exampleScenario("prototype-to-5b.yaml", DEMAND),
			asking("simulate"),
			{ trace: trace(records), rows: sixRows() },
		);
		expect(replayed.requests).toBe(50);
		expect(value(replayed.tokens.output)).toBe(1000);
		expect(value(replayed.tokens.input)).toBe(50 * 100 + (50 * 49) / 2);
		expect(value(replayed.duration)).toBeGreaterThan(49);
		expect(value(replayed.duration)).toBeLessThan(52);
	});

	it("says that hours beyond the end of a trace are paid for", () => {
		const short = () =>
			trace(Array.from({ length: 50 }, (_, i) => ({ seconds: i, inputTokens: 100, outputTokens: 20 })));
		const codes = (hours?: number): string[] =>
			simulateScenario(catalogue, exampleScenario("prototype-to-5b.yaml", DEMAND), asking("simulate"), {
				trace: short(),
				rows: sixRows(),
				...(hours === undefined ? {} : { hours }),
			}).warnings.map(({ code }) => code);
		expect(codes(2)).toContain("idle-after-trace");
		expect(codes()).not.toContain("idle-after-trace");
		expect(codes(0.014)).not.toContain("idle-after-trace");
	});

	it("refuses more replicas than a run can have", () => {
		const choice = (replicas: string) => simulateChoice({ replicas }, {});
		expect(choice("20000").options.replicas).toBe(20_000);
		expect(refusal(() => choice("20001"))).toMatchObject({ exit: 2, code: "out-of-range" });
	});

	it("warns where requests are far from the lengths that were measured", () => {
		const { warnings } = simulated({ trace: trace([{ seconds: 0, inputTokens: 10, outputTokens: 5 }]) });
		expect(warnings.map(({ code }) => code)).toContain("beyond-measured-lengths");
	});

	it("has no step below the smallest measured batch shorter than the law makes it out of that row's, and says so", () => {
		const rows = (id: string) => rowList(`version: 1\nrows: [{id: ${id}}]\n`);
		const light = simulated({ rows: rows("ix-6ab5766c"), hours: 2 }, { "demand.tokens_per_day": "20M" });
		const smallest = catalogue.benchmarks.find(({ id }) => id === "ix-27fce76f") as BenchmarkPoint;
		// 3.7 sequences took 4.53 ms; weights that are read for one are most of what is read for four.
		const ofSmallest = value(light.result.tpot?.mean) * smallest.interactivityTokensPerSecond;
		expect(ofSmallest).toBeGreaterThan(0.75);
		expect(ofSmallest).toBeLessThan(1);
		expect(light.warnings.map(({ code }) => code)).toContain("below-measured-batch");
		expect(answer.warnings.map(({ code }) => code)).not.toContain("below-measured-batch");
	});

	it("takes bursts, lengths and reuse of a shape, at the scenario's own means", () => {
		const { result: shaped } = simulated({ shape: "mooncake-2025-synthetic" });
		expect(shaped.prefix_hit_rate).toBeGreaterThan(0.2);
		const tokens = value(shaped.tokens.input) + value(shaped.tokens.cached_input);
		expect(tokens / shaped.requests / 8192).toBeGreaterThan(0.85);
		expect(tokens / shaped.requests / 8192).toBeLessThan(1.15);
		expect(shaped.cost_by_length.length).toBeGreaterThan(2);
		expect(refusal(() => simulated({ shape: "azure" }))).toMatchObject({ exit: 3, code: "unknown-traffic-shape" });
	});

	it("lets an autoscaler, failures and bursts of the scenario's traffic work on the fleet", () => {
		const { traffic } = scenarioOf(
			'version: 1\nname: t\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: 1B}\ncost: {card: {id: "2026-07", tier: own_neocloud}}\ntraffic: {burstiness: 2, shared_prefix: {share: 50%}, autoscaler: {start: 2 minutes, policy: planner, patience: 60 s}, failures: {between: 2 hours, repair: 10 minutes}}',
		);
		const scenario = { ...exampleScenario("prototype-to-5b.yaml", DEMAND), traffic } as Scenario;
		// Planned without the traffic: to size fleets by simulation is another question, and takes longer.
		const planned = plan(catalogue, exampleScenario("prototype-to-5b.yaml", DEMAND), asking("plan"), {
			rows: sixRows(),
		});
		const { result: moving } = simulateScenario(catalogue, scenario, asking("simulate"), {
			hours: 4,
			planned,
			replicas: 4,
		});
		expect(value(moving.gpu_seconds["failed"])).toBeGreaterThan(0);
		expect(value(moving.gpu_seconds["starting"])).toBeGreaterThan(0);
		expect(moving.prefix_hit_rate).toBeGreaterThan(0.2);
		const paid = ["busy", "warm_idle", "starting", "draining", "failed"].reduce(
			(sum, state) => sum + value(moving.gpu_seconds[state]),
			0,
		);
		const { prefilled, again_after_preemption: again, again_after_failure: lost } = moving.prefill_tokens;
		expect(lost).toBeGreaterThan(0);
		expect(prefilled).toBe(value(moving.tokens.input) + again + lost);
		// What is owned is paid for whether it runs or not, as in the plan; by the hour, what runs.
		const all = moving.fleet.gpus * value(moving.duration);
		expect(paid).toBeLessThan(all);
		expect(value(moving.gpu_seconds["off"])).toBeCloseTo(all - paid, 3);
		expect(moving.gpu_seconds).not.toHaveProperty("no_replica");
		expect(value(moving.cost["total"])).toBeCloseTo((all / 3600) * 2.07, 6);
		const hourly = scenarioOf(
			"version: 1\nname: t\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: 1B}\ncost: {rates: {b200-sxm: 2.07 USD/GPU-hr}}",
		);
		const { result: rented } = simulateScenario(
			catalogue,
			{ ...scenario, cost: hourly.cost, origins: hourly.origins },
			asking("simulate"),
			{ hours: 4, planned, replicas: 4 },
		);
		expect(rented.gpu_seconds).not.toHaveProperty("off");
		expect(value(rented.cost["total"])).toBeCloseTo((paid / 3600) * 2.07, 6);
	});

	it("takes the steps of a table instead of the rows', on the machines of the row", () => {
		const table = (factor: number): NonNullable<SimulateOptions["steps"]> => {
			const steps = [1, 16, 64].flatMap((batch) =>
				[1000, 9000].map(
					(context) => `${batch},${context},,${factor * (0.005 + 1e-4 * batch + 1e-9 * batch * context)}`,
				),
			);
			const prompts = [512, 2048, 8192].map((tokens) => `0,0,${tokens},${factor * (0.005 + 1e-5 * tokens)}`);
			const read = readStepTable(["batch,context,prefill_tokens,seconds", ...steps, ...prompts].join("\n"));
			if (!read.ok) throw new Error(JSON.stringify(read.faults));
			return { name: "steps.csv", table: fitStepTable(read.rows) };
		};
		const planned = plan(catalogue, exampleScenario("prototype-to-5b.yaml", DEMAND), asking("plan"), {
			rows: sixRows(),
		});
		const quick = simulated({ steps: table(1), planned, replicas: 4 });
		const slow = simulated({ steps: table(2), planned, replicas: 4 });
		const { fleet, tpot } = quick.result;
		expect(fleet).toMatchObject({
			step_table: "steps.csv",
			largest_batch: 64,
			rows: [],
			gpus: result.fleet.gpus * (4 / result.fleet.replicas),
		});
		expect(fleet.step_costs).toMatchObject([{ prefill_from: "table", rows: 9 }]);
		expect(value(slow.result.tpot?.p50) / value(tpot?.p50)).toBeGreaterThan(1.9);
		expect(quick.warnings.map(({ code }) => code)).not.toContain("beyond-measured-lengths");
		const split = { rows: rowList("version: 1\nrows: [{id: ix-8c4be6f1}]\n"), steps: table(1) };
		expect(simulated(split).result.fleet.step_costs.map(({ pool }) => pool)).toEqual(["decode", "prefill"]);
	});

	it("lets replicas fail that are available for a part of the time, and says what repair it takes", () => {
		const failing = simulated({ replicas: 8 }, { "redundancy.availability": "50%" });
		const failed = value(failing.result.gpu_seconds["failed"]);
		expect(failed).toBeGreaterThan(0.1 * failing.result.fleet.gpus * value(failing.result.duration));
		expect(failing.warnings.find(({ code }) => code === "repair-assumed")?.message).toMatch(/every 4 hours/);
		expect(value(result.gpu_seconds["failed"])).toBe(0);
	});

	it("runs the week where the load has one, and says which part of it was asked for", () => {
		const { traffic, demand } = scenarioOf(
			'version: 1\nname: t\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\ndemand: {tokens_per_day: 20M}\ncost: {card: {id: "2026-07", tier: own_neocloud}}\ntraffic: {weekend: 5}',
		);
		const plain = exampleScenario("prototype-to-5b.yaml", DEMAND);
		const planned = plan(catalogue, plain, asking("plan"), { rows: sixRows() });
		const run = (options: SimulateOptions) =>
			simulateScenario(catalogue, { ...plain, demand, traffic } as Scenario, asking("simulate"), {
				planned,
				replicas: 1,
				...options,
			});
		const week = run({});
		// What is under way when the week ends is answered.
		expect(value(week.result.duration)).toBeGreaterThanOrEqual(168 * 3600);
		expect(value(week.result.duration)).toBeLessThan(168 * 3600 + 30);
		// 20M tokens a day in requests of 9,216 tokens.
		expect(week.result.request_counts.arrived / ((7 * 20e6) / 9216)).toBeCloseTo(1, 1);
		expect(week.warnings.map(({ code }) => code)).not.toContain("part-of-week");
		const monday = run({ hours: 24 });
		expect(monday.result.traffic.profile).toMatch(/24 hours of it from Monday 0:00 on, with 0\.467 times its mean/);
		expect(monday.result.request_counts.arrived / ((0.467 * 20e6) / 9216)).toBeCloseTo(1, 1);
		expect(monday.warnings.find(({ code }) => code === "part-of-week")?.message).toMatch(/2\.14 times/);
	});

	it("refuses a trace without a request", () => {
		expect(refusal(() => simulated({ trace: trace([]) }))).toMatchObject({ exit: 3, code: "no-requests" });
	});

	it("tells how far it is", () => {
		const scenario = exampleScenario("prototype-to-5b.yaml", DEMAND);
		const run = startSimulate(catalogue, scenario, asking("simulate"), { hours: 1, rows: sixRows() });
		run.advance(500);
		expect(run.progress.share).toBeGreaterThan(0);
		expect(run.progress.share).toBeLessThan(1);
	});
});
