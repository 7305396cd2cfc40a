import { describe, expect, it } from "vitest";
import { readRates } from "./read-rates.ts";

describe("readRates", () => {
	it("reads rates in any order of columns", () => {
		const read = readRates("from,to,day,rate,source\nEUR,USD,2026-10-02,1.1042,ECB\n\nGBP,USD,2026-10-02,1.3,\n");
		expect(read).toEqual({
			ok: true,
			rates: [
				{ day: "2026-10-02", from: "EUR", to: "USD", rate: "1.1042", source: "ECB" },
				{ day: "2026-10-02", from: "GBP", to: "USD", rate: "1.3", source: "" },
			],
		});
	});

	it("names every fault with its line and column", () => {
		const read = readRates("day,from,to,rate\n2.10.2026,EUR,USD,1.1\n2026-10-02,eur,USD,0\n");
		expect(read.ok ? [] : read.faults.map(({ line, column }) => `${line} ${column}`)).toEqual([
			"2 day",
			"3 from",
			"3 rate",
		]);
		expect(readRates("date,rate\n")).toMatchObject({ ok: false, faults: [{ line: 1, column: "day" }] });
	});
});
