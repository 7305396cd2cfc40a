/** Prefill and decode apart in modelled plans: the splits that are tried, and the fleet that is found by them. */
import type { BenchmarkPoint, SimulationReport } from "@farthing/engine";
import { closedLoad, simulate } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { asking, catalogue, scenarioOf } from "../../test-support/questions.ts";
import { measuredFleet } from "../simulate/measured-fleet.ts";
import { plan } from "../whole-plan.ts";
import { leanest } from "./leanest.ts";
import { withModelledPointsFor } from "./modelled-points.ts";
import { workersAround } from "./split-sweep.ts";
import { undominated } from "./sweep.ts";

describe("splits", () => {
	it("are the whole numbers around what keeps pace", () => {
		expect(workersAround(0.4, 1)).toEqual([1]);
		expect(workersAround(0.4, 3)).toEqual([1, 2]);
		expect(workersAround(2, 2)).toEqual([4]);
	});

	it("are kept unless another is as good in everything", () => {
		const point = (speed: number, rate: number, ttft: number, gpus: number) => ({
			interactivityTokensPerSecond: speed,
			tokensPerGpuSecond: rate,
			ttftMedianSeconds: ttft,
			gpus,
		});
		const [best, small, quick, beaten] = [
			point(50, 1000, 2, 16),
			point(50, 900, 2, 8),
			point(50, 900, 0.5, 16),
			point(50, 950, 2, 16),
		];
		expect(undominated([beaten, quick, small, best])).toEqual([best, small, quick]);
	});

	it("serve the demand on the fewest GPUs, whole replicas and spares counted", () => {
		const planned = {
			ttftSeconds: 5,
			tokensPerSecondPerUser: 20,
			peakTokensPerSecond: 12_000,
			wholeReplicas: true,
			spareReplicas: 1,
			hasTraffic: false,
		};
		const point = (rate: number, gpus: number, ttft = 1) => ({
			interactivityTokensPerSecond: 30,
			tokensPerGpuSecond: rate,
			ttftMedianSeconds: ttft,
			gpus,
		});
		// 12,000 tok/s: 3 + 1 replicas of 4 GPUs at 1,000 are 16 GPUs; 2 + 1 of 8 at 1,100 are 24; 1 + 1 of 12 at 2,000 miss TTFT.
		const [four, eight, late] = [point(1000, 4), point(1100, 8), point(2000, 12, 6)];
		expect(leanest([eight, late, four], planned)[0]).toBe(four);
		expect(leanest([eight, late, four], planned)).not.toContain(late);
	});
});

describe("a modelled plan under traffic", () => {
	const scenario = scenarioOf(
		[
			"version: 1",
			"name: modelled",
			"model: llama-3.1-405b",
			"workload: {input: 8192, output: 1024}",
			"demand: {tokens_per_day: 1B, peak_to_mean: 2}",
			"slo: {tokens_per_s_per_user: 30, ttft: 5 s}",
			"supply: {hardware: [b300-sxm]}",
			'cost: {card: {id: "2026-09", tier: rent_3yr}}',
			"traffic: {burstiness: 1, length_spread: 0.3, within_limits: 95%}",
		].join("\n"),
	);
	const some = { ...catalogue, benchmarks: catalogue.benchmarks.filter(({ hardware }) => hardware === "b300-sxm") };
	const seen = withModelledPointsFor(some, scenario, catalogue.releaseDate);

	it("searches splits and sizes, and confirms the cheapest fleet by simulation", () => {
		const { options, searched } = plan(seen, scenario, asking("plan"), { draws: 64, top: 3 }).result;
		expect(searched.prefill_to_decode.length).toBeGreaterThan(5);
		expect(searched.layouts.length).toBeGreaterThan(1);
		const [best] = options;
		expect(best?.deployment.disaggregated).toBe(true);
		expect(best?.sizing?.by).toBe("simulation");
		expect(best?.sizing?.within_limits).toBeGreaterThanOrEqual(0.95);
		// No deployment whose machines do both is as cheap: the search over splits pays.
		const together = { ...seen, benchmarks: seen.benchmarks.filter(({ disaggregated }) => !disaggregated) };
		const alone = plan(together, scenario, asking("plan"), { draws: 64, top: 1 }).result.options[0];
		expect(best?.gpus).toBeLessThan(alone?.gpus ?? 0);
	});

	it("simulates steps by the law, which give the throughput and TPOT of the row in a closed loop", () => {
		const points = seen.benchmarks.filter(({ isModelled }) => isModelled === true);
		for (const isSplit of [false, true]) {
			const some = points.filter(
				({ disaggregated, concurrency }) => disaggregated === isSplit && concurrency >= 8 && concurrency < 80,
			);
			expect(some.length).toBeGreaterThan(8);
			const errors = some.slice(0, 15).map((point) => {
				const report = closedLoop(point);
				const rate = (report.tokens.input + report.tokens.output) / report.seconds / (point.gpus as number);
				const tpot = report.tpot.mean * point.interactivityTokensPerSecond;
				return [tpot - 1, rate / point.tokensPerGpuSecond - 1] as const;
			});
			expect(medianOf(errors.map(([tpot]) => Math.abs(tpot)))).toBeLessThan(0.08);
			// Speed and throughput of a split are corrected by measured rows each on its own and need not fit one another: the law may do
			// more than the row, whose throughput stays the floor of a fleet's size, and never much less.
			if (!isSplit) expect(medianOf(errors.map(([, rate]) => Math.abs(rate)))).toBeLessThan(0.05);
			expect(Math.min(...errors.map(([, rate]) => rate))).toBeGreaterThan(-0.15);
		}
	});

	function closedLoop(point: BenchmarkPoint): SimulationReport {
		const choice = { replicas: 1, router: "least-loaded", priorities: 1 } as const;
		const { fleet, fits } = measuredFleet(seen, point, catalogue.releaseDate, choice);
		expect(fits.every(({ prefillFrom }) => prefillFrom === "law")).toBe(true);
		const users = point.concurrency;
		const lengths = { kind: "uniform", input: point.isl / 0.9, output: point.osl / 0.9, least: 0.8 } as const;
		return simulate({
			fleet,
			source: closedLoad({ users, requests: users * 10, lengths }, 1),
			limits: {},
			lengthClasses: [{ name: "all", mostTokens: Number.MAX_SAFE_INTEGER }],
			windowSeconds: 600,
			seed: 1,
		});
	}
});

function medianOf(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
