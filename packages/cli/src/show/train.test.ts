import type { TrainQuestion } from "@farthing/answers";
import { mlperfTraining, rateBook, train, trainingValidation } from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import { describe, expect, it } from "vitest";
import { mlperfTrainingText, trainDefaultsText, trainText, validationText } from "./train.ts";

const store = openCatalogue();
const catalogue = store.catalogue();
const asking = { command: "train", arguments: {}, asOf: "2026-11-22", seed: 1, catalogue: store.manifest() };
const cost = { kind: "card", card: { id: "2026-09", tier: "own_neocloud" }, rates: {} } as const;
const fallbackRate = { kind: "book", cost, tier: "own_neocloud", asked: false } as const;
const result = (question: Partial<TrainQuestion>) => train(catalogue, { fallbackRate, ...question }, asking).result;

describe("train on a terminal", () => {
	it("says what a published run took and cost", () => {
		const text = trainText(result({ run: "deepseek-v3" }));
		expect(text).toContain(
			"DeepSeek-V3, all stages · 37.0 Gparam active · 14.8T tokens · H800 (by the data sheet of h100-sxm)",
		);
		expect(text).toContain("$5.58M at $2.00/GPU-hr, $0.377/M tok trained, grade E");
		expect(text).toContain("2.79M GPU-hours · 33.1% of the BF16 peak (MFU) · 1,475 tok/s/GPU");
		expect(text).toContain("3.29 × 10²⁴ FLOP by 6·N·D");
		expect(text).toContain("--peak fp8");
	});

	it("says why a number is missing", () => {
		const text = trainText(result({ run: "llama-2-7b" }));
		expect(text).toContain("no cost: card 2026-09 has no own_neocloud rate for a100-sxm-80; --gpu-hour prices it");
		expect(text).toContain("no energy, carbon:");
	});

	it("shows ranges where the question has one", () => {
		const mfu = { kind: "logitnormal", p5: 0.35, p95: 0.45 } as const;
		const tokens = { kind: "point", value: 15e12 } as const;
		const parameters = { kind: "point", value: 70e9 } as const;
		const text = trainText(result({ parameters, tokens, hardware: "h100", mfu }));
		expect(text).toMatch(/\$6\.\d\dM at \$1\.55\/GPU-hr.*, P10–P90 \$6\.\d\dM–7\.\d\dM, grade E/);
		expect(text).toMatch(/GPU-hours, P10–P90 4\.\d\dM–4\.\d\dM/);
	});

	it("lists what was left to a default", () => {
		const text = trainDefaultsText(result({ run: "llama-3.1-8b" }));
		expect(text).toMatch(/--power +1\.37 kW\/GPU +H100 SXM5, with its share of host and network/);
		expect(text).toContain("country of the developer");
	});

	it("lists MLPerf Training by GPU-hours per token", () => {
		const rates = rateBook(catalogue, cost, "2026-11-22");
		const lines = mlperfTrainingText(mlperfTraining(catalogue, undefined, rates, asking).result).split("\n");
		expect(lines[0]).toContain("not verified by MLCommons");
		expect(lines[2]).toMatch(/^v5\.1 +gb300-nvl72 +512 +NVIDIA +64\.6 +1,344 +0\.207 +2\.79/);
	});

	it("shows the law beside what was measured", () => {
		const text = validationText(trainingValidation(catalogue, asking).result);
		expect(text).toMatch(/gpt3-175b-full +a100-sxm-80 +TP8 PP8 DP1.* 18\.1 +17\.9 +−1\.4%/);
		expect(text).toContain("Mean error 2.98%, largest 5.33%");
	});
});
