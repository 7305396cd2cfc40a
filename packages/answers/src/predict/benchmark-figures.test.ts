import type { ServingRow } from "@farthing/engine";
import { dayNumber } from "@farthing/catalogue";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../test-support/questions.ts";
import { type BenchmarkFigures, rowOfFigures } from "./benchmark-figures.ts";

const asked: ServingRow = {
	id: "asked",
	model: "llama-3.1-8b",
	body: "llama-3.1-8b",
	hardware: "h100-sxm",
	family: "nvidia-fp8",
	isMixture: false,
	stack: "vllm",
	precision: "bf16",
	speculative: "none",
	disaggregated: false,
	isl: 1000,
	osl: 100,
	lengthShare: 1,
	concurrency: 32,
	decode: { tp: 2, pp: 1, ep: 1, dpAttention: false },
	gpus: 2,
	measured: {},
	source: "asked",
};

/** A run of `vllm bench serve` on two GPUs, as its importer gives it. */
const run: BenchmarkFigures = {
	model: "my-llama",
	stack: "vllm",
	date: "20261120-101500",
	gpus: 2,
	isl: 1000,
	osl: 100,
	concurrency: 16,
	tokensPerGpuSecond: 1100,
	medianTtft: 0.08,
	medianTpot: 0.012,
};
const read = (row: BenchmarkFigures, of: ServingRow | undefined = asked) =>
	rowOfFigures(catalogue, row, { file: "run.json", index: 0, asked: of });

describe("a benchmark result of one's own", () => {
	it("is a row of what was sent, served by what the question says", () => {
		expect(read(run)).toMatchObject({
			model: "llama-3.1-8b",
			hardware: "h100-sxm",
			stack: "vllm",
			precision: "bf16",
			isl: 1000,
			osl: 100,
			concurrency: 16,
			gpus: 2,
			decode: { tp: 2 },
			lengthShare: 1,
			day: dayNumber("2026-11-20"),
			measured: { ttftMedianSeconds: 0.08, tpotSeconds: 0.012, tokensPerGpuSecond: 1100 },
		});
	});

	it("has as many in flight as Little's law says, where it was sent at a rate", () => {
		const { concurrency: _, ...rated } = run;
		// 2 requests a second, each 0.08 s + 99 · 0.012 s
		expect(read(rated).concurrency).toBe(Math.round(2 * (0.08 + 99 * 0.012)));
	});

	it("is refused where neither it nor the question says what served, or nothing was measured", () => {
		const lost = () =>
			rowOfFigures(
				catalogue,
				{ ...run, model: "meta-llama/Llama-3.1-8B" },
				{ file: "run.json", index: 0, asked: undefined },
			);
		expect(lost).toThrow(/does not say the hardware/);
		const { tokensPerGpuSecond: _rate, medianTtft: _ttft, medianTpot: _tpot, ...silent } = run;
		expect(() => read(silent)).toThrow(/no measured value/);
	});
});
