import { modelFromJson, quantile, sample } from "@farthing/engine";
import { parsePolicies } from "@farthing/scenario";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, refusal, saved, scenarioOf, sixRows } from "../test-support/questions.ts";
import { check } from "./check.ts";
import { plan } from "./whole-plan.ts";
import { planYears } from "./plan-years.ts";

const ranges = { "demand.tokens_per_day": "3B to 8B", "demand.peak_to_mean": "1.5 to 3" };
const planned = saved(
	plan(catalogue, exampleScenario("prototype-to-5b.yaml", ranges), asking("plan"), { rows: sixRows() }),
);
const cost = "unit_cost.delivered.total";

const ask = (...rules: string[]) => {
	const text = `version: 1\npolicies:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`;
	const parsed = parsePolicies("p.yaml", text);
	if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
	return check(planned, { policies: parsed.policies }, asking("check")).result;
};
const stateOf = (rule: string) => ask(rule).policies[0]?.state;

describe("check", () => {
	const [option] = (planned.result as { options: { delivered: { value: number; node: string; p90: number } }[] })
		.options;
	if (option === undefined) throw new Error("the plan has no option");
	const { value, node, p90 } = option.delivered;

	it("holds the number itself against its limit, equal being kept", () => {
		expect(stateOf(`${cost} <= ${value * 1.001} USD/Mtok`)).toBe("pass");
		expect(stateOf(`${cost} <= ${value} USD/Mtok`)).toBe("pass");
		expect(stateOf(`${cost} < ${value} USD/Mtok`)).toBe("fail");
		expect(stateOf(`${cost} <= ${value * 0.999} USD/Mtok`)).toBe("fail");
		expect(stateOf(`${cost} >= ${value * 1.001} USD/Mtok`)).toBe("fail");
	});

	it("reads the limit in any spelling of the unit", () => {
		expect(stateOf(`${cost} <= ${value * 100.1} ¢/Mtok`)).toBe("pass");
		expect(ask(`${cost} <= 75 ¢/Mtok`).policies[0]?.limit).toEqual({ value: 0.75, unit: "USD/Mtok" });
	});

	it("draws quantiles as the plan does", () => {
		const found = ask(`p90(${cost}) <= 9 USD/Mtok`).policies[0];
		expect(found?.value.value).toBeCloseTo(p90, 12);
		const { model } = modelFromJson(planned.graph as never);
		const draws = sample(model, { draws: 4096, seed: 1, keep: [node] }).values.get(node) as Float64Array;
		expect(ask(`p75(${cost}) <= 9 USD/Mtok`).policies[0]?.value.value).toBeCloseTo(quantile(draws, 0.75) * 1e6, 12);
		const kept = draws.filter((x) => x * 1e6 <= value).length / draws.length;
		expect(ask(`chance(${cost} <= ${value} USD/Mtok) >= 10%`).policies[0]?.chance?.is).toBeCloseTo(kept, 2);
	});

	it("takes a grade that is as good or better", () => {
		expect(ask(`grade(${cost}) >= B`).policies[0]).toMatchObject({ state: "pass", grade: { is: "B", least: "B" } });
		expect(stateOf(`grade(${cost}) >= A`)).toBe("fail");
		expect(stateOf(`grade(${cost}) >= E`)).toBe("pass");
	});

	it("counts what is kept and what is not, with names and places", () => {
		const found = ask(`{name: dear, rule: ${cost} <= 0.01 USD/Mtok}`, `${cost} <= 9 USD/Mtok`);
		expect(found).toMatchObject({ passed: 1, failed: 1 });
		expect(found.policies[0]).toMatchObject({ name: "dear", state: "fail", at: "p.yaml:3:24" });
	});

	it("keeps no policy on what is not reached, and knows the best way's numbers by their short names", () => {
		const years = scenarioOf(`version: 1
name: years
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: {tokens_per_day: 5B}
cost: {card: {id: "2026-09", tier: rent_3yr}}
horizon: 1 year
finance: {discount_rate: 8%}
strategies: {rent: {}, hardware: b200}
revenue: {input: 0.01 USD/Mtok, output: 0.01 USD/Mtok}
policies:
  - payback <= 36 months
  - levelised <= 100 USD/Mtok
`);
		const answer = saved(planYears(catalogue, years, asking("plan"), { rows: sixRows() }));
		const { policies } = check(answer, { policies: years.policies ?? [] }, asking("check")).result;
		expect(policies.map(({ of, state }) => [of, state])).toEqual([
			["rent.payback", "fail"],
			["rent.levelised", "pass"],
		]);
		expect(policies[0]?.reason).toContain("not reached");
		expect(policies[0]?.at).toBe("test.yaml:12:5");
	});

	it("refuses a name and a unit that do not fit, with their places", () => {
		expect(refusal(() => ask("own.npv >= 0 USD"))).toMatchObject({ exit: 3, detail: { line: 3, column: 5 } });
		expect(refusal(() => ask(`${cost} <= 1 kW`))).toMatchObject({
			exit: 2,
			code: "wrong-unit",
			detail: { line: 3, column: 34 },
		});
	});
});
