import { openCatalogue } from "@farthing/catalogue/node";
import type { QuantityJson } from "@farthing/engine";
import { modelFromJson, why, type WhyNode } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import type { Asking } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { train, type TrainResult } from "./train.ts";
import type { LayoutQuestion, RateQuestion, TrainQuestion } from "./train/question.ts";

const store = openCatalogue();
const catalogue = store.catalogue();
const asking: Asking = { command: "train", arguments: {}, asOf: "2026-11-22", seed: 1, catalogue: store.manifest() };

const point = (value: number) => ({ kind: "point", value }) as const;
const card = (tier: string, asked: boolean): RateQuestion => ({
	kind: "book",
	cost: { kind: "card", card: { id: "2026-09", tier }, rates: {} },
	tier,
	asked,
});
const fallbackRate = card("own_neocloud", false);
const twoDollars: RateQuestion = { kind: "given", value: point(2 / 3600) };

const ask = (question: Partial<TrainQuestion>): ReturnType<typeof train> =>
	train(catalogue, { fallbackRate, ...question }, asking);
const answer = (question: Partial<TrainQuestion>): TrainResult => ask(question).result;
const refusal = (question: Partial<TrainQuestion>): FarthingError => {
	try {
		ask(question);
	} catch (error) {
		if (error instanceof FarthingError) return error;
		throw error;
	}
	throw new Error("was answered");
};
const value = (of: QuantityJson | undefined): number => of?.value ?? Number.NaN;

describe("published runs", () => {
	// run, members as published or worked by hand at 2 USD a GPU-hour: tco-facts, section 5
	it.each<[string, Partial<Record<keyof TrainResult, number>>]>([
		["deepseek-v3", { cost: 5_576_000, mfu: 0.331, cost_per_mtok: 0.377, gpu_hours: 2_788_000, achieved: 327 }],
		["deepseek-v3-pretraining", { cost: 5_328_000, mfu: 0.346, cost_per_mtok: 0.36, achieved: 342.6 }],
		["deepseek-r1-rl", { cost: 294_672, gpu_hours: 147_336 }],
		["llama-3.1-405b", { flop: 3.8e25, mfu: 0.346, cost: 61_680_000, cost_per_mtok: 3.95 }],
		["llama-3.1-70b", { mfu: 0.255, cost: 14_000_000, cost_per_mtok: 0.933 }],
		["llama-3.1-8b", { mfu: 0.139, cost: 2_920_000 }],
		["llama-3-70b", { mfu: 0.279, cost: 12_800_000 }],
		["llama-3-8b", { mfu: 0.156, cost: 2_600_000 }],
		["llama-4-scout", { mfu: 0.229, cost: 10_000_000, cost_per_mtok: 0.25 }],
		["llama-4-maverick", { mfu: 0.265, cost: 4_760_000, cost_per_mtok: 0.216 }],
		["gpt-oss-120b", { cost: 4_200_000 }],
		["olmo-3-7b", { mfu: 0.341, cost: 468_000, cost_per_mtok: 0.0722, tokens_per_gpu_second: 7700 }],
		["olmo-3-32b", { mfu: 0.371, cost: 2_100_000, cost_per_mtok: 0.292, tokens_per_gpu_second: 1900 }],
		["gpt3-175b-before", { implied_gpu_hour: 1.45, mfu: 0.59 }],
		["gpt3-175b-after", { implied_gpu_hour: 1.45, mfu: 0.79 }],
	])("%s within 1%", (run, expected) => {
		const result = answer({ run, rate: twoDollars });
		for (const [member, figure] of Object.entries(expected)) {
			const got = value(result[member as keyof TrainResult] as QuantityJson);
			expect(Math.abs(got / figure - 1), `${member}: ${got}`).toBeLessThan(0.01);
		}
	});

	it.each([
		["llama-2-7b", 0.391, 276_480],
		["llama-2-13b", 0.377, 552_960],
		["llama-2-70b", 0.428, 2_580_480],
	])("%s on A100 at 1.50 USD within 1%", (run, mfu, cost) => {
		const result = answer({ run, rate: { kind: "given", value: point(1.5 / 3600) } });
		expect(value(result.mfu) / mfu).toBeCloseTo(1, 2);
		expect(value(result.cost)).toBeCloseTo(cost, 2);
	});

	it("cost what their publisher reckons unless a price is asked for", () => {
		const { result, warnings } = ask({ run: "deepseek-v3" });
		expect([value(result.gpu_hour), value(result.cost), value(result.implied_gpu_hour)]).toEqual([2, 5_576_000, 2]);
		expect(warnings.map(({ code }) => code)).toContain("published-price");
		expect(value(answer({ run: "gpt3-175b-after" }).cost)).toBeCloseTo(162_000, 6);
		const priced = answer({ run: "deepseek-v3", rate: card("own_neocloud", true) });
		expect(value(priced.cost)).toBeCloseTo(2_788_000 * 1.55, 2);
		expect(value(priced.implied_gpu_hour)).toBe(2);
	});

	it("leave out what is not known, and say why", () => {
		const rl = answer({ run: "deepseek-r1-rl" });
		expect(rl).not.toHaveProperty("flop");
		expect(rl).not.toHaveProperty("mfu");
		expect(rl).not.toHaveProperty("cost_per_mtok");
		expect(rl.unknown).toMatchObject({ flop: "parameters and tokens not known" });
		const llama2 = answer({ run: "llama-2-70b" });
		for (const member of ["cost", "energy", "carbon", "flop_attention"]) expect(llama2).not.toHaveProperty(member);
		expect(Object.keys(llama2.unknown).sort()).toEqual(["carbon", "cost", "energy", "flop_attention"]);
	});

	it("count attention apart, by the heads of the model", () => {
		// 12·126·16384·8192·15.6e12
		expect(value(answer({ run: "llama-3.1-405b" }).flop_attention) / 3.1658e24).toBeCloseTo(1, 4);
		// 61 layers, 128 heads, 192 + 128 wide, 4096 tokens: 6·61·128·320·4096·14.8e12
		expect(value(answer({ run: "deepseek-v3" }).flop_attention) / 9.0879e23).toBeCloseTo(1, 4);
	});

	it("take the MFU on the peak that is named", () => {
		const before = answer({ run: "gpt3-175b-before", peak: "fp8" });
		expect([before.peak_of, value(before.mfu)]).toEqual(["fp8", expect.closeTo(0.295, 3)]);
		expect(value(answer({ run: "gpt3-175b-after", peak: "fp8" }).mfu)).toBeCloseTo(0.395, 3);
		expect(answer({ run: "deepseek-v3", peak: "fp4" }).unknown["mfu"]).toBe(
			"the catalogue has no FP4 peak of h100-sxm",
		);
	});

	it("show the part under its own name", () => {
		expect(answer({ run: "deepseek-v3" })).toMatchObject({
			hardware: "h100-sxm",
			run: { id: "deepseek-v3", published_hardware: "H800", training_format: "fp8" },
		});
	});

	it("set our energy and carbon beside what was published", () => {
		const result = answer({
			run: "llama-3.1-405b",
			power: point(700),
			pue: point(1),
			region: "us-east4",
		});
		expect(value(result.energy)).toBeCloseTo(21_588_000, 0);
		expect(value(result.carbon)).toBeCloseTo(21_588 * 0.32305, 0);
		expect(value(result.published_carbon)).toBe(8930);
		expect(value(answer({ run: "olmo-3-7b" }).published_energy)).toBe(146);
	});
});

describe("a run of one's own", () => {
	const seventy = { parameters: point(70e9), tokens: point(15e12), hardware: "h100" };

	it("takes 6·N·D over peak, MFU and goodput", () => {
		const result = answer({ ...seventy, mfu: point(0.4), goodput: point(0.9), rate: twoDollars });
		const hours = (6 * 70e9 * 15e12) / (989e12 * 0.4 * 0.9) / 3600;
		expect(value(result.gpu_hours)).toBeCloseTo(hours, 3);
		expect(value(result.cost)).toBeCloseTo(2 * hours, 2);
		expect(value(result.mfu)).toBeCloseTo(0.36, 12);
		expect(result.cost_per_mtok).toMatchObject({ tokens: "total", basis: "delivered" });
		expect(answer({ ...seventy, mfu: point(0.4) }).cost_per_mtok).toMatchObject({ basis: "headline" });
		expect(value(result.goodput)).toBe(0.9);
	});

	it("draws a range of MFU, with the same numbers each time", () => {
		const question = { ...seventy, mfu: { kind: "logitnormal", p5: 0.35, p95: 0.45 } as const, rate: twoDollars };
		const { cost, mfu } = answer(question);
		expect(value(cost)).toBeGreaterThan(cost?.p10 ?? 0);
		expect(value(cost)).toBeLessThan(cost?.p90 ?? 0);
		expect(mfu?.p10).toBeGreaterThan(0.35);
		expect(mfu?.p90).toBeLessThan(0.45);
		expect(JSON.stringify(ask(question))).toBe(JSON.stringify(ask(question)));
	});

	it("is known by measured throughput without a part or parameters", () => {
		const result = answer({ tokens: point(1e12), tokensPerGpuSecond: point(9000), rate: twoDollars });
		expect(value(result.gpu_hours)).toBeCloseTo(1e12 / 9000 / 3600, 6);
		expect(result).not.toHaveProperty("mfu");
		expect(result.unknown["mfu"]).toBe("parameters not known");
	});

	it("is known by a row of the catalogue, with its part and body", () => {
		const row = catalogue.trainingThroughput.find(
			(each) => each.architecture === "deepseek-v3" && each.hardware === "gb300-nvl72" && each.release === "26.08",
		);
		const result = answer({ row: row?.id ?? "", tokens: point(14.8e12) });
		expect(result).toMatchObject({ hardware: "gb300-nvl72", parameters: { value: 37 } });
		expect(value(result.tokens_per_gpu_second)).toBe(6288);
		const mlperf = catalogue.mlperfTraining.find(
			(each) => each.system === "theia_ngpu512_ngc25.09_nemo" && each.benchmark === "llama31_405b",
		);
		const run = answer({ row: mlperf?.id ?? "", tokens: point(15.6e12) });
		expect(value(run.gpu_hours_per_mtok)).toBeCloseTo(0.2067, 4);
	});

	it("loses what failures and checkpoints take, on as many GPUs as there are", () => {
		const failures = { restart: point(600), checkpoint: point(30) };
		const small = answer({ ...seventy, mfu: point(0.4), gpus: 1024, failures });
		const large = answer({ ...seventy, mfu: point(0.4), gpus: 16_384, failures });
		expect(value(large.mean_time_to_failure)).toBeCloseTo(3.09, 2);
		expect(value(large.goodput)).toBeGreaterThan(0.85);
		expect(value(large.goodput)).toBeLessThan(value(small.goodput));
		expect(value(large.duration)).toBeCloseTo(value(large.gpu_hours) / 16_384 / 24, 9);
		expect(large.defaults.map(({ path }) => path)).toContain("--failures");
	});

	it("refuses a run that never finishes, also where its goodput is still a number", () => {
		const never = (gpus: number, restart: number): FarthingError =>
			refusal({ ...seventy, mfu: point(0.4), gpus, failures: { restart: point(restart), checkpoint: point(30) } });
		for (const error of [never(1_000_000, 5 * 86_400), never(1_000_000, 3600)]) {
			expect([error.exit, error.code, error.detail.field]).toEqual([3, "never-finishes", "--gpus"]);
			expect(error.message).toBe("the run never finishes: failures come faster than restarts");
		}
	});

	it("says that nothing is lost where nothing is said", () => {
		const { warnings, result } = ask({ ...seventy, mfu: point(0.4) });
		expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(["no-goodput", "default-region"]));
		expect(result).not.toHaveProperty("goodput");
		const flags = ["--goodput", "--gpu-hour", "--load", "--power", "--pue", "--region"];
		expect(result.defaults.map(({ path }) => path).sort()).toEqual(flags);
	});

	it("spreads its cost over what the model serves", () => {
		const served = { rate: point(50e9 / 86_400), life: point(31_536_000) };
		const result = answer({ ...seventy, mfu: point(0.4), rate: twoDollars, served });
		expect(value(result.amortised)).toBeCloseTo((value(result.cost) / (50e9 * 365)) * 1e6, 6);
		expect(result.amortised).toMatchObject({ unit: "USD/Mtok", tokens: "total" });
	});

	it("warns of more than the peak", () => {
		const { warnings } = ask({ ...seventy, tokensPerGpuSecond: point(3000) });
		expect(warnings.map(({ code }) => code)).toContain("above-peak");
	});
});

describe("a layout", () => {
	const layout: LayoutQuestion = {
		tensor: 8,
		pipeline: 4,
		data: 64,
		interleave: 5,
		microbatch: 1,
		batch: 2048,
		recompute: "selective",
		sequenceParallel: true,
		fusedAttention: true,
	};
	const llama = { model: "llama-3.1-70b", tokens: point(15e12), sequence: 8192, hardware: "a100", rate: twoDollars };

	it("gives the throughput by the law", () => {
		const { result, warnings } = ask({ ...llama, layout });
		expect(value(result.mfu)).toBeGreaterThan(0.4);
		expect(value(result.mfu)).toBeLessThan(0.6);
		expect(value(result.bubble)).toBeCloseTo(3 / 5 / (32 + 3 / 5), 2);
		expect(value(result.duration)).toBeCloseTo(value(result.gpu_hours) / 2048 / 24, 9);
		expect(warnings.map(({ code }) => code)).not.toContain("outside-calibration");
		expect(ask({ ...llama, hardware: "h100", layout }).warnings.map(({ code }) => code)).toContain(
			"outside-calibration",
		);
	});

	it("takes a shape that the catalogue does not have", () => {
		const shape = {
			layers: 96,
			hidden: 12_288,
			feedforward: 49_152,
			feedforwardMatrices: 2,
			heads: 96,
			keyValueHeads: 96,
			vocabulary: 51_200,
		};
		const gpt3 = { ...layout, pipeline: 8, data: 1, interleave: 3, batch: 64, fusedAttention: false, shape };
		const result = answer({
			parameters: point(175e9),
			tokens: point(300e9),
			sequence: 2048,
			hardware: "a100",
			layout: gpt3,
		});
		// 13.75 s were measured
		expect(value(result.step_time)).toBeCloseTo(13.12, 2);
	});

	it.each<[string, Partial<TrainQuestion>, Partial<LayoutQuestion>, number, string]>([
		["a batch that does not spread", {}, { batch: 100 }, 2, "contradiction"],
		["layers that do not spread", {}, { pipeline: 3 }, 2, "contradiction"],
		["heads that do not spread", {}, { tensor: 3 }, 2, "contradiction"],
		["nothing to interleave", {}, { pipeline: 1 }, 2, "contradiction"],
		["other GPUs than --gpus", { gpus: 8 }, {}, 2, "contradiction"],
		["no length of a sequence", { sequence: undefined as never }, {}, 2, "missing-field"],
		["more tensor parallelism than is linked", {}, { tensor: 16 }, 3, "outside-law"],
		["a mixture of experts", { model: "deepseek-v3" }, {}, 3, "outside-law"],
		["more than the memory holds", {}, { tensor: 1, pipeline: 1, interleave: 1, batch: 64 }, 3, "exceeds-memory"],
	])("is refused with %s", (_, more, change, exit, code) => {
		expect(refusal({ ...llama, ...more, layout: { ...layout, ...change } })).toMatchObject({ exit, code });
	});
});

describe("refusals", () => {
	const own = { parameters: point(7e9), tokens: point(1e12), hardware: "h100" };

	it.each<[string, Partial<TrainQuestion>, string]>([
		["nothing asked", {}, "missing-field"],
		["no tokens", { parameters: point(7e9), hardware: "h100", mfu: point(0.4) }, "missing-field"],
		["an MFU of no part", { parameters: point(7e9), tokens: point(1e12), mfu: point(0.4) }, "missing-field"],
		["an MFU of no model", { tokens: point(1e12), hardware: "h100", mfu: point(0.4) }, "missing-field"],
		["two ways to tell the time", { ...own, mfu: point(0.4), tokensPerGpuSecond: point(9) }, "contradiction"],
		["a run and its parameters", { run: "deepseek-v3", parameters: point(7e9) }, "contradiction"],
		["a run and an MFU", { run: "deepseek-v3", mfu: point(0.4) }, "contradiction"],
		["a run and its part", { run: "deepseek-v3", hardware: "b200" }, "contradiction"],
		["a run and goodput", { run: "deepseek-v3", goodput: point(0.9) }, "contradiction"],
		[
			"goodput and failures",
			{ ...own, mfu: point(0.4), gpus: 8, goodput: point(0.9), failures: { restart: point(1), checkpoint: point(1) } },
			"contradiction",
		],
		[
			"failures of no GPUs",
			{ ...own, mfu: point(0.4), failures: { restart: point(1), checkpoint: point(1) } },
			"missing-field",
		],
	])("%s is malformed", (_, question, code) => {
		expect(refusal(question)).toMatchObject({ exit: 2, code });
	});

	it("an unknown run ends with the nearest", () => {
		const error = refusal({ run: "deepseek-v4" });
		expect(error).toMatchObject({ exit: 3, code: "unknown-run" });
		expect(error.detail.nearest).toContain("deepseek-v3");
	});

	it.each<[string, Partial<TrainQuestion>, string]>([
		["an unknown region", { run: "deepseek-v3", region: "virginia" }, "unknown-region"],
		["an unknown row", { tokens: point(1e12), row: "tt-00000000" }, "unknown-row"],
		["a row without tokens", { tokens: point(1e12), row: "mt-1881345a" }, "no-tokens"],
		["a part without a rate on the card asked for", { run: "llama-2-7b", rate: card("own_neocloud", true) }, "no-rate"],
		["a peak that the part does not have", { ...own, mfu: point(0.4), peak: "fp4" }, "no-peak"],
		["an unknown part", { ...own, hardware: "h800x", mfu: point(0.4) }, "unknown-hardware"],
	])("%s ends with exit 3", (_, question, code) => {
		expect(refusal(question)).toMatchObject({ exit: 3, code });
	});

	it("a region is named by its place, with the nearest codes", () => {
		expect(refusal({ run: "deepseek-v3", region: "virginia" }).detail.nearest).toContain("us-east4");
		const carbon = (region: string) => value(answer({ run: "deepseek-v3", region }).carbon);
		expect(carbon("Northern Virginia")).toBe(carbon("us-east4"));
		expect(carbon("usa")).toBe(carbon("carbon.usa"));
	});
});

describe("why", () => {
	it.each(["cost", "mfu", "carbon", "flop_attention", "implied_gpu_hour"])("%s ends at sourced leaves", (member) => {
		const { graph } = ask({ run: "deepseek-v3" });
		if (graph === undefined) throw new Error("no graph");
		const leaves = leavesOf(why(modelFromJson(graph), member));
		expect(leaves.length).toBeGreaterThan(1);
		for (const leaf of leaves)
			expect(leaf.source?.source, leaf.node).toMatch(/DeepSeek|InferenceX|codecarbon|project|aiconfigurator/);
	});

	it("explains a layout down to data sheet and constants", () => {
		const layout = {
			tensor: 8,
			pipeline: 4,
			data: 64,
			interleave: 1,
			microbatch: 1,
			batch: 2048,
			recompute: "none",
			sequenceParallel: true,
			fusedAttention: true,
		} as const;
		const { graph } = ask({
			model: "llama-3.1-70b",
			tokens: point(15e12),
			sequence: 8192,
			hardware: "a100",
			rate: twoDollars,
			layout,
		});
		if (graph === undefined) throw new Error("no graph");
		const leaves = new Map(leavesOf(why(modelFromJson(graph), "cost")).map((leaf) => [leaf.node, leaf.source?.at]));
		expect(leaves.get("law.matrix")).toBe("training-law/matrix");
		expect(leaves.get("part.memoryBandwidth")).toBe("hardware/a100-sxm-80/memoryBandwidth");
		expect(leaves.get("shape.layers")).toBe("models/llama-3.1-70b/layers");
	});
});

function leavesOf(tree: WhyNode): WhyNode[] {
	return tree.inputs.length === 0 ? [tree] : tree.inputs.flatMap(leavesOf);
}
