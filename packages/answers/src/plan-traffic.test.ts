import { replicasForWait } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, refusal, rowList, scenarioOf } from "../test-support/questions.ts";
import type { PlanOption, PlanResult } from "./plan-result.ts";
import { plan } from "./whole-plan.ts";
import { scenarioRates } from "./rates.ts";
import { simulateScenario } from "./simulate.ts";
import { daySlice, peakSeconds } from "./sizing/simulated.ts";

/** One TensorRT-LLM row of the worked example. */
const rows = rowList("version: 1\nrows: [{id: ix-255cede9}]\n");

const OWNED = 'card: {id: "2026-07", tier: own_neocloud}';
const HOURLY = "rates: {b200-sxm: 2.07 USD/GPU-hr}";

function scenario(traffic: string, more = "", cost = OWNED, demand = "2B") {
	return scenarioOf(
		[
			"version: 1",
			"name: traffic",
			"model: deepseek-r1",
			"workload: {input: 8192, output: 1024}",
			`demand: {tokens_per_day: ${demand}, peak_to_mean: 2.0}`,
			`cost: {${cost}}`,
			...(traffic === "" ? [] : [`traffic: ${traffic}`]),
			more,
		].join("\n"),
	);
}

function planned(
	traffic: string,
	more = "",
	cost = OWNED,
	demand = "2B",
): { readonly result: PlanResult; readonly option: PlanOption; readonly codes: readonly string[] } {
	const { result, warnings } = plan(catalogue, scenario(traffic, more, cost, demand), asking("plan"), { rows });
	return { result, option: result.options[0] as PlanOption, codes: warnings.map(({ code }) => code) };
}

const SCALED =
	"{burstiness: 1, length_spread: 0.3, within_limits: 95%, autoscaler: {start: 5 minutes}, failures: {between: 10 days, repair: 6 hours}}";

const sum = (option: PlanOption): number => option.bridge.reduce((total, { delta }) => total + (delta.value ?? 0), 0);
const causes = (option: PlanOption): string[] => option.bridge.map(({ cause }) => cause);

describe("what is simulated of much traffic", () => {
	const busy = (demand: string) => scenario("{burstiness: 1}", "", OWNED, demand);

	it("is the whole busiest hour, or the stretch that has enough requests, five minutes at least", () => {
		expect(peakSeconds(busy("2B"))).toBe(3600);
		// 9,216 tokens a request, twice the mean: 251.2 requests a second, 150,000 of them in 598 s.
		expect(peakSeconds(busy("100B"))).toBe(598);
		expect(peakSeconds(busy("1T"))).toBe(300);
	});

	it("is a day of all replicas, or of a slice that serves half a million requests, twenty at least", () => {
		const slice = (demand: string, replicas: number): number => {
			const asked = busy(demand);
			if (asked.traffic === undefined) throw new Error("no traffic");
			const rates = scenarioRates(catalogue, asked, catalogue.releaseDate);
			const question = {
				catalogue,
				scenario: asked,
				traffic: asked.traffic,
				rates,
				asOf: catalogue.releaseDate,
				seed: 1,
			};
			return daySlice(question, replicas);
		};
		expect(slice("2B", 8)).toBe(8);
		// 10.85 million requests a day: 500,000 of them on 46 of 1,000 replicas.
		expect(slice("100B", 1000)).toBe(46);
		expect(slice("100B", 100)).toBe(20);
		expect(slice("100B", 8)).toBe(8);
	});
});

describe("a plan with traffic", () => {
	it("confirms the fleet by simulation: the fewest replicas that keep the limits", () => {
		const { option } = planned("{burstiness: 1}");
		expect(option.sizing).toMatchObject({ by: "simulation", paid_share: 1 });
		expect(option.sizing?.within_limits).toBeGreaterThanOrEqual(0.99);
		expect(option.replicas).toBe((option.sizing?.replicas ?? 0) + 1);
		expect(option.sizing?.replicas).toBeGreaterThanOrEqual(Math.ceil(option.sizing?.throughput_replicas ?? 0));
		// Seen from the other side: the same busiest hour on one replica fewer than throughput asks for is saturated.
		const few = Math.max(1, Math.floor((option.sizing?.throughput_replicas ?? 0) * 0.8));
		const starved = simulateScenario(catalogue, scenario("{burstiness: 1}"), asking("simulate"), {
			rows,
			replicas: few,
			hours: 1,
		});
		expect(starved.result.saturated).toBe(true);
	});

	it("bridges load shape, headroom, failures and autoscaling, and the causes sum to the cost", () => {
		const { option } = planned(SCALED, "", HOURLY, "800M");
		expect(causes(option)).toEqual(expect.arrayContaining(["load shape", "failures", "autoscaling"]));
		expect(causes(option)).not.toContain("peak sizing");
		expect((option.headline.value ?? 0) + sum(option)).toBeCloseTo(option.delivered.value ?? 0, 12);
		expect(option.sizing?.paid_share).toBeLessThan(1);
		expect(option.sizing?.within_limits_day).toBeGreaterThanOrEqual(0.95);
		expect(option.bridge.find(({ cause }) => cause === "autoscaling")?.delta.value).toBeLessThan(0);
		expect(option.utilization_by_hour).toBeUndefined();
		// The bill by hand: what is needed of the GPUs, at the rate, and utilisation against what is paid for.
		const paid = option.gpus * (option.sizing?.paid_share ?? 0);
		expect(option.bill.per_day.value).toBeCloseTo(paid * 2.07 * 24, 6);
		const served = 8e8 / 86_400 / (paid * option.deployment.tokens_per_gpu_second);
		expect(option.utilization.value).toBeCloseTo(served, 9);
		// The day was simulated on what is paid for, with settings that were looked for and are stated.
		expect(option.sizing?.autoscaler).toMatchObject({ search: "complete" });
		expect(option.sizing?.autoscaler?.days_simulated).toBeGreaterThan(1);
		expect(option.replicas).toBe((option.sizing?.replicas ?? 0) + (option.sizing?.spare_replicas ?? 0));
	});

	it("has enough replicas up at the stated availability, of which N+1 is the first", () => {
		const failing = (availability: string, more = ""): PlanOption =>
			planned(`{availability: ${availability}, failures: {between: 30 days, repair: 4 hours}}`, more).option;
		const calm = planned("{burstiness: 1}").option;
		const usual = failing("99%");
		expect(usual.replicas).toBe(calm.replicas);
		expect(usual.sizing).toMatchObject({ spare_replicas: 1, failure_spares: 1 });
		expect(usual.bridge.find(({ cause }) => cause === "failures")?.delta.value).toBe(0);
		const strict = failing("99.999%");
		expect(strict.sizing?.failure_spares).toBeGreaterThan(1);
		expect(strict.replicas).toBe((strict.sizing?.replicas ?? 0) + (strict.sizing?.failure_spares ?? 0));
		expect(strict.sizing?.enough_up).toBeGreaterThanOrEqual(0.99999);
		expect((strict.headline.value ?? 0) + sum(strict)).toBeCloseTo(strict.delivered.value ?? 0, 12);
		// Without N+1 the same spares are the failures' own step.
		const own = failing("99%", "redundancy: {spare_replicas: 0}");
		expect(own.gpus).toBe(usual.gpus);
		expect(causes(own)).not.toContain("N+1");
		expect(own.bridge.find(({ cause }) => cause === "failures")?.delta.value).toBeGreaterThan(0);
		// Availability of a replica under `redundancy` is the same thing said otherwise.
		const said = planned("{burstiness: 1}", "redundancy: {spare_replicas: 0, availability: 99.4475%}").option;
		expect(said.sizing?.enough_up).toBeCloseTo(own.sizing?.enough_up ?? 0, 6);
	});

	it.each([
		["an owner", OWNED, /owner/],
		["a three-year contract", 'card: {id: "2026-07", tier: rent_3yr}', /three-year contract/],
	])("refunds nothing of machines that %s pays for", (_, cost, reason) => {
		const { option, codes } = planned(SCALED, "", cost);
		const still = planned(SCALED.replace("autoscaler: {start: 5 minutes}, ", ""), "", cost).option;
		expect(causes(option)).not.toContain("autoscaling");
		expect(still.sizing?.paid_share_reason).toMatch(/no autoscaler/);
		expect(option.sizing).toMatchObject({ paid_share: 1, paid_share_reason: expect.stringMatching(reason) });
		expect(option.sizing?.needed_share).toBeLessThan(1);
		expect(codes).toContain("autoscaler-saves-nothing");
		expect(option.bill).toEqual(still.bill);
		expect(option.delivered.value).toBe(still.delivered.value);
		expect(option.utilization.value).toBe(still.utilization.value);
		// Every GPU all day: GPUs × the rate, which the headline tells, × 24 hours.
		const speed = option.deployment.tokens_per_gpu_second;
		const rate = ((option.headline.value ?? 0) * speed * 3600) / 1e6;
		expect(option.bill.per_day.value).toBeCloseTo(option.gpus * rate * 24, 6);
		expect(option.utilization_by_hour).toBeDefined();
	});

	it("states break-even volumes by sizing again at each: the cost of a plan's estimate there", () => {
		const { result, option } = planned("{burstiness: 2, length_spread: 0.3}");
		expect(result.volumes.sized_by).toBe("queueing-estimate");
		expect(result.volumes.tokens_per_day.at(-1)).toBe(1e12);
		const [lowest, median] = result.api;
		for (const offer of [lowest, median]) {
			expect(offer?.state).toBe("reached");
			expect(offer?.self_hosting_cheaper_from?.grade).toBeDefined();
		}
		expect(lowest?.self_hosting_cheaper_from?.value as number).toBeGreaterThan(
			median?.self_hosting_cheaper_from?.value as number,
		);
		// By hand at 10 billion a day: the estimate's replicas and one spare, whole hosts of 8, at the rate the headline tells.
		const i = result.volumes.tokens_per_day.indexOf(1e10);
		const { tokens_per_gpu_second: speed, gpus_per_replica: size, concurrency } = option.deployment;
		const replicas = replicasForWait({
			requestsPerSecond: (2 * 1e10) / 86_400 / 9216,
			replicaRequestsPerSecond: (speed * size) / 9216,
			places: concurrency,
			waitSeconds: 5 - (option.deployment.ttft_median_s ?? 0),
			mayExceed: 0.01,
			arrivalVariation: 2,
			serviceVariation: 0.3,
		});
		const gpus = Math.ceil(((replicas + 1) * size) / 8) * 8;
		const rate = (option.headline.value ?? 0) * speed * 86_400;
		expect(result.volumes.delivered[option.id]?.[i]).toBeCloseTo((gpus * rate) / 1e10, 6);
	});

	it("adds up from left to right to the last bit, even where the way leads through far more", () => {
		// Back to less than half in the last step: no doubles need add up to the last bit of the delivered cost.
		const { result } = plan(
			catalogue,
			scenarioOf(
				[
					"version: 1",
					"name: bursty-chat",
					"model: deepseek-r1",
					"workload: {input: 8192, output: 1024}",
					"demand: {tokens_per_day: 500M, peak_to_mean: 4.0}",
					"cost: {rates: {b200-sxm: 2.07 USD/GPU-hr}}",
					"traffic: {burstiness: 2, length_spread: 0.3, within_limits: 90%, autoscaler: {start: 5 minutes, target: 80%, interval: 60 s, fewest: 1}, failures: {between: 30 days, repair: 4 hours}}",
				].join("\n"),
			),
			asking("plan"),
			{ rows: rowList("version: 1\nrows: [{id: ix-573a9ec2}]\n") },
		);
		for (const { headline, bridge, delivered } of result.options) {
			const end = bridge.reduce((total, { delta }) => total + (delta.value as number), headline.value as number);
			expect(end).toBe(delivered.value);
		}
		expect(result.options).toHaveLength(1);
		const [option] = result.options as [PlanOption];
		expect(option.sizing?.paid_share).toBeLessThan(0.5);
		expect(option.sizing?.autoscaler).toMatchObject({ target: 0.8, interval_s: 60, fewest: 1, days_simulated: 1 });
	});

	it("warns of a floor that the fleet never stands above, and says where a wrong shape is named", () => {
		const floor = planned("{within_limits: 90%, autoscaler: {start: 5 minutes, fewest: 100}}", "", OWNED, "100M");
		expect(floor.codes).toContain("autoscaler-floor-above-fleet");
		expect(floor.option.sizing?.autoscaler?.fewest).toBe(floor.option.replicas);
		expect(refusal(() => planned("{shape: nobody}"))).toMatchObject({
			code: "unknown-traffic-shape",
			detail: { field: "traffic.shape", line: 7 },
		});
	});

	it("says that fleets for more requests than can be simulated are estimated alone", () => {
		const { option, codes } = planned("{burstiness: 1}", "", OWNED, "10T");
		expect(codes).toContain("estimate-only");
		expect(option.sizing?.by).toBe("queueing-estimate");
	});

	it("needs no fewer replicas for wilder traffic or a stricter share", () => {
		const calm = planned("{burstiness: 0.5}").option;
		const wild = planned("{burstiness: 4, length_spread: 0.5}").option;
		expect(wild.replicas).toBeGreaterThanOrEqual(calm.replicas);
	});

	it("leaves out what never keeps a limit, with the reason", () => {
		// Prompts of such spread take longer than that by themselves, on however many replicas.
		const run = (): PlanResult =>
			planned("{length_spread: 1.5, within_limits: 99.9%}", "slo: {ttft: 2 s}", OWNED, "400M").result;
		expect(run).toThrow(
			/no fleet of it was found .*the search stopped at \d+ replicas, which keep them for \d[\d.]*% of requests/,
		);
	});

	it("searches on where the estimate is far too low, as for wild bursts", () => {
		// At 14 replicas 99.2% of requests keep them; the queueing estimate asks for 4.
		const { sizing } = planned("{burstiness: 10}", "", OWNED, "400M").option;
		expect(sizing?.within_limits).toBeGreaterThanOrEqual(0.99);
		expect(sizing?.replicas).toBeGreaterThan(2 * (sizing?.estimated_replicas ?? 0) + 1);
	});

	it("simulates replicas that are asked for although no fleet keeps the limits", () => {
		const asked = scenario("{length_spread: 1.5, within_limits: 99.9%}", "slo: {ttft: 2 s}", OWNED, "400M");
		const run = (options: object) =>
			simulateScenario(catalogue, asked, asking("simulate"), { rows, hours: 0.2, ...options });
		expect(() => run({})).toThrow(/no fleet of it was found/);
		const { result, warnings } = run({ replicas: 3 });
		expect(result.fleet.replicas).toBe(3);
		expect(result.fleet.planned_replicas).toBeUndefined();
		expect(result.good_share).toBeLessThan(0.999);
		expect(warnings.map(({ code }) => code)).toContain("no-planned-fleet");
	});

	it("says that growth changes no fleet", () => {
		const [still, growing] = [
			planned("{burstiness: 1}", "", OWNED, "100M"),
			planned("{growth: 50%}", "", OWNED, "100M"),
		];
		expect(growing.codes).toContain("growth-not-sized");
		expect(still.codes).not.toContain("growth-not-sized");
		expect(growing.option.replicas).toBe(still.option.replicas);
	});

	it("leaves plans without traffic as they are", () => {
		const { option } = planned("");
		expect(option.sizing).toBeUndefined();
		expect(causes(option)).toContain("peak sizing");
		// The worked example: 0.517 with whole replicas and a spare.
		expect(option.delivered.value).toBeGreaterThan(0.4);
	});
});

describe("utilisation", () => {
	it("is told beside the busy share in plan and simulation alike, and means the same in both", () => {
		// Of a whole day at a steady rate on the planned fleet, the load is what the plan says, but for the requests under way at its end.
		const asked = scenarioOf(
			[
				"version: 1",
				"name: level",
				"model: deepseek-r1",
				"workload: {input: 8192, output: 1024}",
				"demand: {tokens_per_day: 400M, peak_to_mean: 1}",
				`cost: {${OWNED}}`,
				"traffic: {burstiness: 1, failures: {between: 10 days, repair: 6 hours}}",
			].join("\n"),
		);
		const { options } = plan(catalogue, asked, asking("plan"), { rows, top: 1 }).result;
		const { utilization, sizing } = options[0] as PlanOption;
		const { result } = simulateScenario(catalogue, asked, asking("simulate"), { rows, hours: 24 });
		expect((result.load_share as number) / (utilization.value as number)).toBeCloseTo(1, 1);
		// A batch that is not full takes steps too.
		expect(sizing?.busy_share).toBeGreaterThan((sizing?.throughput_replicas ?? 1) / (sizing?.replicas ?? 1));
		expect(result.utilization.value).toBeGreaterThan(result.load_share as number);
		// The planned fleet, spares and failures included, keeps what it was sized to.
		expect(result.fleet.replicas).toBe(options[0]?.replicas);
		expect(result.good_share).toBeGreaterThanOrEqual(0.99);
		const all = Object.values(result.gpu_seconds).reduce((sum, { value }) => sum + (value ?? 0), 0);
		expect((result.gpu_seconds["failed"]?.value ?? 0) / all).toBeLessThan(0.1);
	});

	it("is a result with its range over the day", () => {
		const { options } = plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"), {
			rows,
			top: 1,
		}).result;
		const { utilization, utilization_by_hour: hours } = options[0] as PlanOption;
		expect(hours?.highest.value).toBeCloseTo(2 * (utilization.value ?? 0), 9);
		expect(hours?.lowest.value).toBeCloseTo(0, 9);
		expect(hours?.highest.value).toBeLessThanOrEqual(1);
	});

	it("is marked where it is stated, and has no range then", () => {
		const stated = plan(catalogue, scenario("{burstiness: 1}", "utilisation: 60%"), asking("plan"), { rows });
		expect(stated.result.utilization_overridden).toBe(true);
		expect(stated.warnings.map(({ code }) => code)).toContain("utilization-overridden");
		expect(stated.result.options[0]?.utilization_by_hour).toBeUndefined();
		expect(stated.result.options[0]?.sizing).toBeUndefined();
	});
});
