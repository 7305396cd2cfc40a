import { openCatalogue } from "@farthing/catalogue/node";
import { describe, expect, it } from "vitest";
import type { Asking } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { rateBook } from "./rates.ts";
import { mlperfTraining } from "./train-mlperf.ts";

const store = openCatalogue();
const catalogue = store.catalogue();
const asking: Asking = { command: "train", arguments: {}, asOf: "2026-11-22", seed: 1, catalogue: store.manifest() };
const rates = () =>
	rateBook(catalogue, { kind: "card", card: { id: "2026-09", tier: "own_hyperscaler" }, rates: {} }, "2026-11-22");
const list = (benchmark?: string) => mlperfTraining(catalogue, benchmark, rates(), asking).result;

describe("MLPerf Training, Llama 3.1 405B", () => {
	// round, hardware, GPUs, minutes; GPU-hours per M tokens and USD per M tokens: tco-facts, section 5
	it.each<[string, string, number, number, number, number | undefined]>([
		["v5.0", "h100-sxm", 512, 230.7, 0.869, 1.02],
		["v5.0", "h100-sxm", 8192, 19.6, 1.015, undefined],
		["v5.0", "h200-sxm", 512, 209.7, 0.79, 0.96],
		["v5.1", "b200-sxm", 256, 241.3, 0.429, 0.74],
		["v5.0", "gb200-nvl72", 512, 104.9, 0.391, undefined],
		["v5.1", "gb200-nvl72", 512, 84.9, 0.272, 0.51],
		["v5.1", "gb200-nvl72", 5120, 9.995, 0.313, undefined],
		["v5.1", "gb300-nvl72", 512, 64.6, 0.207, 0.48],
	])("%s %s × %i comes out within 1%", (round, hardware, gpus, minutes, hours, cost) => {
		const row = list().rows.find(
			(each) =>
				each.round === round &&
				each.hardware === hardware &&
				each.gpus === gpus &&
				Math.abs((each.time.value ?? 0) - minutes) < 0.1,
		);
		expect((row?.gpu_hours_per_mtok?.value ?? 0) / hours).toBeCloseTo(1, 2);
		if (cost !== undefined) expect((row?.cost_per_mtok?.value ?? 0) / cost).toBeCloseTo(1, 1);
		expect(row?.gpu_hours_per_mtok).toMatchObject({
			unit: "GPU-hr/Mtok",
			tokens: "total",
			grade: "B",
			state: "measured",
		});
	});

	it("stands in order, what has no tokens last and with its reason", () => {
		const { rows } = list();
		const hours = rows.flatMap(({ gpu_hours_per_mtok: of }) => (of?.value === undefined ? [] : [of.value]));
		expect(hours).toEqual([...hours].sort((a, b) => a - b));
		expect(rows).toHaveLength(23);
		expect(rows.at(-1)).toMatchObject({ round: "v6.0", unknown: { tokens: expect.any(String) } });
		expect(rows.at(-1)).not.toHaveProperty("gpu_hours_per_mtok");
	});

	it("carries the words that MLCommons asks for", () => {
		const answer = list();
		expect(answer.attribution).toContain("MLPerf is a trademark of MLCommons");
		for (const row of answer.rows) expect(row.label).toBe("not verified by MLCommons");
	});
});

describe("other benchmarks", () => {
	it("are named as MLPerf does, or by the model", () => {
		expect(list("llama31_8b").rows).toHaveLength(40);
		expect(list("llama-3.1-8b").benchmark).toBe("llama31_8b");
		expect(list("llama2_70b_lora").rows).toHaveLength(113);
	});

	it("leave cost out where the part is not the catalogue's", () => {
		const row = list("llama31_8b").rows.find(({ accelerator }) => accelerator === "AMD Instinct MI350X");
		expect(row).not.toHaveProperty("cost");
		expect(row?.unknown).toEqual({ cost: "AMD Instinct MI350X is not one of the catalogue's parts" });
	});

	it("end with the nearest where there is none", () => {
		try {
			list("llama31_70b");
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(FarthingError);
			expect(error).toMatchObject({ exit: 3, code: "unknown-benchmark" });
			expect((error as FarthingError).detail.nearest).toContain("llama31_405b");
		}
	});
});
