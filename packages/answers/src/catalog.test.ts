import { readCatalogueFolder } from "@farthing/catalogue/node";
import { describe, expect, it } from "vitest";
import { asking, catalogue, refusal, withRate } from "../test-support/questions.ts";
import { catalogDiff, catalogList, catalogShow, catalogSummary, catalogValidate } from "./catalog.ts";

const asked = asking("catalog");
const folder = new URL("../../../catalogue/", import.meta.url).pathname;

describe("catalog", () => {
	it("counts what there is", () => {
		const { result } = catalogSummary(asked);
		expect(result).toMatchObject({
			version: catalogue.version,
			release_date: catalogue.releaseDate,
			hash: catalogue.hash,
		});
		const { hardware, models, benchmarks } = catalogue;
		const counted = { hardware: hardware.length, models: models.length, claims: 11, benchmarks: benchmarks.length };
		expect(result.counts).toMatchObject(counted);
	});

	it("lists a collection, or what mentions all words of a filter", () => {
		const all = catalogList(catalogue, "hardware", undefined, asked).result;
		expect(all).toMatchObject({ collection: "hardware" });
		expect(all.entries).toHaveLength(catalogue.hardware.length);
		const nvidia = catalogList(catalogue, "hardware", "B200 SXM", asked).result.entries;
		expect(nvidia.map(({ id }) => id)).toEqual(["b200-sxm"]);
		for (const none of ["hardwear", "constructor", "__proto__"]) {
			const refused = refusal(() => catalogList(catalogue, none, undefined, asked));
			expect(refused).toMatchObject({ exit: 3, code: "unknown-collection" });
		}
	});

	it("leaves out rows and prices later than the day, and says where nothing is left", () => {
		const on = (asOf: string) => catalogList(catalogue, "benchmarks", undefined, asking("catalog", { asOf }));
		const entries = on("2025-12-31").result.entries;
		expect(entries.length).toBeGreaterThan(0);
		expect(entries.length).toBeLessThan(catalogue.benchmarks.length);
		for (const { asOf } of entries) expect(asOf && asOf <= "2025-12-31").toBe(true);
		expect(refusal(() => on("2020-01-01"))).toMatchObject({ exit: 3, code: "no-data", detail: { field: "--as-of" } });
		expect(refusal(() => catalogList(catalogue, "hardware", "zzz", asked))).toMatchObject({ exit: 3, code: "no-data" });
	});

	it("shows an entry by its name, or offers the nearest", () => {
		expect(catalogShow(catalogue, "b200", asked).result).toMatchObject({ id: "b200-sxm" });
		const error = refusal(() => catalogShow(catalogue, "b2000", asked));
		expect(error).toMatchObject({ exit: 3, code: "unknown-entry" });
		expect(error.detail.nearest?.length).toBeGreaterThan(0);
	});

	it("finds its own facts in order, and names a claim that is not", () => {
		const files = readCatalogueFolder(folder);
		expect(catalogValidate(files, catalogue.claims, asked).result).toEqual({ valid: true, issues: [] });
		const broken = [{ ...(catalogue.claims[0] as object), figures: [{ name: "x" }] }];
		const { result } = catalogValidate(files, broken, asked);
		expect(result.valid).toBe(false);
		expect(result.issues).toMatchObject([
			{
				file: "claims.yaml",
				path: "claims/b200-gptoss-2c/figures[0]/label",
				message: expect.stringContaining("expected a text"),
				line: 1 + lineOf(files.get("claims.yaml") as string, "figures:"),
			},
		]);
	}, 30_000);

	it("says what changed between two catalogues", () => {
		const { result } = catalogDiff(catalogue, withRate("2026-07", "b200-sxm", "own_neocloud", 1.99), asked);
		expect(result.changes).toHaveLength(1);
		expect(JSON.stringify(result.changes[0])).toContain("1.99");
		expect(catalogDiff(catalogue, catalogue, asked).result.changes).toEqual([]);
	});
});

/** First line with these words, from 1. */
function lineOf(text: string, words: string): number {
	return text.split("\n").findIndex((line) => line.includes(words)) + 1;
}
