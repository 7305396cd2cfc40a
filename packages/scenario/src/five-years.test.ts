import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseScenario } from "./parse-scenario.ts";
import type { FiveYears } from "./five-years.ts";

const base = `version: 1
name: years
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: {tokens_per_day: 5B}
cost:
  card: {id: "2026-09", tier: rent_3yr}
`;
const years = `${base}start: 2026-12-01
horizon: 5 years
finance: {discount_rate: 8%}
strategies:
  own: {assumptions: neocloud}
`;

describe("the years of a scenario", () => {
	it("reads the example", () => {
		const file = readFileSync(new URL("../../../scenarios/five-years.yaml", import.meta.url), "utf8");
		const { months, demand, strategies, facility } = yearsOf(file);
		expect(months).toBe(60);
		expect(demand.steps.map(({ fromMonth }) => fromMonth)).toEqual([8, 26]);
		expect(strategies.rent?.pricePath.map(({ fromMonth, falls }) => [fromMonth, falls])).toEqual([
			[1, true],
			[19, false],
			[31, true],
		]);
		expect(strategies.own).toMatchObject({ lifeMonths: 60, leadMonths: 4, buy: true });
		expect(strategies.own?.pricePath).toMatchObject([{ fromMonth: 1, falls: true }]);
		expect(facility.sitePower?.distribution).toEqual({ kind: "point", value: 4e6 });
	});

	it("is absent from a scenario that gives no horizon", () => {
		expect(scenarioOf(base).fiveYears).toBeUndefined();
		expect(scenarioOf(base)).not.toHaveProperty("fiveYears");
	});

	it("counts dates from the start, and takes numbers of months as they are", () => {
		const path = "demand: {tokens_per_day: 5B, path: [{at: 2, tokens_per_day: 6B}, {at: 2027-12, tokens_per_day: 7B}]}";
		expect(
			yearsOf(years.replace("demand: {tokens_per_day: 5B}", path)).demand.steps.map(({ fromMonth }) => fromMonth),
		).toEqual([2, 13]);
	});

	it.each<[string, string, string]>([
		["no horizon", `${base}finance: {discount_rate: 8%}\n`, "horizon is missing"],
		["no finance", `${base}horizon: 5 years\nstrategies: {api: {host: median}}\n`, "finance is missing"],
		["no strategies", `${base}horizon: 5 years\nfinance: {discount_rate: 8%}\n`, "strategies is missing"],
		["models that share nothing", `${base}models: [{model: deepseek-r1, share: 100%}]\n`, "horizon is missing"],
		[
			"loads of a day that are not all of it",
			`${base}traffic: {burstiness: 1}\nmodels: [{model: deepseek-r1, share: 60%}, {name: b, model: deepseek-r1, share: 30%, waits: 1 day}]\n`,
			"sum to 90%",
		],
		["growth without a horizon", base.replace("5B}", "5B, growth: 3%}"), "horizon is missing"],
		["half a month", years.replace("5 years", "2.3 months"), "whole number of months"],
		[
			"a date without a start",
			years.replace("start: 2026-12-01\n", "").replace("5B}", "5B, path: [{at: 2027-07, tokens_per_day: 6B}]}"),
			"start is missing",
		],
		["no month", years.replace("5B}", "5B, path: [{at: soon, tokens_per_day: 6B}]}"), "no month of the plan"],
	])("refuses %s", (_, text, message) => {
		expect(
			issuesOf(text)
				.map((issue) => issue.message)
				.join("\n"),
		).toContain(message);
	});

	// Two lines each: where the first stands, where the second.
	it.each<[string, string, number, number]>([
		[
			"growth without supply",
			years
				.replace("5B}", "5B, growth: 3%}")
				.replace(
					"{assumptions: neocloud}",
					"\n    existing: {gpus: 64, value: 12k USD/GPU, life_left: 2 years}\n    buy: false",
				),
			5,
			14,
		],
		[
			"a step up without supply",
			years
				.replace("5B}", "5B, path: [{at: 7, tokens_per_day: 9B}]}")
				.replace(
					"{assumptions: neocloud}",
					"\n    existing: {gpus: 64, value: 12k USD/GPU, life_left: 2 years}\n    buy: false",
				),
			5,
			14,
		],
		["a burst below the base", `${years}  hybrid:\n    base_level: 2\n    burst_level: 1.5\n`, 14, 15],
		[
			"a lease that is paid in cash",
			`${years}facility:\n  space:\n    leased: {rent: 130 USD/kW/month}\n  paid_in_cash: true\n`,
			15,
			16,
		],
		["debt over cost", years.replace("8%}", "8%, debt: {share: 120%, interest: 10%, term: 4 years}}"), 12, 10],
		[
			"a lease and a shell for the same kW",
			`${years}facility:\n  space:\n    owned: {build_cost: 11.5 USD/W, life: 15 years, cost_of_capital: 7%}\n    leased: {rent: 130 USD/kW/month}\n`,
			15,
			16,
		],
		[
			"a reserved term longer than the horizon",
			`${years}  rent: {reserved: {rate: 2 USD/GPU-hr, share: 70%, term: 6 years}}\n`,
			9,
			13,
		],
		["a step before the start", years.replace("5B}", "5B, path: [{at: 2026-07, tokens_per_day: 6B}]}"), 8, 5],
		["a step after the horizon", years.replace("5B}", "5B, path: [{at: 61, tokens_per_day: 6B}]}"), 9, 5],
		[
			"steps that run back",
			years.replace(
				"demand: {tokens_per_day: 5B}",
				"demand:\n  tokens_per_day: 5B\n  path:\n    - {at: 7, tokens_per_day: 6B}\n    - {at: 3, tokens_per_day: 7B}",
			),
			8,
			9,
		],
		[
			"one decline beside regimes",
			`${years}  api:\n    price_decline: 10%\n    price_path: [{at: 1, decline: 10%}]\n`,
			14,
			15,
		],
		[
			"a machine that arrives when its life is over",
			years.replace(
				"{assumptions: neocloud}",
				"\n    assumptions: neocloud\n    life: 1 year\n    lead_time: 12 months",
			),
			14,
			15,
		],
	])("refuses %s, with the two lines", (_, text, first, second) => {
		const [issue, ...more] = issuesOf(text);
		expect(more).toEqual([]);
		expect(issue).toMatchObject({ code: "contradiction", line: second, related: [{ line: first }] });
		expect(issue?.message).toContain(`line ${first}`);
		expect(issue?.message).toContain(`line ${second}`);
	});
});

function scenarioOf(text: string) {
	const parsed = parseScenario(text, { file: "s.yaml" });
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues, undefined, 1));
	return parsed.scenario;
}

function yearsOf(text: string): FiveYears {
	return scenarioOf(text).fiveYears as FiveYears;
}

function issuesOf(text: string) {
	const parsed = parseScenario(text, { file: "s.yaml" });
	if (parsed.ok) throw new Error("it was accepted");
	return parsed.issues;
}
