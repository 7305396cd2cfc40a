import { cacheElementsPerLayer, countParameters } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import type { Model } from "./catalogue.ts";
import { openCatalogue } from "./node.ts";
import { chipOf, servedModelOf, storedFormatsOf } from "./served.ts";

const facts = openCatalogue().facts();
const model = (id: string): Model => facts.models.find((each) => each.id === id) as Model;
const served = (id: string) => {
	const found = servedModelOf(model(id));
	if (!found.complete) throw new Error(`${id} lacks ${found.missing.join(", ")}`);
	return found.value;
};

/** Totals as the publishers state them, to their last digit; of Qwen3 and GLM-5 the tensors of the published checkpoints. */
const PUBLISHED: readonly (readonly [string, number])[] = [
	["gpt-oss-120b", 116.83],
	["gpt-oss-20b", 20.91],
	["deepseek-v3", 671.026],
	["deepseek-r1", 671.026],
	["llama-3.1-8b", 8.03],
	["llama-3.1-70b", 70.554],
	["llama-3.1-405b", 405.853],
	["qwen3-235b-a22b", 235.094],
	["qwen3-30b-a3b", 30.532],
	["qwen3-32b", 32.762],
	["qwen3-coder-480b-a35b", 480.155],
	["kimi-k2", 1026],
	["glm-5", 744],
	["mixtral-8x7b", 46.7],
	["mixtral-8x22b", 140.62],
];

describe("parameters counted from the architecture", () => {
	it.each(PUBLISHED)("reproduces the published total of %s within 0.05%%", (id, billions) => {
		expect(Math.abs(countParameters(served(id)).total / 1e9 / billions - 1)).toBeLessThan(5e-4);
	});

	it("adds up and reads fewer for a token than it holds", () => {
		for (const { id } of facts.models) {
			const count = countParameters(served(id));
			expect(count.active).toBeLessThan(count.total);
			expect(count.active).toBeGreaterThan(0);
		}
	});

	it("counts the cache of a token as the catalogue does", () => {
		const layers = (id: string) => served(id).fullLayers + served(id).windowLayers;
		expect(cacheElementsPerLayer(served("deepseek-r1")) * layers("deepseek-r1")).toBe(35_136);
		expect(cacheElementsPerLayer(served("llama-3.1-70b")) * layers("llama-3.1-70b")).toBe(163_840);
		expect(cacheElementsPerLayer(served("qwen3.5-397b-a17b")) * layers("qwen3.5-397b-a17b")).toBe(15_360);
	});
});

describe("accelerators and formats", () => {
	it("takes what an engine can use of the memory", () => {
		const chip = chipOf(facts.hardware.find(({ id }) => id === "b200-sxm") as never);
		expect(chip.complete && chip.value.memoryBytes).toBe(180e9);
		expect(chip.complete && chip.value.networkBytesPerSecond).toBe(50e9);
	});

	it("names what an entry lacks", () => {
		const bare = chipOf({ id: "x", name: "x", vendor: "x", memoryType: "x", figures: {} });
		expect(bare).toEqual({ complete: false, missing: ["bf16", "memoryBandwidth", "scaleUpBandwidth", "memory"] });
	});

	it("knows which checkpoints store a format", () => {
		expect(storedFormatsOf(model("gpt-oss-120b"))).toEqual(["mxfp4"]);
		expect(storedFormatsOf(model("kimi-k2.5"))).toEqual(["int4"]);
		expect(storedFormatsOf(model("deepseek-r1"))).toEqual([]);
	});
});
