import { parseScenario } from "@farthing/scenario";
import { describe, expect, it } from "vitest";
import { asking, bareLeaves, catalogue, refusal, saved, scenarioOf } from "../test-support/questions.ts";
import type { PlanYearsResult, PricedResult } from "./plan-years.ts";
import { planYears } from "./plan-years.ts";
import { whyNode } from "./why.ts";

const CHAT = "workload: {input: 8192, output: 1024}";
const REASONING = "workload: {input: 1024, output: 8192}";
const LIMITS = "slo: {tokens_per_s_per_user: any, ttft: any}";
const TWO = `models:
  - {model: deepseek-r1, share: 75%}
  - {name: reasoning, model: gpt-oss-120b, share: 25%, ${REASONING}, ${LIMITS}}`;
const WAYS = `  own: {assumptions: neocloud, capital: {server: 40k USD/GPU, network: 8k USD/GPU}, lead_time: 3 months}
  rent: {}
  api: {host: median}
  hybrid: {}`;

interface Text {
	readonly model?: string;
	readonly lengths?: string;
	readonly demand?: number;
	readonly more?: string;
	readonly ways?: string;
	readonly people?: number;
	readonly finance?: string;
	readonly hardware?: string;
}

const text = (of: Text = {}): string => `version: 1
name: years
model: ${of.model ?? "deepseek-r1"}
${of.lengths ?? CHAT}
demand:
  tokens_per_day: ${of.demand ?? 4}B
  path: [{at: 7, tokens_per_day: ${4 * (of.demand ?? 4)}B, growth: 1%}]
cost: {card: {id: "2026-09", tier: rent_3yr}}
horizon: 2 years
finance: {${of.finance ?? "discount_rate: 10%"}}
people: {fte: ${of.people ?? 4}, pay: 250k USD/year}
strategies:
${of.hardware ?? "  hardware: b200\n"}${of.ways ?? WAYS}
${of.more ?? ""}
`;
const answerOf = (of: Text) => planYears(catalogue, scenarioOf(text(of)), asking("plan"));
const pricedIn = ({ strategies }: PlanYearsResult): PricedResult[] =>
	strategies.filter((each): each is PricedResult => each.priced);

describe("several models", () => {
	const answer = answerOf({ more: TWO });
	const { result } = answer;
	const [first, second] = result.models ?? [];

	it("plans each as it would be planned alone with its share of demand and people", () => {
		const alone = [
			answerOf({ demand: 3, people: 3 }),
			answerOf({ demand: 1, people: 1, model: "gpt-oss-120b", lengths: REASONING, more: LIMITS }),
		];
		expect(result.models?.map(({ name, model }) => [name, model])).toEqual([
			["deepseek-r1", "deepseek-r1"],
			["reasoning", "gpt-oss-120b"],
		]);
		for (const [i, { result: own }] of alone.entries()) {
			const part = result.models?.[i];
			expect(part?.machine).toEqual(own.machine);
			expect(part?.strategies.map(({ strategy }) => strategy)).toEqual(["own", "rent", "api", "hybrid"]);
			for (const { strategy, present_cost, levelised, years } of part?.strategies ?? []) {
				const same = pricedIn(own).find((each) => each.strategy === strategy);
				expect(present_cost.value).toBeCloseTo(same?.measures["present_cost"]?.value as number, 4);
				expect(levelised.value).toBeCloseTo(same?.measures["levelised"]?.value as number, 12);
				for (const { year, tokens, gpus, unit_cost } of years) {
					expect(tokens.value).toBeCloseTo(same?.years[year]?.tokens.value as number, 4);
					expect(gpus?.value ?? 0).toBeCloseTo(same?.years[year]?.gpus?.value ?? 0, 9);
					expect(unit_cost.value).toBeCloseTo(same?.years[year]?.unit_cost?.value as number, 12);
				}
			}
		}
		expect(first?.machine.row).not.toBe(second?.machine.row);
	}, 60_000);

	it("adds up cash, GPUs and tokens, and costs a token what both cost, weighed by their tokens", () => {
		for (const whole of pricedIn(result)) {
			const parts = (result.models ?? []).map(({ strategies }) =>
				strategies.find(({ strategy }) => strategy === whole.strategy),
			);
			const sum = (of: (part: (typeof parts)[number]) => number | undefined): number =>
				parts.reduce((total, part) => total + (of(part) ?? 0), 0);
			expect(sum((part) => part?.present_cost.value)).toBeCloseTo(whole.measures["present_cost"]?.value as number, 4);
			for (const { year, tokens, gpus, unit_cost, capital, running, cost } of whole.years.slice(1)) {
				const at = year - 1;
				expect(sum((part) => part?.years[at]?.gpus?.value)).toBeCloseTo(gpus?.value ?? 0, 9);
				expect(sum((part) => part?.years[at]?.tokens.value)).toBeCloseTo(tokens.value as number, 3);
				const paid = sum((part) => (part?.years[at]?.unit_cost.value ?? 0) * (part?.years[at]?.tokens.value ?? 0));
				expect(paid / (unit_cost?.value as number) / (tokens.value as number)).toBeCloseTo(1, 12);
				if (year === 2) continue;
				const items = [...Object.values(capital), ...Object.values(running)];
				expect(items.reduce((total, { value }) => total + (value as number), 0)).toBeCloseTo(cost.value as number, 4);
			}
		}
		const own = pricedIn(result).find(({ strategy }) => strategy === "own");
		expect(Object.keys(own?.years[1]?.capital ?? {})).toEqual([
			"deepseek-r1.gen1.server",
			"deepseek-r1.gen1.network",
			"reasoning.gen1.server",
			"reasoning.gen1.network",
		]);
	});

	it("is the plan without models where one has all of the demand", () => {
		const debt = "discount_rate: 10%, tax: 24%, debt: {share: 50%, interest: 9%, term: 2 years}";
		const rest = "revenue: {input: 0.55 USD/Mtok, output: 2.19 USD/Mtok, sold: 90%}\nsoftware_curve: {method: none}";
		const sole = answerOf({ finance: debt, more: rest }).result;
		const all = answerOf({ finance: debt, more: `${rest}\nmodels: [{model: dsr1, name: all, share: 100%}]` }).result;
		for (const [i, one] of pricedIn(sole).entries()) {
			const other = pricedIn(all)[i];
			expect(Object.keys(other?.measures ?? {})).toEqual(Object.keys(one.measures));
			for (const [name, { value }] of Object.entries(one.measures)) {
				const found = other?.measures[name]?.value;
				if (value === undefined) expect(found).toBeUndefined();
				else expect(Math.abs((found as number) - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
			}
		}
		expect(all.stages.map(({ total }) => total.value)).toEqual(sole.stages.map(({ total }) => total.value));
		expect(all.break_evens.map(({ volume }) => volume.state)).toEqual(
			sole.break_evens.map(({ volume }) => volume.state),
		);
	}, 60_000);

	it("sells the tokens of all at the shares of their kinds", () => {
		const { result: sold } = answerOf({ more: `${TWO}\nrevenue: {input: 1 USD/Mtok, output: 3 USD/Mtok}` });
		const [year] = pricedIn(sold)[0]?.years.slice(1) ?? [];
		// by hand: output is 1024 of 9216 tokens of three quarters, 8192 of 9216 of a quarter
		const output = 0.75 * (1024 / 9216) + 0.25 * (8192 / 9216);
		expect((year?.revenue?.value as number) / (year?.tokens.value as number)).toBeCloseTo(1 + 2 * output, 12);
	});

	it("ends at sources, and opens one model's number", () => {
		expect(bareLeaves(answer)).toEqual([]);
		const { inputs } = whyNode(saved(answer), "own.reasoning.levelised");
		expect(JSON.stringify(inputs)).toContain("models.reasoning.share");
		expect(JSON.stringify(inputs)).not.toContain("models.deepseek-r1.share");
	});

	it("refuses shares that do not sum to 100%, with the place", () => {
		expect(issuesOf(TWO.replace("25%", "20%"))).toMatchObject([
			{
				code: "out-of-bounds",
				message: "the shares of models sum to 95%, not to 100%",
				path: "models[0].share",
				line: 19,
				column: 33,
			},
		]);
	});

	it.each([
		["two of one name", TWO.replace("reasoning", "deepseek-r1"), "models[1]"],
		["the power of one site", `${TWO}\nfacility: {site_power: 2 MW}`, "facility.site_power"],
	])("refuses %s with both lines", (_, more, path) => {
		const [issue] = issuesOf(more);
		expect(issue).toMatchObject({ code: "contradiction", path });
		expect(issue?.related).toHaveLength(1);
	});

	it("refuses models that are unknown, that nothing serves, or that leave out the one of the day", () => {
		const refused = (more: string, of: Text = {}) => refusal(() => answerOf({ ...of, more }));
		expect(refused(TWO.replace("gpt-oss-120b", "gpt-oss-121b"))).toMatchObject({
			exit: 3,
			code: "unknown-model",
			detail: { field: "models[1].model", file: "test.yaml", line: 20 },
		});
		expect(refused(TWO.replace(LIMITS, "slo: {tokens_per_s_per_user: 5000}"))).toMatchObject({
			exit: 3,
			code: "nothing-fits",
			message: expect.stringContaining("gpt-oss-120b"),
		});
		expect(refused(TWO, { model: "glm-5" })).toMatchObject({ exit: 2, code: "contradiction" });
	});

	it("refuses a price per GPU where the models take different hardware", () => {
		const apart = TWO.replace("share: 75%", "share: 75%, slo: {tokens_per_s_per_user: 150, ttft: any}");
		const free = { hardware: "" };
		const error = refusal(() => answerOf({ ...free, more: apart }));
		expect(error).toMatchObject({ exit: 2, code: "contradiction", detail: { field: "strategies.own.capital" } });
		const { result: each } = answerOf({ ...free, more: apart, ways: "  rent: {}\n  api: {}" });
		expect(new Set(each.models?.map(({ machine }) => machine.hardware)).size).toBe(2);
	}, 60_000);
});

function issuesOf(more: string) {
	const parsed = parseScenario(text({ more }), { file: "test.yaml" });
	return parsed.ok ? [] : parsed.issues;
}
