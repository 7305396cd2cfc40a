import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	asking,
	bareLeaves,
	benchmarkRow,
	catalogue,
	exampleScenario,
	leavesOf,
	quantitiesIn,
	refusal,
	rowList,
	saved,
	scenarioOf,
	sixRows,
	withRows,
} from "../test-support/questions.ts";
import type { Envelope } from "./envelope.ts";
import type { PlanOption, PlanOptions, PlanResult } from "./plan-result.ts";
import { plan } from "./whole-plan.ts";
import { whyNode } from "./why.ts";

const H200 = "ix-59100d82";
const MI355X = "ix-8fa74f0e";
const B200_TP4 = "ix-255cede9";
const B200_4_8 = "ix-6ab5766c";
const B200_20_16 = "ix-8c4be6f1";
const GB300_26_16 = "ix-203761ba";

const byDay = { "cost.card.id": "2026-07", "cost.card.tier": "own_neocloud", "redundancy.whole_hosts": false } as const;

describe("the six deployments of the worked example", () => {
	// users-and-ux.md §5: headline, then 1, 5, 10, 50 and 100 billion tokens a day.
	it.each<[string, string, number, readonly number[]]>([
		["H200 TP8", H200, 0.473, [1.526, 1.038, 1.007, 0.959, 0.952]],
		["MI355X TP8", MI355X, 0.258, [1.204, 0.642, 0.562, 0.53, 0.522]],
		["B200 TP4", B200_TP4, 0.23, [0.795, 0.517, 0.497, 0.465, 0.463]],
		["B200 4+8", B200_4_8, 0.184, [1.192, 0.596, 0.477, 0.382, 0.376]],
		["B200 20+16", B200_20_16, 0.06, [3.577, 0.715, 0.358, 0.179, 0.143]],
		["GB300 26+16", GB300_26_16, 0.053, [5.625, 1.125, 0.562, 0.169, 0.141]],
	])("cost as published at every volume: %s", (_, id, headline, costs) => {
		const options = ["1B", "5B", "10B", "50B", "100B"].map((volume) => optionOf(volumeOf(volume), id));
		expect(options.map(({ delivered }) => threeDigits(delivered.value))).toEqual(costs);
		for (const each of options) expect(threeDigits(each.headline.value)).toBe(headline);
	});

	it("rank at five billion tokens a day as published: the cheapest on a slide is last", () => {
		const { result } = volumeOf("5B");
		expect(result.options.map(({ id }) => id)).toEqual([B200_TP4, B200_4_8, MI355X, B200_20_16, H200, GB300_26_16]);
		expect(result.options.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(result.considered).toBe(6);
		expect(result.unranked).toEqual([]);
	});

	it("stand as said: GPUs, replicas, use, and the bridge of the first", () => {
		const best = optionOf(volumeOf("5B"), B200_TP4);
		expect(best).toMatchObject({ gpus: 52, replicas: 13, feasible: true, hardware: "b200-sxm", precision: "nvfp4" });
		expect(best.utilization.value).toBeCloseTo(0.4457, 4);
		expect(best.deployment).toMatchObject({ row: B200_TP4, layout: "TP4", gpus_per_replica: 4, kind: "dated" });
		const bridge = best.bridge.map(({ cause, delta }) => [cause, threeDigits(delta.value)]);
		expect(bridge).toEqual([
			["peak sizing", 0.23],
			["whole replicas", 0.016],
			["N+1", 0.04],
		]);
		expect(best.delivered).toMatchObject({ tokens: "total", basis: "delivered", unit: "USD/Mtok", grade: "B" });
		expect(best.headline).toMatchObject({ tokens: "total", basis: "headline", currency_date: "2026-07-31" });
	});

	it("buy whole servers and racks unless told otherwise, as a step of the bridge", () => {
		const whole = plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"), { rows: sixRows() });
		const rack = optionOf(whole, GB300_26_16);
		expect(rack.gpus).toBe(144);
		expect(rack.deployment.host).toContain("GB300");
		expect(rack.bridge.at(-1)?.cause).toBe("whole hosts");
		expect(rack.bridge.at(-1)?.delta.value).toBeCloseTo((60 * 2.79 * 24) / 5000, 6);
		expect(optionOf(whole, B200_TP4)).toMatchObject({ gpus: 56, replicas: 13 });
		expect(optionOf(volumeOf("5B"), GB300_26_16).deployment).not.toHaveProperty("host");
	});

	it("are not rounded to hosts where GPUs are rented", () => {
		const over = { "cost.card.tier": "rent_3yr", "cost.card.id": "2026-07" };
		const rented = plan(catalogue, exampleScenario("prototype-to-5b.yaml", over), asking("plan"), { rows: sixRows() });
		expect(optionOf(rented, GB300_26_16).gpus).toBe(84);
	});
});

describe("plan", () => {
	it("finds the cheapest among all rows of the catalogue under the limits", () => {
		const { result } = all();
		const brute = catalogue.benchmarks.filter(
			({ model, isl, osl }) => model === "deepseek-r1" && isl === 8192 && osl === 1024,
		);
		expect(result.options.length).toBeGreaterThan(50);
		expect(result.considered).toBeGreaterThan(result.options.length);
		const delivered = result.options.map((option) => option.delivered.value as number);
		expect([...delivered].sort((a, b) => a - b)).toEqual(delivered);
		for (const option of result.options) {
			const row = benchmarkRow(option.id);
			expect(brute).toContain(row);
			expect(row.interactivityTokensPerSecond).toBeGreaterThanOrEqual(50);
			expect(row.latency.ttft?.median).toBeLessThanOrEqual(5);
		}
		const missed = Object.values(result.missed).reduce((sum, count) => sum + count, 0);
		expect(result.options.length + result.unranked.length + missed).toBe(result.considered);
	});

	it("says of every row it could not rank which it is and why", () => {
		const { unranked } = all().result;
		expect(unranked.length).toBeGreaterThan(0);
		for (const line of unranked) {
			expect(benchmarkRow(line.row as string)).toMatchObject({ hardware: line.hardware, stack: line.stack });
			expect(line.reason.length).toBeGreaterThan(10);
			expect(line.rows).toBe(1);
		}
		const codes = new Set(unranked.map(({ code }) => code));
		expect(codes).toEqual(new Set(["ttft-unknown", "failed-check"]));
		const tainted = unranked.find(({ code }) => code === "failed-check");
		expect(tainted?.reason).toContain(`${tainted?.row}:`);
	});

	it("says which changes of the scenario would give a plan, and each of them does", () => {
		const none = refusal(() =>
			plan(catalogue, exampleScenario("prototype-to-5b.yaml", { model: "kimi-k2" }), asking("plan")),
		);
		const strict = { model: "gpt-oss-120b" };
		const late = refusal(() => plan(catalogue, exampleScenario("prototype-to-5b.yaml", strict), asking("plan")));
		const odd = { "workload.input": 3000 };
		const lengths = refusal(() => plan(catalogue, exampleScenario("prototype-to-5b.yaml", odd), asking("plan")));
		expect(late.detail.changes).toEqual([{ "slo.ttft_unknown": "accept" }, { "slo.ttft": "any" }]);
		expect(none.detail.changes?.[0]).toEqual({ model: "deepseek-r1" });
		for (const [over, change] of [
			[{ model: "kimi-k2" }, none.detail.changes?.[0]],
			[strict, late.detail.changes?.[0]],
			[strict, late.detail.changes?.[1]],
			[odd, lengths.detail.changes?.at(-1)],
		] as const) {
			const scenario = exampleScenario("prototype-to-5b.yaml", { ...over, ...change });
			expect(plan(catalogue, scenario, asking("plan")).result.options.length).toBeGreaterThan(0);
		}
	});

	it("leaves medians without TTFT unranked, or ranks them with one warning", () => {
		const strict = exampleScenario("gpt-oss-120b.yaml", { "slo.ttft_unknown": "exclude" });
		expect(refusal(() => plan(catalogue, strict, asking("plan")))).toMatchObject({ exit: 3, code: "nothing-fits" });
		const { result, warnings } = plan(catalogue, exampleScenario("gpt-oss-120b.yaml"), asking("plan"));
		expect(result.options.length).toBeGreaterThan(10);
		for (const { deployment } of result.options) expect(deployment).not.toHaveProperty("ttft_median_s");
		const unknown = warnings.filter(({ code }) => code === "ttft-unknown");
		expect(unknown).toHaveLength(1);
		expect(unknown[0]?.message).toContain(`${result.options.length} rows are ranked although their TTFT is not known`);
	});

	it("does not trust a TTFT that fails a check of its row", () => {
		const broken = { ttft: { median: 0.2, p99: 0.1 } };
		const changed = withRows({ [B200_TP4]: { latency: { ...benchmarkRow(B200_TP4).latency, ...broken } } });
		const { result } = plan(changed, exampleScenario("prototype-to-5b.yaml", byDay), asking("plan"), {
			rows: sixRows(),
		});
		expect(result.options.map(({ id }) => id)).not.toContain(B200_TP4);
		expect(result.unranked).toMatchObject([{ row: B200_TP4, code: "ttft-unknown" }]);
		expect(result.unranked[0]?.reason).toContain("failed a check");
	});

	it("names the hand-picked rows that miss a limit", () => {
		const { result } = volumeOf("5B", { "slo.tokens_per_s_per_user": 70 });
		expect(result.missed).toEqual({ tokens_per_s_per_user: 3 });
		expect(new Set(result.unranked.map(({ row }) => row))).toEqual(new Set([H200, MI355X, GB300_26_16]));
		expect(result.unranked[0]?.reason).toMatch(/tok\/s\/user is below the limit of 70/);
	});

	it("takes for a question of an earlier day the rows and prices known then", () => {
		const early = plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan", { asOf: "2026-01-15" }));
		const dates = early.result.options.map(({ deployment }) => deployment.measured_on ?? "");
		expect(dates.every((date) => date <= "2026-01-15")).toBe(true);
		expect(early.result.options.length).toBeLessThan(all().result.options.length);
		const between = plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"), {
			window: { between: ["2025-12-01", "2025-12-31"] },
		});
		for (const { deployment } of between.result.options) expect(deployment.measured_on).toMatch(/^2025-12/);
	});

	it("takes rows of nearly the same lengths, says so, and prices the request that was asked", () => {
		const over = { "workload.input": 8000, "workload.output": 1000 };
		const { result, warnings } = volumeOf("5B", over);
		expect(warnings).toContainEqual({
			code: "nearest-lengths",
			message: "benchmark rows of 8192/1024 tokens stand in for 8000/1000",
		});
		const best = result.options[0] as PlanOption;
		expect(best.cost_per_request.value).toBeCloseTo(((best.delivered.value as number) * 9000) / 1e6, 12);
		expect(best.cost_per_request.unit).toBe("USD/request");
	});

	it("leaves a step out of the bridge that is switched off", () => {
		const off = {
			"demand.peak_to_mean": 1,
			"redundancy.whole_replicas": false,
			"redundancy.spare_replicas": 0,
			"redundancy.availability": "99%",
		};
		const { result } = volumeOf("5B", off);
		for (const option of result.options) {
			expect(option.bridge.map(({ cause }) => cause)).toEqual(["availability"]);
			expect((option.delivered.value as number) * 0.99).toBeCloseTo(option.headline.value as number, 12);
		}
	});

	it("bridges every option so that the causes add up to the delivered cost, to the last digit", () => {
		const questions = fc.record({
			"demand.tokens_per_day": fc.integer({ min: 10_000_000, max: 2_000_000_000_000 }),
			"demand.peak_to_mean": fc.double({ min: 1.01, max: 8, noNaN: true }),
			"redundancy.spare_replicas": fc.integer({ min: 0, max: 3 }),
			"redundancy.whole_replicas": fc.boolean(),
			"redundancy.whole_hosts": fc.boolean(),
		});
		fc.assert(
			fc.property(questions, (over) => {
				const scenario = exampleScenario("prototype-to-5b.yaml", { ...byDay, ...over });
				const { result } = plan(catalogue, scenario, asking("plan"), { rows: sixRows() });
				for (const { headline, delivered, bridge, utilization } of result.options) {
					const sum = bridge.reduce((total, { delta }) => total + (delta.value as number), headline.value as number);
					expect(Math.abs(sum / (delivered.value as number) - 1)).toBeLessThanOrEqual(Number.EPSILON);
					expect(delivered.value as number).toBeGreaterThan(headline.value as number);
					const used = (headline.value as number) / (delivered.value as number);
					expect(utilization.value).toBeCloseTo(used, 10);
				}
			}),
			{ seed: 1, numRuns: 40 },
		);
	});

	it("says what the whole fleet costs a day and a year, and which input each step of the bridge moves", () => {
		const answer = volumeOf("5B");
		const { bill, delivered, gpus, bridge } = optionOf(answer, B200_TP4);
		expect(bill.per_day).toMatchObject({ unit: "USD/day", grade: "B" });
		expect(bill.per_day.value).toBeCloseTo(gpus * 24 * 2.07, 6);
		expect(bill.per_day.value).toBeCloseTo((delivered.value as number) * 5000, 6);
		expect(bill.per_year.value).toBeCloseTo((bill.per_day.value as number) * 365, 5);
		for (const { input } of bridge) expect(whyNode(saved(answer), input).source?.role).toBe("condition");
	});

	it("marks a utilisation that is stated instead of derived", () => {
		const { result, warnings } = volumeOf("5B", { utilisation: "60%" });
		expect(result.utilization_overridden).toBe(true);
		expect(warnings.map(({ code }) => code)).toContain("utilization-overridden");
		const best = result.options[0] as PlanOption;
		expect(best.id).toBe(GB300_26_16);
		expect(best.delivered.value).toBeCloseTo((best.headline.value as number) / 0.6, 12);
		expect(best.bridge.map(({ cause }) => cause)).toEqual(["stated utilisation"]);
		expect(volumeOf("5B").result.utilization_overridden).toBe(false);
	});

	it("says so where a stated utilisation leaves less than one replica", () => {
		const { result, warnings } = volumeOf("5B", { utilisation: "100%" });
		expect(result.options[0]?.replicas).toBeLessThan(1);
		const told = warnings.find(({ code }) => code === "below-one-replica");
		expect(told?.message).toContain(`row ${GB300_26_16} is planned with`);
		expect(volumeOf("500B", { utilisation: "100%" }).warnings.map(({ code }) => code)).not.toContain(
			"below-one-replica",
		);
	});

	it("takes API prices known on the day, and warns of a card that was not", () => {
		const scenario = exampleScenario("prototype-to-5b.yaml", byDay);
		const { result, warnings } = plan(catalogue, scenario, asking("plan", { asOf: "2026-06-01" }));
		expect(result.api).toEqual([]);
		expect(warnings).toContainEqual({
			code: "no-api-price",
			message: "no host's API price of deepseek-r1 by 2026-06-01 in the catalogue",
		});
		expect(warnings).toContainEqual({
			code: "later-fact",
			message: "rate card 2026-07 is of 2026-07-31, after 2026-06-01: it was not known on that day",
		});
	});

	it("carries ranges through: p10 ≤ p50 ≤ p90, wider for wider ranges, the same for the same seed", () => {
		const ranged = { "demand.tokens_per_day": "3B to 8B", "demand.peak_to_mean": "1.5 to 3" };
		const answer = volumeOf("5B", ranged);
		for (const { delivered, utilization, cost_per_request: request } of answer.result.options) {
			for (const quantity of [delivered, utilization, request]) {
				expect(quantity.p10).toBeLessThanOrEqual(quantity.p50 as number);
				expect(quantity.p50).toBeLessThanOrEqual(quantity.p90 as number);
			}
		}
		expect(JSON.stringify(volumeOf("5B", ranged))).toBe(JSON.stringify(answer));
		const scenario = exampleScenario("prototype-to-5b.yaml", { ...byDay, ...ranged });
		const other = plan(catalogue, scenario, asking("plan", { seed: 2 }), { rows: sixRows() });
		expect(other.result.options[0]?.delivered.p90).not.toBe(answer.result.options[0]?.delivered.p90);
		const sure = volumeOf("5B").result.options[0] as PlanOption;
		expect(sure.delivered).not.toHaveProperty("p10");
	});

	it("gives the same bytes twice", () => {
		expect(JSON.stringify(all())).toBe(JSON.stringify(all()));
		expect(JSON.stringify(all().graph)).not.toContain("null,null");
	});

	it("flags prices older than 90 days on the day of the question", () => {
		const messages = all()
			.warnings.filter(({ code }) => code === "stale-price")
			.map(({ message }) => message);
		expect(messages).toContain("rate card 2026-07 (own_neocloud) is 114 days old on 2026-11-22 (dated 2026-07-31)");
		expect(messages).toContain("API price list of deepseek-r1 is 143 days old on 2026-11-22 (dated 2026-07-02)");
		const fresh = plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan", { asOf: "2026-09-30" }));
		expect(fresh.warnings.filter(({ code }) => code === "stale-price")).toEqual([]);
	});

	it("counts the cost of all GPUs to the output of a disaggregated deployment", () => {
		const option = optionOf(volumeOf("5B"), GB300_26_16);
		expect(option.deployment).toMatchObject({ disaggregated: true, gpus_per_replica: 42, layout: "26+16 GPUs" });
	});
});

describe("a plan that cannot be made", () => {
	it("names the nearest of an unknown model, hardware, precision or stack, with its place in the file", () => {
		const unknown = (over: Record<string, string | string[]>) =>
			refusal(() => plan(catalogue, exampleScenario("prototype-to-5b.yaml", over), asking("plan")));
		const model = unknown({ model: "deepseek-r2" });
		expect(model).toMatchObject({ exit: 3, code: "unknown-model" });
		expect(model.detail.nearest).toContain("deepseek-r1");
		const part = unknown({ "supply.hardware": ["b200", "b2000"] });
		expect(part).toMatchObject({ exit: 3, code: "unknown-hardware" });
		expect(part.detail.nearest?.length).toBeGreaterThan(0);
		expect(unknown({ "supply.stack": ["tensorflow"] })).toMatchObject({ exit: 3, code: "unknown-stack" });
		expect(unknown({ "supply.precision": ["fp7"] })).toMatchObject({ exit: 3, code: "unknown-precision" });
		expect(unknown({ "cost.card.id": "2027-01" })).toMatchObject({ exit: 3, code: "unknown-card" });
		expect(unknown({ "cost.card.tier": "borrowed" })).toMatchObject({ exit: 3, code: "unknown-tier" });
		const written = refusal(() =>
			plan(catalogue, scenarioOf(text.replace("deepseek-r1", "deepsek-r1")), asking("plan")),
		);
		expect(written.detail).toMatchObject({ file: "test.yaml", line: 3, column: 8, field: "model" });
	});

	it("names the nearest measured models and the measurement that would close the gap", () => {
		const error = refusal(() => plan(catalogue, exampleScenario("no-benchmark.yaml"), asking("plan")));
		expect(error).toMatchObject({ exit: 3, code: "no-benchmark" });
		expect(error.message).toContain("llama-3.1-405b");
		expect(error.detail.nearest).toHaveLength(5);
		for (const id of error.detail.nearest ?? [])
			expect(catalogue.benchmarks.some(({ model }) => model === id)).toBe(true);
		expect(error.detail.hint).toContain("vllm bench serve");
		expect(error.detail.hint).toContain("--random-input-len 8192 --random-output-len 1024");
		expect(error.detail.hint).toContain("farthing price --gpu-hour");
		expect(error.detail).toMatchObject({ file: "scenarios/no-benchmark.yaml", field: "model" });
	});

	it("names the lengths that were measured", () => {
		const error = refusal(() => volumeOf("5B", { "workload.input": 3000 }));
		expect(error).toMatchObject({ exit: 3, code: "no-data" });
		expect(error.detail.nearest).toEqual(["1024/1024", "1024/8192", "8192/1024"]);
	});

	it("says what nothing keeps", () => {
		const fast = refusal(() => volumeOf("5B", { "slo.tokens_per_s_per_user": 2000 }));
		expect(fast).toMatchObject({ exit: 3, code: "nothing-fits" });
		expect(fast.message).toBe("none of 6 measured rows of deepseek-r1 can serve this: 6 miss tokens_per_s_per_user");
		const rates = { kind: "rates", rates: {} } as const;
		const scenario = { ...exampleScenario("prototype-to-5b.yaml"), cost: rates };
		const unpriced = refusal(() => plan(catalogue, scenario, asking("plan"), { rows: sixRows() }));
		expect(unpriced.message).toContain("6 cannot be ranked");
		expect(unpriced.message).toContain("no rate is given for");
	});

	it("refuses a row of another model, one that is not there, and a selector that leaves several", () => {
		const withList = (list: string): PlanOptions => ({ rows: rowList(`version: 1\nrows:\n${list}`) });
		const asked = (list: string) =>
			refusal(() => plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"), withList(list)));
		expect(asked("  - id: ix-00000000")).toMatchObject({ exit: 3, code: "unknown-row", detail: { line: 3 } });
		expect(asked("  - id: ix-def9faf0")).toMatchObject({ exit: 3, code: "wrong-model" });
		const several = asked("  - selector: {hardware: b200, stack: trt}");
		expect(several).toMatchObject({ exit: 3, code: "ambiguous-row" });
		expect(several.detail.nearest).toHaveLength(5);
		expect(asked("  - selector: {hardware: b200, concurrency: 31}")).toMatchObject({ code: "unknown-row" });
		expect(asked("  - selector: {hardware: b2x}")).toMatchObject({ code: "unknown-hardware" });
	});

	it("refuses a listed row of other lengths, and looks for a selector among the scenario's own", () => {
		const six = exampleScenario("prototype-to-5b.yaml", { "workload.input": 1024 });
		const listed = refusal(() => plan(catalogue, six, asking("plan"), { rows: sixRows() }));
		expect(listed).toMatchObject({ exit: 3, code: "wrong-lengths", detail: { line: 6 } });
		const short = rowList("version: 1\nrows:\n  - selector: {hardware: b200, stack: trt, isl: 1024, concurrency: 4}");
		const other = refusal(() =>
			plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"), { rows: short }),
		);
		expect(other.exit).toBe(3);
		expect(other.code).toMatch(/wrong-lengths|ambiguous-row/);
	});

	it("sets a listed row aside that is not among the parts of the scenario", () => {
		const scenario = exampleScenario("prototype-to-5b.yaml", { "supply.hardware": ["b200"] });
		const { result } = plan(catalogue, scenario, asking("plan"), { rows: sixRows() });
		expect(new Set(result.options.map(({ hardware }) => hardware))).toEqual(new Set(["b200-sxm"]));
		const aside = result.unranked.filter(({ code }) => code === "not-asked-for");
		expect(new Set(aside.map(({ row }) => row))).toEqual(new Set([GB300_26_16, H200, MI355X]));
	});

	it("says that no row was measured by the day asked for, not that none fits", () => {
		const early = { "cost.card.id": "2025-08" };
		const ask = () =>
			plan(catalogue, exampleScenario("prototype-to-5b.yaml", early), asking("plan", { asOf: "2024-01-01" }));
		const error = refusal(ask);
		expect(error).toMatchObject({ exit: 3, code: "no-data", detail: { field: "--as-of" } });
		expect(error.message).toContain("was measured by 2024-01-01");
	});

	it("warns of a named row that is later than the day asked for", () => {
		const scenario = exampleScenario("prototype-to-5b.yaml", byDay);
		const { warnings } = plan(catalogue, scenario, asking("plan", { asOf: "2026-01-01" }), {
			rows: rowList(`version: 1\nrows:\n  - id: ${B200_TP4}\n  - id: ${H200}`),
		});
		const later = warnings.filter(({ code }) => code === "later-fact").map(({ message }) => message);
		expect(later.filter((message) => message.startsWith("benchmark row "))).toHaveLength(2);
	});
});

describe("the graph of a plan", () => {
	it("has no leaf without source, date and grade", () => {
		expect(bareLeaves(volumeOf("5B"))).toEqual([]);
		expect(bareLeaves(volumeOf("5B", { "demand.tokens_per_day": "3B to 8B", utilisation: "50% to 70%" }))).toEqual([]);
		const builtUp = scenarioOf(text.replace(/cost: .*/, "cost: {build_up: {assumptions: hyperscaler}}"));
		expect(bareLeaves(plan(catalogue, builtUp, asking("plan")))).toEqual([]);
	});

	it("explains the first option down to its row and its rate", () => {
		const answer = saved(volumeOf("5B"));
		const leaves = leavesOf(whyNode(answer, "1"));
		const at = leaves.map(({ source }) => source?.at);
		expect(at).toContain(B200_TP4);
		expect(at).toContain("rate-cards/2026-07/b200-sxm/own_neocloud");
		const row = leaves.find(({ node }) => node === `${B200_TP4}.tokens_per_gpu_second.total`);
		expect(row?.source).toMatchObject({ grade: "B", as_of: benchmarkRow(B200_TP4).measuredOn });
		expect(row?.source?.source).toContain("InferenceX");
		expect(whyNode(answer, "utilisation").node).toBe(`${B200_TP4}.utilisation`);
		expect(whyNode(answer, "6").node).toBe(`${GB300_26_16}.unit_cost.delivered.total`);
	});

	it("holds a node for every quantity that names one, over all rows of the catalogue", () => {
		const answer = all();
		expect(quantitiesIn(answer.result).filter(({ quantity }) => quantity.node !== undefined).length).toBeGreaterThan(
			500,
		);
		expect(bareLeaves(answer)).toEqual([]);
	});
});

describe("a plan over years", () => {
	const answer = plan(catalogue, exampleScenario("five-years.yaml"), asking("plan"), { rows: sixRows(), draws: 64 });

	it("has fleets as without a horizon, and years, value and payback beside them", () => {
		const { result } = answer;
		expect(result.options.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(result.years?.map(({ year }) => year)).toEqual([0, 1, 2, 3, 4, 5]);
		expect(result.npv).toMatchObject({ unit: "USD", state: "modelled" });
		expect(result.payback?.unit).toBe("month");
		expect(all().result).not.toHaveProperty("years");
	});

	it("opens every number of both parts from one graph", () => {
		const kept = saved(answer);
		for (const name of ["1", `${answer.result.strategy}.npv`, "own.year_5.unit_cost.delivered", "stage.pilot.people"])
			expect(whyNode(kept, name).inputs.length).toBeGreaterThan(0);
		const nodes = quantitiesIn(answer.result).flatMap(({ quantity }) => quantity.node ?? []);
		const there = new Set(kept.graph?.nodes.map(({ id }) => id));
		const told = nodes.filter((node) => !there.has(node));
		expect(told).toContain("crossover.1.volume");
		for (const node of told) expect(whyNode(kept, node).inputs.length, node).toBeGreaterThan(0);
	});

	it("tells of draws: each way's chances, and fans by month whose last month is that of the year", () => {
		const { uncertainty, strategies = [] } = answer.result;
		const best = uncertainty?.chances.filter(({ of }) => of === "best") ?? [];
		expect(best).toHaveLength(strategies.length);
		// two ways may come to the same in a draw: then both are the best
		expect(best.reduce((sum, { probability }) => sum + probability, 0)).toBeGreaterThanOrEqual(1);
		for (const { p10, p50, p90 } of uncertainty?.fans ?? []) {
			expect(p50).toHaveLength(61);
			p50.forEach((middle, t) => {
				expect(p10[t]).toBeLessThanOrEqual(middle);
				expect(p90[t]).toBeGreaterThanOrEqual(middle);
			});
		}
	});
});

const text = `version: 1
name: test
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: {tokens_per_day: 5B}
cost: {card: {id: "2026-07", tier: own_neocloud}}
`;

function volumeOf(volume: string, over: Record<string, string | number | boolean> = {}): Envelope<PlanResult> {
	const scenario = exampleScenario("prototype-to-5b.yaml", { ...byDay, "demand.tokens_per_day": volume, ...over });
	return plan(catalogue, scenario, asking("plan"), { rows: sixRows() });
}

function all(): Envelope<PlanResult> {
	return plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"));
}

function optionOf({ result }: Envelope<PlanResult>, id: string): PlanOption {
	return result.options.find((option) => option.id === id) as PlanOption;
}

function threeDigits(value: number | undefined): number {
	return Math.round((value as number) * 1000) / 1000;
}
