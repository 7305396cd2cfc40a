import { describe, expect, it } from "vitest";
import {
	editDistance,
	findClaimId,
	findFacility,
	findHardware,
	findModel,
	findPrecisions,
	findStack,
	fold,
	apiPricesOf,
} from "./lookup.ts";
import { openCatalogue } from "./node.ts";

const facts = openCatalogue().facts();

describe("names", () => {
	it.each([
		["b200", "b200-sxm"],
		["B200 SXM", "b200-sxm"],
		["GB300", "gb300-nvl72"],
		["gb300 nvl72", "gb300-nvl72"],
		["rtx6000pro", "rtx-pro-6000-se"],
		["MI355X", "mi355x"],
		["TPUv7", "tpu-v7"],
		["H100 SXM5", "h100-sxm"],
	])("hardware %s is %s", (name, id) => {
		expect(findHardware(facts, name)).toMatchObject({ found: true, value: { id } });
	});

	it.each([
		["dsr1", "deepseek-r1"],
		["DeepSeek-R1-0528", "deepseek-r1"],
		["gptoss120b", "gpt-oss-120b"],
		["qwen3.5", "qwen3.5-397b-a17b"],
		["minimaxm2.5", "minimax-m2.5"],
		["glm5", "glm-5"],
		["GLM 5.1", "glm-5.1"],
		["dsv4", "deepseek-v4-pro"],
		["kimik2.5", "kimi-k2.5"],
		["minimaxm3", "minimax-m3"],
	])("model %s is %s", (name, id) => {
		expect(findModel(facts, name)).toMatchObject({ found: true, value: { id } });
	});

	it("stacks and number formats have their short forms", () => {
		expect(findStack(facts, "trt")).toMatchObject({ value: { id: "tensorrt-llm" } });
		expect(findStack(facts, "TRT-LLM")).toMatchObject({ value: { id: "tensorrt-llm" } });
		expect(findStack(facts, "dynamo-trt")).toMatchObject({ value: { id: "dynamo-tensorrt-llm" } });
		expect(findPrecisions(facts, "fp4")).toMatchObject({ value: [{ id: "nvfp4" }, { id: "mxfp4" }] });
		expect(findPrecisions(facts, "FP8")).toMatchObject({ value: [{ id: "fp8" }] });
	});

	it("every other name of the table leads to entries", () => {
		const ids = {
			hardware: facts.hardware.map((e) => e.id),
			model: facts.models.map((e) => e.id),
			stack: facts.stacks.map((e) => e.id),
			precision: facts.precisions.map((e) => e.id),
		};
		for (const kind of ["hardware", "model", "stack", "precision"] as const) {
			for (const [name, targets] of Object.entries(facts.aliases[kind])) {
				for (const target of targets) expect(ids[kind], `${kind} ${name}`).toContain(target);
			}
		}
	});

	it("nothing reads as two entries", () => {
		const entries = [facts.hardware, facts.models, facts.stacks, facts.precisions];
		for (const list of entries) expect(new Set(list.map((entry) => fold(entry.id))).size).toBe(list.length);
	});

	it("an unknown name gives the nearest", () => {
		expect(findHardware(facts, "b20")).toMatchObject({ found: false, nearest: expect.arrayContaining(["b200-sxm"]) });
		const typo = findHardware(facts, "mi335x");
		expect(typo.found ? [] : typo.nearest[0]).toMatch(/^mi3/);
		const model = findModel(facts, "deepsek-r1");
		expect(model.found ? [] : model.nearest[0]).toBe("deepseek-r1");
		expect(model.found ? "" : model.reason).toBe('the catalogue has no model "deepsek-r1"');
	});

	it("a release with the same body is named, not taken for it", () => {
		const release = findModel(facts, "Kimi-K2.6");
		expect(release).toMatchObject({ found: false });
		expect(release.found ? [] : release.nearest[0]).toBe("kimi-k2.5");
		expect(release.found ? "" : release.reason).toContain("same body as kimi-k2.5");
	});

	it("claims and facility facts are found by id", () => {
		const ids = ["b200-gptoss-2c", "gb300-35x"];
		expect(findClaimId(facts, ids, "two cents")).toEqual({ found: true, value: "b200-gptoss-2c" });
		expect(findClaimId(facts, ids, "gb300-35")).toMatchObject({
			found: false,
			nearest: ["gb300-35x", "b200-gptoss-2c"],
		});
		expect(findFacility(facts, "electricity.us-ai-default")).toMatchObject({ value: { figure: { value: 0.07 } } });
	});

	it("API prices are those of one release", () => {
		const prices = apiPricesOf(facts, "deepseek-r1");
		expect(prices).toHaveLength(29);
		expect(prices.find((p) => p.provider === "azure" && p.providerModelId === "deepseek-r1")).toMatchObject({
			input: { value: 1.35, unit: "USD/Mtok" },
			output: { value: 5.4 },
		});
		expect(apiPricesOf(facts, "kimi-k2.6").every((price) => price.architecture === "kimi-k2.5")).toBe(true);
	});
});

it("edit distance counts changes and swaps", () => {
	expect(editDistance("", "abc")).toBe(3);
	expect(editDistance("b200", "b300")).toBe(1);
	expect(editDistance("vllm", "vlml")).toBe(1);
	expect(editDistance("kitten", "sitting")).toBe(3);
});
