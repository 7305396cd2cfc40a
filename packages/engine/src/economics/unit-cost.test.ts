import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fact } from "../../test-support/point-fact.ts";
import { evaluate, scalarOf } from "../model/evaluate.ts";
import type { AnyExpr, Expr } from "../model/expression.ts";
import { constant, multiply } from "../model/expression.ts";
import { buildModel } from "../model/flatten.ts";
import { quantityJson } from "../model/quantity-json.ts";
import {
	fraction,
	per,
	request,
	token,
	tokensPerGpuSecond,
	unit,
	usdPerGpuHour,
	usdPerMtok,
} from "../quantity/unit.ts";
import type { TokensPerRequest } from "./unit-cost.ts";
import { headlineCost, loadedCost, requestCost } from "./unit-cost.ts";

/** B200, TensorRT-LLM, GPT-OSS-120B, 1k/1k at its highest throughput; rate card 2025-08. */
const rate = fact("rate", usdPerGpuHour, 1.95);
const speed = fact("speed", tokensPerGpuSecond("total"), 28_724.2);

describe("headlineCost", () => {
	it("divides the price of an hour by its tokens", () => {
		expect(perMtok(headlineCost("cost", "total", rate, speed))).toBeCloseTo(0.018858, 6);
	});

	it("is a headline per total token in the result", () => {
		const json = quantityJson(evaluate(buildModel([headlineCost("cost", "total", rate, speed)])), "cost");
		expect(json).toMatchObject({ unit: "USD/Mtok", tokens: "total", basis: "headline", grade: "B", node: "cost" });
	});

	it("is the same whatever unit rate and throughput are written in", () => {
		fc.assert(
			fc.property(positive, positive, (usdPerHour, tokens) => {
				const perSecond = unit("USD/GPU-s", usdPerGpuHour.dims, 1);
				const perMinute = unit("tok/min/GPU", tokensPerGpuSecond("total").dims, 1 / 60);
				const written = costOf(usdPerHour, tokens);
				const otherwise = perMtok(
					headlineCost(
						"cost",
						"total",
						fact("rate", perSecond, usdPerHour / 3600),
						fact("speed", perMinute, tokens * 60),
					),
				);
				expect(otherwise / written).toBeCloseTo(1, 12);
			}),
			{ seed: 1 },
		);
	});

	it("is homogeneous: of degree 1 in the rate, −1 in throughput", () => {
		fc.assert(
			fc.property(positive, positive, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, b, k) => {
				expect(costOf(a * k, b) / costOf(a, b)).toBeCloseTo(k, 9);
				expect(costOf(a, b * k) / costOf(a, b)).toBeCloseTo(1 / k, 9);
				expect(costOf(a * k, b * k) / costOf(a, b)).toBeCloseTo(1, 12);
			}),
			{ seed: 2 },
		);
	});

	it("over one kind of token at a time: their reciprocals add up to that of all tokens", () => {
		fc.assert(
			fc.property(positive, positive, positive, (usdPerHour, input, output) => {
				const total = 1 / costOf(usdPerHour, input + output);
				expect((1 / costOf(usdPerHour, input) + 1 / costOf(usdPerHour, output)) / total).toBeCloseTo(1, 12);
			}),
			{ seed: 3 },
		);
	});
});

describe("loadedCost", () => {
	it("pays for the idle share as well", () => {
		const cost = loadedCost("cost", "total", rate, speed, fact("load", fraction, 0.6));
		expect(perMtok(cost)).toBeCloseTo(0.031429, 6);
		expect(quantityJson(evaluate(buildModel([cost])), "cost").basis).toBe("delivered");
	});

	it("is the headline at full load", () => {
		const full = perMtok(loadedCost("cost", "total", rate, speed, fact("load", fraction, 1)));
		expect(full).toBe(perMtok(headlineCost("cost", "total", rate, speed)));
	});
});

describe("requestCost", () => {
	it("is all tokens of the request at the cost of a total token, however they are split", () => {
		fc.assert(
			fc.property(positive, fc.integer({ min: 1, max: 1e5 }), fc.integer({ min: 1, max: 1e5 }), (tokens, isl, osl) => {
				const all = fact("speed", tokensPerGpuSecond("total"), tokens);
				const share = constant(osl / (isl + osl), per(token("output"), token("total")));
				const output = headlineCost("output", "output", rate, multiply(all, share) as never);
				const length = constant(isl + osl, per(token("total"), request)) as unknown as Expr<TokensPerRequest>;
				const whole = requestCost("request", headlineCost("cost", "total", rate, all), length, "headline");
				const evaluation = evaluate(buildModel([whole, output as AnyExpr]));
				expect(scalarOf(evaluation, "request") / (scalarOf(evaluation, "output") * osl)).toBeCloseTo(1, 12);
			}),
			{ seed: 4 },
		);
	});
});

const positive = fc.double({ min: 0.01, max: 1e6, noNaN: true });

function costOf(usdPerHour: number, tokens: number): number {
	const of = fact("speed", tokensPerGpuSecond("total"), tokens);
	return perMtok(headlineCost("cost", "total", fact("rate", usdPerGpuHour, usdPerHour), of));
}

function perMtok(of: AnyExpr): number {
	return scalarOf(evaluate(buildModel([of])), "cost") / usdPerMtok("total").factor;
}
