import type { BenchmarkPoint } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { benchmarkRow, cardRates } from "../test-support/questions.ts";
import type { RankingLimits } from "./ranking.ts";
import { frontierKey, rankable, summedUnranked } from "./ranking.ts";
import { checkedPoint } from "./rows.ts";
import type { TtftRule } from "./service-level.ts";
import { ttftVerdict } from "./service-level.ts";

const row = benchmarkRow("ix-255cede9");
const rates = cardRates("2026-07", "own_neocloud");
const needed = ["tokensPerGpuSecond", "interactivityTokensPerSecond", "gpus"] as const;
const rule: TtftRule = { limitSeconds: 5, statistic: "median", unknown: "exclude" };

describe("rankable", () => {
	it("keeps a sound row within the limits", () => {
		expect(ranked(row, { interactivity: 50, ttft: rule })).toMatchObject({
			kept: [{ point: row }],
			unranked: [],
			missed: [],
			warnings: [],
		});
	});

	it("counts a missed limit before anything else that is wrong with a row", () => {
		const slow = { ...row, hardware: "tpu-v7" };
		expect(ranked(slow, { interactivity: 100 }).missed).toMatchObject([
			{
				limit: "tokens_per_s_per_user",
				line: {
					row: row.id,
					code: "tokens_per_s_per_user-missed",
					reason: "72.5 tok/s/user is below the limit of 100",
				},
			},
		]);
		expect(ranked(withTtft({ median: 6, p99: 7 }), { ttft: rule }).missed).toMatchObject([
			{ limit: "ttft", line: { code: "ttft-missed" } },
		]);
	});

	it("does not count a speed that fails a check as slow", () => {
		const wrong = { ...row, interactivityTokensPerSecond: 10 };
		const { missed, unranked } = ranked(wrong, { interactivity: 50 });
		expect(missed).toEqual([]);
		expect(unranked).toMatchObject([{ code: "failed-check", row: row.id }]);
	});

	it("leaves unranked what lacks a needed field, a rate, or a TTFT under a limit", () => {
		const { gpus: _, ...bare } = row;
		expect(ranked(bare).unranked).toMatchObject([{ code: "failed-check", reason: "gpus is not published" }]);
		expect(ranked({ ...row, hardware: "tpu-v7" }).unranked).toMatchObject([{ code: "no-rate" }]);
		const unknown = withTtft(undefined);
		expect(ranked(unknown, { ttft: rule }).unranked).toMatchObject([
			{ code: "ttft-unknown", reason: "the row publishes no median TTFT, and a TTFT limit is set", rows: 1 },
		]);
		expect(ranked(unknown).kept).toHaveLength(1);
	});

	it("ranks rows of unknown TTFT where that is accepted, in one warning", () => {
		const accept = { ttft: { ...rule, unknown: "accept" } } as const;
		const rows = ["a", "b", "c", "d", "e"].map((id) => ({ ...withTtft(undefined), id }));
		const one = rankable(rows.slice(0, 1).map(checkedPoint), { needed, ...accept }, rates);
		expect(one.warnings).toEqual([
			{ code: "ttft-unknown", message: "1 row is ranked although its TTFT is not known: a" },
		]);
		const five = rankable(rows.map(checkedPoint), { needed, ...accept }, rates);
		expect(five.kept).toHaveLength(5);
		expect(five.warnings[0]?.message).toBe("5 rows are ranked although their TTFT is not known: a, b, c and 2 more");
	});
});

describe("ttftVerdict", () => {
	it("holds the statistic of the rule against the limit, which may be met exactly", () => {
		expect(ttftVerdict(withTtft({ median: 5 }), rule)).toEqual({ verdict: "met" });
		expect(ttftVerdict(withTtft({ median: 5.01 }), rule)).toEqual({
			verdict: "missed",
			reason: "median TTFT 5.01 s is over the limit of 5 s",
		});
		expect(ttftVerdict(withTtft({ median: 1, p99: 9 }), { ...rule, statistic: "p99" })).toMatchObject({
			verdict: "missed",
		});
		expect(ttftVerdict(withTtft({ median: 1 }), { ...rule, statistic: "p99" })).toMatchObject({
			verdict: "unknown",
			reason: expect.stringContaining("no p99 TTFT"),
		});
		expect(ttftVerdict({ ...withTtft(undefined), kind: "median" }, rule)).toMatchObject({
			reason: "medians over all runs publish no median TTFT, and a TTFT limit is set",
		});
		expect(ttftVerdict(withTtft({ median: 1 }), rule, false)).toMatchObject({
			verdict: "unknown",
			reason: expect.stringContaining("failed a check"),
		});
	});
});

describe("summedUnranked", () => {
	it("adds up rows of one configuration and kind of reason", () => {
		const line = { hardware: "h", precision: "p", stack: "s", speculative: "none", code: "x", reason: "why", rows: 1 };
		const lines = [
			{ ...line, row: "a" },
			{ ...line, row: "b", reason: "why not" },
			{ ...line, code: "y", rows: 7 },
			{ ...line, hardware: "g", rows: 2 },
		];
		expect(summedUnranked(lines)).toEqual([
			{ ...line, rows: 2 },
			{ ...line, code: "y", rows: 7 },
			{ ...line, hardware: "g", rows: 2 },
		]);
	});

	it("groups by what rows of one frontier share", () => {
		expect(frontierKey(row)).toBe("b200-sxm|nvfp4|tensorrt-llm|none");
	});
});

function ranked(point: BenchmarkPoint, limits: Partial<RankingLimits> = {}) {
	return rankable([checkedPoint(point)], { needed, ...limits }, rates);
}

function withTtft(ttft: BenchmarkPoint["latency"]["ttft"]): BenchmarkPoint {
	const { ttft: _, ...others } = row.latency;
	return { ...row, latency: ttft === undefined ? others : { ...others, ttft } };
}
