import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FleetMonth } from "../../test-support/fleet-month.ts";
import type { FleetShape } from "../../test-support/fleet-shape.ts";
import { fleetMonth, OCTOBER, TEAMS, THREE_MODELS } from "../../test-support/fleet-month.ts";
import { sumOfLines } from "../attribution/line-sums.ts";
import { exchangeTable } from "../currency/exchange.ts";
import { COST_BASES } from "../records/cost-window.ts";
import type { Instant } from "../records/units.ts";
import { MICROS_PER_DAY } from "../records/units.ts";
import type { Actuals, ActualsQuestion } from "./actuals.ts";
import { actualDays, actuals } from "./actuals.ts";
import { actualsResult } from "./actuals-result.ts";
import type { LedgerFacts } from "./facts.ts";
import { capacitySumsOf, usageSumOf } from "./facts.ts";
import { outlookOf } from "./outlook.ts";

const october = fleetMonth({ ...OCTOBER, stepHours: 12 });

describe("a month of three models and six teams, rented, reserved and owned, in two currencies", () => {
	it.each(COST_BASES)("adds up to its bill to the billionth on the %s basis", (basis) => {
		const found = run(october, { basis });
		expect(sumOfLines(found.lines, "USD").nano).toBe(found.charges.bill?.converted.nano);
		expect(billBy(found, "billed")).toEqual(october.truth.billed);
		expect(billBy(found, "effective")).toEqual(october.truth.effective);
		expect(billBy(found, "counted")).toEqual(october.truth.effective);
		expect(found.charges.bill?.rows).toBe(october.charges.length);
		expect(
			sumOfLines(
				actualDays(found).flatMap(({ lines }) => lines),
				"USD",
			).nano,
		).toBe(found.total.nano);
	});

	it("converts with the rate of each day: the euros of the bill, summed by hand", () => {
		const found = run(october, {});
		const table = exchangeTable(october.rates);
		const byHand = october.charges.reduce((sum, { effective_cost: { currency, nano }, charge_period_start }) => {
			if (currency === "USD") return sum + Number(nano);
			const { numerator, denominator } = table.rateAt("EUR", "USD", charge_period_start)?.rate ?? {
				numerator: 0n,
				denominator: 1n,
			};
			return sum + (Number(nano) * Number(numerator)) / Number(denominator);
		}, 0);
		expect(Math.abs(Number(found.total.nano) - byHand)).toBeLessThan(1000);
	});

	it("gives each team its GPU time of what was billed on the busy basis, the planted truth", () => {
		const found = run(october, { basis: "busy", by: ["model", "team"] });
		const chat = found.gpuTime.filter(({ owner }) => owner.deployment === "chat");
		for (const team of TEAMS) {
			const line = chat.find(({ owner }) => owner.team === team);
			const truth = october.truth.busy.get(`chat ${team}`) ?? 0;
			expect(Math.abs(Number(line?.amount.nano) / 1e6 / truth - 1)).toBeLessThan(1e-4);
		}
		const unlogged = chat.find(({ kind, owner }) => kind === "serving" && owner.team === undefined);
		const missing = october.truth.busy.get("chat") ?? 0;
		expect(Math.abs(Number(unlogged?.amount.nano) / 1e6 / missing - 1)).toBeLessThan(1e-3);
		const held = chat.reduce((sum, { amount }) => sum + Number(amount.nano) / 1e6, 0);
		expect(Math.abs(held / (october.truth.held.get("chat") ?? 0) - 1)).toBeLessThan(1e-9);
	});

	it("has a line for idle, unused reservation, shared, credit, tax and what nobody knows", () => {
		const result = resultOf(run(october, { basis: "busy" }));
		const kinds = new Map(result.lines.map(({ kind, label, cost }) => [`${kind} ${label}`, cost.value]));
		expect(kinds.get("credit Migration credit")).toBe(-1500);
		expect(kinds.get("residual i-forgotten")).toBe(73.44);
		expect(kinds.get("shared Data transfer")).toBe(412.337112233);
		expect(kinds.get("unallocated Reservation of reasoning-1, hours not used")).toBe(12.345678901);
		expect(kinds.get("tax VAT 19%")).toBeGreaterThan(2207 * 1.1);
		expect(result.reconciliation.difference.value).toBe(0);
		expect(result.residual.value).toBe(73.44);
		expect(result.coverage).toBeGreaterThan(0.99);
		expect(result.cost.grade).toBe("A");
	});

	it("grades what a law of another model decides D, and the same value the same by whatever it is grouped", () => {
		const by = (...dimensions: ActualsQuestion["by"]) => resultOf(run(october, { by: dimensions, calibrations: [] }));
		const [models, teams, both] = [by("model"), by("team"), by("model", "team")];
		for (const other of [teams, both]) {
			expect(other.use).toEqual(models.use);
			expect(other.by_tokens).toEqual(models.by_tokens);
			expect(other.idle_ledger).toEqual(models.idle_ledger);
			expect(other.idle).toEqual(models.idle);
			expect(other.days).toEqual(models.days);
			expect(other.laws).toEqual(models.laws);
		}
		const { use, by_tokens: per, idle } = models;
		const ofLaw = [use.busy, use.idle_held, use.utilization, per?.input, per?.output];
		expect(ofLaw.map((number) => number?.grade)).toEqual(["D", "D", "D", "D", "D"]);
		expect([use.unallocated.grade, idle.grade, models.cost.grade]).toEqual(["A", "A", "A"]);
		// Each holds its GPUs alone, so that the law has no part in what it pays, but in what its input costs.
		expect(models.rows.map(({ cost, by_tokens: own }) => [cost.grade, own?.input?.grade])).toEqual([
			["A", "D"],
			["A", "D"],
			["A", "D"],
		]);
		expect(new Set(teams.rows.map(({ cost }) => cost.grade))).toEqual(new Set(["D"]));
		expect(resultOf(run(october, { by: ["team"] })).use.utilization?.grade).toBe("A");
	});

	it("grades a cost per token by how much of the cost is explained", () => {
		const result = resultOf(run(october, {}, { ...factsOf(october), capacity: [] }));
		expect(result.coverage).toBeLessThan(0.5);
		expect([result.cost.grade, result.unit_cost.grade]).toEqual(["A", "E"]);
		expect(resultOf(run(october, {})).unit_cost.grade).toBe("A");
	});

	it("does not know what a model costs that no charge reaches", () => {
		const { rows } = resultOf(run(october, { by: ["model"] }, { ...factsOf(october), capacity: [] }));
		expect(rows.map(({ cost }) => cost)).toEqual(rows.map(() => ({ unit: "USD", state: "unknown" })));
		expect(rows.some(({ unit_cost: per }) => per !== undefined)).toBe(false);
		const priced = resultOf(run(october, { by: ["model"] })).rows;
		expect(priced.every(({ cost }) => (cost.value ?? 0) > 0)).toBe(true);
	});

	it("takes days before the first charge for unknown, neither for history nor for cheap", () => {
		const from = (october.window.from - 20 * MICROS_PER_DAY) as Instant;
		const result = resultOf(run(october, { window: { from, to: october.window.to } }));
		expect(result.days[0]?.cost).toEqual({ unit: "USD", state: "unknown" });
		expect(result.days[20]?.cost.value).toBeGreaterThan(0);
		expect(result.weeks[0]?.cost).toEqual({ unit: "USD", state: "unknown" });
		expect(result.anomalies.filter(({ expected }) => expected.value === 0)).toEqual([]);
		expect(result.anomalies).toEqual(resultOf(run(october, {})).anomalies);
		expect(result.outlook_gaps.map(({ of }) => of)).toEqual(["forecast"]);
	});

	it("prices the hours before and after the change of price apart", () => {
		const half = (october.window.from + october.window.to) / 2;
		const days = actualDays(run(october, { by: ["model"] }));
		const chatOn = (day: (typeof days)[number] | undefined): number =>
			Number(
				day?.lines
					.filter(({ owner }) => owner.model === "llama-3.3-70b")
					.reduce((sum, { amount }) => sum + amount.nano, 0n),
			);
		const [before, after] = [days[3], days.find(({ from }) => from > half)];
		expect(chatOn(after) / chatOn(before)).toBeLessThan(0.95);
	});

	it("charges owned and reserved work to nobody on the marginal basis, save for its energy", () => {
		const found = run(october, { basis: "marginal", by: ["model"] });
		const committed = found.lines.filter(({ kind }) => kind === "committed").map(({ owner }) => owner.model);
		expect([...new Set(committed)]).toEqual(["deepseek-r1", "gpt-oss-120b"]);
		const serving = found.lines.filter(({ kind }) => kind === "serving").map(({ owner }) => owner.model);
		expect(serving).toEqual(["gpt-oss-120b", "llama-3.3-70b"]);
	});

	it("counts no token twice, though engines and gateway both counted them", () => {
		const result = resultOf(run(october, {}));
		const engines = october.usage.filter(({ source }) => source.kind === "engine");
		const truth = engines.reduce((sum, { tokens }) => sum + (tokens.in_total ?? 0) + (tokens.out_total ?? 0), 0);
		expect(Math.abs((result.tokens.total.value ?? 0) / truth - 1)).toBeLessThan(1e-4);
		expect(result.sources.map(({ difference }) => Number(difference.toFixed(3)))).toEqual(
			result.sources.map(() => 0.015),
		);
	});

	it("uses invoiced amounts where asked: the same sums, other months", () => {
		const found = run(october, { cost: "billed" });
		expect(billBy(found, "counted")).toEqual(october.truth.billed);
		// The fee of a reservation goes to the node that it covered, and to nobody as unexplained.
		const fee = found.lines.filter(({ owner }) => owner.model === "deepseek-r1");
		expect(sumOfLines(fee, "USD").nano).toBeGreaterThan(32_000_000_000_000n);
		expect(found.lines.filter(({ kind }) => kind === "residual").map(({ label }) => label)).toEqual(["i-forgotten"]);
	});

	it("adds up for any window within the month, and says that rows were cut", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 29 }), fc.integer({ min: 1, max: 50 }), (day, halfDays) => {
				const from = (october.window.from + day * MICROS_PER_DAY) as Instant;
				const to = Math.min(october.window.to, from + (halfDays * MICROS_PER_DAY) / 2) as Instant;
				const found = run(october, { window: { from, to }, basis: "busy" });
				expect(sumOfLines(found.lines, "USD").nano).toBe(found.charges.bill?.converted.nano);
				expect(found.charges.prorated).toBeGreaterThan(0);
			}),
			{ numRuns: 6 },
		);
	});
});

describe("random fleets", () => {
	it("add up to their bills on every basis, in each currency", () => {
		fc.assert(
			fc.property(shapes, (shape) => {
				const month = fleetMonth(shape);
				for (const basis of COST_BASES) {
					const found = run(month, { basis, by: ["model", "team"] });
					expect(sumOfLines(found.lines, "USD").nano).toBe(found.charges.bill?.converted.nano);
					expect(billBy(found, "counted")).toEqual(month.truth.effective);
					expect(billBy(found, "billed")).toEqual(month.truth.billed);
				}
			}),
			{ numRuns: 12 },
		);
	});
});

function run(month: FleetMonth, question: Partial<ActualsQuestion>, facts: LedgerFacts = factsOf(month)): Actuals {
	return actuals(facts, {
		window: month.window,
		basis: "reserved",
		by: ["model", "team"],
		cost: "effective",
		currency: "USD",
		rates: month.rates,
		calibrations: month.calibrations,
		...question,
	});
}

function factsOf({ usage, capacity, charges, window }: FleetMonth): LedgerFacts & { readonly window: typeof window } {
	return { usage: usage.map(usageSumOf), capacity: capacity.flatMap(capacitySumsOf), charges, prices: [], window };
}

function resultOf(found: Actuals) {
	return actualsResult(found, { outlook: outlookOf(found, 1) });
}

function billBy({ charges }: Actuals, of: "billed" | "effective" | "counted"): Map<string, bigint> {
	return new Map(charges.bill?.[of].map(({ currency, nano }) => [currency, nano]));
}

const shapes: fc.Arbitrary<FleetShape> = fc
	.record({
		seed: fc.nat(1e6),
		days: fc.integer({ min: 1, max: 5 }),
		stepHours: fc.constantFrom(6, 12, 24),
		gpusPerNode: fc.constantFrom(1, 4, 8),
		teams: fc.integer({ min: 1, max: 6 }),
		unlogged: fc.constantFrom(0, 0.05, 0.5),
		parts: fc.array(
			fc.record({
				like: fc.constantFrom(...THREE_MODELS),
				nodes: fc.integer({ min: 1, max: 3 }),
				currency: fc.constantFrom("USD" as const, "EUR" as const),
				basis: fc.constantFrom("on_demand" as const, "reserved" as const, "owned" as const),
				cents: fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 9999 })),
				load: fc.double({ min: 0.001, max: 0.95, noNaN: true }),
			}),
			{ minLength: 1, maxLength: 4 },
		),
	})
	.map(({ parts, teams, ...rest }) => ({
		...rest,
		start: "2026-10-01",
		teams: TEAMS.slice(0, teams),
		fleets: parts.map(({ like, nodes, currency, basis, cents, load }, i) => ({
			...like,
			model: `model-${i}`,
			deployment: `deployment-${i}`,
			nodes,
			currency,
			basis,
			centsPerHour: cents,
			load,
		})),
	}));
