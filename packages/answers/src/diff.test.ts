import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, refusal, saved, scenarioOf, sixRows } from "../test-support/questions.ts";
import type { DiffSide, ResultDiff } from "./diff.ts";
import { diff } from "./diff.ts";
import { plan } from "./whole-plan.ts";
import { planYears } from "./plan-years.ts";

type Over = Readonly<Record<string, string | number | boolean>>;
const sideOf = (over: Over = {}, name = "a.yaml"): DiffSide => {
	const scenario = exampleScenario("prototype-to-5b.yaml", over);
	return { name, scenario, saved: saved(plan(catalogue, scenario, asking("plan"), { rows: sixRows() })) };
};
const one = (before: DiffSide, after: DiffSide, of?: string): ResultDiff =>
	diff([{ before, after }], of === undefined ? {} : { of }, asking("diff")).result.diffs[0] as ResultDiff;
const sum = ({ from, causes }: ResultDiff): number =>
	causes.reduce((total, { delta }) => total + (delta.value as number), from.value as number);

const YEARS = `version: 1
name: years
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: {tokens_per_day: 5B, peak_to_mean: 2}
cost:
  card: {id: "2026-09", tier: rent_3yr}
as_of: 2026-11-22
horizon: 2 years
finance: {discount_rate: 8%}
strategies:
  hardware: b200
  own: {assumptions: neocloud, capital: {server: 40k USD/GPU}, life: 5 years}
  rent: {}
`;
const yearsOf = (text: string, name: string): DiffSide => {
	const scenario = scenarioOf(text, {}, name);
	return { name, scenario, saved: saved(planYears(catalogue, scenario, asking("plan"), { rows: sixRows() })) };
};

describe("diff", () => {
	const start = sideOf();

	it("sums to the last bit, whatever moves", () => {
		fc.assert(
			fc.property(
				fc.record({
					"demand.tokens_per_day": fc.constantFrom("200M", "5B", "80B"),
					"demand.peak_to_mean": fc.constantFrom(1, 2, 3.3),
					"redundancy.availability": fc.constantFrom("90%", "99.7%"),
					"redundancy.spare_replicas": fc.constantFrom(0, 1, 2),
					"cost.card.tier": fc.constantFrom("own_neocloud", "rent_3yr"),
				}),
				(over) => {
					const found = one(start, sideOf(over, "b.yaml"));
					expect(sum(found)).toBe(found.to.value);
					const best = found.measures.find(({ name }) => name.endsWith("delivered"))?.after;
					expect(found.to.value).toBeCloseTo(best?.value as number, 12);
				},
			),
			{ numRuns: 4, seed: 1 },
		);
	});

	it("finds no cause between a result and itself", () => {
		const found = one(start, sideOf());
		expect(found).toMatchObject({ causes: [], members: [], change: { value: 0 } });
		expect(found.decision?.changed).toBe(false);
	});

	it("tells the one input that moved, with the member of the file it is from", () => {
		const after = sideOf({ "demand.peak_to_mean": 3 }, "b.yaml");
		const found = one(start, after, "ix-255cede9.unit_cost.delivered.total");
		expect(found.causes.map(({ cause }) => cause)).toEqual(["busiest hour over mean"]);
		expect(found.causes[0]?.inputs[0]).toMatchObject({ before: { value: 2 }, after: { value: 3 } });
		expect(found.members).toEqual([{ path: "demand.peak_to_mean", before: "2", after: "3" }]);
		expect(found.causes[0]?.delta.value).toBeCloseTo(found.change.value as number, 12);
	});

	it("tells another best option as a cause of its own", () => {
		const found = one(start, sideOf({ "demand.tokens_per_day": "80B" }, "b.yaml"));
		const [moved, choice] = found.causes;
		expect(found.decision?.changed).toBe(true);
		expect(moved?.cause).toBe("mean demand, input plus output tokens");
		expect(choice?.cause).toContain("instead of");
		expect(choice?.delta.value).toBeLessThan(0);
	});

	it("tells what is no input, such as a term, by the member of the file", () => {
		const found = one(
			yearsOf(YEARS, "a.yaml"),
			yearsOf(YEARS.replace("life: 5 years", "life: 4 years").replace("rate: 8%", "rate: 9%"), "b.yaml"),
			"own.npv",
		);
		expect(found.causes.map(({ cause }) => cause)).toEqual(["cost of capital, a year", "strategies.own.life"]);
		expect(sum(found)).toBe(found.to.value);
		expect(found.measures.map(({ name }) => name)).toContain("own levelised");
	}, 60_000);

	it("shares draws, so that what did not move has the same range", () => {
		const ranged = (peak: number): DiffSide =>
			sideOf({ "demand.tokens_per_day": "3B to 8B", "redundancy.spare_replicas": 0, "demand.peak_to_mean": peak });
		const found = one(ranged(2), ranged(2), "ix-255cede9.unit_cost.headline.total");
		expect(found.from).toEqual(found.to);
	});

	it("refuses a number that one side does not have, and two of unlike units", () => {
		expect(refusal(() => one(start, start, "own.npv"))).toMatchObject({ exit: 3, code: "unknown-node" });
		const other = { ...sideOf(), saved: yearsOf(YEARS, "b.yaml").saved };
		expect(refusal(() => one(start, other))).toMatchObject({ exit: 3, code: "unlike-results" });
	});
});
