import { describe, expect, it } from "vitest";
import { COLLECTION_NAMES, findCollection, listEntries, showEntry } from "./listing.ts";
import { openCatalogue } from "./node.ts";

const catalogue = openCatalogue().catalogue();
const today = "2026-11-22";

describe("list", () => {
	it("has a line for each entry of each collection", () => {
		for (const name of Object.values(COLLECTION_NAMES)) {
			const found = findCollection(name);
			if (!found.found) throw new Error(found.reason);
			const lines = listEntries(catalogue, found.value, today);
			expect(lines, name).toHaveLength(catalogue.counts[found.value]);
			for (const line of lines) expect(line.summary, `${name} ${line.id}`).not.toBe("");
		}
	});

	it("shows the age of the oldest figure, and stale prices", () => {
		const cards = listEntries(catalogue, "rateCards", today);
		expect(cards.map(({ id, ageInDays }) => [id, ageInDays])).toEqual([
			["2025-08", 409],
			["2026-07", 114],
			["2026-09", 114],
		]);
		expect(cards[0]?.stalePrices).toBe(27);
		expect(listEntries(catalogue, "hardware", today).every((line) => line.stalePrices === 0)).toBe(true);
		const medians = listEntries(catalogue, "benchmarks", today).filter((line) => line.asOf === "2026-07-19");
		expect(medians).toHaveLength(2141);
	});

	it.each([
		["hw", "hardware"],
		["Models", "models"],
		["model", "models"],
		["rate_cards", "rateCards"],
		["api-price", "apiPrices"],
		["facility", "facility"],
		["mlperf", "mlperf"],
	])("takes %s for %s", (name, collection) => {
		expect(findCollection(name)).toEqual({ found: true, value: collection });
	});

	it("gives the nearest collection", () => {
		expect(findCollection("hardwear")).toMatchObject({ found: false, nearest: expect.arrayContaining(["hardware"]) });
	});
});

describe("show", () => {
	it("finds an entry by id, by other name and within a collection", () => {
		expect(showEntry(catalogue, "hw/gb300-nvl72", today)).toMatchObject({
			value: { collection: "hardware", id: "gb300-nvl72" },
		});
		expect(showEntry(catalogue, "systems/gb300-nvl72", today)).toMatchObject({ value: { collection: "systems" } });
		expect(showEntry(catalogue, "b200", today)).toMatchObject({ value: { collection: "hardware", id: "b200-sxm" } });
		expect(showEntry(catalogue, "dsr1", today)).toMatchObject({ value: { collection: "models", id: "deepseek-r1" } });
		expect(showEntry(catalogue, "2026-07", today)).toMatchObject({ value: { collection: "rateCards" } });
		expect(showEntry(catalogue, "pue.google", today)).toMatchObject({ value: { collection: "facility" } });
	});

	it("brings the figures with their age, and the sources", () => {
		const result = showEntry(catalogue, "h100", today);
		if (!result.found) throw new Error(result.reason);
		expect(result.value.figures.find(({ path }) => path === "figures.allInPower")).toMatchObject({
			figure: { value: 1.37, unit: "kW/GPU", confidence: "analyst" },
			ageInDays: 99,
			stale: false,
		});
		expect(result.value.sources.map((source) => source.id).sort()).toEqual([
			"aiconfigurator-systems",
			"inferencex-gpu-keys",
			"inferencex-gpu-specs",
		]);
	});

	it("shows a row of measurements by its id", () => {
		const id = catalogue.benchmarks[0]?.id ?? "";
		expect(showEntry(catalogue, id, today)).toMatchObject({
			value: { collection: "benchmarks", id, sources: [{ label: "unofficial" }] },
		});
	});

	it("gives the nearest of an unknown name", () => {
		expect(showEntry(catalogue, "hw/b250", today)).toMatchObject({
			found: false,
			nearest: expect.arrayContaining(["b200-sxm"]),
		});
		expect(showEntry(catalogue, "gb30-nvl72", today)).toMatchObject({
			found: false,
			nearest: expect.arrayContaining(["gb300-nvl72"]),
		});
	});
});
