import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FleetMonth } from "../../test-support/fleet-month.ts";
import { fleetMonth, OCTOBER } from "../../test-support/fleet-month.ts";
import type { Actuals } from "./actuals.ts";
import { actuals } from "./actuals.ts";
import type { LedgerFacts } from "./facts.ts";
import { capacitySumsOf, usageSumOf } from "./facts.ts";
import { planOfModel } from "./plan-side.ts";
import type { VarianceToPlan } from "./variance-to-plan.ts";
import { varianceToPlan } from "./variance-to-plan.ts";
import { planWarnings } from "./warnings.ts";

const october = fleetMonth({ ...OCTOBER, stepHours: 24 });
const facts: LedgerFacts = {
	usage: october.usage.map(usageSumOf),
	capacity: october.capacity.flatMap(capacitySumsOf),
	charges: october.charges,
	prices: [],
};
const found = run(october);

describe("planOfModel", () => {
	it("reads the chosen option over the days of the window, worked by hand", () => {
		// 5 billion tokens a day at 3,764 tokens/s/GPU keep 15.37 GPUs at work, of 40; 31 days at 0.3974 USD/Mtok are 61,597 USD.
		const { side, model, delivered } = planOfModel(savedPlan({}), october.window);
		expect(model).toBe("deepseek-r1");
		expect(delivered).toBe(0.3974);
		expect(side.tokens).toBe(155e9);
		expect(side.utilisation).toBeCloseTo(15.37 / 40, 3);
		expect(side.price * 40 * 31 * 86_400).toBeCloseTo(61_597, 0);
		expect(((side.tokens * side.gpuSecondsPerToken) / side.utilisation) * side.price).toBeCloseTo(61_597, 0);
	});

	it("says no to what is no plan, to a rank that it does not have, and to a member that is missing", () => {
		expect(() => planOfModel({ command: "price" }, october.window)).toThrow(/no saved result of farthing plan/);
		expect(() => planOfModel(savedPlan({}), october.window, 7)).toThrow(/no option of rank 7/);
		expect(() => planOfModel(savedPlan({ gpus: undefined }), october.window)).toThrow(/has no gpus/);
	});
});

describe("varianceToPlan", () => {
	it("adds up from plan to actual exactly, and tells models without a plan apart: the others are compared alone", () => {
		const variance = varianceToPlan(facts, found, [planOfModel(savedPlan({}), october.window)]);
		expectExact(variance);
		const causes = new Map(variance.causes.map(({ cause, delta }) => [cause, Number(delta.nano) / 1e9]));
		const names = ["volume", "mix", "efficiency", "utilisation", "price", "currency", "other", "unplanned"];
		expect([...causes.keys()]).toEqual(names);
		expect(causes.get("mix")).toBe(0);
		const serving = Number(variance.serving.nano - variance.covered.nano) / 1e9;
		expect(causes.get("unplanned")).toBeCloseTo(serving, 6);
		expect(planWarnings(variance)).toMatchObject([{ code: "plan-covers-part" }]);
	});

	it("refuses a plan of a model that was not served, and names those that were", () => {
		const other = planOfModel(savedPlan({}, 5e9, "kimi-k2.5"), october.window);
		expect(() => varianceToPlan(facts, found, [other])).toThrow(/nothing of the window was spent on kimi-k2.5/);
	});

	it("adds up for random plans", () => {
		fc.assert(
			fc.property(
				fc.record({
					gpus: fc.integer({ min: 1, max: 400 }),
					perMtok: fc.double({ min: 0.001, max: 50, noNaN: true }),
					perDay: fc.integer({ min: 1e6, max: 1e11 }),
				}),
				({ gpus, perMtok, perDay }) => {
					const plan = savedPlan({ gpus, delivered: { value: perMtok, unit: "USD/Mtok" } }, perDay);
					expectExact(varianceToPlan(facts, found, [planOfModel(plan, october.window)]));
				},
			),
			{ numRuns: 8 },
		);
	});

	it("finds no mix where plan and actual have the one model, owned on both sides", () => {
		const [chat] = october.shape.fleets;
		const only = fleetMonth({
			...OCTOBER,
			stepHours: 24,
			fleets: chat === undefined ? [] : [{ ...chat, basis: "owned" }],
		});
		const mine = run(only);
		const own = {
			usage: only.usage.map(usageSumOf),
			capacity: only.capacity.flatMap(capacitySumsOf),
			charges: only.charges,
			prices: [],
		};
		const first = varianceToPlan(own, mine, [planOfModel(savedPlan({}, 5e9, "llama-3.3-70b"), only.window)]);
		expectExact(first);
		expect(first.causes.find(({ cause }) => cause === "mix")?.delta.nano).toBe(0n);
	});

	it("tells what the rate of the euro did to a model that is paid in euros", () => {
		const plan = planOfModel(savedPlan({}, 5e9, "gpt-oss-120b"), october.window);
		const currency = ({ causes }: VarianceToPlan): bigint =>
			causes.find(({ cause }) => cause === "currency")?.delta.nano ?? 0n;
		const variance = varianceToPlan(facts, found, [plan]);
		expectExact(variance);
		expect(currency(variance)).not.toBe(0n);
		// At one rate all month, that of the plan's day, there is nothing to tell.
		const flat = { ...found.question, rates: october.rates.map((rate) => ({ ...rate, rate: "1.15" })) };
		expect(currency(varianceToPlan(facts, actuals(facts, flat), [plan]))).toBe(0n);
	});

	it("refuses a plan in another currency, and two of one model", () => {
		const euros = planOfModel(savedPlan({ delivered: { value: 1, unit: "EUR/Mtok" } }), october.window);
		expect(() => varianceToPlan(facts, found, [euros])).toThrow(/plan is in EUR/);
		const plan = planOfModel(savedPlan({}), october.window);
		expect(() => varianceToPlan(facts, found, [plan, plan])).toThrow(/same model/);
	});
});

function run(month: FleetMonth): Actuals {
	return actuals(
		{
			usage: month.usage.map(usageSumOf),
			capacity: month.capacity.flatMap(capacitySumsOf),
			charges: month.charges,
			prices: [],
		},
		{
			window: month.window,
			basis: "reserved",
			by: ["model"],
			cost: "effective",
			currency: "USD",
			rates: month.rates,
			calibrations: month.calibrations,
		},
	);
}

function expectExact({ plan, actual, causes }: VarianceToPlan): void {
	expect(causes.reduce((sum, { delta }) => sum + delta.nano, plan.nano)).toBe(actual.nano);
}

function savedPlan(option: Record<string, unknown>, perDay = 5e9, model = "deepseek-r1"): unknown {
	return {
		schema: "farthing/1",
		command: "plan",
		id: "dbc68901f497ae17",
		as_of: "2026-09-22",
		result: {
			model,
			question: { tokens: { value: perDay, unit: "tok/day" } },
			options: [
				{
					rank: 1,
					id: "ix-84573640",
					deployment: { tokens_per_gpu_second: 3764.12322 },
					gpus: 40,
					utilization: { value: 0.3843549, unit: "fraction" },
					delivered: { value: 0.3974, unit: "USD/Mtok" },
					...option,
				},
			],
		},
	};
}
