import { describe, expect, it } from "vitest";
import { asking, benchmarkRow, catalogue, refusal, scenarioOf } from "../test-support/questions.ts";
import { plan } from "./whole-plan.ts";
import type { OneLoad, SharingAnswer } from "./plan-sharing.ts";
import { planSharing } from "./plan-sharing.ts";
import { scenarioRates } from "./rates.ts";
import { sharedHours } from "./sharing/hours.ts";

const SUPPLY = "{hardware: b200, stack: tensorrt-llm, precision: fp4}";

const text = (models: readonly string[], demand = "400M", supply = SUPPLY) =>
	[
		"version: 1",
		"name: sharing",
		"model: deepseek-r1",
		"workload: {input: 8192, output: 1024}",
		`demand: {tokens_per_day: ${demand}, peak_to_mean: 2.0}`,
		`supply: ${supply}`,
		"cost: {rates: {b200: 2 USD/GPU-hr}}",
		"traffic: {burstiness: 1, within_limits: 90%}",
		"models:",
		...models.map((model) => `  - {${model}}`),
	].join("\n");

const CHAT = "name: chat, model: deepseek-r1, share: 60%";
const NIGHTLY = "name: nightly, model: deepseek-r1, share: 40%, waits: 24 hours";

function sharingOf(models: readonly string[], demand?: string, option?: OneLoad, supply?: string): SharingAnswer {
	const scenario = scenarioOf(text(models, demand, supply));
	const rates = scenarioRates(catalogue, scenario, catalogue.releaseDate);
	const found = planSharing(catalogue, scenario, rates, catalogue.releaseDate, 1, undefined, option);
	if (found === undefined || "reason" in found) throw new Error(found?.reason ?? "no loads");
	return found.answer;
}

describe("loads that share machines", () => {
	it("has a batch behind the interactive load of its model: limits kept, batch done in time, money by hand", () => {
		const { loads, together, separate, saved } = sharingOf([CHAT, NIGHTLY]);
		const [chat, nightly] = loads;
		expect(chat?.within_limits).toBeGreaterThanOrEqual(0.9);
		expect(nightly).toMatchObject({ behind: "chat", waits_s: 86_400 });
		expect(nightly?.longest_s).toBeLessThanOrEqual(86_400);
		const bill = together.gpus * 2 * 24;
		expect(together.bill_per_day.value).toBeCloseTo(bill, 9);
		const apart = loads.reduce((sum, { alone }) => sum + alone.gpus, 0);
		expect(separate.gpus).toBe(apart);
		expect(saved.bill_per_day.value).toBeCloseTo(apart * 2 * 24 - bill, 9);
		expect(together.delivered.value).toBeCloseTo(bill / 400, 9);
		// A spare of each load's own is saved at the least.
		expect(together.gpus).toBeLessThan(separate.gpus);
		expect(together.busy_share).toBeGreaterThan(0);
		expect(together.busy_share).toBeLessThan(1);
	});

	it("is held to one fleet for all as one load where that is cheaper than fleets apart", () => {
		const option = { row: "one", gpus: 1, bill: 48 };
		const {
			as_one_load: one,
			saved,
			saved_over_one_load: over,
			separate,
			together,
			cheapest,
		} = sharingOf([CHAT, NIGHTLY], undefined, option);
		expect(one).toMatchObject({ gpus: 1, bill_per_day: { value: 48 } });
		// What sharing saves is told against fleets apart whatever one load would cost, and that beside it.
		expect(saved.bill_per_day.value).toBeCloseTo((separate.gpus - together.gpus) * 48, 9);
		expect(saved.share.value).toBeCloseTo(1 - together.gpus / separate.gpus, 9);
		expect(over?.bill_per_day.value).toBeCloseTo(48 - together.gpus * 48, 9);
		expect(over?.share.value).toBeCloseTo(1 - together.gpus, 9);
		expect(cheapest).toMatchObject({ arrangement: "as_one_load", gpus: 1, bill_per_day: { value: 48 } });
	});

	it("has interactive loads of one model on the same replicas, fewer than for each of them, and never more than fleets apart", () => {
		const alike = ["name: chat, model: deepseek-r1, share: 55%", "name: code, model: deepseek-r1, share: 45%"];
		const { loads, together, separate, shared, cheapest } = sharingOf(alike, "1B");
		const [chat, code] = loads;
		expect(code).toMatchObject({ with: "chat" });
		expect(shared[0]).toBe("replicas of chat: chat, code");
		for (const { within_limits: within } of loads) expect(within).toBeGreaterThanOrEqual(0.9);
		expect(code?.replicas).toEqual(chat?.replicas);
		expect(together.gpus).toBeLessThan(separate.gpus);
		expect(cheapest.bill_per_day.value).toBeLessThanOrEqual(separate.bill_per_day.value as number);
	});

	it("hands machines from one load to another by the hour, where they are busy at other hours", () => {
		const both = [
			CHAT,
			"name: far, model: glm-5, share: 40%, busiest_hour: 2, slo: {tokens_per_s_per_user: 20, ttft: 60 s, ttft_unknown: accept}",
		];
		const { loads, together, separate, shared } = sharingOf(both, "2B", undefined, "{hardware: b200, stack: sglang}");
		expect(shared[0]).toBe("GPUs of b200-sxm, from hour to hour: chat, far");
		for (const { replicas, within_limits: within } of loads) {
			expect(replicas.fewest).toBeLessThan(replicas.most);
			expect(within).toBeGreaterThanOrEqual(0.9);
		}
		expect(together.gpus).toBeLessThanOrEqual(separate.gpus);
	});

	it("names the place of a load whose model nobody knows", () => {
		expect(refusal(() => sharingOf([CHAT, "name: b, model: nonsense, share: 40%"]))).toMatchObject({
			code: "unknown-model",
			detail: { line: 11 },
		});
	});

	it("is part of a plan, which says what its options are of", () => {
		const { result, warnings } = plan(catalogue, scenarioOf(text([CHAT, NIGHTLY], "100M")), asking("plan"));
		expect(result.sharing).toMatchObject({ hardware: "b200-sxm", by: "simulation" });
		expect(warnings.map(({ code }) => code)).toContain("options-of-one-load");
		const alone = plan(
			catalogue,
			scenarioOf(text([CHAT, NIGHTLY], "100M").split("\nmodels")[0] as string),
			asking("plan"),
		);
		expect(alone.result.sharing).toBeUndefined();
		expect(alone.result.options.map(({ delivered }) => delivered.value)).toEqual(
			result.options.map(({ delivered }) => delivered.value),
		);
	});
});

describe("the hours of a shared fleet", () => {
	const point = benchmarkRow("ix-84573640");
	const size = point.gpus as number;
	const day = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 1 : 5));

	it("is as large as the fullest hour, and larger where a batch does not get done in what is left", () => {
		const interactive = { point, needed: day, work: day.map((replicas) => replicas * 0.8) };
		// 12 hours of 4 replicas left over do 48 · 0.95 replica-hours.
		const small = { point, work: day.map(() => 1.8) };
		const large = { point, work: day.map(() => 2) };
		expect(sharedHours([interactive, small], 0)?.gpus).toBe(5 * size);
		const more = sharedHours([interactive, large], 0);
		expect(more?.gpus).toBe(6 * size);
		expect(more?.replicas[1]).toEqual(day.map((replicas) => 6 - replicas));
	});

	it("counts what an interactive load leaves of its own replicas to a batch behind it", () => {
		const interactive = { point, needed: day, work: day.map((replicas) => replicas * 0.5) };
		const behind = { point, work: day.map(() => 3), host: 0 };
		const shares = sharedHours([interactive, behind], 0);
		expect(shares?.gpus).toBe(5 * size);
		expect(shares?.replicas).toEqual([day.map(() => 5), day.map(() => 0)]);
	});
});
