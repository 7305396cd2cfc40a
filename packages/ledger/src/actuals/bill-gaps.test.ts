import { describe, expect, it } from "vitest";
import type { ChargeRecord } from "../records/charge.ts";
import { parseAmount } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import type { Count, GpuMicros, Instant, TokenCount } from "../records/units.ts";
import { MICROS_PER_DAY, MICROS_PER_HOUR, parseInstant } from "../records/units.ts";
import type { ActualsQuestion } from "./actuals.ts";
import { actuals } from "./actuals.ts";
import { actualsResult } from "./actuals-result.ts";
import { actualsGraph } from "./actuals-graph.ts";
import type { LedgerFacts, UsageSum } from "./facts.ts";
import { outlookOf } from "./outlook.ts";
import { tenantAnswer } from "./tenant-answer.ts";
import { actualsWarnings, factWarnings } from "./warnings.ts";

/** Two GPUs of one node, held on each of thirty days. */
describe("GPU time beyond the periods that the bill pays for", () => {
	it("is not covered by the bill of one day: coverage and grade fall, and a note names node and days", () => {
		const { result, warnings } = answered([row(0, 1, "48")]);
		expect(result.coverage).toBeCloseTo(1 / 30, 12);
		expect([result.cost.grade, result.unit_cost.grade]).toEqual(["E", "E"]);
		expect(result.cost.state).toBe("modelled");
		// 29 days · 24 h · 2 GPUs
		expect(warnings).toContain(
			"1392 GPU-hr of node n1 on 29 days from 2026-09-02 to 2026-09-30 have neither a bill nor a price: they are not in the cost",
		);
	});

	it("is rated at a price on file, where there is one", () => {
		const { result } = answered([row(0, 15, "720")], {}, [price("1.5")]);
		// 15 days · 48 GPU-hr · 1.50 USD
		expect([result.bill?.value, result.rated.value, result.coverage]).toEqual([720, 1080, 1]);
		expect(result.reconciliation.rated_against_bill.map(({ rated, billed }) => [rated.value, billed.value])).toEqual([
			[1080, 720],
		]);
	});

	it("is none where rows of the bill join, in any order, or overlap", () => {
		const hourly = Array.from({ length: 48 }, (_, i) => row(i / 48, (i + 1) / 48, "1"));
		const { result, warnings } = answered([row(1, 30, "1392"), ...hourly.reverse(), row(0.5, 2, "1")]);
		expect([result.coverage, result.cost.grade]).toEqual([1, "A"]);
		expect(warnings.filter((text) => text.includes("neither"))).toEqual([]);
	});

	it("is told within a day too", () => {
		const { result, warnings } = answered([row(0, 29.75, "1428")]);
		expect(result.coverage).toBeCloseTo(29.75 / 30, 12);
		expect(result.cost.grade).toBe("A");
		expect(warnings).toContain(
			"12 GPU-hr of node n1 on 2026-09-30 have neither a bill nor a price: they are not in the cost",
		);
	});
});

describe("use of a node that was billed at 0", () => {
	it("has a bill", () => {
		const { result, warnings } = answered([row(0, 30, "48", "0")], { cost: "billed" });
		expect([result.cost.value, result.coverage, result.bill?.value]).toEqual([0, 1, 0]);
		expect(warnings.filter((text) => text.includes("neither"))).toEqual([]);
		expect(answered([row(0, 30, "48", "0")], {}).result.cost.value).toBe(48);
	});
});

describe("tokens that no charge reaches", () => {
	const bought = Array.from(
		{ length: 30 },
		(_, i): UsageSum => ({
			from: day(i),
			to: day(i + 1),
			sourceKind: "provider",
			model: { served: "bought" },
			tokens: { in_total: 1_000_000 as TokenCount, out_total: 0 as TokenCount },
		}),
	);

	it("have no part in what a token cost, in rows, headline, days and the graph, and are told", () => {
		const { found, result } = answered([row(0, 30, "1440")], { by: [] }, [], bought);
		const [mixed, ...others] = result.rows;
		expect(others).toEqual([]);
		expect([mixed?.tokens.total.value, mixed?.tokens.priced?.value]).toEqual([90e6, 60e6]);
		// 1440 USD for 60 million tokens, 30 million more cost nobody knows what.
		expect([mixed?.unit_cost?.value, result.unit_cost.value]).toEqual([24, 24]);
		expect([mixed?.coverage, mixed?.unit_cost?.coverage, result.unit_cost.coverage]).toEqual([2 / 3, 2 / 3, 2 / 3]);
		expect(result.tokens.priced?.value).toBe(60e6);
		expect([result.days[3]?.unit_cost?.value, result.weeks[0]?.unit_cost?.value]).toEqual([24, 24]);
		expect(result.days[3]?.priced_tokens?.value).toBe(2e6);
		const graph = JSON.stringify(actualsGraph(result));
		for (const id of ["tokens.total", "tokens.unpriced", "tokens.priced"]) expect(graph).toContain(`"${id}"`);
		expect(found.total.nano).toBe(1_440_000_000_000n);
	});

	it("leave a cost over all tokens that is labelled as such, where no model has a price", () => {
		const nowhere = bought.map((sum) => ({ ...sum, sourceKind: "gateway" as const }));
		const of = { sourceKind: "benchmark" } as const;
		const { facts, found, result, warnings } = answered([row(0, 30, "1440")], {}, [], nowhere, of);
		expect(factWarnings(facts, found)).toContainEqual({
			code: "benchmarks-left-out",
			message: "60,000,000 tok of benchmark runs (m) are no production: they are in no row and no cost per token",
		});
		expect(result.rows.find(({ model }) => model === "bought")?.cost.state).toBe("unknown");
		// The bill is whole, and none of it is known to be for these tokens.
		expect([result.coverage, result.cost.grade]).toEqual([1, "A"]);
		expect(result.unit_cost).toMatchObject({ value: 48, grade: "E", state: "modelled", coverage: 0 });
		expect([result.tokens.priced?.value, result.tokens.total.value]).toEqual([0, 30e6]);
		expect([result.days[3]?.unit_cost?.grade, result.weeks[0]?.unit_cost?.grade]).toEqual(["E", "E"]);
		expect(JSON.stringify(actualsGraph(result))).toContain("the whole cost over all tokens delivered");
		expect(warnings.join()).toContain("shown over all tokens, which nothing says caused it");
		expect(found.total.nano).toBe(1_440_000_000_000n);
	});
});

describe("a tenant's part of GPU time without a price", () => {
	it("is told as a share, and the cost covers the rest", () => {
		const { found } = answered([row(0, 15, "720")], { by: ["org", "model"] }, [], [], { tenant: { org: "a" } });
		const { result, warnings } = tenantAnswer(found, "a", ["model"]);
		expect([result.cost.value, result.cost.coverage, result.coverage]).toEqual([720, 0.5, 0.5]);
		expect(warnings.map(({ message }) => message)).toContain(
			"50.0% of the GPU time held for what served you has neither a bill nor a price: it is not in the cost",
		);
		expect(JSON.stringify(warnings)).not.toContain("n1");
	});

	it("is all of it where nothing has a price: the cost is unknown, not zero", () => {
		const { found } = answered([{ ...row(0, 30, "9"), resource_id: "other" }], { by: ["org", "model"] }, [], [], {
			tenant: { org: "a" },
		});
		const { result } = tenantAnswer(found, "a", ["model"]);
		expect(result.cost).toEqual({ unit: "USD", state: "unknown" });
		expect(result).not.toHaveProperty("unit_cost");
		expect(result.coverage).toBe(0);
	});
});

const window = { from: day(0), to: day(30) };

function answered(
	charges: readonly ChargeRecord[],
	question: Partial<ActualsQuestion> = {},
	prices: PriceRecord[] = [],
	more: readonly UsageSum[] = [],
	of: Partial<UsageSum> = {},
) {
	const days = Array.from({ length: 30 }, (_, i) => ({ from: day(i), to: day(i + 1) }));
	const facts: LedgerFacts = {
		usage: [
			...days.map(
				(span): UsageSum => ({
					...span,
					sourceKind: "engine",
					...of,
					scope: { group: "chat" },
					model: { served: "m" },
					tokens: { in_total: 1_000_000 as TokenCount, out_total: 1_000_000 as TokenCount },
					requests: 10 as Count,
				}),
			),
			...more,
		],
		capacity: days.map((span) => ({
			...span,
			gpu: { node: "n1", model: "h100-sxm" },
			heldBy: { group: "chat" },
			time: (48 * MICROS_PER_HOUR) as GpuMicros,
		})),
		charges,
		prices,
	};
	const found = actuals(facts, {
		window,
		basis: "reserved",
		by: ["model"],
		cost: "effective",
		currency: "USD",
		rates: [],
		calibrations: [],
		...question,
	});
	const result = actualsResult(found, { outlook: outlookOf(found, 1) });
	return { facts, found, result, warnings: actualsWarnings(found).map(({ message }) => message) };
}

function row(from: number, to: number, effective: string, billed: string = effective): ChargeRecord {
	return {
		charge_period_start: day(from),
		charge_period_end: day(to),
		billing_period_start: day(0),
		billing_period_end: day(30),
		billed_cost: usd(billed),
		effective_cost: usd(effective),
		charge_category: "Usage",
		billing_account_id: "a-1",
		service_provider_name: "Example Cloud",
		service_category: "Compute",
		resource_id: "n1",
	};
}

function price(amount: string): PriceRecord {
	return {
		id: "p",
		resource: "gpu_hour",
		amount: usd(amount),
		per: 1 as Count,
		selector: { node: "n1" },
		valid_from: day(0),
		basis: "on_demand",
		includes_power: true,
		provenance: "test",
	};
}

function day(n: number): Instant {
	return ((parseInstant("2026-09-01T00:00:00Z") as number) + n * MICROS_PER_DAY) as Instant;
}

function usd(text: string) {
	return parseAmount(text, "USD") as NonNullable<ReturnType<typeof parseAmount>>;
}
