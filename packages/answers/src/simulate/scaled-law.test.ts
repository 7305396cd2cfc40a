/** Deployments of which one row is all there is: the simulator in the closed loop that the row was measured in. */
import type { BenchmarkPoint, PreparedRow, Role, SimulationReport, StepCosts } from "@farthing/engine";
import { ceilingStep, closedLoad, simulate } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../test-support/questions.ts";
import type { MeasuredFleet } from "./measured-fleet.ts";
import { measuredFleet } from "./measured-fleet.ts";
import type { PoolCosts } from "./pool-parts.ts";
import { lawOfRow } from "./scaled-law.ts";

const SPLIT = catalogue.benchmarks.filter(
	({ model, disaggregated, isl, osl, gpus, latency, kind }) =>
		model === "deepseek-r1" &&
		kind !== "median" &&
		disaggregated &&
		isl === 8192 &&
		osl === 1024 &&
		gpus !== undefined &&
		latency.ttft?.median !== undefined,
);

function fleetOf(point: BenchmarkPoint): MeasuredFleet {
	return measuredFleet(catalogue, point, "2026-11-22", { replicas: 1, router: "least-loaded", priorities: 1 });
}

const SCALED = SPLIT.map((point) => ({ point, made: fleetOf(point) })).filter(({ made }) =>
	made.fits.every(({ prefillFrom, runs }) => prefillFrom === "law" && runs === 1),
);

describe("a deployment of which one row is known", () => {
	it("takes at the batch of that row the time a token that the row says, to the last digits", () => {
		expect(SCALED.length).toBeGreaterThan(30);
		let met = 0;
		for (const { point, made } of SCALED) {
			const prepared = lawOfRow(catalogue, point) as PreparedRow;
			const { costs } = made.fits[0] as PoolCosts;
			const [input, output] = [point.isl * 0.9, point.osl * 0.9];
			const rate = (point.tokensPerGpuSecond * (point.gpus as number)) / (input + output) / (point.decode.workers ?? 1);
			const batch = rate * output * (1 / point.interactivityTokensPerSecond);
			if (batch < 1 || batch > costs.decodeSeconds.length - 1 || isAtFloor(prepared, costs)) continue;
			met++;
			const [low, high] = [Math.floor(batch), Math.ceil(batch)].map((at) => costs.decodeSeconds[at] as number);
			const base = (low as number) + ((high as number) - (low as number)) * (batch - Math.floor(batch));
			const step = base + costs.contextSeconds * batch * (input + output / 2);
			expect(step * point.interactivityTokensPerSecond).toBeCloseTo(1, 9);
		}
		expect(met).toBeGreaterThan(SCALED.length / 2);
	});

	it("meets that row in the closed loop it was measured in, and says that one row is behind it", () => {
		const some = SCALED.filter((_, i) => i % Math.ceil(SCALED.length / 12) === 0);
		const off = some.map(({ point, made }) => {
			const report = closedLoop(point, made);
			const tokens = (report.tokens.input + report.tokens.output) / report.seconds / (point.gpus as number);
			expect(made.warnings.map(({ code }) => code)).toEqual(["steps-scaled-by-law"]);
			return {
				throughput: Math.abs(tokens / point.tokensPerGpuSecond - 1),
				tpot: Math.abs(report.tpot.mean * point.interactivityTokensPerSecond - 1),
			};
		});
		const median = (of: "throughput" | "tpot"): number =>
			off.map((each) => each[of]).sort((a, b) => a - b)[off.length >> 1] as number;
		expect(median("throughput")).toBeLessThan(0.1);
		expect(median("tpot")).toBeLessThan(0.05);
	});
});

it("no split deployment decodes faster than it reads, nor prefills for nothing, whatever its costs come from", () => {
	for (const point of SPLIT.filter((_, i) => i % 3 === 0)) {
		const prepared = lawOfRow(catalogue, point) as PreparedRow;
		const [decode, prefill] = fleetOf(point).fits as [PoolCosts, PoolCosts];
		const { load } = prepared;
		const context = load.inputTokens + load.outputTokens / 2;
		for (const batch of [1, decode.costs.decodeSeconds.length - 1]) {
			const step = (decode.costs.decodeSeconds[batch] as number) + decode.costs.contextSeconds * batch * context;
			expect(step).toBeGreaterThanOrEqual(floorOf(prepared, batch) * (1 - 1e-9));
		}
		const prompt = prefill.costs.prefillSeconds * load.inputTokens + (prefill.costs.decodeSeconds[0] as number);
		const { work } = prepared.prefill as Role;
		const products = work.expertPerToken + (work.projectionPerToken + work.densePerToken) / work.tokenShards;
		const seen = (point.tokensPerGpuSecond * (point.gpus as number)) / (point.isl + point.osl) / 0.9;
		const fastest = (point.prefill?.workers ?? 1) / (seen * 1.02);
		expect(prompt).toBeGreaterThanOrEqual(Math.min((products * load.inputTokens) / work.stages, fastest) * 0.5);
	}
});

/** Weights and cache once at the data sheet's peak, four tokens a step where some are drafted. */
function floorOf({ load, decode, row }: PreparedRow, batch: number): number {
	const tokensPerStep = row.speculative === "none" ? 1 : 4;
	const at = { inputTokens: 0, outputTokens: load.outputTokens, cachedTokens: load.inputTokens, tokensPerStep };
	return ceilingStep(decode.work, at, batch).read / tokensPerStep;
}

function isAtFloor(row: PreparedRow, { decodeSeconds, contextSeconds }: StepCosts): boolean {
	const context = row.load.inputTokens + row.load.outputTokens / 2;
	return decodeSeconds.some(
		(seconds, batch) => batch > 0 && seconds + contextSeconds * batch * context <= floorOf(row, batch) * (1 + 1e-9),
	);
}

function closedLoop(point: BenchmarkPoint, { fleet }: MeasuredFleet): SimulationReport {
	const users = point.concurrency;
	return simulate({
		fleet,
		source: closedLoad(
			{ users, requests: users * 6, lengths: { kind: "uniform", input: point.isl, output: point.osl, least: 0.8 } },
			1,
		),
		limits: {},
		lengthClasses: [{ name: "all", mostTokens: Number.MAX_SAFE_INTEGER }],
		windowSeconds: 600,
		seed: 1,
	});
}
