import { fileURLToPath } from "node:url";
import { checkRow, summariseChecks, usable } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import type { Issue } from "./issue.ts";
import { CatalogueError, issueText } from "./issue.ts";
import { figuresIn } from "./listing.ts";
import { hashFiles, loadCatalogue, validateCatalogue } from "./load.ts";
import { readCatalogueFolder } from "./node.ts";

const files = readCatalogueFolder(fileURLToPath(new URL("../../../catalogue/", import.meta.url)));
const catalogue = loadCatalogue(files);

describe("the facts", () => {
	it("are all there", () => {
		expect(catalogue.version).toBe("2026.11.0");
		expect(catalogue.releaseDate).toBe("2026-11-22");
		expect(catalogue.counts).toMatchObject({
			hardware: 25,
			systems: 16,
			models: 26,
			rateCards: 3,
			rateReadings: 31,
			facility: 171,
			apiPrices: 671,
			cloudPrices: 166,
			benchmarks: 1544 + 2134 + 7,
			accuracyRuns: 1032,
			mlperf: 493,
		});
	});

	it("drop no row of a table", () => {
		const lines = (path: string) => (files.get(path)?.trimEnd().split("\n").length ?? 0) - 1;
		expect(catalogue.benchmarks.filter((point) => point.kind === "dated")).toHaveLength(
			lines("benchmarks/inferencex-dated.csv"),
		);
		expect(catalogue.benchmarks.filter((point) => point.kind === "median")).toHaveLength(
			lines("benchmarks/inferencex-medians.csv"),
		);
		expect(catalogue.mlperf).toHaveLength(lines("benchmarks/mlperf-inference-v6.0.csv"));
		expect(catalogue.accuracyRuns).toHaveLength(lines("evals/gsm8k.csv"));
	});

	it("have unit, source, date and confidence on every figure, and a known source", () => {
		const known = new Set(catalogue.sources.map((source) => source.id));
		const { sources: _, claims: __, benchmarks, accuracyRuns, mlperf, ...facts } = catalogue;
		const figures = figuresIn(facts, "");
		expect(figures.length).toBeGreaterThan(3000);
		for (const { path, figure } of figures) {
			expect(Number.isFinite(figure.value), path).toBe(true);
			expect(figure.unit, path).not.toBe("");
			expect(figure.asOf, path).toMatch(/^20\d\d/);
			for (const id of [figure.source, ...(figure.otherSources ?? [])])
				expect(known.has(id), `${path}: ${id}`).toBe(true);
		}
		for (const row of [...benchmarks, ...accuracyRuns, ...mlperf]) expect(known.has(row.source), row.id).toBe(true);
	});

	it("carry the attribution and the labels their owners ask for", () => {
		const sources = new Map(catalogue.sources.map((source) => [source.id, source]));
		for (const row of [...catalogue.benchmarks, ...catalogue.accuracyRuns]) {
			expect(sources.get(row.source)).toMatchObject({
				attribution: "Data from InferenceX, SemiAnalysis, Apache-2.0",
				label: "unofficial",
			});
		}
		for (const row of catalogue.mlperf) {
			expect(sources.get(row.source)?.derivedLabel).toBe("not verified by MLCommons");
			expect(row.publicId).toMatch(/^v6\.0-\d{4}$/);
		}
	});

	it("use every source they list", () => {
		const cited = new Set(
			figuresIn(catalogue, "").flatMap(({ figure }) => [figure.source, ...(figure.otherSources ?? [])]),
		);
		for (const { source } of catalogue.trafficShapes) cited.add(source);
		for (const row of [...catalogue.benchmarks, ...catalogue.accuracyRuns, ...catalogue.mlperf]) cited.add(row.source);
		for (const row of [...catalogue.mlperfTraining, ...catalogue.trainingThroughput, ...catalogue.servingSample])
			cited.add(row.source);
		for (const { runsOn } of [...catalogue.stacks, ...catalogue.precisions]) {
			if (runsOn !== undefined) cited.add(runsOn.source);
		}
		expect(catalogue.sources.map((source) => source.id).filter((id) => !cited.has(id))).toEqual([]);
	});

	it("hold the rows that the headline claims stand on", () => {
		const point = (hardware: string, rate: number) =>
			catalogue.benchmarks.filter((p) => p.hardware === hardware && Math.abs(p.tokensPerGpuSecond / rate - 1) < 1e-4);
		expect(point("b200-sxm", 28724.2)[0]).toMatchObject({
			model: "gpt-oss-120b",
			stack: "tensorrt-llm",
			precision: "mxfp4",
			publishedPrecision: "fp4",
			isl: 1024,
			osl: 1024,
			concurrency: 256,
			gpus: 1,
			kind: "median",
			period: ["2025-09-29", "2026-07-19"],
		});
		expect(point("h200-sxm", 93.15).map((p) => [p.stack, p.speculative, p.gpus, p.concurrency])).toContainEqual([
			"dynamo-tensorrt-llm",
			"mtp",
			96,
			44,
		]);
		expect(point("gb300-nvl72", 5970.26)[0]).toMatchObject({ gpus: 38, concurrency: 1229, measuredOn: "2026-02-03" });
		expect(point("gb200-nvl72", 9335.417222)[0]).toMatchObject({ measuredOn: "2025-12-05", isl: 8192, osl: 1024 });
	});

	it("keep the published label of a number format", () => {
		const format = (hardware: string, model: string) =>
			new Set(
				catalogue.benchmarks
					.filter((p) => p.hardware === hardware && p.model === model && p.publishedPrecision === "fp4")
					.map((p) => p.precision),
			);
		expect(format("b200-sxm", "deepseek-r1")).toEqual(new Set(["nvfp4"]));
		expect(format("mi355x", "deepseek-r1")).toEqual(new Set(["mxfp4"]));
		expect(format("b200-sxm", "gpt-oss-120b")).toEqual(new Set(["mxfp4"]));
	});

	it("name why an MLPerf line gives no throughput per accelerator", () => {
		const skipped = catalogue.mlperf.filter((row) => row.skipped !== undefined);
		const usableRows = catalogue.mlperf.filter((row) => row.tokensPerAcceleratorSecond !== undefined);
		expect([skipped.length, usableRows.length]).toEqual([95, 398]);
		for (const row of usableRows) expect(row).toMatchObject({ unit: "Tokens/s" });
		expect(skipped.filter((row) => row.skipped?.code === "no-accelerator")).toHaveLength(12);
		const cluster = catalogue.mlperf.find((row) => row.publicId === "v6.0-0001" && row.scenario === "offline");
		expect(cluster?.tokensPerAcceleratorSecond).toBeCloseTo(1042110 / 87, 6);
	});

	it("share the figures of one body between its releases", () => {
		const find = (id: string) => catalogue.models.find((model) => model.id === id);
		expect(find("glm-5.1")?.architectureOf).toBe("glm-5");
		expect(find("glm-5.1")?.figures).toEqual(find("glm-5")?.figures);
		expect(find("deepseek-v3")?.figures).toMatchObject({
			totalParameters: { value: 671, unit: "Gparam", source: "model-cards" },
			totalParametersComputed: { value: 671.026, confidence: "estimate" },
			kvLoraRank: { value: 512 },
			experts: { value: 256 },
		});
	});
});

describe("the rows, checked", () => {
	const summary = summariseChecks(catalogue.benchmarks);

	it("are all checked", () => {
		expect(summary.rows).toBe(catalogue.benchmarks.length);
		for (const count of Object.values(summary.checks)) {
			expect(count.passed + count.failed + count.unchecked).toBe(catalogue.benchmarks.length);
		}
	});

	it("lose role counts and split in the 8 GB200 rows of December 2025, and nothing else there", () => {
		const rows = catalogue.benchmarks.filter((point) =>
			checkRow(point).some(({ check, state }) => check === "throughput-identity" && state === "failed"),
		);
		expect(rows.map((row) => row.hardware)).toEqual(Array(8).fill("gb200-nvl72"));
		for (const row of rows) {
			expect(row.measuredOn).toMatch(/^2025-12-0[15]$/);
			expect(row.gpus).toBeUndefined();
			const checks = checkRow(row);
			expect(usable(row, checks, ["tokensPerGpuSecond", "interactivityTokensPerSecond", "latency.ttft"]).usable).toBe(
				true,
			);
			expect(usable(row, checks, ["inputTokensPerPrefillGpuSecond"]).usable).toBe(false);
			expect(usable(row, checks, ["decode.gpus"]).usable).toBe(false);
		}
	});

	it("carry the true GPU count where the public API multiplies by EP", () => {
		const flagged = catalogue.benchmarks.filter(
			(point) => point.publishedGpus !== undefined && point.gpus !== undefined,
		);
		expect(flagged.filter((point) => point.kind === "dated")).toHaveLength(300);
		for (const { gpus, publishedGpus, decode } of flagged) {
			expect(gpus).toBe(decode.tp);
			expect(publishedGpus).toBe((decode.tp ?? 0) * (decode.ep ?? 0));
		}
	});

	it("fail Little's law twice, and only there lose their throughput", () => {
		const lost = summary.flagged.filter(({ failed }) =>
			failed.some((check) => check.taints.includes("tokensPerGpuSecond")),
		);
		expect(lost.map(({ failed }) => failed.map((check) => check.check))).toEqual([["littles-law"], ["littles-law"]]);
	});

	it("pass all else, but for energy of disaggregated rows", () => {
		const failed = Object.entries(summary.checks).filter(([, count]) => count.failed > 0);
		expect(Object.fromEntries(failed.map(([name, count]) => [name, count.failed]))).toEqual({
			"published-gpu-count": 564,
			"throughput-identity": 8,
			"token-kinds": 8,
			"littles-law": 2,
			"power-schema": 37,
			"energy-identity": 1,
		});
	});
});

describe("broken files", () => {
	it("say where a YAML file stops being YAML, and do not blame the files that refer to it", () => {
		const issues = issuesWith("models.yaml", (text) => text.replace("models:\n", "models: [\n"));
		expect(new Set(issues.map((issue) => issue.file))).toEqual(new Set(["models.yaml"]));
		expect(issues[0]?.line).toBeGreaterThan(1);
		expect(issues[0]?.expected).toBe("a well-formed YAML file");
	});

	it("name an unknown member, a missing one and a wrong kind of value", () => {
		expect(texts("accelerators.yaml", (t) => t.replace("    vendor: nvidia\n", "    vender: nvidia\n"))).toEqual([
			expect.stringMatching(/^accelerators\.yaml:19:5: accelerators\[0\]: member "vendor" is missing/),
			expect.stringMatching(
				/^accelerators\.yaml:21:5: accelerators\[0\]\.vender: unknown member "vender"; expected one of id,/,
			),
		]);
		expect(texts("accelerators.yaml", (t) => t.replace("      bf16: 312\n", "      bf16: fast\n"))).toEqual([
			'accelerators.yaml:28:13: accelerators[0].figures.bf16: found "fast"; expected a number',
		]);
	});

	it("name a source, an accelerator or a model that does not exist", () => {
		expect(texts("accelerators.yaml", (t) => t.replace("source: aiconfigurator-systems", "source: hearsay"))).toEqual([
			expect.stringContaining('accelerators[0].source: unknown source "hearsay"; expected the id of a source'),
		]);
		expect(texts("systems.yaml", (t) => t.replace("accelerator: gaudi3", "accelerator: gaudi9"))).toEqual([
			expect.stringMatching(/^systems\.yaml:\d+:18: systems\[8\]\.accelerator: unknown hardware "gaudi9"/),
		]);
		expect(texts("aliases.yaml", (t) => t.replace("dsr1: deepseek-r1", "dsr1: deepseek-r9"))).toEqual([
			expect.stringMatching(/^aliases\.yaml:\d+:9: model\.dsr1: unknown model "deepseek-r9"/),
		]);
	});

	it("name line, column and cell of a table", () => {
		expect(texts("facility.csv", (t) => t.replace("1.15,x,1.04", "low,x,1.04"))).toEqual([
			'facility.csv:2:30: value: found "low"; expected a number',
		]);
		expect(texts("facility.csv", (t) => t.replace("1.15,x,1.04", "1.15,x,1.24"))).toEqual([
			"facility.csv:2:30: value: 1.15 lies outside 1.24 to ; expected low ≤ value ≤ high",
		]);
		expect(texts("facility.csv", (t) => t.replace("AWS fleet", '"AWS fleet'))).not.toEqual([]);
		expect(texts("api-prices.csv", (t) => t.replace("model,", "modell,"))).toEqual([
			'api-prices.csv:1:1: column "model" is missing; expected it in line 1',
			expect.stringMatching(/^api-prices\.csv:1:1: modell: unknown column "modell"/),
			...Array(671).fill(expect.stringMatching(/: model: found an empty cell; expected text$/)),
		]);
	});

	it("reckon the id that a benchmark row must have", () => {
		const file = "benchmarks/inferencex-dated.csv";
		const id = /\nix-[0-9a-f]{8}/.exec(files.get(file) ?? "")?.[0].trim() ?? "";
		expect(texts(file, (t) => t.replace(id, "ix-00000000"))).toEqual([
			`${file}:2:1: id: the id does not fit the row; expected "${id}"`,
		]);
	});

	it("are all gathered before anything fails", () => {
		const broken = new Map(files);
		broken.delete("models.yaml");
		broken.set("facility.csv", "id\n");
		broken.set("stray.csv", "a,b\n");
		broken.set("rate-cards.yaml", `${files.get("rate-cards.yaml")}`.replace("until: 2026-09-08", "until: 2026-06-31"));
		try {
			loadCatalogue(broken);
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(CatalogueError);
			const found = new Set((error as CatalogueError).issues.map((issue) => issue.file));
			expect(found).toContain("models.yaml");
			expect(found).toContain("facility.csv");
			expect(found).toContain("stray.csv");
			expect(found).toContain("rate-cards.yaml");
		}
	});

	it("refuse references and doubled keys", () => {
		expect(texts("catalogue.yaml", (t) => `${t}version: 2\n`)).not.toEqual([]);
		expect(texts("catalogue.yaml", (t) => t.replace("version: 2026.11.0", "version: *other"))).not.toEqual([]);
	});
});

describe("the hash", () => {
	it("is that of the texts, not of their line ends or order", () => {
		const turned = new Map([...files].reverse().map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]));
		expect(hashFiles(turned)).toBe(catalogue.hash);
		const edited = new Map(files).set("facility.csv", `${files.get("facility.csv")}`.replace("0.07,", "0.08,"));
		expect(hashFiles(edited)).not.toBe(catalogue.hash);
	});

	it("does not change how files with other line ends read", () => {
		const turned = new Map([...files].map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]));
		expect(validateCatalogue(turned)).toEqual([]);
	});

	it("name a negative price, and a unit that is none or another currency", () => {
		const [cell] = issuesWith("api-prices.csv", (text) => text.replace(",3,7,", ",-3,7,"));
		expect(cell).toMatchObject({ file: "api-prices.csv", message: "a negative number" });
		const [rate] = issuesWith("rate-cards.yaml", (text) =>
			text.replace("own_hyperscaler: 1.3", "own_hyperscaler: -1.3"),
		);
		expect(rate).toMatchObject({ file: "rate-cards.yaml", message: "a negative number" });
		const unit = (to: string) =>
			issuesWith("rate-cards.yaml", (text) => text.replace("own_neocloud: USD/GPU-hr", to))[0];
		expect(unit("own_neocloud: USD/GPU-fortnite")?.expected).toBe("a unit");
		expect(unit("own_neocloud: EUR/GPU-hr")?.message).toBe("prices are in USD, not in EUR");
		const [facility] = issuesWith("facility.csv", (text) => text.replace(",x,1.04", ",furlong,1.04"));
		expect(facility).toMatchObject({ file: "facility.csv", expected: "a unit" });
	});
});

function issuesWith(file: string, edit: (text: string) => string): readonly Issue[] {
	const text = files.get(file) ?? "";
	const edited = edit(text);
	expect(edited).not.toBe(text);
	return validateCatalogue(new Map(files).set(file, edited));
}

function texts(file: string, edit: (text: string) => string): string[] {
	return issuesWith(file, edit).map(issueText);
}
