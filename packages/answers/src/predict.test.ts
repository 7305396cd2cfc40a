import { describe, expect, it } from "vitest";
import { asking, cardRates, catalogue } from "../test-support/questions.ts";
import { FarthingError } from "./farthing-error.ts";
import { predict, type PredictedValues, type PredictQuestion } from "./predict.ts";
import { readRows } from "./predict/row-layouts.ts";

const rates = cardRates("2026-07", "own_neocloud");

/** A row of InferenceX medians, as its database gives it. */
const median = {
	hardware: "b200",
	framework: "trt",
	model: "dsr1",
	precision: "fp4",
	spec_method: "none",
	disagg: false,
	decode_tp: 8,
	decode_ep: 8,
	decode_dp_attention: false,
	isl: 8192,
	osl: 1024,
	conc: 64,
};

const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");
const read = (...rows: object[]) => readRows(catalogue, lines(...rows), "rows.jsonl")?.rows ?? [];
const ask = (rows: PredictQuestion["rows"], more: Partial<PredictQuestion> = {}) =>
	predict(catalogue, { rows, rates, ...more }, asking("predict")).result.rows;

describe("a prediction", () => {
	const [first] = ask(read(median)) as [PredictedValues];

	it("carries value, interval, grade, level and rows", () => {
		expect(first.index).toBe(0);
		for (const each of [first.tpot, first.ttft, first.tokens_per_gpu_second, first.unit_cost]) {
			expect(each).toMatchObject({ grade: "D", state: "modelled" });
			expect(each?.p10).toBeLessThan(each?.value as number);
			expect(each?.p90).toBeGreaterThan(each?.value as number);
		}
		expect(first.checkpoint).toBe("nvidia/DeepSeek-R1-0528-FP4");
		expect(first.calibration_rows).toBeGreaterThan(0);
		expect(first.newest_calibration).toMatch(/^2025-|^2026-/);
	});

	it("says of a single question that the cache cannot hold all requests", () => {
		const warned = (conc: number) =>
			predict(catalogue, { rows: read({ ...median, conc }), rates, isSingle: true }, asking("predict")).warnings.map(
				({ code }) => code,
			);
		expect(warned(64)).not.toContain("requests-wait");
		expect(warned(1_000_000)).toContain("requests-wait");
	});

	it("prices the throughput it predicts", () => {
		const rate = rates.rateOf("b200-sxm");
		expect(rate.known).toBe(true);
		const speed = first.tokens_per_gpu_second?.value as number;
		expect(first.unit_cost?.value).toBeCloseTo(2.07e6 / 3600 / speed, 6);
		expect(first.unit_cost?.p10).toBeCloseTo(2.07e6 / 3600 / (first.tokens_per_gpu_second?.p90 as number), 6);
	});

	it("says which run would narrow it, and by how much", () => {
		expect(first.narrowed_by?.measure).toContain("concurrency 64");
		expect(first.narrowed_by?.deviation_after).toBeLessThan(first.narrowed_by?.deviation as number);
		const { value, p90 } = first.tpot ?? {};
		expect(first.narrowed_by?.half_width).toBeCloseTo(Math.log((p90 as number) / (value as number)), 12);
		expect(first.narrowed_by?.half_width_after).toBeLessThan(first.narrowed_by?.half_width as number);
	});

	it("moves to a row of one's own, and becomes surer", () => {
		const strange = {
			...median,
			hardware: "mi325x",
			model: "llama-70b",
			precision: "fp8",
			framework: "vllm",
			decode_ep: 1,
		};
		const [before] = ask(read(strange)) as [PredictedValues];
		const slow = { ...strange, median_tpot: 2 * (before.tpot?.value as number), tput_per_gpu: 100 };
		// as many tokens as no concurrency of 7 can make in that time
		const wrong = { ...slow, conc: 7, median_ttft: 0.2, tput_per_gpu: 1e6 };
		const fit = read(slow, wrong).flatMap((row) => (row.ok ? [row.row] : []));
		const { result, warnings } = predict(catalogue, { rows: read(strange), rates, fit }, asking("predict"));
		const [after] = result.rows as [PredictedValues];
		expect(warnings.find(({ code }) => code === "rows-left-out")?.message).toContain("1 of your 2 rows");
		expect(after.tpot?.value).toBeGreaterThan(1.6 * (before.tpot?.value as number));
		expect(after.level).toBe("operating-point");
		const width = ({ tpot }: PredictedValues) => (tpot?.p90 as number) / (tpot?.p10 as number);
		expect(width(after)).toBeLessThan(width(before));
	});
});

describe("rows that get no number", () => {
	it("say what is missing and by how much, and leave the others alone", () => {
		const rows = ask(
			read(
				{ ...median, hardware: "h100" },
				{ ...median, decode_tp: 1, decode_ep: 1, precision: "fp8" },
				{ ...median, model: "gpt-9" },
				median,
				{ ...median, decode_tp: -8, decode_ep: 1 },
			),
		);
		expect(rows[0]).toMatchObject({ index: 0, infeasible: { code: "precision-not-supported" } });
		expect(rows[1]).toMatchObject({ infeasible: { code: "weights-exceed-memory", short_by: { unit: "GB/GPU" } } });
		expect(rows[2]).toMatchObject({ index: 2, error: { code: "unreadable-row" } });
		expect(rows[3]).toHaveProperty("tpot");
		expect(rows[4]).toMatchObject({ error: { message: expect.stringContaining("size -8") as string } });
	});

	it("say why, where experts cannot be spread as asked", () => {
		const rows = ask(
			read(
				{ ...median, decode_ep: 3 },
				{ ...median, model: "llama-70b", precision: "fp8", hardware: "h100", decode_tp: 4, decode_ep: 4 },
			),
		);
		expect(rows[0]).toMatchObject({ infeasible: { code: "experts-not-divisible" } });
		expect(rows[1]).toMatchObject({ infeasible: { code: "no-experts" } });
	});

	it("say why, where names or stages contradict each other", () => {
		const rows = ask(
			read(
				{ ...median, decode_tp: 4, decode_ep: 1, pp: 100 },
				{ ...median, hardware: "mi355x", framework: "trt", precision: "fp8" },
				{ ...median, hardware: "mi355x", framework: "dynamo-trt", precision: "fp8" },
				{ ...median, hardware: "mi355x", framework: "sglang", precision: "nvfp4" },
				{ ...median, framework: "atom" },
				{ ...median, model: "llama-3.1-8b", precision: "fp8", decode_tp: 1, decode_ep: 1, spec_method: "mtp" },
				{ ...median, hardware: "mi355x", framework: "atom", precision: "fp8", spec_method: "mtp" },
			),
		);
		expect(rows[0]).toMatchObject({
			infeasible: { code: "stages-exceed-layers", short_by: { value: 39, unit: "layer" } },
		});
		const codes = rows.slice(1, 6).map((row) => ("infeasible" in row ? row.infeasible.code : "none"));
		expect(codes).toEqual([
			"stack-not-for-hardware",
			"stack-not-for-hardware",
			"precision-not-supported",
			"stack-not-for-hardware",
			"no-mtp-modules",
		]);
		expect(rows[1]).toMatchObject({ infeasible: { reason: expect.stringContaining("nvidia alone") as string } });
		expect(rows[6]).toHaveProperty("tpot");
	});

	it("have no time between tokens where there is one alone", () => {
		const [row] = ask(read({ ...median, osl: 1 })) as [PredictedValues];
		expect(row).not.toHaveProperty("tpot");
		expect(row).not.toHaveProperty("narrowed_by");
		expect(row.unknown).toMatchObject({ tpot: expect.stringContaining("single output token") as string });
		expect(row.tokens_per_gpu_second?.value).toBeGreaterThan(0);
	});

	it("end a single question with exit 3", () => {
		const rows = read({ ...median, hardware: "h100" });
		expect(() => ask(rows, { isSingle: true })).toThrow(FarthingError);
		expect(() => ask(rows, { isSingle: true })).toThrow(/h100-sxm has no units for nvfp4.*short by/);
	});
});
