import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fact } from "../../../test-support/point-fact.ts";
import type { AnyExpr, Expr } from "../../model/expression.ts";
import { evaluate, scalarOf } from "../../model/evaluate.ts";
import { buildModel } from "../../model/flatten.ts";
import { quantityJson } from "../../model/quantity-json.ts";
import { why } from "../../model/why.ts";
import type { Flop } from "../../quantity/unit.ts";
import {
	fraction,
	gpuHour,
	one,
	token,
	tokensPerDay,
	tokensPerGpuSecond,
	usd,
	usdPerGpuHour,
	year,
} from "../../quantity/unit.ts";
import { kilowattPerGpu } from "../gpu-hour-build-up.ts";
import {
	amortisedCost,
	attentionFlop,
	costPerTrainedToken,
	gigaparameter,
	gigatoken,
	gpuHoursFromMfu,
	gpuHoursFromThroughput,
	gramsPerKilowattHour,
	impliedRate,
	modelFlopUtilisation,
	runCarbon,
	runCost,
	runEnergy,
	teraflopsPerGpu,
	trainingFlop,
	trainingSpeed,
} from "./run.ts";

const value = (of: AnyExpr, id: string): number => quantityJson(evaluate(buildModel([of])), id).value ?? Number.NaN;

/** A run with published GPU-hours on one part, at a price. */
function published(n: number, d: number, hours: number, peak: number, price: number) {
	const tokens = fact("tokens", gigatoken, d);
	const flop = trainingFlop("", fact("parameters", gigaparameter, n), tokens);
	const gpuHours = fact("gpu_hours", gpuHour, hours);
	const { mfu } = modelFlopUtilisation("", { flop, gpuHours, peak: fact("peak", teraflopsPerGpu, peak) }, "BF16");
	const cost = runCost("", gpuHours, fact("rate", usdPerGpuHour, price));
	return {
		flop: value(flop, "flop"),
		achieved: value(mfu, "achieved"),
		mfu: value(mfu, "mfu"),
		speed: value(trainingSpeed("", tokens, gpuHours), "tokens_per_gpu_second"),
		cost: value(cost, "cost"),
		perMtok: value(costPerTrainedToken("", cost, tokens, "delivered"), "cost_per_mtok"),
	};
}

describe("a published run", () => {
	// name, active Gparam, Gtokens, GPU-hours, BF16 TFLOP/s, USD/GPU-hr; TFLOP/s, MFU, USD, USD/Mtok of the sources
	it.each<[string, readonly number[], readonly [number, number, number, number]]>([
		["DeepSeek-V3 pre-training", [37, 14_800, 2_664_000, 989, 2], [342.6, 0.346, 5_328_000, 0.36]],
		["DeepSeek-V3", [37, 14_800, 2_788_000, 989, 2], [327.4, 0.331, 5_576_000, 0.377]],
		["Llama 3.1 405B", [405.85, 15_600, 30_840_000, 989, 2], [342.2, 0.346, 61_680_000, 3.95]],
		["Llama 2 7B", [6.738, 2000, 184_320, 312, 1.5], [121.9, 0.391, 276_480, 0.138]],
		["Llama 4 Scout", [17, 40_000, 5_000_000, 989, 2], [226.7, 0.229, 10_000_000, 0.25]],
		["OLMo 3 32B", [32.2, 7182, 1_050_000, 989, 2], [367.1, 0.371, 2_100_000, 0.292]],
	])("%s comes out as published", (_, [n, d, hours, peak, price], [achieved, mfu, cost, perMtok]) => {
		const run = published(n!, d!, hours!, peak!, price!);
		expect(run.achieved / achieved).toBeCloseTo(1, 3);
		expect(run.mfu / mfu).toBeCloseTo(1, 2);
		expect(run.cost).toBeCloseTo(cost, 2);
		expect(run.perMtok / perMtok).toBeCloseTo(1, 2);
	});

	it("Llama 3.1 405B takes 3.8e25 FLOP by 6·N·D, as its paper says", () => {
		expect(published(405.85, 15_600, 30_840_000, 989, 2).flop / 3.8e25).toBeCloseTo(1, 3);
	});

	it("implies 1.45 USD a GPU-hour at both dates of GPT-3 175B", () => {
		const implied = (cost: number, hours: number): number =>
			value(impliedRate("", fact("published", usd, cost), fact("gpu_hours", gpuHour, hours)), "implied_gpu_hour");
		expect(implied(218_000, 149_900)).toBeCloseTo(1.454, 3);
		expect(implied(162_000, 111_900)).toBeCloseTo(1.448, 3);
	});
});

describe("attention", () => {
	const shape = (heads: number, keyWidth: number, valueWidth: number, span: number) => ({
		heads: fact("heads", one, heads),
		keyWidth: fact("key_width", one, keyWidth),
		valueWidth: fact("value_width", one, valueWidth),
		span: fact("span", token("total"), span),
	});

	it("is 12·L·h·s a token for plain heads, as PaLM counts it", () => {
		// 126 layers, hidden 16384 = 128 · 128, 8192 tokens
		const of = attentionFlop("", shape(128, 128, 128, 126 * 8192), fact("tokens", token("total"), 1));
		expect(value(of, "flop_attention")).toBeCloseTo(12 * 126 * 16_384 * 8192, -3);
	});

	it("counts keys and values of their own width", () => {
		// DeepSeek-V3: 61 layers, 128 heads, keys 192 wide, values 128, 4096 tokens: 28% of 6·N
		const of = attentionFlop("", shape(128, 192, 128, 61 * 4096), fact("tokens", token("total"), 1));
		expect(value(of, "flop_attention") / (6 * 37e9)).toBeCloseTo(0.277, 3);
	});
});

describe("GPU-hours", () => {
	const tokens = fact("tokens", gigatoken, 1000);
	const flop = trainingFlop("", fact("parameters", gigaparameter, 8), tokens);
	const peak = fact("peak", teraflopsPerGpu, 989);
	const fromMfu = (mfu: number, goodput: number, of: Expr<Flop> = flop): number =>
		value(
			gpuHoursFromMfu("", {
				flop: of,
				peak,
				mfu: fact("mfu", fraction, mfu),
				goodput: fact("goodput", fraction, goodput),
			}),
			"gpu_hours",
		);

	it("from an MFU are those whose MFU is that", () => {
		fc.assert(
			fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (mfu) => {
				const gpuHours = fact("hours", gpuHour, fromMfu(mfu, 1));
				const back = modelFlopUtilisation("", { flop, gpuHours, peak }, "BF16");
				expect(value(back.mfu, "mfu")).toBeCloseTo(mfu, 12);
			}),
			{ seed: 3, numRuns: 50 },
		);
	});

	it("rise by what failures take", () => {
		expect(fromMfu(0.4, 0.9) / fromMfu(0.4, 1)).toBeCloseTo(1 / 0.9, 12);
	});

	it("from measured throughput do not need parameters", () => {
		const speed = fact("speed", tokensPerGpuSecond("total"), 1900);
		const of = gpuHoursFromThroughput("", { tokens, speed, goodput: fact("goodput", fraction, 1) });
		expect(value(of, "gpu_hours")).toBeCloseTo(1e12 / 1900 / 3600, 6);
	});
});

describe("energy, carbon and amortisation", () => {
	const gpuHours = fact("gpu_hours", gpuHour, 30_840_000);

	it("follow from hours, power, PUE and grid", () => {
		const energy = runEnergy("", {
			gpuHours,
			power: fact("power", kilowattPerGpu, 0.7),
			load: fact("load", fraction, 1),
			pue: fact("pue", fraction, 1),
		});
		// The model card: 30.84M GPU-hours at 700 W, 8,930 t
		expect(value(energy, "energy")).toBeCloseTo(21_588_000, 2);
		const carbon = runCarbon("", energy, fact("grid", gramsPerKilowattHour, 413.66));
		expect(value(carbon, "carbon")).toBeCloseTo(8930, 0);
	});

	it("put training into the unit of serving", () => {
		const cost = runCost("", gpuHours, fact("rate", usdPerGpuHour, 2));
		const of = amortisedCost(
			"",
			cost,
			fact("served", tokensPerDay("total"), 100e9),
			fact("life", year, 2),
			"delivered",
		);
		expect(value(of, "amortised")).toBeCloseTo((61_680_000 / (100e9 * 730)) * 1e6, 9);
		expect(quantityJson(evaluate(buildModel([of])), "amortised")).toMatchObject({
			unit: "USD/Mtok",
			tokens: "total",
			basis: "delivered",
		});
	});
});

describe("why", () => {
	it("ends at sourced leaves", () => {
		const tokens = fact("tokens", gigatoken, 14_800);
		const gpuHours = fact("gpu_hours", gpuHour, 2_788_000, { source: "a report" });
		const cost = costPerTrainedToken("", runCost("", gpuHours, fact("rate", usdPerGpuHour, 2)), tokens, "delivered");
		const tree = why(evaluate(buildModel([cost])), "cost_per_mtok");
		expect(tree.formula).toBe("cost ÷ tokens");
		expect(tree.inputs.map(({ node }) => node)).toEqual(["cost", "tokens"]);
		expect(tree.inputs[0]?.inputs.map(({ node, source }) => [node, source?.source])).toEqual([
			["gpu_hours", "a report"],
			["rate", "a test"],
		]);
		expect(scalarOf(evaluate(buildModel([cost])), "tokens")).toBe(14_800e9);
	});
});
