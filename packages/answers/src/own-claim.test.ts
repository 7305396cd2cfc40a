import { describe, expect, it } from "vitest";
import {
	asking,
	bareLeaves,
	benchmarkRow,
	catalogue,
	refusal,
	withRate,
	withRowsWhere,
} from "../test-support/questions.ts";
import type { OwnClaim, OwnClaimAnswer } from "./own-claim.ts";
import { ownClaim } from "./own-claim.ts";

const twoCents: OwnClaim = {
	usdPerMtok: 0.02,
	tokens: "total",
	hardware: "b200",
	model: "gptoss120b",
	card: "2025-08",
};

describe("ownClaim", () => {
	// USD/GPU-hr ÷ (3600 · 0.02 / 10⁶) ÷ load
	it.each([
		["own_hyperscaler", 1.95, [27_083.3, 45_138.9, 90_277.8]],
		["own_neocloud", 2.34, [32_500, 54_166.7, 108_333.3]],
		["rent_3yr", 2.9, [40_277.8, 67_129.6, 134_259.3]],
	])("needs as many tokens/s/GPU as worked by hand: %s", (tier, rate, speeds) => {
		const required = asked().required.filter((each) => each.tier === tier);
		expect(required.map(({ load }) => load.value)).toEqual([1, 0.6, 0.3]);
		expect(required.map(({ gpu_hour }) => gpu_hour.value)).toEqual([rate, rate, rate]);
		required.forEach((each, i) => expect(each.tokens_per_gpu_second.value).toBeCloseTo(speeds[i] as number, 1));
	});

	it("needs as published at the rates of July 2026", () => {
		const required = asked({ card: "2026-07" }).required.filter(({ load }) => load.value === 1);
		const speeds = required.map((each) => Math.round(each.tokens_per_gpu_second.value as number));
		expect(speeds).toEqual([24_028, 28_750, 36_111]);
	});

	it("shows measured rows, highest throughput first, with their cost on each tier", () => {
		const { rows, rows_found: found, claim } = asked();
		expect(claim).toBe("b200-sxm serves gpt-oss-120b at $0.0200/M tok (total tokens)");
		const speeds = rows.map((row) => row.tokens_per_gpu_second.value as number);
		expect([...speeds].sort((a, b) => b - a)).toEqual(speeds);
		expect(rows).toHaveLength(12);
		expect(found).toBeGreaterThan(12);
		for (const row of rows) {
			expect(benchmarkRow(row.id)).toMatchObject({
				model: "gpt-oss-120b",
				hardware: "b200-sxm",
				isl: row.isl,
				osl: row.osl,
			});
			const cost = row.unit_cost["own_hyperscaler"];
			expect(cost?.value).toBeCloseTo((1.95 / ((row.tokens_per_gpu_second.value as number) * 3600)) * 1e6, 12);
			expect(cost).toMatchObject({ tokens: "total", basis: "headline", grade: "B" });
		}
	});

	it("holds a claim against the length of request that it names", () => {
		const { rows } = asked({ isl: 1024, osl: 1024 });
		expect(rows[0]?.id).toBe("ix-def9faf0");
		for (const row of rows) expect([row.isl, row.osl]).toEqual([1024, 1024]);
		expect(asked({ isl: 1024 }).rows.every(({ isl }) => isl === 1024)).toBe(true);
	});

	it("splits tokens as measured, else by nominal lengths", () => {
		const output = asked({ tokens: "output", isl: 1024, osl: 8192 });
		const [first] = output.rows;
		const row = benchmarkRow(first?.id as string);
		expect(row.outputTokensPerDecodeGpuSecond).toBeUndefined();
		expect(first?.tokens_per_gpu_second.value).toBeCloseTo((row.tokensPerGpuSecond * 8192) / 9216, 6);
		expect(first?.tokens_per_gpu_second).toMatchObject({ tokens: "output" });
		const disaggregated = asked({ model: "dsr1", hardware: "gb300", tokens: "output", isl: 8192, osl: 1024 }).rows;
		const one = disaggregated.find(({ id }) => id === "ix-203761ba");
		// 26 prefill and 16 decode GPUs; 4,244.7 tokens a second on each of the latter
		expect(one?.tokens_per_gpu_second.value).toBeCloseTo((4244.7 * 16) / 42, 1);
	});

	it("does not believe the split of a row whose identity fails", () => {
		const rows = asked({ model: "dsr1", hardware: "gb200", tokens: "output", isl: 8192, osl: 1024 });
		const tainted = "ix-5ba5ce8f";
		const { outputTokensPerDecodeGpuSecond: published, tokensPerGpuSecond: total, isl, osl } = benchmarkRow(tainted);
		const all = ownClaim(
			withRowsWhere(
				({ id, hardware }) => hardware === "gb200-nvl72" && id !== tainted,
				() => undefined,
			),
			{ ...twoCents, model: "dsr1", hardware: "gb200", tokens: "output", isl, osl },
			asking("claim"),
		).result;
		expect(rows.rows_found).toBeGreaterThan(1);
		expect(all.rows).toHaveLength(1);
		expect(all.rows[0]?.tokens_per_gpu_second.value).toBeCloseTo((total * osl) / (isl + osl), 6);
		expect(all.rows[0]?.tokens_per_gpu_second.value).not.toBeCloseTo(published as number, 0);
	});

	it.each<[string, Partial<OwnClaim>, string]>([
		["cheap enough nowhere", { usdPerMtok: 0.001 }, "fails"],
		["enough on some tiers and loads", { usdPerMtok: 0.02 }, "conditional"],
		["enough everywhere", { usdPerMtok: 1 }, "holds"],
		["no row of the part", { hardware: "gb300" }, "unverified"],
	])("verdict where it is %s", (_, change, verdict) => {
		const found = asked(change);
		expect(found.verdict).toBe(verdict);
		expect(found.conditions.length).toBeGreaterThan(0);
		if (verdict !== "unverified") return;
		expect(found.rows).toEqual([]);
		for (const each of found.required) expect(each.enough).toBe("unknown");
	});

	it("says which tiers and loads it is enough for", () => {
		const { conditions, required } = asked({ isl: 1024, osl: 1024 });
		expect(conditions[0]).toBe(
			"the highest measured throughput (row ix-def9faf0) is enough for own_hyperscaler at 100% load",
		);
		expect(conditions[1]).toContain("rent_3yr at 30% load");
		expect(required.filter(({ enough }) => enough === true)).toHaveLength(1);
	});

	it("changes with the card", () => {
		const dearer = ownClaim(
			withRate("2025-08", "b200-sxm", "own_hyperscaler", 2.1),
			{ ...twoCents, isl: 1024, osl: 1024 },
			asking("claim"),
		);
		expect(dearer.result.verdict).toBe("fails");
	});

	it("ends at sources, and flags an old card", () => {
		const answer = ownClaim(catalogue, twoCents, asking("claim"));
		expect(bareLeaves(answer)).toEqual([]);
		expect(answer.warnings.map(({ code }) => code)).toContain("stale-price");
	});

	it("refuses what cannot be asked", () => {
		const refused = (change: Partial<OwnClaim>) =>
			refusal(() => ownClaim(catalogue, { ...twoCents, ...change }, asking("claim")));
		expect(refused({ usdPerMtok: 0 })).toMatchObject({ exit: 2, code: "out-of-bounds" });
		expect(refused({ usdPerMtok: Number.NaN })).toMatchObject({ exit: 2 });
		expect(refused({ hardware: "b2000" })).toMatchObject({ exit: 3, code: "unknown-hardware" });
		expect(refused({ model: "gpt-oss-1" })).toMatchObject({ exit: 3, code: "unknown-model" });
		expect(refused({ card: "2024-01" })).toMatchObject({ exit: 3, code: "unknown-card" });
		const lengths = refused({ isl: 5 });
		expect(lengths).toMatchObject({ exit: 3, code: "no-data", detail: { field: "--isl" } });
		expect(lengths.detail.nearest).toContain("1024/1024");
		expect(refused({ hardware: "tpu-v7" })).toMatchObject({ exit: 3, code: "no-rate" });
	});
});

function asked(change: Partial<OwnClaim> = {}): OwnClaimAnswer {
	return ownClaim(catalogue, { ...twoCents, ...change }, asking("claim")).result;
}
