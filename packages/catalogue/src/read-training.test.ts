import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { issueText } from "./issue.ts";
import { listEntries, showEntry } from "./listing.ts";
import { loadCatalogue, validateCatalogue } from "./load.ts";
import { readCatalogueFolder } from "./node.ts";
import { rowId } from "./read-rows.ts";

const files = readCatalogueFolder(fileURLToPath(new URL("../../../catalogue/", import.meta.url)));
const catalogue = loadCatalogue(files);

describe("the training tables", () => {
	it("are all there, and drop no row", () => {
		const lines = (path: string): number => (files.get(path)?.trimEnd().split("\n").length ?? 0) - 1;
		expect(catalogue.counts).toMatchObject({
			trainingRuns: 18,
			mlperfTraining: 178,
			trainingThroughput: 233,
			trainingSteps: 8,
			trainingEfficiencies: 4,
		});
		expect(catalogue.trainingRuns).toHaveLength(lines("training-runs.csv"));
		expect(catalogue.mlperfTraining).toHaveLength(lines("mlperf-training.csv"));
		expect(catalogue.trainingThroughput).toHaveLength(lines("training-throughput.csv"));
		expect(catalogue.trainingSteps).toHaveLength(lines("training-validation.csv"));
		expect(catalogue.trainingEfficiencies).toHaveLength(lines("training-law.csv"));
	});

	it("hold the published runs under the ids that commands take", () => {
		expect(catalogue.trainingRuns.map(({ id }) => id)).toEqual([
			"llama-2-7b",
			"llama-2-13b",
			"llama-2-70b",
			"llama-3-8b",
			"llama-3-70b",
			"llama-3.1-8b",
			"llama-3.1-70b",
			"llama-3.1-405b",
			"llama-4-scout",
			"llama-4-maverick",
			"deepseek-v3-pretraining",
			"deepseek-v3",
			"deepseek-r1-rl",
			"gpt-oss-120b",
			"olmo-3-7b",
			"olmo-3-32b",
			"gpt3-175b-before",
			"gpt3-175b-after",
		]);
		const run = (id: string) => catalogue.trainingRuns.find((each) => each.id === id);
		expect(run("deepseek-v3")).toMatchObject({
			hardware: "h100-sxm",
			publishedHardware: "H800",
			parameters: { value: 37, unit: "Gparam", source: "deepseek-v3-report", confidence: "vendor" },
			tokens: { value: 14800, unit: "Btok" },
			gpuHours: { value: 2_788_000, unit: "GPU-hr" },
			publishedGpuHour: { value: 2 },
			publishedCost: { value: 5_576_000, unit: "USD" },
		});
		expect(run("gpt-oss-120b")?.tokens).toBeUndefined();
		expect(run("olmo-3-7b")?.tokens).toMatchObject({ confidence: "estimate" });
		expect(run("olmo-3-7b")?.gpuHours).toMatchObject({ confidence: "analyst" });
	});

	it("keep what is not one of the catalogue's parts without an id", () => {
		const parts = (name: string) =>
			new Set(catalogue.mlperfTraining.filter((row) => row.accelerator.includes(name)).map((row) => row.hardware));
		expect(parts("MI350X")).toEqual(new Set([undefined]));
		expect(parts("H200-NVL")).toEqual(new Set([undefined]));
		expect(parts("B200-SXM")).toEqual(new Set(["b200-sxm"]));
		expect(parts("(GB300)")).toEqual(new Set(["gb300-nvl72"]));
	});

	it("carry what MLCommons asks for on every row", () => {
		const sources = new Map(catalogue.sources.map((source) => [source.id, source]));
		for (const row of catalogue.mlperfTraining) {
			expect(sources.get(row.source), row.id).toMatchObject({
				publisher: "MLCommons",
				derivedLabel: "not verified by MLCommons",
			});
			expect(row.id).toMatch(/^mt-[0-9a-f]{8}$/);
		}
		for (const row of catalogue.trainingThroughput) {
			expect(sources.get(row.source)?.label, row.id).toContain("by the vendor");
		}
	});

	it("count the GPUs of a step by its layout", () => {
		for (const { gpus, tp, pp, dp } of catalogue.trainingSteps) expect(gpus).toBe(tp * pp * dp);
	});
});

describe("training entries", () => {
	const today = "2026-11-22";

	it("are listed and shown", () => {
		const listed = listEntries(catalogue, "trainingThroughput", today);
		expect(listed[0]?.summary).toBe("gb300-nvl72 DeepSeekV3 mxfp8 pre-training 26.08");
		expect(listEntries(catalogue, "trainingRuns", today)[0]).toMatchObject({
			id: "llama-2-7b",
			summary: "Llama 2 7B",
			sources: ["llama-cards"],
		});
		expect(showEntry(catalogue, "training-runs/deepseek-v3", today)).toMatchObject({
			value: { collection: "trainingRuns", sources: [{ id: "deepseek-v3-report" }] },
		});
		expect(showEntry(catalogue, "training-runs/deepseek-v4", today)).toMatchObject({
			found: false,
			nearest: expect.arrayContaining(["deepseek-v3"]),
		});
	});
});

describe("broken training tables", () => {
	it("name line, column and cell", () => {
		expect(texts("training-runs.csv", (t) => t.replace("184320", "many"))).toEqual([
			'training-runs.csv:2:59: gpu_hours: found "many"; expected a number',
		]);
		expect(texts("training-runs.csv", (t) => t.replace("llama-2-7b,", "llama-2-13b,"))).toEqual([
			'training-runs.csv:3:1: id: id "llama-2-13b" stands twice; expected each id once',
		]);
		expect(texts("training-runs.csv", (t) => t.replace("llama-cards", "hearsay"))).toEqual([
			expect.stringContaining('unknown source "hearsay"'),
		]);
		expect(
			texts("training-validation.csv", (t) => t.replace("2048,8,8,1,1,1,4,4,full", "2048,16,8,1,1,1,4,4,full")),
		).toEqual([expect.stringMatching(/^training-validation\.csv:2:\d+: gpus: found 16; expected tp × pp × dp = 8$/)]);
		expect(texts("mlperf-training.csv", (t) => t.replace(",28.269,", ",0,"))).toEqual([
			expect.stringMatching(/minutes: found 0; expected a number above 0$/),
		]);
	});

	it("reckon the id that a row must have", () => {
		const first = /\nmt-[0-9a-f]{8}/.exec(files.get("mlperf-training.csv") ?? "")?.[0].trim() ?? "";
		expect(texts("mlperf-training.csv", (t) => t.replace(first, "mt-00000000"))).toEqual([
			`mlperf-training.csv:2:1: id: the id does not fit the row; expected "${first}"`,
		]);
		const key = ["v5.0", "llama2_70b_lora", "AMD", "MI300X_EPYC_9575F_pytorch", "AMD Instinct MI300X 192GB HBM3", "8"];
		expect(rowId("mt-", "mlperf-training", key)).toBe(first);
	});

	it("are missed where they are gone", () => {
		const without = new Map(files);
		without.delete("training-throughput.csv");
		expect(validateCatalogue(without).map(issueText)).toEqual([
			"training-throughput.csv:1:1: the file is missing; expected a file of that name",
		]);
	});
});

function texts(file: string, edit: (text: string) => string): string[] {
	const text = files.get(file) ?? "";
	const edited = edit(text);
	expect(edited).not.toBe(text);
	return validateCatalogue(new Map(files).set(file, edited)).map(issueText);
}
