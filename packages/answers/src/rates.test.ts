import { TIERS } from "@farthing/catalogue";
import { buildModel, evaluate, quantityJson } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { cardRates, catalogue, refusal, scenarioOf } from "../test-support/questions.ts";
import { nodeId } from "./node-id.ts";
import type { RateBook } from "./rates.ts";
import { hostSizeOf, rateBook, scenarioRates } from "./rates.ts";

const day = catalogue.releaseDate;

describe("rateBook", () => {
	it("gives every rate of every card and tier, with its place and grade", () => {
		for (const card of catalogue.rateCards) {
			for (const tier of TIERS) {
				const book = cardRates(card.id, tier);
				for (const [hardware, rates] of Object.entries(card.rates)) {
					const rate = rateIn(book, hardware);
					expect(rate.value).toBeCloseTo(rates[tier]?.value as number, 12);
					expect(rate.grade).toBe(rates[tier]?.confidence === "estimate" ? "E" : "B");
				}
			}
		}
	});

	it("refuses one part under two of its names, in rates and in a build-up", () => {
		const text = (cost: string) =>
			`version: 1\nname: t\nmodel: deepseek-r1\nworkload: {input: 1, output: 1}\ndemand: {tokens_per_day: 1B}\ncost: ${cost}\n`;
		const refused = (cost: string) => refusal(() => rateBook(catalogue, scenarioOf(text(cost)).cost, day));
		const twice = refused('{rates: {b200: "2 USD/GPU-hr", b200-sxm: "3 USD/GPU-hr"}}');
		expect(twice).toMatchObject({ exit: 2, code: "contradiction", detail: { line: 6 } });
		expect(twice.message).toContain('"b200" and "b200-sxm" are one part');
		const hardware = '{b200: {capital: "40k USD/GPU"}, B200: {capital: "30k USD/GPU"}}';
		expect(refused(`{build_up: {assumptions: hyperscaler, hardware: ${hardware}}}`)).toMatchObject({ exit: 2 });
	});

	it("knows who owns the machines", () => {
		const owned = (tier: string) => cardRates("2026-07", tier).rateOf("b200-sxm");
		expect(owned("own_hyperscaler")).toMatchObject({ known: true, owned: true });
		expect(owned("own_neocloud")).toMatchObject({ known: true, owned: true });
		expect(owned("rent_3yr")).toMatchObject({
			known: true,
			owned: false,
			committed: expect.stringMatching(/contract/),
		});
		expect(owned("rent-3yr")).toMatchObject({ known: true });
	});

	it("finds the card in force on a day", () => {
		expect(cardRates("2026-08-15", "own_neocloud").describe).toBe("rate card 2026-07, tier own_neocloud");
		expect(cardRates("2026-09-08", "own_neocloud").describe).toBe("rate card 2026-09, tier own_neocloud");
		expect(cardRates("2026-07", "own_neocloud").currencyDate).toBe("2026-07-31");
	});

	it("says what a card does not price", () => {
		const answer = cardRates("2025-08", "own_neocloud").rateOf("rtx-pro-6000-se");
		expect(answer).toEqual({ known: false, reason: "card 2025-08 has no own_neocloud rate for rtx-pro-6000-se" });
	});

	it("warns of a rate older than 90 days once it is handed out", () => {
		const book = cardRates("2026-07", "own_neocloud");
		expect(book.warnings()).toEqual([]);
		book.rateOf("b200-sxm");
		book.rateOf("b200-sxm");
		expect(book.warnings()).toHaveLength(1);
		const fresh = cardRates("2026-07", "own_neocloud", "2026-10-29");
		fresh.rateOf("b200-sxm");
		expect(fresh.warnings()).toEqual([]);
		const rent = cardRates("2026-09", "rent_3yr");
		rent.rateOf("b200-sxm");
		expect(rent.warnings()).toEqual([]);
	});

	it("hands out the same expression each time", () => {
		const book = cardRates("2026-07", "own_neocloud");
		expect(book.rateOf("b200-sxm")).toBe(book.rateOf("b200-sxm"));
	});

	it("takes rates of the scenario, by alias, over those of a card", () => {
		const book = rateBook(
			catalogue,
			costOf("{card: {id: 2026-07, tier: own_neocloud}, rates: {b200: 1.5 USD/GPU-hr}}"),
			day,
		);
		expect(rateIn(book, "b200-sxm")).toMatchObject({ value: 1.5, grade: "E" });
		expect(book.rateOf("b200-sxm")).toMatchObject({ owned: false });
		expect(book.rateOf("b200-sxm")).not.toHaveProperty("committed");
		expect(rateIn(book, "h200-sxm").value).toBe(1.59);
	});

	it("takes nothing else where the scenario has rates alone", () => {
		const book = rateBook(catalogue, costOf("{rates: {b200: 1.85 to 2.60 USD/GPU-hr}}"), day);
		expect(book.describe).toBe("rates of the scenario");
		expect(rateIn(book, "b200-sxm").value).toBeCloseTo(Math.sqrt(1.85 * 2.6), 9);
		expect(book.rateOf("h200-sxm")).toEqual({ known: false, reason: "no rate is given for h200-sxm" });
	});

	it("warns of a rate that the scenario itself dates more than 90 days ago", () => {
		const quoted = (asOf: string) => `{rates: {b200: {value: 2 USD/GPU-hr, as_of: ${asOf}, source: a quote}}}`;
		expect(rateBook(catalogue, costOf(quoted("2026-05-01")), day).warnings()).toEqual([
			{ code: "stale-price", message: "cost.rates.b200 is 205 days old on 2026-11-22 (dated 2026-05-01)" },
		]);
		expect(rateBook(catalogue, costOf(quoted("2026-10-01")), day).warnings()).toEqual([]);
		expect(rateBook(catalogue, costOf(quoted("2027-05-01")), day).warnings()).toMatchObject([{ code: "later-fact" }]);
	});

	it("refuses unknown cards, tiers and hardware", () => {
		expect(refusal(() => cardRates("2024-01", "own_neocloud"))).toMatchObject({ exit: 3, code: "unknown-card" });
		const tier = refusal(() => cardRates("2026-07", "owned"));
		expect(tier).toMatchObject({ exit: 3, code: "unknown-tier" });
		expect(tier.detail.nearest).toEqual(["own_hyperscaler", "own_neocloud", "rent_3yr"]);
		const scenario = scenarioOf(
			[
				"version: 1",
				"name: tier",
				"model: deepseek-r1",
				"workload: {input: 8192, output: 1024}",
				"demand: {tokens_per_day: 2B}",
				'cost: {card: {id: "2026-07", tier: owned}}',
			].join("\n"),
		);
		expect(refusal(() => scenarioRates(catalogue, scenario, day)).detail).toMatchObject({
			file: "test.yaml",
			line: 6,
			column: 36,
			field: "cost.card.tier",
		});
		const part = refusal(() => rateBook(catalogue, costOf("{rates: {b2000: 1 USD/GPU-hr}}"), day));
		expect(part).toMatchObject({ exit: 3, code: "unknown-hardware", detail: { file: "test.yaml", line: 6 } });
	});
});

describe("hostSizeOf", () => {
	it.each([
		["b200-sxm", 8],
		["h200-sxm", 8],
		["gb200-nvl72", 72],
		["gb300-nvl72", 72],
		["mi355x", 8],
	])("is what is bought together: %s", (hardware, gpus) => {
		expect(hostSizeOf(catalogue, hardware)?.gpus.value).toBe(gpus);
	});

	it("is known for every part that a card prices", () => {
		for (const card of catalogue.rateCards) {
			for (const hardware of Object.keys(card.rates))
				expect(hostSizeOf(catalogue, hardware)?.gpus.value).toBeGreaterThan(0);
		}
	});

	it("is not known for a part that is not there", () => {
		expect(hostSizeOf(catalogue, "b2000")).toBeUndefined();
	});
});

function rateIn(book: RateBook, hardware: string) {
	const answer = book.rateOf(hardware);
	if (!answer.known) throw new Error(answer.reason);
	return quantityJson(evaluate(buildModel([answer.rate])), nodeId(answer.rate));
}

function costOf(text: string) {
	const lines = [
		"version: 1",
		"name: t",
		"model: any",
		"workload: {input: 1, output: 1}",
		"demand: {tokens_per_day: 1}",
	];
	return scenarioOf([...lines, `cost: ${text.replace("2026-07,", '"2026-07",')}`].join("\n")).cost;
}
