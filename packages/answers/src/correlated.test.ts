import { describe, expect, it } from "vitest";
import { asking, catalogue, refusal, scenarioOf, sixRows } from "../test-support/questions.ts";
import { plan } from "./whole-plan.ts";

const text = (more: string): string => `version: 1
name: test
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: {tokens_per_day: 3B to 8B, peak_to_mean: 1.5 to 3}
redundancy: {whole_replicas: false, spare_replicas: 0, whole_hosts: false}
cost: {card: {id: "2026-09", tier: rent_3yr}}
horizon: 1 year
finance: {discount_rate: 8%}
strategies:
  hardware: b200
  rent: {on_demand: 2 to 6 USD/GPU-hr}
  api: {price: {input: 0.3 to 1 USD/Mtok, output: 2 USD/Mtok}}
${more}`;
const answer = (more = "") =>
	plan(catalogue, scenarioOf(text(more)), asking("plan"), { rows: sixRows(), draws: 512 }).result;
const rentIn = (more?: string) => {
	const found = answer(more).strategies?.find(({ strategy }) => strategy === "rent");
	const cost = found?.priced === true ? found.measures["present_cost"] : undefined;
	return (cost?.p90 as number) / (cost?.p10 as number);
};

describe("correlations of a scenario", () => {
	const pair = (a: string, b: string, rank: number): string =>
		`correlations:\n  - {between: [${a}, ${b}], rank: ${rank}}\n`;

	it("widen what moves with both, or narrow it, and are told with the draws", () => {
		const alone = rentIn();
		expect(rentIn(pair("demand.tokens_per_day", "strategies.rent.on_demand", 0.95))).toBeGreaterThan(alone * 1.05);
		expect(rentIn(pair("demand.tokens_per_day", "strategies.rent.on_demand", -0.95))).toBeLessThan(alone / 1.05);
		const { uncertainty } = answer(pair("demand.tokens_per_day", "strategies.rent.on_demand", 0.95));
		expect(uncertainty?.correlations).toEqual([{ between: ["demand.tokens", "rent.on_demand.rate"], rank: 0.95 }]);
	});

	it("refuse a member that is no range, one that is not there, and a pair with itself", () => {
		const of = (a: string, b: string) => refusal(() => answer(pair(a, b, 0.5)));
		expect(of("demand.tokens_per_day", "finance.discount_rate")).toMatchObject({
			exit: 2,
			code: "not-a-range",
			detail: { line: 15 },
		});
		expect(() => scenarioOf(text(pair("demand.tokens_per_day", "demand.nope", 0.5)))).toThrow("no member");
		expect(() => scenarioOf(text(pair("demand.tokens_per_day", "demand.tokens_per_day", 0.5)))).toThrow("itself");
	});
});
