import { describe, expect, it } from "vitest";
import { isStale } from "./age.ts";
import { TIERS } from "./catalogue.ts";
import { openCatalogue } from "./node.ts";
import { findTier, powerFor, rateCard, rateFor } from "./rate.ts";

const facts = openCatalogue().facts();

function card(id: string) {
	const result = rateCard(facts, id);
	if (!result.found) throw new Error(result.reason);
	return result.value;
}

function rates(id: string, hardware: string): (number | undefined)[] {
	return TIERS.map((tier) => {
		const rate = rateFor(card(id), hardware, tier);
		return rate.known ? rate.figure.value : undefined;
	});
}

describe("rate cards", () => {
	it("are found by id and by the day they were in force", () => {
		expect(card("2026-07").id).toBe("2026-07");
		expect(card("2025-10-09").id).toBe("2025-08");
		expect(card("2026-07-30").id).toBe("2025-08");
		expect(card("2026-07-31").id).toBe("2026-07");
		expect(card("2026-09-07").id).toBe("2026-07");
		expect(card("2026-09-08").id).toBe("2026-09");
		expect(card("2027-01-01").id).toBe("2026-09");
	});

	it("say so where none is meant", () => {
		expect(rateCard(facts, "2025-10-08")).toMatchObject({
			found: false,
			reason: "no rate card was in force on 2025-10-08",
			nearest: ["2025-08", "2026-07", "2026-09"],
		});
		expect(rateCard(facts, "2026-08")).toMatchObject({ found: false, nearest: expect.arrayContaining(["2026-07"]) });
	});

	it.each([
		["2025-08", "h100-sxm", [1.3, 1.69, 1.3]],
		["2025-08", "gb300-nvl72", [2.652, 3.3, 3.96]],
		["2026-07", "b200-sxm", [1.73, 2.07, 2.6]],
		["2026-07", "rtx-pro-6000-se", [0.68, 0.75, 0.52]],
		["2026-09", "b200-sxm", [1.73, 2.07, 3.7]],
		["2026-09", "gb200-nvl72", [1.86, 2.26, 4]],
		["2026-09", "mi355x", [1.5, 2.09, 2.9]],
		["2026-09", "tpu-v7", [1.03, 1.21, 2]],
	])("card %s has %s at %j", (id, hardware, expected) => {
		expect(rates(id, hardware)).toEqual(expected);
	});

	it("give power with the boundary of the card", () => {
		expect(powerFor(card("2025-08"), "gb300-nvl72")).toMatchObject({
			known: true,
			figure: { value: 2.1, unit: "kW/GPU" },
		});
		expect(powerFor(card("2026-07"), "h200-sxm")).toMatchObject({ known: true, figure: { value: 1.37 } });
		expect(card("2025-08").powerBoundary).not.toBe(card("2026-07").powerBoundary);
	});

	it("never give 0 for what they do not know", () => {
		expect(rateFor(card("2025-08"), "rtx-pro-6000-se", "rent_3yr")).toMatchObject({
			known: false,
			reason: "card 2025-08 has no rent_3yr rate for rtx-pro-6000-se",
			priced: expect.arrayContaining(["b200-sxm"]),
		});
		expect(powerFor(card("2026-09"), "tpu-v7")).toMatchObject({ known: false });
	});

	it("date each rate by the survey it stands on", () => {
		const figure = (tier: "own_neocloud" | "rent_3yr") => {
			const rate = rateFor(card("2026-09"), "b200-sxm", tier);
			if (!rate.known) throw new Error(rate.reason);
			return rate.figure;
		};
		expect(figure("own_neocloud").asOf).toBe("2026-07-31");
		expect(figure("rent_3yr").asOf).toBe("2026-09-08");
		expect(isStale(figure("own_neocloud"), "2026-11-22")).toBe(true);
		expect(isStale(figure("rent_3yr"), "2026-11-22")).toBe(false);
	});

	it("have three tiers, found by name", () => {
		expect(findTier(facts, "Own Neocloud")).toMatchObject({ found: true, value: { id: "own_neocloud" } });
		expect(findTier(facts, "rent")).toMatchObject({ found: false, nearest: expect.arrayContaining(["rent_3yr"]) });
	});
});
