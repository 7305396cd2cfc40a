import type { Distribution } from "@farthing/engine";
import { usdPerGpuHour } from "@farthing/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asking, bareLeaves, leavesOf, refusal, saved } from "../test-support/questions.ts";
import type { Envelope } from "./envelope.ts";
import type { PriceQuestion, PriceResult } from "./price.ts";
import { givenRate, price } from "./price.ts";
import { whyNode } from "./why.ts";

const rate = (usdPerHour: number) =>
	givenRate({ kind: "point", value: usdPerHour * usdPerGpuHour.factor }, "2026-11-22");
const point = (value: number): Distribution => ({ kind: "point", value });

describe("price", () => {
	it("gives the closed form in one line", () => {
		const { unit_cost: cost } = asked({}).result;
		expect(cost?.value).toBeCloseTo(0.018858, 6);
		expect(cost).toMatchObject({
			unit: "USD/Mtok",
			tokens: "total",
			basis: "headline",
			node: "unit_cost.headline.total",
		});
	});

	it("gives the delivered cost under a stated load", () => {
		const { unit_cost: cost, utilization } = asked({ load: point(0.6) }).result;
		expect(cost?.value).toBeCloseTo(0.031429, 6);
		expect(cost).toMatchObject({ basis: "delivered", node: "unit_cost.delivered.total" });
		expect(utilization?.value).toBe(0.6);
	});

	it("is the cost over the kind of token that the throughput counts", () => {
		const { unit_cost: cost, by_tokens: kinds } = asked({ tokens: "output", lengths: { input: 1, output: 1 } }).result;
		expect(cost).toMatchObject({ tokens: "output", node: "unit_cost.headline.output" });
		expect(kinds).toBeUndefined();
	});

	it("splits a total by the lengths of a request, each kind paying for everything", () => {
		const { by_tokens: kinds } = asked({ lengths: { input: 8192, output: 1024 } }).result;
		expect(kinds?.["total"]?.value).toBeCloseTo(0.018858, 6);
		expect(kinds?.["output"]?.value).toBeCloseTo(0.018858 * 9, 4);
		expect(kinds?.["input"]?.value).toBeCloseTo((0.018858 * 9) / 8, 5);
		expect(kinds?.["output"]).toMatchObject({ tokens: "output", basis: "headline" });
		expect(asked({ lengths: { input: 0, output: 5 } }).result.by_tokens).not.toHaveProperty("input");
	});

	it("keeps the split of a ranged throughput in step with the total", () => {
		const ranged = {
			throughput: { kind: "lognormal", p5: 10_000, p95: 40_000 } as const,
			lengths: { input: 8192, output: 1024 },
		};
		const { by_tokens: kinds } = asked(ranged).result;
		for (const quantile of ["p10", "p50", "p90"] as const) {
			const total = kinds?.["total"]?.[quantile] as number;
			expect((kinds?.["output"]?.[quantile] as number) / total).toBeCloseTo(9, 9);
		}
	});

	it("carries ranges of rate, throughput and load, the same for the same seed", () => {
		const load = { kind: "logitnormal", p5: 0.4, p95: 0.7 } as const;
		const ranged = (seed: number) => asked({ load }, seed).result.unit_cost;
		expect(ranged(1)?.p10).toBeLessThan(ranged(1)?.p50 as number);
		expect(ranged(1)?.p50).toBeLessThan(ranged(1)?.p90 as number);
		expect(ranged(1)).toEqual(ranged(1));
		expect(ranged(2)?.p90).not.toBe(ranged(1)?.p90);
		expect(ranged(2)?.p90).toBeCloseTo(ranged(1)?.p90 as number, 3);
	});

	it("ends at the price of a GPU-hour where there is no throughput", () => {
		const { result } = price({ rate: rate(1.95), throughputSource: "", tokens: "total" }, asking("price"));
		expect(result).toEqual({ gpu_hour: expect.objectContaining({ value: 1.95, unit: "USD/GPU-hr" }) });
	});

	it("is proportional to the rate and inverse in throughput and load", () => {
		const positive = fc.double({ min: 0.01, max: 1000, noNaN: true });
		fc.assert(
			fc.property(positive, positive, fc.double({ min: 0.01, max: 1, noNaN: true }), (hour, speed, load) => {
				const { result } = price(
					{ rate: rate(hour), throughput: point(speed), load: point(load), throughputSource: "test", tokens: "total" },
					asking("price"),
				);
				expect((result.unit_cost?.value as number) / ((hour / (speed * 3600 * load)) * 1e6)).toBeCloseTo(1, 12);
			}),
			{ seed: 1 },
		);
	});

	it("is explained down to what was given", () => {
		const answer = asked({ load: point(0.6), lengths: { input: 8, output: 1 } });
		expect(bareLeaves(answer)).toEqual([]);
		const sources = new Set(leavesOf(whyNode(saved(answer), "1")).map(({ source }) => source?.source));
		expect(sources).toEqual(new Set(["given with --gpu-hour", "given with --util", "test"]));
		expect(whyNode(saved(answer), "unit_cost.delivered.output").inputs.length).toBeGreaterThan(0);
	});

	it("refuses what is no price, no throughput, no share", () => {
		const refused = (change: Partial<PriceQuestion>) => refusal(() => asked(change));
		expect(refused({ throughput: point(0) })).toMatchObject({ exit: 2, detail: { field: "--tokens-per-second" } });
		expect(refused({ load: point(0) })).toMatchObject({ exit: 2, detail: { field: "--util" } });
		expect(refused({ load: point(1.2) })).toMatchObject({ exit: 2, detail: { field: "--util" } });
		expect(refused({ load: { kind: "uniform", low: 0.5, high: 1.2 } })).toMatchObject({ exit: 2 });
		expect(refusal(() => rate(-1))).toMatchObject({ exit: 2, detail: { field: "--gpu-hour" } });
		expect(refusal(() => rate(0))).toMatchObject({ exit: 2 });
	});
});

function asked(change: Partial<PriceQuestion>, seed = 1): Envelope<PriceResult> {
	const question = {
		rate: rate(1.95),
		throughput: point(28_724.2),
		throughputSource: "test",
		tokens: "total",
		...change,
	} as const;
	return price(question, asking("price", { seed }));
}
