import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import { parsePolicies } from "@farthing/scenario";
import { describe, expect, it } from "vitest";
import {
	asking,
	bareLeaves,
	catalogue,
	exampleScenario,
	quantitiesIn,
	refusal,
	saved,
	scenarioOf,
} from "../test-support/questions.ts";
import { check } from "./check.ts";
import type { PlanYearsResult, PricedResult } from "./plan-years.ts";
import { planYears } from "./plan-years.ts";
import type { StrategyName } from "./years/strategies.ts";
import { plan } from "./whole-plan.ts";
import { whyNode } from "./why.ts";

const example = () => planYears(catalogue, exampleScenario("five-years.yaml"), asking("plan"), { draws: 128 });

/** A plan without ranges, so that nothing is drawn. */
const text = (more: { strategies?: string; rest?: string; cost?: string; demand?: string } = {}): string => `version: 1
name: years
model: deepseek-r1
workload: {input: 8192, output: 1024}
demand: ${more.demand ?? "{tokens_per_day: 5B, peak_to_mean: 2}"}
cost:
  card: ${more.cost ?? '{id: "2026-09", tier: rent_3yr}'}
as_of: 2026-11-22
start: 2026-12-01
horizon: 3 years
finance: {discount_rate: 8%}
strategies:
  hardware: b200
${more.strategies ?? "  own: {assumptions: neocloud, capital: {server: 40k USD/GPU}}\n  rent: {}\n  api: {host: median}"}
${more.rest ?? ""}
`;
const answerOf = (of: Parameters<typeof text>[0] = {}) => planYears(catalogue, scenarioOf(text(of)), asking("plan"));
const strategyOf = (result: PlanYearsResult, name: string): PricedResult => {
	const found = result.strategies.find(({ strategy }) => strategy === name);
	if (found?.priced !== true) throw new Error(`${name} has no price`);
	return found;
};
const valueOf = (of: PricedResult, measure: string): number => of.measures[measure]?.value as number;

it("runs the years on the plan's first rank where several rows cost the same", () => {
	const rent = `horizon: 1 years\nfinance: {discount_rate: 8%}\nstrategies:\n  rent: {on_demand: 3 USD/GPU-hr}`;
	const slo = "slo: {tokens_per_s_per_user: 50, ttft: 5 s}";
	const scenario = scenarioOf(
		`version: 1\nname: tie\nmodel: deepseek-r1\nworkload: {input: 8192, output: 1024}\n${slo}\ndemand: {tokens_per_day: 5B, peak_to_mean: 2}\ncost:\n  card: {id: "2026-07", tier: own_neocloud}\n${rent}\n`,
	);
	const { options, machine, strategies } = plan(catalogue, scenario, asking("plan")).result;
	const [first, second] = options;
	expect(second?.delivered.value).toBeCloseTo(first?.delivered.value as number, 12);
	expect(second?.headline.value).toBeGreaterThan(first?.headline.value as number);
	expect(machine?.row).toBe(first?.id);
	const [way] = strategies as readonly PricedResult[];
	expect(way?.years[1]?.gpus?.value).toBeCloseTo(36, 9);
});

it("says that traffic and limits do not count in the years", () => {
	const codes = (rest: string): string[] => answerOf({ rest }).warnings.map(({ code }) => code);
	expect(codes("traffic: {burstiness: 1}\nlimits: {gpus: 10000}")).toContain("years-by-mean-and-peak");
	expect(codes("")).not.toContain("years-by-mean-and-peak");
});

describe("the example over five years", () => {
	const answer = example();
	const { result } = answer;

	it("tells each year so that its numbers divide and add up: what was paid, and the cost that a token has its part of", () => {
		for (const name of ["own", "rent", "hybrid"]) {
			for (const { year, tokens, ...of } of strategyOf(result, name).years) {
				const value = (each: QuantityJson | undefined) => each?.value ?? 0;
				const sum = (items: Readonly<Record<string, QuantityJson>>) =>
					Object.values(items).reduce((total, each) => total + value(each), 0);
				expect(value(of.capital_paid)).toBeCloseTo(sum(of.capital), 4);
				expect(value(of.running_cost)).toBeCloseTo(sum(of.running), 4);
				expect(value(of.cost)).toBeCloseTo(value(of.capital_paid) + value(of.running_cost) - value(of.resale), 4);
				expect(value(of.cash)).toBeCloseTo(value(of.revenue) - value(of.cost) - value(of.tax), 4);
				if (year === 0) expect(of.charge).toBeUndefined();
				else expect(value(of.charge) / value(tokens)).toBeCloseTo(value(of.unit_cost), 9);
			}
		}
	});

	it("prices four ways on one demand, with ranges, and ranks them by value", () => {
		expect(result.strategies.map(({ strategy, priced }) => [strategy, priced])).toEqual([
			["own", true],
			["rent", true],
			["api", true],
			["hybrid", true],
		]);
		const ranked = result.strategies
			.filter((each): each is PricedResult => each.priced)
			.sort((a, b) => (a.rank as number) - (b.rank as number));
		const values = ranked.map((each) => valueOf(each, "npv"));
		expect(values).toEqual([...values].sort((a, b) => b - a));
		expect(result.strategy).toBe(ranked[0]?.strategy);
		for (const each of ranked) {
			const npv = each.measures["npv"];
			expect(npv?.p10).toBeLessThan(npv?.p50 as number);
			expect(npv?.p50).toBeLessThan(npv?.p90 as number);
			expect(each.years.map(({ year }) => year)).toEqual([0, 1, 2, 3, 4, 5]);
		}
		const tokens = ranked.map(({ years }) => years.map((year) => year.tokens.value));
		for (const each of tokens) expect(each).toEqual(tokens[0]);
	});

	it("sums items to the cost of each year", () => {
		for (const { years } of result.strategies.filter((each): each is PricedResult => each.priced)) {
			for (const { year, capital, running, cost } of years.slice(0, 5)) {
				const items = [...Object.values(capital), ...Object.values(running)].reduce(
					(sum, { value }) => sum + (value as number),
					0,
				);
				expect(items, `year ${year}`).toBeCloseTo(cost.value as number, 4);
			}
		}
	});

	it("foots each year from what is shown: revenue − running − capital + resale − tax is cash", () => {
		const total = (of: Readonly<Record<string, { readonly value?: number }>>): number =>
			Object.values(of).reduce((sum, { value }) => sum + (value as number), 0);
		for (const { years } of result.strategies.filter((each): each is PricedResult => each.priced)) {
			for (const { revenue, running, capital, resale, tax, cash } of years) {
				const footed =
					(revenue?.value ?? 0) - total(running) - total(capital) + (resale?.value ?? 0) - (tax?.value ?? 0);
				expect(footed).toBeCloseTo(cash.value as number, 3);
			}
		}
		expect(result.years.at(-1)?.resale?.value).toBeGreaterThan(0);
		expect(result.years.at(-1)?.tax?.value).toBeGreaterThan(0);
	});

	it("gives every draw to one best way, or in equal parts to those that share it", () => {
		const best = result.uncertainty?.chances.filter(({ of }) => of === "best") ?? [];
		expect(best).toHaveLength(4);
		expect(best.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
	});

	it("counts draws that never pay back as later than all that do", () => {
		const payback = result.strategies.find((each) => each.strategy === "hybrid");
		const of = (payback as PricedResult).measures["payback_months"] as QuantityJson;
		expect(of.coverage).toBeGreaterThan(0.5);
		expect(of.coverage).toBeLessThan(0.9);
		expect(of.p10).toBeLessThan(of.p50 as number);
		expect(of.looked_at).toBe(60);
		expect(of).not.toHaveProperty("p90");
		const { measures } = result.strategies.find((each) => each.strategy === "rent") as PricedResult;
		const rented = measures["payback_months"] as QuantityJson;
		expect(rented).toMatchObject({ state: "unreachable", looked_at: 60 });
		expect(rented).not.toHaveProperty("value");
		expect(rented.coverage).toBeGreaterThan(0.1);
		expect(rented.p10).toBeLessThan(60);
		const rules = [
			"p90(hybrid.payback) <= 60 months",
			"p10(hybrid.payback) <= 60 months",
			"p10(hybrid.payback) >= 1 months",
		];
		const parsed = parsePolicies("p.yaml", `version: 1\npolicies:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`);
		if (!parsed.ok) throw new Error("policies");
		const { policies } = check(saved(answer), { policies: parsed.policies }, asking("check")).result;
		expect(policies.map(({ state }) => state)).toEqual(["fail", "pass", "fail"]);
		expect(policies[0]?.reason).toMatch(/^not reached within 60 months: it has a value in \d\d\.\d% of the draws$/);
		expect(policies[0]?.value).not.toHaveProperty("value");
		expect(policies[1]?.value.value).toBe(of.p10);
	});

	it("is checked against the quantiles that it shows", () => {
		const text = "version: 1\npolicies:\n  - p10(hybrid.npv) >= 0 USD\n  - p90(npv) >= 0 USD\n";
		const parsed = parsePolicies("p.yaml", text);
		if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
		const { policies, draws } = check(saved(answer), { policies: parsed.policies }, asking("check")).result;
		expect(draws).toBe(128);
		expect(policies.map(({ value }) => value.value)).toEqual([result.npv?.p10, result.npv?.p90]);
	});

	it("tells why the last year costs what it does, in causes that sum exactly", () => {
		expect(result.bridges.map(({ strategy }) => strategy)).toEqual(["own", "rent", "api", "hybrid"]);
		for (const { from, to, causes } of result.bridges) {
			const sum = causes.reduce((total, { delta }) => total + (delta.value as number), from.value as number);
			expect(sum).toBeCloseTo(to.value as number, 12);
			expect(causes.map(({ cause }) => cause)).toEqual(["software", "utilisation", "price"]);
		}
	});

	it("ends at sources, and every number is a node that why can open", () => {
		expect(bareLeaves(answer)).toEqual([]);
		const nodes = quantitiesIn(result).map(({ quantity }) => quantity.node);
		expect(nodes.every((node) => node !== undefined)).toBe(true);
		expect(whyNode(saved(answer), "own.npv").inputs.length).toBeGreaterThan(0);
	}, 60_000);

	it("a chance opens into its draws and what was compared in them, a volume into the costs on both sides", () => {
		const of = saved(answer);
		for (const { strategy, of: what, probability } of result.uncertainty?.chances ?? []) {
			const tree = whyNode(of, `chance.${strategy}.${what}`);
			expect([tree.value.value, tree.value.unit]).toEqual([probability, "fraction"]);
			expect(tree.formula).toContain(`÷ 128`);
		}
		const best = whyNode(of, "chance.own.best");
		expect(best.formula).toContain("own.npv ≥ max(rent.npv, api.npv, hybrid.npv)");
		expect(best.inputs.map(({ node }) => node)).toEqual([
			"own.npv",
			"rent.npv",
			"api.npv",
			"hybrid.npv",
			"chance.own.best.draws",
		]);
		const own = result.strategies.find(({ strategy }) => strategy === "own") as PricedResult;
		expect(best.inputs[0]?.value).toMatchObject({ p10: own.measures["npv"]?.p10, p90: own.measures["npv"]?.p90 });
		for (const { volume } of result.break_evens) {
			const at = volume.tokens_per_day;
			if (at === undefined) continue;
			const [first, second] = whyNode(of, at.node as string).inputs.slice(volume.from_lowest === true ? 0 : 2);
			expect(first?.value.value).toBeLessThanOrEqual(second?.value.value as number);
		}
		expect(refusal(() => whyNode(of, "chance.own.best", 3))).toMatchObject({ exit: 2, code: "contradiction" });
		expect(refusal(() => whyNode(of, "chance.own.bset")).detail.nearest).toContain("chance.own.best");
	});

	it("is the same again", () => {
		expect(JSON.stringify(example().result)).toBe(JSON.stringify(result));
	});

	it("shows what a prototype does not see", () => {
		const [prototype, pilot, production] = result.stages;
		expect([prototype?.stage, pilot?.stage, production?.stage]).toEqual(["prototype", "pilot", "production"]);
		expect(prototype?.total.value).toBeGreaterThan(pilot?.total.value as number);
		for (const { total, parts } of result.stages) {
			const sum = Object.values(parts).reduce((all, { value }) => all + (value as number), 0);
			expect(sum).toBeCloseTo(total.value as number, 9);
		}
		const unit = strategyOf(result, "own").years[5]?.unit_cost?.value as number;
		expect(Math.abs((production?.total.value as number) / unit - 1)).toBeLessThan(0.2);
	});

	it("counts energy and carbon by grid", () => {
		const { energy_per_mtok, carbon_per_mtok } = result.footprint;
		expect(carbon_per_mtok[0]?.region).toBe("gcp:us-south1");
		expect(carbon_per_mtok[0]?.carbon.value).toBeCloseTo((energy_per_mtok?.value as number) * 302.95, 6);
		expect(carbon_per_mtok.map(({ region }) => region)).toContain("SWE");
	});

	it("counts money for energy beside its carbon by region, the scenario's own first", () => {
		const { energy_per_mtok: energy, regions } = result.footprint;
		expect(regions[0]?.region).toBe("US-TX");
		expect(regions[0]?.carbon_per_mtok?.value).toBeCloseTo(
			result.footprint.carbon_per_mtok[0]?.carbon.value as number,
			9,
		);
		for (const { energy_price: price, energy_cost_per_mtok: cost } of regions)
			expect(cost.value).toBeCloseTo((price.value as number) * (energy?.value as number), 12);
	});

	it("takes a headline return apart, down to the net present value", () => {
		const { headline_return: of } = result;
		const own = strategyOf(result, "own");
		const left = of?.leaves_out.reduce(
			(sum, { amount }) => sum + (amount.value as number),
			of.claimed_revenue.value as number,
		);
		expect(left).toBeCloseTo(valueOf(own, "npv"), 3);
		const capital = own.years.reduce(
			(sum, year) => sum + Object.values(year.capital).reduce((all, { value }) => all + (value as number), 0),
			0,
		);
		expect((of?.claimed.value as number) * capital).toBeCloseTo(of?.claimed_revenue.value as number, 2);
		expect(of?.kept.value).toBeCloseTo(valueOf(own, "npv") / capital, 9);
		expect(of?.claimed.value).toBeGreaterThan(10);
		expect(answerOf().result).not.toHaveProperty("headline_return");
	});

	it("sets the sellers' curves beside the measured one, graded E", () => {
		const { estimate, believed } = result.software_curve;
		expect(estimate?.pairs).toBeGreaterThan(0);
		expect(estimate?.regressions).toBeGreaterThan(0);
		const vendor = believed.find(({ method }) => method === "vendor-5x-two-months");
		expect(vendor).toMatchObject({ grade: "E", unit_cost: { grade: "E" } });
		expect(vendor?.unit_cost?.value).toBeLessThan(
			believed.find(({ method }) => method === "fitted")?.unit_cost?.value as number,
		);
		expect(believed.find(({ method }) => method === "vendor-15x-generation")?.reason).toContain("next generation");
	});

	it("bounds the fitted curve by the roofline of the best configuration, above what is measured", () => {
		const { limit } = result.software_curve;
		expect(limit).toMatchObject({ from: "roofline", reason: expect.stringContaining("bound by") as string });
		const most = limit?.tokens_per_gpu_second.value as number;
		const row = catalogue.benchmarks.find(({ id }) => id === "ix-8c4be6f1");
		expect(most).toBeGreaterThan(row?.tokensPerGpuSecond as number);
		// 9 PFLOP/s over 2 · 37 G active parameters, with nothing read and nothing attended to
		expect(most).toBeLessThan(9000e12 / (2 * 37e9));
		expect(whyNode(saved(answer), "software.headroom").formula).toContain("software.limit");
	});
});

describe("planYears", () => {
	it("compares present cost where nothing is sold", () => {
		const { result } = answerOf();
		expect(result.ranked_by).toBe("present_cost");
		const best = strategyOf(result, result.strategy as string);
		for (const each of result.strategies)
			if (each.priced) expect(valueOf(best, "present_cost")).toBeLessThanOrEqual(valueOf(each, "present_cost"));
		expect(valueOf(best, "npv")).toBeCloseTo(-valueOf(best, "present_cost"), 6);
		expect(best.irr).toBeUndefined();
		expect(best.measures["npv"]).not.toHaveProperty("p10");
	});

	it("tells chances of every way where one has no range, which is the same in every draw", () => {
		const strategies =
			"  own: {capital: {server: 30k to 50k USD/GPU}}\n  rent: {}\n  api: {price: {input: 0.5 USD/Mtok, output: 2 USD/Mtok}}";
		const sold = "revenue: {input: 0.55 USD/Mtok, output: 2.19 USD/Mtok, sold: 90%}";
		const { uncertainty, strategies: ways } = answerOf({ strategies, rest: sold }).result;
		const npv = ways.map((each) => (each as PricedResult).measures["npv"]);
		expect(npv.map((each) => each?.p10 !== undefined)).toEqual([true, false, false]);
		const of = (what: string) => uncertainty?.chances.filter((each) => each.of === what) ?? [];
		expect(of("best").map(({ strategy }) => strategy)).toEqual(["own", "rent", "api"]);
		expect(of("best").reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
		expect(of("loss")[1]?.probability).toBe((npv[1]?.value as number) < 0 ? 1 : 0);
		expect(of("no_payback")).toHaveLength(3);
	});

	it("keeps a way that has no price in sight, sized and out of the ranking", () => {
		const { result } = answerOf({ cost: '{id: "2026-09", tier: own_neocloud}' });
		const rent = result.strategies.find(({ strategy }) => strategy === "rent");
		expect(rent).toMatchObject({ priced: false, years: [{ year: 1 }, { year: 2 }, { year: 3 }] });
		if (rent?.priced === false) {
			expect(rent.reason).toContain("not a rent");
			expect(rent.years[0]?.gpus.value).toBeGreaterThan(0);
		}
		expect(result.break_evens.every(({ of, against }) => of !== "rent" && against !== "rent")).toBe(true);
	});

	it("does not rank what the power of the site keeps from serving", () => {
		const { result } = answerOf({ rest: "facility: {site_power: 0.03 MW}" });
		const own = strategyOf(result, "own");
		expect(own.rank).toBeUndefined();
		expect(own.unranked_because).toContain("not all demand");
		expect(own.years[1]?.shortfall?.value).toBeGreaterThan(0);
		expect(strategyOf(result, "rent").rank).toBeDefined();
	});

	it("charges committed people to bought tokens too, in full cost alone, and says so where they are not", () => {
		const people = "people: {fte: 2, pay: 200k USD/year}";
		const api = (rest: string) => strategyOf(answerOf({ strategies: "  api: {host: median}", rest }).result, "api");
		const [bare, hired, committed] = ["", people, `${people}\ncommitted: [staff]`].map(api) as [
			PricedResult,
			PricedResult,
			PricedResult,
		];
		expect(valueOf(committed, "tco") - valueOf(bare, "tco")).toBeCloseTo(3 * 400_000, 3);
		expect(committed.marginal.measures["present_cost"]?.value).toBeCloseTo(valueOf(bare, "present_cost"), 3);
		expect(valueOf(hired, "tco")).toBe(valueOf(bare, "tco"));
		expect(hired.leaves_out).toContain("people");
		expect([bare.leaves_out, committed.leaves_out]).toEqual([undefined, undefined]);
	});

	it("has no price floor where nothing is sold, and says why", () => {
		const revenue = "revenue: {input: 0.55 USD/Mtok, output: 2.19 USD/Mtok, sold: 0%}";
		const api = strategyOf(answerOf({ strategies: "  api: {host: median}", rest: revenue }).result, "api");
		for (const name of ["price_floor", "gross_margin_share"]) {
			expect(api.measures[name]?.state, name).toBe("unreachable");
			expect(api.measures[name], name).not.toHaveProperty("value");
		}
		expect(api.no_price_floor).toContain("nothing is sold");
	});

	it("warns of a loan that outlives the plan, with what is owed there", () => {
		const { result, warnings } = planYears(
			catalogue,
			scenarioOf(
				text({ strategies: "  own: {assumptions: neocloud, capital: {server: 40k USD/GPU}}" }).replace(
					"{discount_rate: 8%}",
					"{discount_rate: 8%, debt: {share: 50%, interest: 0%, term: 6 years}}",
				),
			),
			asking("plan"),
		);
		const paid = strategyOf(result, "own").years.flatMap(({ capital }) =>
			Object.values(capital).map(({ value }) => value as number),
		);
		// no interest: half of the capital is borrowed at the opening, and half of that is still owed after 3 of 6 years
		const owed = paid.reduce((sum, each) => sum + each, 0) / 4;
		const warning = warnings.find(({ code }) => code === "debt-beyond-horizon");
		expect(warning?.message).toContain(formatQuantity(owed, "USD"));
	});

	it("warns where a tight site leaves no room for the spare, and only there", () => {
		const own = "  own: {assumptions: neocloud, capital: {server: 40k USD/GPU}}";
		const at = (power: string) => answerOf({ strategies: own, rest: `facility: {pue: 1.25, site_power: ${power}}` });
		const wide = at("10 MW");
		// 1 kW less than what it would draw with its spare
		const draws = (strategyOf(wide.result, "own").years[1]?.power?.value as number) * 1.25;
		const tight = at(`${draws - 1} kW`);
		expect(strategyOf(wide.result, "own")).not.toHaveProperty("reserve_not_kept");
		expect(wide.warnings.map(({ code }) => code)).not.toContain("reserve-not-kept");
		expect(strategyOf(tight.result, "own").reserve_not_kept).toEqual({ months: 36, first_month: 1 });
		expect(strategyOf(tight.result, "own").rank).toBe(1);
		expect(tight.warnings.find(({ code }) => code === "reserve-not-kept")?.message).toMatch(/^own: .*36 of 36 months/);
	});

	it("leaves out of all ways at once what is committed", () => {
		const { result } = answerOf({ rest: "people: {fte: 2, pay: 200k USD/year}\ncommitted: [staff]" });
		for (const name of ["own", "rent", "api"]) {
			const of = strategyOf(result, name);
			const staff = of.years.reduce((sum, { running }) => sum + (running["staff"]?.value ?? 0), 0);
			expect(staff).toBeCloseTo(3 * 2 * 200_000, 4);
			expect(of.marginal.measures["present_cost"]?.value).toBeLessThan(valueOf(of, "present_cost"));
		}
	});

	it("says where one way becomes cheaper, and where it does not", () => {
		const { result } = answerOf();
		const of = (a: string, b: string) => result.break_evens.find(({ of, against }) => of === a && against === b);
		expect(of("own", "api")?.volume.state).toMatch(/reached|not-reached|not-verified/);
		const dear = answerOf({
			strategies: "  own: {assumptions: neocloud, capital: {server: 4M USD/GPU}}\n  api: {host: lowest}",
		}).result.break_evens[0];
		expect(dear).toMatchObject({
			of: "own",
			against: "api",
			time: { state: "not-reached" },
			volume: { state: "not-reached" },
		});
		const cheap = answerOf({ strategies: "  own: {assumptions: neocloud, capital: {server: 1 USD/GPU}}\n  rent: {}" })
			.result.break_evens[0];
		expect(cheap?.time.state).toBe("reached");
		expect(cheap?.volume).toMatchObject({ state: "reached", from_lowest: true });
	});

	it("gives the curves along volumes, with the plan itself among them, and breaks even where they cross", () => {
		const { result } = answerOf();
		const { tokens_per_day: volumes, levelised, cheapest } = result.by_volume;
		const at = (name: StrategyName, i: number) => levelised[name]?.[i] as number;
		const names = Object.keys(levelised) as StrategyName[];
		const plan = (volumes.length - 1) / 2;
		expect(names.length).toBeGreaterThan(1);
		for (const name of names) expect(at(name, plan)).toBeCloseTo(valueOf(strategyOf(result, name), "levelised"), 6);
		for (const [i, name] of cheapest.entries())
			expect(at(name as StrategyName, i)).toBe(Math.min(...names.map((each) => at(each, i))));
		for (const { of, against, volume } of result.break_evens) {
			const from = volumes.indexOf(volume.tokens_per_day?.value ?? Number.NaN);
			const dearer = volumes.flatMap((_, i) => (at(of, i) > at(against, i) ? [i] : []));
			expect(from).toBe(dearer.at(-1) === volumes.length - 1 ? -1 : (dearer.at(-1) ?? -1) + 1);
		}
	});

	it("tells margin by month, which adds up to the margin of the years, and how far the price may fall", () => {
		const { result } = answerOf({
			rest: "revenue: {input: 1.5 USD/Mtok, output: 6 USD/Mtok, sold: 90%, price_decline: 20%}",
		});
		const own = strategyOf(result, "own");
		const { earned, unit_cost: cost, margin } = own.by_month!;
		const tokens = own.years.reduce((sum, { tokens: each }) => sum + (each.value as number), 0);
		const sum = margin.values.reduce<number>((so, each) => so + (each as number), 0);
		expect(sum / tokens).toBeCloseTo(valueOf(own, "gross_margin"), 9);
		expect(earned.values).toHaveLength(result.months + 1);
		const price = result.price?.value as number;
		const first = earned.values.findIndex((each) => each !== null);
		expect(cost.values[first]).not.toBeNull();
		// Price at the opening × share sold, and a fifth less each year.
		expect(earned.values[first]).toBeLessThanOrEqual(price * 0.9);
		expect((earned.values[first + 12] as number) / (earned.values[first] as number)).toBeCloseTo(0.8, 9);
		expect(valueOf(own, "price_room")).toBeCloseTo(100 * (1 - valueOf(own, "price_floor") / price), 9);
		const { tokens: served, book_cost: book } = own.by_month!;
		for (const [month, each] of margin.values.entries()) {
			const above = (earned.values[month] ?? 0) - (book.values[month] ?? 0);
			if (earned.values[month] !== null) expect(each).toBeCloseTo((served.values[month] as number) * above, 4);
		}
		// What a GPU-hour earns above what the books charge for it is the share of the margin.
		const [ofHour, bookOfHour] = [valueOf(own, "revenue_per_gpu_hour"), valueOf(own, "book_cost_per_gpu_hour")];
		expect(100 * (1 - bookOfHour / ofHour)).toBeCloseTo(valueOf(own, "gross_margin_share"), 9);
		const revenue = own.years.reduce((so, each) => so + (each.revenue?.value ?? 0), 0);
		const tco = valueOf(own, "tco");
		expect(valueOf(own, "revenue_per_gpu_hour")).toBeCloseTo((valueOf(own, "gpu_hour") * revenue) / tco, 9);
		expect(strategyOf(answerOf().result, "own").by_month).toBeUndefined();
	});

	it("buys the next generation, as a cause of its own, and lets a seller's claim about it be believed", () => {
		const strategies =
			"  own:\n    assumptions: neocloud\n    capital: {server: 40k USD/GPU}\n    life: 1 year\n    refresh: {at: 12, speed: 2, price: 1.2}";
		const { result } = answerOf({
			strategies,
			rest: "software_curve: {method: vendor-15x-generation}",
			demand: "{tokens_per_day: 50B, peak_to_mean: 2}",
		});
		const causes = result.bridges[0]?.causes.map(({ cause, delta }) => [cause, Math.sign(delta.value as number)]);
		expect(causes).toEqual([
			["software", 0],
			["hardware", -1],
			["utilisation", 0],
		]);
		const believed = result.software_curve.believed;
		const cost = (method: string) => believed.find((each) => each.method === method)?.unit_cost?.value as number;
		expect(cost("vendor-15x-generation")).toBeLessThan(cost("fitted"));
		expect(cost("vendor-35x-gb300")).toBeLessThanOrEqual(cost("vendor-15x-generation"));
		expect(result.software_curve.method).toBe("vendor-15x-generation");
	});

	it("changes the number format as a cause of its own, with the gain of measured rows and the accuracy beside it", () => {
		const change = (more = ""): string =>
			text({ demand: "{tokens_per_day: 50B, peak_to_mean: 2}", rest: `supply: {precision: fp8}${more}` });
		const before = planYears(catalogue, scenarioOf(change()), asking("plan")).result;
		const changed = change().replace("  hardware: b200", "  hardware: b200\n  precision_change: {at: 13, to: nvfp4}");
		const { result } = planYears(catalogue, scenarioOf(changed), asking("plan"));
		const { precision_change: told, precision } = result.machine;
		expect([precision, told?.month, told?.precision]).toEqual(["fp8", 13, "nvfp4"]);
		expect(told?.gain.value).toBeGreaterThan(1);
		expect(told?.accuracy?.runs).toBeGreaterThan(0);
		const rent = result.bridges.find(({ strategy }) => strategy === "rent");
		const cause = rent?.causes.find(({ cause: name }) => name === "precision");
		expect(cause?.delta.value).toBeLessThan(0);
		const unit = (of: PlanYearsResult, year: number) => strategyOf(of, "rent").years[year]?.unit_cost?.value as number;
		expect(unit(result, 1)).toBe(unit(before, 1));
		const ratio = unit(before, 2) / unit(result, 2) / (told?.gain.value as number);
		// less than the gain alone: a spare replica and whole ones do not shrink with it
		expect(ratio).toBeGreaterThan(0.85);
		expect(ratio).toBeLessThan(1.0001);
		const already = changed.replace("precision: fp8", "precision: nvfp4");
		expect(refusal(() => planYears(catalogue, scenarioOf(already), asking("plan")))).toMatchObject({
			exit: 2,
			code: "contradiction",
		});
	});

	it("takes machines that are there, and refuses a scenario without years", () => {
		const existing =
			"  own:\n    assumptions: neocloud\n    capital: {server: 40k USD/GPU}\n    existing: {gpus: 64, value: 9k USD/GPU, life_left: 2 years}";
		const { result } = answerOf({ strategies: existing });
		const own = strategyOf(result, "own");
		expect(own.years[0]?.capital["existing.existing"]?.value).toBeCloseTo(64 * 9000, 6);
		expect(own.marginal.measures["present_cost"]?.value).toBeLessThan(valueOf(own, "present_cost"));
		const error = refusal(() => planYears(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan")));
		expect(error).toMatchObject({ exit: 2, code: "no-horizon" });
	});

	it("names hardware that no row serves on", () => {
		const error = refusal(() =>
			planYears(catalogue, scenarioOf(text().replace("hardware: b200", "hardware: l40s")), asking("plan")),
		);
		expect(error.exit).toBe(3);
	});
});
