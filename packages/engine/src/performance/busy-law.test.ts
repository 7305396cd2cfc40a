import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { busyRunOf, loadSweepRuns } from "../../test-support/vllm-load-sweeps.ts";
import { uniformStream } from "../numerics/random.ts";
import type { BusyLaw, BusyRun } from "./busy-law.ts";
import { alikeWork, busyTime, fitBusyLaw, saturatedRuns, scaledLaw } from "./busy-law.ts";

describe("the law of 627 measured runs", () => {
	it("gives prefill its share of GPU time, where wall time gives 2%", () => {
		const law = fitted(saturatedRuns(loadSweepRuns("h100-sxm")).map(busyRunOf)).law;
		// The independent plain least-squares fit of the same runs gives 28%, 79% and 14%.
		expect(Math.abs(prefillShare(law, 10_000, 1000, 0.5) - 0.28)).toBeLessThan(0.05);
		expect(Math.abs(prefillShare(law, 10_000, 100, 0.5) - 0.79)).toBeLessThan(0.05);
		expect(Math.abs(prefillShare(law, 1000, 500, 0.5) - 0.14)).toBeLessThan(0.05);
		const run = loadSweepRuns("h100-sxm").find(
			(each) => each.shape === "h100-sxm 10000/1000 0.5" && each.offeredRequestsPerSecond === 2,
		);
		const decodeWall = (run?.meanTpotSeconds ?? 0) * (1000 - 1);
		const wallShare = (run?.meanTtftSeconds ?? 0) / ((run?.meanTtftSeconds ?? 0) + decodeWall);
		expect(wallShare).toBeCloseTo(0.02, 2);
	});

	it("agrees with the published plain fit in every shape, within five points", () => {
		const law = fitted(saturatedRuns(loadSweepRuns("h100-sxm")).map(busyRunOf)).law;
		const published = { input: 16.3e-6, output: 90e-6, context: 12.3e-9 };
		for (const { inputTokens, outputTokens, cachedShare } of loadSweepRuns("h100-sxm")) {
			const prefill = inputTokens * (1 - cachedShare) * published.input;
			const decode = outputTokens * (published.output + published.context * inputTokens);
			const theirs = prefill / (prefill + decode);
			expect(Math.abs(prefillShare(law, inputTokens, outputTokens, cachedShare) - theirs)).toBeLessThan(0.05);
		}
	});

	it.each([
		["h100-sxm", 0.14, 0.28],
		["rtx-pro-6000", 0.14, 0.76],
		["rtx-pro-4500", 0.2, 0.85],
	])("has errors on %s no greater than stated", (gpu, median, p90) => {
		const fit = fitted(saturatedRuns(loadSweepRuns(gpu)).map(busyRunOf));
		expect(fit.runs).toBe(48);
		expect(fit.medianError).toBeLessThan(median);
		expect(fit.p90Error).toBeLessThan(p90);
	});

	it("predicts a shape that it did not see, median error under 16% on the H100", () => {
		const runs = saturatedRuns(loadSweepRuns("h100-sxm")).map(busyRunOf);
		const errors = runs
			.map((left) => {
				const { law } = fitted(runs.filter((run) => run !== left));
				return Math.abs(busyTime(law, left).gpuSeconds - left.gpuSeconds) / left.gpuSeconds;
			})
			.sort((a, b) => a - b);
		expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.16);
	});
});

describe("fitBusyLaw", () => {
	it("finds a law that was planted, though one run in eight is wrong by five times", () => {
		fc.assert(
			fc.property(
				factor(1e-6, 1e-4),
				factor(1e-5, 1e-3),
				factor(1e-9, 1e-7),
				fc.nat(1000),
				(input, output, context, seed) => {
					const law = lawOf(input, output, context);
					const runs = plantedRuns(law, seed).map((run, i) =>
						i % 8 === 0 ? { ...run, gpuSeconds: run.gpuSeconds * 5 } : run,
					);
					const found = fitted(runs).law;
					for (const work of plantedRuns(law, seed + 1)) {
						expect(busyTime(found, work).gpuSeconds / work.gpuSeconds).toBeGreaterThan(0.85);
						expect(busyTime(found, work).gpuSeconds / work.gpuSeconds).toBeLessThan(1.15);
					}
				},
			),
			{ numRuns: 30 },
		);
	});

	it("never gives a factor below 0, and gives the planted ones back where nothing is wrong", () => {
		const law = lawOf(2e-5, 0, 1e-8);
		const found = fitted(plantedRuns(law, 7)).law;
		expect(found.gpuSecondsPerUncachedInputToken).toBeCloseTo(2e-5, 12);
		expect(found.gpuSecondsPerOutputToken).toBeGreaterThanOrEqual(0);
		expect(found.gpuSecondsPerOutputToken).toBeLessThan(1e-12);
		expect(found.gpuSecondsPerOutputContextToken2).toBeCloseTo(1e-8, 15);
	});

	it("does not depend on the unit of time or on the length of a run", () => {
		const runs = saturatedRuns(loadSweepRuns("h100-sxm")).map(busyRunOf);
		const longer = runs.map((run, i) => timesAll(run, 1 + (i % 7)));
		const law = fitted(runs).law;
		expect(fitted(longer).law.gpuSecondsPerOutputToken).toBeCloseTo(law.gpuSecondsPerOutputToken, 10);
		const slower = runs.map((run) => ({ ...run, gpuSeconds: run.gpuSeconds * 3 }));
		expect(fitted(slower).law.gpuSecondsPerOutputToken).toBeCloseTo(scaledLaw(law, 3).gpuSecondsPerOutputToken, 10);
	});

	it("says no to five runs, and to runs that say nothing", () => {
		const runs = plantedRuns(lawOf(1e-5, 1e-4, 1e-8), 1);
		expect(fitBusyLaw(runs.slice(0, 5))).toEqual({ fitted: false, reason: "too-few-runs", needed: 6 });
		expect(fitBusyLaw(runs.map((run) => ({ ...run, gpuSeconds: 0 }))).fitted).toBe(false);
	});
});

describe("busyTime", () => {
	it("adds up over requests, worked by hand", () => {
		const law = lawOf(16.3e-6, 90e-6, 12.3e-9);
		const one = alikeWork({ requests: 1, inputTokens: 10_000, outputTokens: 1000, cachedShare: 0.5 });
		// 5,000 · 16.3 µs = 81.5 ms; 1,000 · 90 µs + 1,000 · 10,500 · 12.3 ns = 219.15 ms
		expect(busyTime(law, one).prefillGpuSeconds).toBeCloseTo(0.0815, 12);
		expect(busyTime(law, one).decodeGpuSeconds).toBeCloseTo(0.21915, 12);
		const many = alikeWork({ requests: 40, inputTokens: 10_000, outputTokens: 1000, cachedShare: 0.5 });
		expect(busyTime(law, many).gpuSeconds).toBeCloseTo(40 * busyTime(law, one).gpuSeconds, 9);
	});
});

function fitted(runs: readonly BusyRun[]) {
	const fit = fitBusyLaw(runs);
	if (!fit.fitted) throw new Error(fit.reason);
	return fit;
}

function prefillShare(law: BusyLaw, inputTokens: number, outputTokens: number, cachedShare: number): number {
	const time = busyTime(law, alikeWork({ requests: 1, inputTokens, outputTokens, cachedShare }));
	return time.prefillGpuSeconds / time.gpuSeconds;
}

function lawOf(input: number, output: number, context: number): BusyLaw {
	return {
		gpuSecondsPerUncachedInputToken: input,
		gpuSecondsPerOutputToken: output,
		gpuSecondsPerOutputContextToken2: context,
	};
}

function factor(min: number, max: number): fc.Arbitrary<number> {
	return fc.double({ min, max, noNaN: true });
}

/** Forty runs of random shapes that keep the law exactly. */
function plantedRuns(law: BusyLaw, seed: number): BusyRun[] {
	const draw = uniformStream(seed, "planted runs");
	return Array.from({ length: 40 }, (_, i) => {
		const work = alikeWork({
			requests: 1 + Math.floor(draw.next() * 100),
			inputTokens: 100 + Math.floor(draw.next() * 30_000),
			outputTokens: 20 + Math.floor(draw.next() * 3000),
			cachedShare: draw.next() * 0.9,
		});
		return { id: `${i}`, ...work, gpuSeconds: busyTime(law, work).gpuSeconds };
	});
}

function timesAll(run: BusyRun, by: number): BusyRun {
	return {
		id: run.id,
		uncachedInputTokens: run.uncachedInputTokens * by,
		outputTokens: run.outputTokens * by,
		outputContextTokens2: run.outputContextTokens2 * by,
		gpuSeconds: run.gpuSeconds * by,
	};
}
