import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fleetMonth, OCTOBER, TEAMS } from "../../test-support/fleet-month.ts";
import { actualsOf, type ReadActuals } from "../actuals/ask-actuals.ts";
import { capacitySumsOf, usageSumOf } from "../actuals/facts.ts";
import { sumOfLines } from "../attribution/line-sums.ts";
import { parseAmount } from "../records/money.ts";
import { formatInstant, gpuMicros, type Instant, MICROS_PER_DAY, parseInstant, tokenCount } from "../records/units.ts";
import { answerBudgets } from "./ask-budgets.ts";
import { type Budget, periodAround } from "./budget.ts";
import { BudgetError, changeBudgets, isSame, readBudget, readBudgetFile } from "./budget-file.ts";
import { budgetStatus } from "./budget-status.ts";

const at = (text: string): Instant => parseInstant(text) as Instant;
const budget = (over: object = {}): Budget =>
	readBudget({
		id: "b",
		tenant: "local",
		amount: { value: "100", currency: "USD" },
		period: "month",
		scope: {},
		thresholds: [0.5, 1],
		...over,
	});

describe("a budget", () => {
	it("is of the calendar period that holds a day, UTC", () => {
		const spans = (["month", "quarter", "year"] as const).map((period) => {
			const { from, to } = periodAround(period, at("2026-11-30T23:59:59Z"));
			return [formatInstant(from).slice(0, 10), formatInstant(to).slice(0, 10)];
		});
		expect(spans).toEqual([
			["2026-11-01", "2026-12-01"],
			["2026-10-01", "2027-01-01"],
			["2026-01-01", "2027-01-01"],
		]);
	});

	it.each([
		[{ amount: { value: "0", currency: "USD" } }, "amount"],
		[{ amount: { value: "lots", currency: "USD" } }, "amount"],
		[{ thresholds: [1, 0.8] }, "thresholds"],
		[{ thresholds: [] }, "thresholds"],
		[{ period: "week" }, "period"],
		[{ scope: { colour: "red" } }, "scope.colour"],
		[{ tenant: "../x" }, "tenant"],
	])("of %j is refused, and the member named", (over, field) => {
		const refused = (() => {
			try {
				return budget(over);
			} catch (error) {
				return error;
			}
		})();
		expect(refused).toBeInstanceOf(BudgetError);
		expect((refused as BudgetError).field).toContain(field);
	});
});

describe("how budgets of a month stand", () => {
	const month = fleetMonth({ ...OCTOBER, days: 12, stepHours: 24, gpusPerNode: 1 });
	const { window } = month;
	const read: ReadActuals = {
		facts: {
			usage: month.usage.map(usageSumOf),
			capacity: month.capacity.flatMap(capacitySumsOf),
			charges: month.charges,
			prices: [],
		},
		question: {
			window,
			basis: "reserved",
			by: ["model", "team", "org"],
			cost: "effective",
			currency: "USD",
			rates: month.rates,
			calibrations: month.calibrations,
		},
		by: ["model"],
		isByRequest: false,
		most: 1,
	};
	const found = actualsOf(read);
	const period = periodAround("month", window.from);
	const status = (over: object) => budgetStatus(budget(over), period, read, 1);
	const total = Number(found.total.nano) / 1e9;

	it("the whole ledger has spent what the window cost, and each team its lines of it", () => {
		expect(status({}).spent?.value).toBeCloseTo(total, 6);
		for (const team of TEAMS.slice(0, 2)) {
			const own = sumOfLines(
				found.lines.filter(({ owner }) => owner.team === team),
				"USD",
			);
			expect(status({ scope: { team } }).spent?.value).toBeCloseTo(Number(own.nano) / 1e9, 6);
		}
	});

	it("of whom no usage is on record is unknown, not zero, and says whose is missing", () => {
		for (const [over, named] of [
			[{ tenant: "nobody" }, "for tenant nobody in"],
			[{ scope: { team: "nobody" } }, "for team nobody in"],
		] as const) {
			const found = status(over);
			expect(found).toMatchObject({ state: "unknown", reason: expect.stringContaining(named) });
			expect(found).not.toHaveProperty("spent");
			expect(found).not.toHaveProperty("used");
		}
	});

	it("is over, will be over, was warned, or is within, by the amount", () => {
		const amount = (share: number) => ({ amount: { value: (total * share).toFixed(2), currency: "USD" } });
		expect(status(amount(0.9))).toMatchObject({ state: "over", through: "2026-10-12" });
		expect(status(amount(1.2)).state).toBe("heading-over");
		expect(status({ ...amount(9), thresholds: [0.1, 1] }).state).toBe("warned");
		expect(status(amount(9)).state).toBe("within");
	});

	it("one that cannot be worked out is unknown, with the reason, and keeps no other from its answer", () => {
		const yen = { amount: { value: "100", currency: "JPY" }, id: "yen" };
		const without = (of: Partial<ReadActuals["facts"]>) => ({ ...read, facts: { ...read.facts, ...of } });
		const statuses = answerBudgets(
			{
				groups: [
					{ budgets: [budget(yen)], period, read: { ...read, question: { ...read.question, currency: "JPY" } } },
					{ budgets: [budget({ id: "idle" })], period, read: without({ usage: [] }) },
					{ budgets: [budget({ id: "none" })], period },
					{ budgets: [budget({ id: "known" })], period, read },
				],
			},
			1,
		);
		expect(statuses.map(({ id, state }) => [id, state])).toEqual([
			["idle", "unknown"],
			["known", "over"],
			["none", "unknown"],
			["yen", "unknown"],
		]);
		expect(statuses.map(({ reason }) => reason)).toEqual([
			expect.stringContaining("no token served"),
			undefined,
			expect.stringContaining("no token served"),
			expect.stringContaining("JPY"),
		]);
	});

	it("a threshold was passed on the first day at whose end the sum was there: by hand", () => {
		const daily = status({}).spent?.value as number;
		const { thresholds } = status({
			amount: { value: daily.toFixed(2), currency: "USD" },
			thresholds: [0.001, 0.999, 5],
		});
		expect(thresholds.map(({ passed }) => passed)).toEqual(["2026-10-01", "2026-10-12", undefined]);
	});
});

describe("a budget of days that not all have a cost on record", () => {
	const day = (n: number): Instant => (at("2026-10-01T00:00:00Z") + n * MICROS_PER_DAY) as Instant;
	const usd = (text: string) => parseAmount(text, "USD") as NonNullable<ReturnType<typeof parseAmount>>;
	/** One GPU, held on twelve days and billed at 10 USD on some of them; work was done on the first six. */
	const statusWith = (billed: readonly number[], amount: string) => {
		const span = (i: number) => ({ from: day(i), to: day(i + 1) });
		const days = Array.from({ length: 12 }, (_, i) => i);
		const facts: ReadActuals["facts"] = {
			usage: days.slice(0, 6).map((i) => ({
				...span(i),
				sourceKind: "engine",
				scope: { group: "chat" },
				model: { served: "m" },
				tokens: { in_total: tokenCount(1000), out_total: tokenCount(1000) },
			})),
			capacity: days.map((i) => ({
				...span(i),
				gpu: { node: "n1" },
				heldBy: { group: "chat" },
				time: gpuMicros(MICROS_PER_DAY),
			})),
			charges: billed.map((i) => ({
				charge_period_start: day(i),
				charge_period_end: day(i + 1),
				billing_period_start: day(0),
				billing_period_end: day(31),
				billed_cost: usd("10"),
				effective_cost: usd("10"),
				charge_category: "Usage",
				billing_account_id: "a",
				service_provider_name: "p",
				service_category: "Compute",
				resource_id: "n1",
			})),
			prices: [],
		};
		const question = {
			window: { from: day(0), to: day(12) },
			basis: "reserved",
			by: ["model"],
			cost: "effective",
			currency: "USD",
			rates: [],
			calibrations: [],
		} as const;
		const read: ReadActuals = { facts, question, by: ["model"], isByRequest: false, most: 1 };
		return budgetStatus(budget({ amount: { value: amount, currency: "USD" } }), periodAround("month", day(1)), read, 1);
	};
	const all = Array.from({ length: 12 }, (_, i) => i);

	it("takes no such day for a day without cost: no forecast, and within the amount is not known", () => {
		const some = all.filter((i) => i < 4 || i > 6);
		expect(statusWith(some, "1000")).toMatchObject({
			state: "unknown",
			reason: "3 of the 12 days so far have no cost on record: more may have been spent",
			spent: { value: 90 },
		});
		expect(statusWith(some, "1000")).not.toHaveProperty("forecast");
		expect(statusWith(some, "80").state).toBe("over");
		expect(
			statusWith(
				some.filter((i) => i > 0),
				"100",
			),
		).toMatchObject({ state: "warned" });
	});

	it("counts days that the bill does not reach yet among those to come, and idle days among those that cost", () => {
		const late = statusWith(all.slice(0, 10), "1000");
		expect(late).toMatchObject({ state: "within", through: "2026-10-10", spent: { value: 100 } });
		expect(late.forecast?.value).toBeCloseTo(310, 9);
		expect(statusWith(all, "1000").forecast?.value).toBeCloseTo(310, 9);
	});
});

describe("the file of budgets", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-budgets-"));
	afterAll(() => rmSync(folder, { recursive: true }));

	it("loses no change, however many come at once", async () => {
		const file = join(folder, "a.budgets.json");
		const add = (id: string) =>
			changeBudgets(file, (budgets) => ({
				budgets: [...budgets.filter((each) => !isSame(each, budget({ id }))), budget({ id })],
				result: id,
			}));
		await Promise.all(Array.from({ length: 20 }, (_, i) => add(`b${i}`)));
		expect(
			readBudgetFile(file)
				.map(({ id }) => id)
				.sort(),
		).toEqual(Array.from({ length: 20 }, (_, i) => `b${i}`).sort());
		expect(JSON.parse(readFileSync(file, "utf8")).budgets[0].amount).toEqual({ value: "100", currency: "USD" });
	});

	it("that was edited wrongly is refused with the member", () => {
		const file = join(folder, "b.budgets.json");
		writeFileSync(file, JSON.stringify({ version: 1, budgets: [{ id: "x" }] }));
		expect(() => readBudgetFile(file)).toThrow(/budgets\[0\]\.\w+/);
		writeFileSync(file, "{");
		expect(() => readBudgetFile(file)).toThrow(/no JSON/);
		expect(readBudgetFile(join(folder, "none"))).toEqual([]);
	});
});
