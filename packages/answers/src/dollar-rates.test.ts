import { expect, test } from "vitest";
import { catalogue } from "../test-support/questions.ts";
import { dollarRates } from "./dollar-rates.ts";

const day = catalogue.releaseDate;

test("a currency for a dollar is the quotient of two rates of one table, with its source, day and age", () => {
	const rates = dollarRates(catalogue, day);
	const published = (unit: string): number =>
		catalogue.facility.find(({ kind, figure }) => kind === "exchange" && figure.unit === unit)?.figure.value ??
		Number.NaN;
	expect(rates.map(({ code }) => code)).toEqual(["EUR", "GBP", "CNY", "JPY"]);
	for (const { code, perDollar, grade, source } of rates) {
		const perEuro = code === "EUR" ? 1 : published(`${code}/EUR`);
		// Back at what was published, within the digits of it.
		expect(perDollar * published("USD/EUR")).toBeCloseTo(perEuro, 4 - Math.ceil(Math.log10(perEuro)));
		expect(grade).toBe("B");
		expect(source.url).toMatch(/^https:\/\/www\.ecb\.europa\.eu\//);
	}
	expect(rates[0]).toMatchObject({ date: "2026-03-13", ageInDays: 254 });
});

test("none before the first day, and none where the dollar has no rate", () => {
	expect(dollarRates(catalogue, "2026-03-12")).toEqual([]);
	const facility = catalogue.facility.filter(({ figure }) => figure.unit !== "USD/EUR");
	expect(dollarRates({ ...catalogue, facility }, day)).toEqual([]);
});
