import type { UniformStream } from "@farthing/engine";
import { uniformStream } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import type { Amount } from "../records/money.ts";
import { forecastMonth } from "./forecast.ts";

describe("forecastMonth", () => {
	it("goes on as before where every day was the same, without a range", () => {
		const found = forecastMonth({ days: dollars(Array.from({ length: 10 }, () => 100)), daysLeft: 20, seed: 1 });
		expect(found).toMatchObject({ spent: usd(1000), p10: usd(3000), p50: usd(3000), p90: usd(3000), days: 10 });
	});

	it("knows weekends from two weeks on", () => {
		const month = Array.from({ length: 30 }, (_, day) => (day % 7 >= 5 ? 40 : 100));
		const found = forecastMonth({ days: dollars(month.slice(0, 21)), daysLeft: 9, seed: 1 });
		expect(found?.usesWeekdays).toBe(true);
		expect(found?.p50).toEqual(usd(sum(month)));
	});

	it("is nothing from two days, and the same for the same seed", () => {
		expect(forecastMonth({ days: dollars([1, 2]), daysLeft: 28, seed: 1 })).toBeUndefined();
		const days = dollars([90, 110, 100, 130, 70]);
		expect(forecastMonth({ days, daysLeft: 25, seed: 4 })).toEqual(forecastMonth({ days, daysLeft: 25, seed: 4 }));
	});

	it("counts no more than what was spent when no day is left", () => {
		const found = forecastMonth({ days: dollars([90, 110, 100]), daysLeft: 0, seed: 1 });
		expect(found).toMatchObject({ p10: usd(300), p90: usd(300) });
	});

	it("never ends below what is spent already", () => {
		const found = forecastMonth({ days: dollars([0, 900, 0, 0]), daysLeft: 4, seed: 1 });
		expect(found?.p10.nano).toBeGreaterThanOrEqual(usd(900).nano);
		expect(found?.p90.nano).toBeGreaterThan(usd(900).nano);
	});

	it("has the true end within P10 to P90 in about 80% of random months", () => {
		let within = 0;
		const months = 150;
		for (let month = 0; month < months; month++) {
			const stream = uniformStream(month, "months");
			const days = Array.from({ length: 30 }, (_, day) => {
				const weekday = day % 7 >= 5 ? 0.7 : 1;
				return Math.round(1000 * weekday * (1 + 0.15 * bell(stream)));
			});
			const found = forecastMonth({ days: dollars(days.slice(0, 15)), daysLeft: 15, seed: 1 });
			const end = usd(sum(days)).nano;
			if (found !== undefined && found.p10.nano <= end && end <= found.p90.nano) within++;
		}
		expect(within / months).toBeGreaterThan(0.68);
		expect(within / months).toBeLessThan(0.92);
	});
});

/** Nearly normal: twelve uniform draws. */
function bell(stream: UniformStream): number {
	return Array.from({ length: 12 }, () => stream.next()).reduce((total, draw) => total + draw, -6);
}

function usd(dollarsOf: number): Amount {
	return { currency: "USD", nano: BigInt(dollarsOf) * 1_000_000_000n };
}

function dollars(values: readonly number[]): Amount[] {
	return values.map(usd);
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
