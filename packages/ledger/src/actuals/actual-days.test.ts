import { expect, it } from "vitest";
import { formatAmount, parseAmount } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import type { Count, GpuMicros, Instant, Millijoules, TokenCount } from "../records/units.ts";
import { MICROS_PER_DAY, MICROS_PER_HOUR } from "../records/units.ts";
import { actualDays, actuals } from "./actuals.ts";
import type { CapacitySum, LedgerFacts, UsageSum } from "./facts.ts";

const START = Date.UTC(2026, 9, 1) * 1000;
const at = (day: number, hour = 0): Instant => (START + day * MICROS_PER_DAY + hour * MICROS_PER_HOUR) as Instant;
const usd = (text: string) => parseAmount(text, "USD") as NonNullable<ReturnType<typeof parseAmount>>;
const price = (id: string, of: Partial<PriceRecord>): PriceRecord => ({
	id,
	resource: "gpu_hour",
	amount: usd("2"),
	per: 1 as Count,
	selector: {},
	valid_from: at(-9),
	basis: "on_demand",
	includes_power: false,
	provenance: "test",
	...of,
});

/** Held by one deployment of 4 GPUs, half a kilowatt each. */
function held(from: Instant, to: Instant, watts = 500): CapacitySum {
	const time = 4 * (to - from);
	const energy = Math.round((time / 1000) * watts) as Millijoules;
	return { from, to, gpu: { node: "n1" }, heldBy: { group: "chat" }, time: time as GpuMicros, energy };
}

function used(from: Instant, to: Instant): UsageSum {
	const tokens = { in_total: 1000 as TokenCount, out_total: 100 as TokenCount };
	return { from, to, sourceKind: "engine", scope: { group: "chat" }, model: { served: "m" }, tokens };
}

function daysOfMonth(capacity: readonly CapacitySum[], prices: readonly PriceRecord[]) {
	const usage = capacity.map(({ from, to }) => used(from, to));
	const facts: LedgerFacts = { usage, capacity, charges: [], prices };
	const found = actuals(facts, {
		window: { from: at(0), to: at(5) },
		basis: "reserved",
		by: ["model"],
		cost: "effective",
		currency: "USD",
		rates: [],
		calibrations: [],
	});
	const days = actualDays(found);
	expect(days.reduce((sum, { total }) => sum + total.nano, 0n)).toBe(found.total.nano);
	return days.map(({ total, lines }) => [formatAmount(total), lines.map(({ kind }) => kind)]);
}

it("what is rated from prices falls on the days on which it was held: 4 GPUs for 3, 0, 12, 0 and 1 hours at 2 USD", () => {
	const capacity = [held(at(0, 9), at(0, 12)), held(at(2), at(2, 12)), held(at(4, 23), at(5))];
	expect(daysOfMonth(capacity, [price("list", { includes_power: true })])).toEqual([
		["24", ["serving"]],
		["0", []],
		["96", ["serving"]],
		["0", []],
		["8", ["serving"]],
	]);
});

it("power by the energy of each day, over midnight by time", () => {
	// 4 GPUs · 6 h · 0.5 kW = 12 kWh, a third of them before midnight; then 4 h at 1 kW = 16 kWh; at 0.25 USD.
	const capacity = [held(at(1, 22), at(2, 4)), held(at(3, 1), at(3, 5), 1000)];
	const prices = [price("own", { amount: usd("1") }), price("grid", { resource: "kwh", amount: usd("0.25") })];
	expect(daysOfMonth(capacity, prices).map(([total]) => total)).toEqual(["0", "9", "18", "20", "0"]);
});
