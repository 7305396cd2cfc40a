import { ceilingRate } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { asking, catalogue } from "../../test-support/questions.ts";
import { calibrationRows } from "./calibration-rows.ts";
import { suspiciousRows } from "./suspicious-rows.ts";

const ask = (question: Parameters<typeof suspiciousRows>[1]) =>
	suspiciousRows(catalogue, question, asking("predict")).result;

const PART = { model: "deepseek-r1", hardware: "h200-sxm" };
const prepared = calibrationRows(catalogue).rows;
const known = prepared.map(({ row }) => row);
const own = known.filter(({ model, hardware }) => model === PART.model && hardware === PART.hardware);

it("measured rows lie below the ceiling of their own load, all of them", () => {
	const shares = prepared.flatMap(({ row, load, decode }) => {
		const { tokensPerGpuSecond: rate } = row.measured;
		if (rate === undefined || row.gpus === undefined) return [];
		// MTP rows run up to three drafted tokens, of which no more than all are accepted
		const tokensPerStep = row.speculative === "none" ? 1 : 4;
		const most = ceilingRate(decode.work, { ...load, tokensPerStep }, row.concurrency / decode.workers);
		return [{ id: row.id, share: rate / most }];
	});
	expect(shares.length).toBeGreaterThan(5000);
	expect(shares.filter(({ share }) => share > 1)).toEqual([]);
});

describe("suspicious rows", () => {
	it("are beyond the bound of the field, the worst first, and lie on the side they say", () => {
		const { suspicious, judged } = ask(PART);
		expect(judged).toBe(own.length);
		expect(suspicious.length).toBeGreaterThan(0);
		const sizes = suspicious.map(({ deviations }) => Math.abs(deviations));
		expect(sizes.every((each) => each > 3.5)).toBe(true);
		expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
		for (const { measured, expected, deviations } of suspicious) {
			expect(measured.value > expected.value).toBe(deviations > 0);
		}
	});

	it("name a row of one's own that is three times slower than all others say", () => {
		const like = own.find(
			({ measured, stack, disaggregated }) =>
				measured.tpotSeconds !== undefined && stack === "sglang" && !disaggregated,
		);
		if (like === undefined) throw new Error("no row to start from");
		const tpotSeconds = (like.measured.tpotSeconds as number) * 3;
		// one more request than the row it is like: an operating point of its own, which no throughput contradicts
		const wrong = {
			...like,
			id: "wrong",
			source: "given",
			concurrency: like.concurrency + 1,
			measured: { tpotSeconds },
		};
		const found = ask({ ...PART, fit: [wrong] }).suspicious.find(({ id }) => id === "wrong");
		expect(found).toMatchObject({ quantity: "tpot", source: "given", measured: { value: tpotSeconds, unit: "s" } });
		expect(found?.deviations).toBeGreaterThan(3.5);
		expect((found?.expected.value as number) / (like.measured.tpotSeconds as number)).toBeCloseTo(1, 0);
	});
});
