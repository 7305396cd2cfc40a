import { describe, expect, it } from "vitest";
import { formatAmount, parseAmount } from "../records/money.ts";
import type { PriceRecord } from "../records/price.ts";
import type { Count, GpuMicros, Instant, Millijoules } from "../records/units.ts";
import { MICROS_PER_HOUR } from "../records/units.ts";
import type { CapacitySum } from "./facts.ts";
import { pricesOver } from "./price-for.ts";
import { rateCapacity } from "./rate-capacity.ts";

describe("rateCapacity", () => {
	it("meets each hour with the price of its day, held or not: 3 h at 2 USD and 2 h at 1.50 on 4 GPUs", () => {
		const prices = [gpuHour("list", "2", 0, {}), gpuHour("list", "1.5", 3, {})];
		const rated = rateCapacity(hours("n1", 0, 5, 4), prices, span(0, 5));
		expect(rated.charges.map(({ amount, isAvoidable }) => [formatAmount(amount), isAvoidable])).toEqual([
			["24", true],
			["12", true],
		]);
		expect(rated.priced).toBe(20 * MICROS_PER_HOUR);
		expect(rated.unpriced.size).toBe(0);
	});

	it("adds energy with PUE where power is not in the price, and never where it is", () => {
		const owned = { ...gpuHour("own", "1", 0, {}), basis: "owned" as const, includes_power: false };
		const tariff: PriceRecord = { ...owned, id: "grid", resource: "kwh", amount: usd("0.1") };
		// 4 GPUs · 5 h · 0.5 kWh = 10 kWh; · 1.2 · 0.10 USD
		const apart = rateCapacity(hours("n1", 0, 5, 4), [owned, tariff], span(0, 5), { pue: "1.2" });
		expect(apart.charges.map(({ by, amount, isAvoidable }) => [by, formatAmount(amount), isAvoidable])).toEqual([
			["gpu-time", "20", false],
			["energy", "1.2", true],
		]);
		const inside = rateCapacity(hours("n1", 0, 5, 4), [{ ...owned, includes_power: true }, tariff], span(0, 5));
		expect(inside.charges.map(({ by }) => by)).toEqual(["gpu-time"]);
		expect(rateCapacity(hours("n1", 0, 5, 4), [owned], span(0, 5)).withoutTariff).toEqual(["node n1"]);
	});

	it("says which GPU time has no price, and does not take it for free", () => {
		const rated = rateCapacity(
			[...hours("n1", 0, 2, 1), ...hours("n2", 0, 2, 1)],
			[gpuHour("n1", "2", 1, { node: "n1" })],
			span(0, 2),
		);
		expect([...rated.unpriced]).toEqual([
			["node n1", { time: MICROS_PER_HOUR, days: [0] }],
			["node n2", { time: 2 * MICROS_PER_HOUR, days: [0] }],
		]);
		expect(rated.charges.map(({ amount }) => formatAmount(amount))).toEqual(["2"]);
	});

	it("adds up to the rounded exact sum, however many nodes", () => {
		const nodes = Array.from({ length: 7 }, (_, i) => hours(`n${i}`, 0, 1, 1)).flat();
		const third = { ...gpuHour("third", "1", 0, {}), per: 3 as Count };
		const sum = rateCapacity(nodes, [third], span(0, 1)).charges.reduce((total, { amount }) => total + amount.nano, 0n);
		// 7 ÷ 3 USD
		expect(sum).toBe(2_333_333_333n);
	});
});

describe("pricesOver", () => {
	it("takes the node before the accelerator before the cluster before all", () => {
		const prices = [
			gpuHour("all", "1", 0, {}),
			gpuHour("cluster", "2", 0, { cluster: "east" }),
			gpuHour("part", "3", 0, { gpu_model: "b200-sxm" }),
			gpuHour("node", "4", 0, { node: "n1" }),
		];
		const idOf = (of: Parameters<typeof pricesOver>[2]): string | undefined =>
			pricesOver(prices, "gpu_hour", of, span(0, 1))[0]?.price.id;
		expect(idOf({ node: "n1", cluster: "east", gpuModel: "b200-sxm" })).toBe("node");
		expect(idOf({ node: "n2", cluster: "east", gpuModel: "b200-sxm" })).toBe("part");
		expect(idOf({ node: "n2", cluster: "east", gpuModel: "h100-sxm" })).toBe("cluster");
		expect(idOf({ node: "n2", cluster: "west" })).toBe("all");
	});
});

function hours(node: string, from: number, to: number, gpus: number): CapacitySum[] {
	return Array.from({ length: to - from }, (_, i) => ({
		...span(from + i, from + i + 1),
		gpu: { node },
		time: (gpus * MICROS_PER_HOUR) as GpuMicros,
		// 500 W a GPU.
		energy: (gpus * 1_800_000_000) as Millijoules,
	}));
}

function gpuHour(id: string, price: string, from: number, selector: PriceRecord["selector"]): PriceRecord {
	return {
		id,
		resource: "gpu_hour",
		amount: usd(price),
		per: 1 as Count,
		selector,
		valid_from: at(from),
		basis: "on_demand",
		includes_power: true,
		provenance: "test",
	};
}

function span(from: number, to: number) {
	return { from: at(from), to: at(to) };
}

function at(hour: number): Instant {
	return (hour * MICROS_PER_HOUR) as Instant;
}

function usd(text: string) {
	return parseAmount(text, "USD") as NonNullable<ReturnType<typeof parseAmount>>;
}
