import { describe, expect, it } from "vitest";
import { ageInDays, isStale, rowAsOf } from "./age.ts";
import { isDate, isDay } from "./date.ts";
import type { Figure } from "./figure.ts";

describe("age", () => {
	it("counts whole days", () => {
		expect(ageInDays("2026-11-22", "2026-11-22")).toBe(0);
		expect(ageInDays("2026-07-31", "2026-11-22")).toBe(114);
		expect(ageInDays("2024-02-28", "2024-03-01")).toBe(2);
		expect(ageInDays("2026-11-23", "2026-11-22")).toBe(-1);
	});

	it("never understates a date known only in part", () => {
		expect(ageInDays("2026-11", "2026-11-22")).toBe(21);
		expect(ageInDays("2026-H2", "2026-11-22")).toBe(ageInDays("2026-07-01", "2026-11-22"));
		expect(ageInDays("2026", "2026-11-22")).toBe(ageInDays("2026-01-01", "2026-11-22"));
	});

	it("refuses what is no date", () => {
		expect(() => ageInDays("soon", "2026-11-22")).toThrow(RangeError);
		expect(() => ageInDays("2026", "2026-11")).toThrow(RangeError);
		expect([isDate("2026-13"), isDate("2026-H3"), isDay("2026-02-29"), isDay("2028-02-29")]).toEqual([
			false,
			false,
			false,
			true,
		]);
	});

	it("makes prices stale after 90 days, and nothing else", () => {
		const price: Figure = { value: 2, unit: "USD/GPU-hr", source: "x", asOf: "2026-08-24", confidence: "analyst" };
		expect(isStale(price, "2026-11-22")).toBe(false);
		expect(isStale(price, "2026-11-23")).toBe(true);
		expect(isStale({ ...price, unit: "EUR/kWh" }, "2026-11-23")).toBe(true);
		expect(isStale({ ...price, unit: "kW/GPU" }, "2027-11-23")).toBe(false);
	});

	it("takes the day of a row from its measurement, or from the end of its period", () => {
		expect(rowAsOf({ measuredOn: "2026-01-02" })).toBe("2026-01-02");
		expect(rowAsOf({ period: ["2025-09-29", "2026-07-19"] })).toBe("2026-07-19");
		expect(rowAsOf({})).toBeUndefined();
	});
});
