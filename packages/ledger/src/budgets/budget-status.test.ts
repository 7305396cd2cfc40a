import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fleetMonth, OCTOBER, TEAMS } from "../../test-support/fleet-month.ts";
import { actualsOf, type ReadActuals } from "../actuals/ask-actuals.ts";
import { capacitySumsOf, usageSumOf } from "../actuals/facts.ts";
import { sumOfLines } from "../attribution/line-sums.ts";
import { formatInstant, type Instant, parseInstant } from "../records/units.ts";
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
		expect(status({ tenant: "nobody" }).spent?.value).toBe(0);
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
