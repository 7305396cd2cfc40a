import type { UniformStream } from "@farthing/engine";
import { uniformStream } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import type { Amount } from "../records/money.ts";
import { costAnomalies } from "./anomalies.ts";

describe("costAnomalies", () => {
	it("finds the doubled day and the missing day, and says what was expected", () => {
		const days = dollars([100, 102, 98, 101, 99, 100, 103, 200, 100, 98, 5, 101]);
		expect(costAnomalies(days)).toEqual([
			{ day: 7, amount: usd(200), expected: usd(100), deviations: 20 },
			{ day: 10, amount: usd(5), expected: usd(100), deviations: -19 },
		]);
	});

	it("takes no offence at a cent in a steady series, nor at a day within a quarter", () => {
		expect(costAnomalies(dollars([...Array.from({ length: 10 }, () => 100), 101, 124]))).toEqual([]);
	});

	it("says nothing before a week is known", () => {
		expect(costAnomalies(dollars([100, 100, 100, 100, 100, 100, 900]))).toEqual([]);
	});

	it("expects nothing of what cost nothing before", () => {
		expect(costAnomalies(dollars([0, 0, 0, 0, 0, 0, 0, 40, -3]))).toEqual([]);
	});

	it("cries in fewer than one of a hundred ordinary days", () => {
		let cries = 0;
		for (let month = 0; month < 100; month++) {
			const stream = uniformStream(month, "ordinary");
			const days = Array.from({ length: 30 }, () => Math.round(1000 * (1 + 0.12 * bell(stream))));
			cries += costAnomalies(dollars(days)).length;
		}
		expect(cries).toBeLessThan(30);
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
