/**
 * The simulator against 627 measured runs: step costs are fitted to every second shape of a GPU, the other shapes are
 * simulated as they were measured (as many prompts, the same mean rate, a shared prefix) and compared.
 */
import { describe, expect, it } from "vitest";
import type { LoadSweepRun } from "../../test-support/vllm-load-sweeps.ts";
import { loadSweepRuns } from "../../test-support/vllm-load-sweeps.ts";

import { Draws } from "../traffic/draws.ts";
import type { FittedStepCosts } from "./measured-step-costs.ts";
import { fitStepCosts } from "./measured-step-costs.ts";
import type { OpenSource } from "./request-source.ts";
import type { SimulationReport } from "./simulation-report.ts";
import { simulate } from "./simulation.ts";

const BLOCK = 16;
/** A run of ten requests leans on when they happened to come: as many draws of it as make so many requests, or so many. */
const REQUESTS = 150;
const MOST_DRAWS = 16;
const runs = loadSweepRuns();
const gpus = [...new Set(runs.map(({ gpu }) => gpu))];

interface Compared {
	readonly run: LoadSweepRun;
	/** Requests served over those that arrive in the time that the run takes where nothing waits. */
	readonly keptUp: number;
	/** Fewer than 95% of them. */
	readonly saturated: boolean;
	readonly measured: number;
	readonly simulated: number;
	readonly report: SimulationReport;
}

const compared = gpus.flatMap((gpu) => comparedOn(runs.filter((run) => run.gpu === gpu)));

describe("627 runs of a server on one GPU, half of the shapes unseen", () => {
	it("leaves about half of them to be tested, in both states", () => {
		expect(compared.length).toBeGreaterThan(300);
		expect(compared.filter(({ saturated }) => saturated).length).toBeGreaterThan(50);
	});

	it("foresees throughput below saturation within 5%: the median, and 98 of 100 runs", () => {
		const errors = errorsOf(compared.filter(({ saturated }) => !saturated));
		expect(quantile(errors, 0.5)).toBeLessThan(0.005);
		expect(quantile(errors, 0.98)).toBeLessThan(0.05);
	});

	it("foresees saturated throughput: median error within 10%, nine in ten within 20%", () => {
		const errors = errorsOf(compared.filter(({ saturated }) => saturated));
		expect(quantile(errors, 0.5)).toBeLessThan(0.1);
		expect(quantile(errors, 0.9)).toBeLessThan(0.2);
	});

	it("puts the loads of every shape in the right order of cost per token, ties of measurement aside", () => {
		const wrong = shapesOf(compared).flatMap((of) =>
			of.flatMap((a, i) =>
				of.slice(i + 1).filter((b) => {
					const apart = Math.abs(a.measured / b.measured - 1) > 0.0005;
					return apart && a.measured < b.measured !== a.simulated < b.simulated;
				}),
			),
		);
		expect(wrong.map(({ run }) => run)).toEqual([]);
	});

	it("says of every run far beyond saturation that it is, and of hardly any far below", () => {
		const beyond = compared.filter(({ keptUp }) => keptUp < 0.85);
		expect(beyond.filter(({ report }) => !report.saturation.saturated)).toEqual([]);
		const light = compared.filter(({ run }) => run.servedRequestsPerSecond > 0.97 * run.offeredRequestsPerSecond);
		expect(light.filter(({ report }) => report.saturation.saturated).length / light.length).toBeLessThan(0.1);
	});
});

function comparedOn(ofGpu: readonly LoadSweepRun[]): Compared[] {
	const shapes = [...new Set(ofGpu.map(shapeOf))].sort();
	const seen = new Set(shapes.filter((_, i) => i % 2 === 0));
	const training = ofGpu.filter((run) => seen.has(shapeOf(run)));
	const largestBatch = Math.round(Math.max(...training.map(batchOf))) + 10;
	const kvTokens = Math.max(...training.map(heldTokens));
	const fit = fitStepCosts(training.map(measuredRun), largestBatch);
	const alone = new Map<string, number>();
	for (const run of [...ofGpu].sort((a, b) => b.offeredRequestsPerSecond - a.offeredRequestsPerSecond)) {
		alone.set(shapeOf(run), run.meanTtftSeconds + run.meanTpotSeconds * run.outputTokens);
	}
	return ofGpu
		.filter((run) => !seen.has(shapeOf(run)))
		.map((run) => {
			const draws = Math.min(MOST_DRAWS, Math.ceil(REQUESTS / promptsOf(run)));
			const reports = Array.from({ length: draws }, (_, draw) => replay(run, fit, largestBatch, kvTokens, draw));
			const report = reports[0] as SimulationReport;
			const span = promptsOf(run) / run.offeredRequestsPerSecond + (alone.get(shapeOf(run)) as number);
			const perRequest = run.inputTokens + run.outputTokens;
			const keptUp = (run.servedRequestsPerSecond * span) / promptsOf(run);
			return {
				run,
				keptUp,
				saturated: keptUp < 0.95,
				measured: run.servedRequestsPerSecond * perRequest,
				simulated: perRequest * meanOf(reports.map(({ requests, seconds }) => requests.finished / seconds)),
				report,
			};
		});
}

function measuredRun(run: LoadSweepRun): Parameters<typeof fitStepCosts>[0][number] {
	return {
		inputTokens: run.inputTokens,
		cachedTokens: sharedBlocks(run) * BLOCK,
		outputTokens: run.outputTokens,
		requestsPerSecond: run.servedRequestsPerSecond,
		tpotSeconds: run.meanTpotSeconds,
		ttftSeconds: run.meanTtftSeconds,
		loop: "open",
		tokensPerStep: 1,
	};
}

/** The benchmark's arrivals: a Poisson process, stretched so that the last request comes when the rate says. */
function replay(
	run: LoadSweepRun,
	{ costs }: FittedStepCosts,
	largestBatch: number,
	kvTokens: number,
	draw: number,
): SimulationReport {
	const draws = new Draws(7 + draw, `${shapeOf(run)} at ${run.offeredRequestsPerSecond}`);
	const prompts = promptsOf(run);
	const times: number[] = [];
	for (let i = 0, time = 0; i < prompts; i++) {
		time += draws.exponential();
		times.push(time);
	}
	const stretch = prompts / run.offeredRequestsPerSecond / (times.at(-1) as number);
	const prefixIds = Float64Array.from({ length: sharedBlocks(run) }, (_, i) => i);
	let at = 0;
	const source: OpenSource = {
		kind: "open",
		next(into) {
			if (at === prompts) return false;
			into.seconds = (times[at++] as number) * stretch;
			into.inputTokens = run.inputTokens;
			into.outputTokens = run.outputTokens;
			into.priority = 0;
			into.prefixIds = prefixIds;
			return true;
		},
	};
	const engine = {
		law: costs,
		largestBatch,
		stepTokens: 8192,
		kvBlocks: Math.ceil(kvTokens / BLOCK),
		blockTokens: BLOCK,
		schedule: "mixed",
		admission: "grow",
		tokensPerStep: 1,
		prefixCache: { entryTokens: BLOCK },
	} as const;
	return simulate({
		fleet: {
			pools: [{ name: run.gpu, role: "both", replicas: 1, gpusPerReplica: 1, weight: 1, engine }],
			router: "least-loaded",
			priorities: 1,
		},
		source,
		limits: {},
		lengthClasses: [{ name: "all", mostTokens: Number.MAX_SAFE_INTEGER }],
		windowSeconds: 60,
		seed: 1,
	});
}

/** The benchmark sends a minute of requests, ten at least. */
function promptsOf(run: LoadSweepRun): number {
	return Math.max(10, Math.round(60 * run.offeredRequestsPerSecond));
}

function shapeOf({ inputTokens, outputTokens, cachedShare }: LoadSweepRun): string {
	return `${inputTokens}/${outputTokens}/${cachedShare}`;
}

function shapesOf(of: readonly Compared[]): Compared[][] {
	const names = [...new Set(of.map(({ run }) => `${run.gpu} ${shapeOf(run)}`))];
	return names.map((name) => of.filter(({ run }) => `${run.gpu} ${shapeOf(run)}` === name));
}

function sharedBlocks({ inputTokens, cachedShare }: LoadSweepRun): number {
	return Math.round((inputTokens * cachedShare) / BLOCK);
}

function batchOf({ servedRequestsPerSecond, outputTokens, meanTpotSeconds }: LoadSweepRun): number {
	return servedRequestsPerSecond * outputTokens * meanTpotSeconds;
}

/** Tokens in the KV memory of a run: those of each sequence's own, and the prefix once. */
function heldTokens(run: LoadSweepRun): number {
	const shared = run.inputTokens * run.cachedShare;
	return batchOf(run) * (run.inputTokens - shared + run.outputTokens / 2) + shared;
}

function errorsOf(of: readonly Compared[]): number[] {
	return of.map(({ measured, simulated }) => Math.abs(simulated / measured - 1));
}

function meanOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: readonly number[], p: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] as number;
}
