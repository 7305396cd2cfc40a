/** What is told as a sum sums, and what is compared is compared on the same draws. */
import type { Model } from "@farthing/engine";
import { modelFromJson, sample } from "@farthing/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asking, catalogue, exampleScenario, saved, scenarioOf, sixRows } from "../test-support/questions.ts";
import type { DiffSide, ResultDiff } from "./diff.ts";
import { diff } from "./diff.ts";
import { plan } from "./whole-plan.ts";
import type { PricedResult } from "./plan-years.ts";
import { planYears } from "./plan-years.ts";

const cents = (usd: number): number => Math.round(usd * 100);
const told = (quantity: { readonly value?: number } | undefined): number => quantity?.value as number;
const total = (from: number, parts: readonly { readonly value?: number }[]): number =>
	parts.reduce((sum, part) => sum + told(part), from);
const only = (before: DiffSide, after: DiffSide, of?: string): ResultDiff =>
	diff([{ before, after }], of === undefined ? {} : { of }, asking("diff")).result.diffs[0] as ResultDiff;
const pairsOf = (sides: readonly DiffSide[]): [DiffSide, DiffSide][] =>
	sides.flatMap((before) =>
		sides.filter((after) => after !== before).map((after): [DiffSide, DiffSide] => [before, after]),
	);

interface Money {
	readonly demand: number;
	readonly server: number;
	readonly rate: number;
	readonly tax: number;
	readonly life: number;
	readonly pue: number;
	readonly sold: number;
	readonly fall: number;
}

const money: fc.Arbitrary<Money> = fc.record({
	demand: fc.integer({ min: 1, max: 90 }),
	server: fc.integer({ min: 25, max: 60 }),
	rate: fc.integer({ min: 0, max: 16 }),
	tax: fc.integer({ min: 0, max: 40 }),
	life: fc.integer({ min: 2, max: 6 }),
	pue: fc.integer({ min: 100, max: 160 }).map((percent) => percent / 100),
	sold: fc.integer({ min: 30, max: 100 }),
	fall: fc.integer({ min: 0, max: 40 }),
});
const yearsText = (of: Money): string => `version: 1
name: years
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: {tokens_per_day: ${of.demand}B, peak_to_mean: 2, path: [{at: 7, tokens_per_day: ${2 * of.demand}B}]}
cost: {card: {id: "2026-09", tier: rent_3yr}}
as_of: 2026-11-22
horizon: 18 months
finance: {discount_rate: ${of.rate}%, tax: ${of.tax}%}
strategies:
  hardware: b200
  own: {assumptions: neocloud, capital: {server: ${of.server}k USD/GPU}, life: ${of.life} years, price_decline: ${of.fall}%}
  rent: {price_decline: ${of.fall}%}
facility: {pue: ${of.pue}, region: US-TX}
revenue: {input: 0.55 USD/Mtok, output: 2.19 USD/Mtok, sold: ${of.sold}%, price_decline: ${of.fall}%}
software_curve: {method: fitted}
`;

describe("what is told as a sum", () => {
	it("sums to the last bit in a diff of any two plans, and ends at the second's own number", () => {
		const scenarios = fc.sample(
			fc.record({
				"demand.tokens_per_day": fc.integer({ min: 1, max: 900 }).map((tenths) => `${tenths / 10}B`),
				"demand.peak_to_mean": fc.integer({ min: 10, max: 40 }).map((tenths) => tenths / 10),
				"redundancy.availability": fc.integer({ min: 900, max: 1000 }).map((share) => `${share / 10}%`),
				"redundancy.spare_replicas": fc.nat({ max: 3 }),
				"redundancy.whole_replicas": fc.boolean(),
				"cost.card.tier": fc.constantFrom("own_neocloud", "rent_3yr"),
			}),
			{ numRuns: 12, seed: 11 },
		);
		const sides = scenarios.map((over, i): DiffSide => {
			const scenario = exampleScenario("prototype-to-5b.yaml", over);
			const name = `${i}.yaml`;
			return { name, scenario, saved: saved(plan(catalogue, scenario, asking("plan"), { rows: sixRows() })) };
		});
		let moved = 0;
		for (const [before, after] of pairsOf(sides)) {
			const found = only(before, after);
			const place = `${before.name} to ${after.name}`;
			expect(
				total(
					told(found.from),
					found.causes.map(({ delta }) => delta),
				),
				place,
			).toBe(told(found.to));
			const own = told(only(after, after).from);
			expect(Math.abs(told(found.to) - own), place).toBeLessThanOrEqual(1e-15 * Math.max(own, told(found.from)) * 8);
			if (found.causes.length > 2) moved++;
		}
		expect(moved).toBeGreaterThan(60);
	}, 60_000);

	it("sums to the last cent over years: diffs, bridges, items of a year, and what a headline leaves out", () => {
		const plans = fc.sample(money, { numRuns: 4, seed: 5 }).map((of, i) => {
			const scenario = scenarioOf(yearsText(of), {}, `${i}.yaml`);
			const answer = planYears(catalogue, scenario, asking("plan"), { rows: sixRows(), draws: 2 });
			return { answer, side: { name: `${i}.yaml`, scenario, saved: saved(answer) } };
		});
		for (const { answer } of plans) {
			const { result } = answer;
			const priced = result.strategies.filter((each): each is PricedResult => each.priced);
			expect(priced).toHaveLength(2);
			for (const { from, to, causes } of result.bridges) {
				const sum = total(
					told(from),
					causes.map(({ delta }) => delta),
				);
				// of a bill for a thousand million tokens, to the cent
				expect(cents(1000 * sum)).toBe(cents(1000 * told(to)));
				expect(Math.abs(sum - told(to))).toBeLessThanOrEqual(1e-14 * told(from));
			}
			for (const { years } of priced) {
				for (const { capital, running, cost } of years.slice(0, 2)) {
					expect(cents(total(0, [...Object.values(capital), ...Object.values(running)]))).toBe(cents(told(cost)));
				}
			}
			const headline = result.headline_return;
			const owner = priced.find(({ strategy }) => strategy === headline?.strategy);
			const kept = total(told(headline?.claimed_revenue), headline?.leaves_out.map(({ amount }) => amount) ?? []);
			expect(cents(kept)).toBe(cents(told(owner?.measures["npv"])));
		}
		for (const [before, after] of pairsOf(plans.map(({ side }) => side))) {
			for (const of of ["own.npv", "rent.tco"]) {
				const found = only(before, after, of);
				const place = `${of}, ${before.name} to ${after.name}`;
				expect(
					total(
						told(found.from),
						found.causes.map(({ delta }) => delta),
					),
					place,
				).toBe(told(found.to));
				expect(cents(told(found.to)), place).toBe(cents(told(only(after, after, of).from)));
			}
		}
	}, 120_000);
});

const COMMON = `version: 1
name: shared
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: {tokens_per_day: 2B to 60B, peak_to_mean: 2}
redundancy: {whole_replicas: false, spare_replicas: 0, whole_hosts: false}
cost: {card: {id: "2026-09", tier: rent_3yr}}
horizon: 1 year
finance: {discount_rate: 6% to 12%}
`;
const RENT = "  rent: {on_demand: 3 USD/GPU-hr}\n";
const API = "  api: {price: {input: 1 USD/Mtok, output: 1 USD/Mtok}}\n";
const OWN = "  own: {assumptions: neocloud, capital: {server: 35k to 60k USD/GPU}}\n";
const asked = (ways: string, draws = 400) =>
	planYears(catalogue, scenarioOf(`${COMMON}strategies:\n  hardware: b200\n${ways}`), asking("plan"), {
		rows: sixRows(),
		draws,
	});
const graphOf = (ways: string): Model => modelFromJson(asked(ways, 2).graph as never).model;
const drawn = (model: Model, id: string, seed = 1): Float64Array =>
	sample(model, { draws: 2000, seed, months: 13, keep: [id] }).values.get(id) as Float64Array;

describe("options that are compared", () => {
	it("draw an input that they share bit for bit alike, whatever else stands in their models", () => {
		const [rent, api, all] = [graphOf(RENT), graphOf(API), graphOf(RENT + API + OWN)];
		for (const id of ["demand.tokens", "finance.discount_rate"]) {
			const first = drawn(rent, id);
			expect(new Set(first).size).toBe(2000);
			for (const other of [api, all]) {
				expect(other.byId.get(id)).toBeDefined();
				expect(Buffer.from(drawn(other, id).buffer).equals(Buffer.from(first.buffer))).toBe(true);
			}
		}
		expect(rent.nodes.length).not.toBe(all.nodes.length);
		for (const id of ["rent.present_cost", "rent.levelised"]) {
			expect(Buffer.from(drawn(all, id).buffer).equals(Buffer.from(drawn(rent, id).buffer))).toBe(true);
		}
	});

	it("are ranked by what differs between them: both costs move with demand, so the cheaper is so in every draw", () => {
		const priced = asked(RENT + API).result;
		const [rent, api] = ["rent", "api"].map((name) => {
			const found = priced.strategies.find((each): each is PricedResult => each.priced && each.strategy === name);
			return found?.measures["present_cost"];
		});
		const ratio = told(rent) / told(api);
		// near enough that ranges overlap almost wholly: drawn apart, either would often be the cheaper
		const near = API.replaceAll("1 USD/Mtok", `${(ratio * 1.02).toPrecision(12)} USD/Mtok`);
		const { uncertainty, strategies } = asked(RENT + near).result;
		const [first, second] = ["rent", "api"].map((name) => {
			const found = strategies.find((each): each is PricedResult => each.priced && each.strategy === name);
			return found?.measures["present_cost"];
		});
		expect(told(second) / told(first)).toBeCloseTo(1.02, 9);
		expect(second?.p10).toBeLessThan((first?.p90 as number) / 5);
		for (const at of ["p10", "p50", "p90"] as const)
			expect((second?.[at] as number) / (first?.[at] as number)).toBeCloseTo(1.02, 9);
		const best = (name: string) =>
			uncertainty?.chances.find(({ of, strategy }) => of === "best" && strategy === name)?.probability;
		expect([best("rent"), best("api")]).toEqual([1, 0]);

		const model = graphOf(RENT + near);
		const share = (seed: number): number => {
			const [a, b] = [drawn(model, "rent.present_cost"), drawn(model, "api.present_cost", seed)];
			return a.filter((cost, i) => cost <= (b[i] as number)).length / a.length;
		};
		expect(share(1)).toBe(1);
		// what this test would see if each drew for itself
		expect(share(2)).toBeLessThan(0.6);
	}, 60_000);
});
