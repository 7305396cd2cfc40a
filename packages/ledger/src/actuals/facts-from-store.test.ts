import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetMonth, OCTOBER } from "../../test-support/fleet-month.ts";
import { COST_BASES } from "../records/cost-window.ts";
import type { Instant } from "../records/units.ts";
import { formatInstant, parseInstant } from "../records/units.ts";
import type { LedgerStore } from "../store/index.ts";
import { openStore, SegmentWriter } from "../store/index.ts";
import type { ActualsQuestion } from "./actuals.ts";
import { actuals } from "./actuals.ts";
import type { LedgerFacts } from "./facts.ts";
import { capacitySumsOf, usageSumOf } from "./facts.ts";
import { factsFromStore, lastDayIn } from "./facts-from-store.ts";

const month = fleetMonth({ ...OCTOBER, stepHours: 12, gpusPerNode: 4 });
const direct: LedgerFacts = {
	usage: month.usage.map(usageSumOf),
	capacity: month.capacity.flatMap(capacitySumsOf),
	charges: month.charges,
	prices: [],
};

describe("factsFromStore, on DuckDB", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-facts-"));
	let store: LedgerStore;

	beforeAll(async () => {
		store = await openStore(join(folder, "ledger"));
		const writer = new SegmentWriter(store, { name: "month", id: "month" });
		for (const record of month.usage) await writer.add({ kind: "usage", record });
		for (const record of month.capacity) await writer.add({ kind: "capacity", record });
		for (const record of month.charges) await writer.add({ kind: "charge", record });
		await writer.finish();
	});

	afterAll(async () => {
		await store.close();
		rmSync(folder, { recursive: true });
	});

	it.each(COST_BASES)(
		"gives on the %s basis what the records themselves give, and the bill to the billionth",
		async (basis) => {
			const facts = await factsFromStore(store, month.window, ["team"]);
			const [stored, own] = [actuals(facts, question(basis)), actuals(direct, question(basis))];
			expect(stored.lines.reduce((sum, { amount }) => sum + amount.nano, 0n)).toBe(stored.charges.bill?.converted.nano);
			expect(stored.total).toEqual(own.total);
			expect(stored.lines.map(({ kind, owner, label }) => ({ kind, owner, label }))).toEqual(
				own.lines.map(({ kind, owner, label }) => ({ kind, owner, label })),
			);
			// The store keeps days apart, the records half days: within a day the price is one, so that only rounding differs.
			stored.lines.forEach(({ amount }, i) => {
				const other = Number(own.lines[i]?.amount.nano);
				expect(Math.abs(Number(amount.nano) - other)).toBeLessThan(0.02 * Math.abs(other) + 1e7);
			});
		},
	);

	it("knows the last day of what was served", async () => {
		expect(formatInstant((await lastDayIn(store)) ?? month.window.from)).toBe("2026-11-01T00:00:00Z");
		// On the tenth, days after it are dated ahead; where all are, the last of them stands.
		const on = async (day: string) => formatInstant((await lastDayIn(store, parseInstant(day))) as Instant);
		expect(await on("2026-10-10T12:00:00Z")).toBe("2026-10-11T00:00:00Z");
		expect(await on("2026-09-10T12:00:00Z")).toBe("2026-11-01T00:00:00Z");
	});

	it("takes the rows of a bill that is given instead of those it holds", async () => {
		const facts = await factsFromStore(store, month.window, [], month.charges.slice(0, 3));
		expect(facts.charges).toEqual(month.charges.slice(0, 3));
	});
});

function question(basis: ActualsQuestion["basis"]): ActualsQuestion {
	return {
		window: month.window,
		basis,
		by: ["model", "team"],
		cost: "effective",
		currency: "USD",
		rates: month.rates,
		calibrations: month.calibrations,
	};
}
