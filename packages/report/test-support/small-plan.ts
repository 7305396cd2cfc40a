/** A plan, frontier and claims small enough to be read, with every kind of thing a report has to show. */
import type { ClaimList, Envelope, FrontierResult, FrontierRow, PlanOption, PlanResult } from "@farthing/answers";
import type { ModelJson, QuantityJson } from "@farthing/engine";
import {
	buildModel,
	define,
	divide,
	evaluate,
	fraction,
	input,
	interactivity,
	lookup,
	modelToJson,
	table,
	tokensPerGpuSecond,
	usdPerGpuHour,
	usdPerMtok,
} from "@farthing/engine";
import { assumptionRegister, type Names, type PlanSource, type ServiceOfPlan } from "../src/index.ts";

export function smallSource(): PlanSource {
	return {
		plan: envelope("plan", smallResult(), [{ code: "stale-price", message: "rate card 2026-07 is 114 days old" }]),
		frontier: envelope("frontier", smallFrontier(), []),
		claims: envelope("claim", smallClaims(), []),
		register: assumptionRegister(smallGraph()),
		names: smallNames,
		commandLine: "farthing plan scenarios/small.yaml",
	};
}

export const smallNames: Names = {
	hardware: { b200: "B200 SXM", h200: "H200 SXM" },
	models: { "deepseek-r1": "DeepSeek-R1" },
	stacks: { "tensorrt-llm": "TensorRT-LLM", sglang: "SGLang" },
	precisions: { nvfp4: "NVFP4", fp8: "FP8" },
	speculative: { mtp: "multi-token prediction" },
};

/** The graph behind the small plan: a point, a range, a measured table. */
export function smallGraph(): ModelJson {
	const rate = input("rate.b200", usdPerGpuHour, {
		label: "b200, cost to a neocloud that owns it",
		value: { kind: "point", value: 2.07 * usdPerGpuHour.factor },
		source: "rate card of the test",
		asOf: "2026-07-31",
		grade: "B",
		at: "rate-cards/2026-07/b200",
	});
	const load = input("load", fraction, {
		label: "share of capacity that is used",
		value: { kind: "logitnormal", p5: 0.3, p95: 0.6 },
		source: "scenario small",
		asOf: "2026-11-22",
		grade: "E",
		owner: "platform team",
		note: "from last year",
		role: "condition",
	});
	const speed = lookup(
		table({
			id: "frontier.b200",
			label: "measured frontier",
			xUnit: interactivity,
			yUnit: tokensPerGpuSecond("total"),
			scale: "log",
			between: "C",
			knots: [knot("row-1", 50, 2400), knot("row-2", 100, 900)],
		}),
		input("question.speed", interactivity, {
			label: "speed asked for",
			value: { kind: "point", value: 50 },
			source: "scenario small",
			asOf: "2026-11-22",
			grade: "E",
			role: "condition",
		}),
	);
	const cost = define("cost", usdPerMtok("total"), divide(divide(rate, speed), load) as never, { label: "cost" });
	return modelToJson(evaluate(buildModel([cost])));
}

function knot(row: string, x: number, y: number) {
	return { x, y, row, source: "InferenceX run 1", asOf: "2026-05-19", grade: "B", state: "measured" } as const;
}

export function envelope<R>(command: string, result: R, warnings: Envelope<R>["warnings"]): Envelope<R> {
	return {
		schema: "farthing/1",
		command,
		id: "0123456789abcdef",
		as_of: "2026-11-22",
		catalogue: "2026.11.0+abcdef012345",
		definitions: "1",
		seed: 1,
		warnings,
		result,
	};
}

function usd(value: number, basis: string, more: Partial<QuantityJson> = {}): QuantityJson {
	return { value, unit: "USD/Mtok", tokens: "total", basis, grade: "B", currency_date: "2026-07-31", ...more };
}

interface Sketch {
	readonly id: string;
	readonly hardware: string;
	readonly stack: string;
	readonly headline: number;
	readonly steps: readonly number[];
	readonly gpus: number;
	readonly ttft?: number;
}

function option({ id, hardware, stack, headline, steps, gpus, ttft }: Sketch, rank: number): PlanOption {
	const delivered = steps.reduce((sum, step) => sum + step, headline);
	const causes = ["peak sizing", "whole replicas", "N+1"];
	return {
		rank,
		id,
		hardware,
		precision: hardware === "b200" ? "nvfp4" : "fp8",
		stack,
		speculative: stack === "sglang" ? "mtp" : "none",
		deployment: {
			row: id,
			layout: `TP${gpus / 2}`,
			disaggregated: false,
			gpus_per_replica: gpus / 2,
			concurrency: 32,
			interactivity: 60 + rank,
			tokens_per_gpu_second: 2000,
			...(ttft === undefined ? {} : { ttft_median_s: ttft }),
			measured_on: "2026-05-19",
			kind: ttft === undefined ? "median" : "dated",
		},
		replicas: 2,
		gpus,
		replica_gpus: gpus,
		utilization: { value: 0.45 / rank, unit: "fraction", grade: "B" },
		headline: usd(headline, "headline"),
		delivered: usd(delivered, "delivered", { p10: delivered * 0.9, p50: delivered, p90: delivered * 1.15 }),
		cost_per_request: { value: delivered * 0.009216, unit: "USD/request", basis: "delivered", grade: "B" },
		bridge: steps.map((step, i) => ({
			cause: causes[i] as string,
			input: `sizing.${i}`,
			delta: usd(step, "delivered"),
		})),
		bill: {
			per_day: { value: gpus * 50, unit: "USD/day", basis: "delivered", grade: "B" },
			per_year: { value: gpus * 50 * 365, unit: "USD/year", basis: "delivered", grade: "B" },
		},
		feasible: true,
	};
}

export function smallResult(): PlanResult & ServiceOfPlan {
	return {
		scenario: "small",
		model: "deepseek-r1",
		rate: "rate card 2026-07, tier own_neocloud",
		question: {
			tokens: { value: 5e9, unit: "tok/day", tokens: "total", grade: "E" },
			peak_to_mean: { value: 2, unit: "x", grade: "E" },
		},
		slo: {
			tokens_per_s_per_user: { value: 50, unit: "tok/s/user", tokens: "output" },
			ttft: { value: 5, unit: "s" },
			ttft_statistic: "median",
		},
		workload: { isl: 8192, osl: 1024 },
		options: [
			option(
				{
					id: "row-1",
					hardware: "b200",
					stack: "tensorrt-llm",
					headline: 0.23,
					steps: [0.23, 0.0162, 0.0397],
					gpus: 8,
					ttft: 0.288,
				},
				1,
			),
			option(
				{
					id: "row-2",
					hardware: "h200",
					stack: "sglang",
					headline: 0.473,
					steps: [0.473, 0, 0.0912],
					gpus: 16,
					ttft: 1.431,
				},
				2,
			),
			option(
				{ id: "row-3", hardware: "b200", stack: "sglang", headline: 0.0598, steps: [0.0598, 0.5954, 0.45], gpus: 72 },
				3,
			),
		],
		unranked: [
			{
				...named("b200", "sglang"),
				row: "row-8",
				code: "ttft-unknown",
				reason: "the row publishes no median TTFT",
				rows: 4,
			},
			{ ...named("h200", "sglang"), row: "row-9", code: "failed-check", reason: "GPUs do not add up", rows: 1 },
		],
		missed: { ttft: 2, tokens_per_s_per_user: 6 },
		considered: 16,
		fleets: [],
		searched: {
			deployments: 3,
			modelled: 0,
			gpus_per_replica: [4],
			layouts: ["TP4"],
			prefill_to_decode: [],
			concurrency: { least: 16, most: 64 },
		},
		crossovers: [
			{ tokens_per_day: { value: 3.2e10, unit: "tok/day", tokens: "total", grade: "B" }, from: "row-1", to: "row-3" },
		],
		volumes: {
			sized_by: "throughput",
			tokens_per_day: [1e8, 1e9, 1e10, 1e11, 1e12],
			cheapest: ["row-1", "row-1", "row-1", "row-3", "row-3"],
			interruptions: [{ from: 2e10, to: 2.1e10, cheapest: "row-3" }],
			delivered: {
				"row-1": [4, 0.8, 0.5, 0.48, 0.47],
				"row-2": [8, 1.6, 1.01, 0.96, 0.95],
				"row-3": [36, 3.6, 0.72, 0.15, 0.125],
			},
		},
		api: [
			{
				statistic: "lowest",
				provider: "host one",
				offers: 10,
				blended: usd(0.683, "headline", { grade: "E" }),
				self_hosting_cheaper_from: { value: 1.26e9, unit: "tok/day", tokens: "total", grade: "B" },
				state: "reached",
			},
			{
				statistic: "median",
				provider: "host two",
				offers: 10,
				blended: usd(0.1, "headline", { grade: "E" }),
				state: "not-reached",
			},
		],
		utilization_overridden: false,
		defaults: [
			{ path: "slo.ttft_unknown", value: "exclude", source: "a row that may break the limit is not ranked in silence" },
		],
		attribution: "Data from InferenceX, SemiAnalysis, Apache-2.0",
	};
}

function named(hardware: string, stack: string) {
	return { hardware, precision: "fp8", stack, speculative: "none" };
}

function row(id: string, hardware: string, speed: number, cost: number, state: string, ttft?: number): FrontierRow {
	return {
		...named(hardware, "sglang"),
		isl: 8192,
		osl: 1024,
		interactivity: { value: speed, unit: "tok/s/user", tokens: "output", grade: "B" },
		tokens_per_gpu_second: { value: 575 / cost, unit: "tok/s/GPU", tokens: "total", grade: "B" },
		gpu_hour: { value: 2.07, unit: "USD/GPU-hr", grade: "B" },
		unit_cost: { total: usd(cost, "headline"), input: usd(cost, "headline"), output: usd(cost * 9, "headline") },
		split: "nominal",
		cost_per_request: { value: cost * 0.009216, unit: "USD/request", grade: "B" },
		...(ttft === undefined
			? { ttft_state: "unknown" }
			: { ttft: { value: ttft, unit: "s", grade: "B" }, ttft_state: "known" }),
		state,
		nearest_row: {
			id,
			interactivity: speed,
			distance: 0,
			deployment: "TP8",
			gpus: 8,
			concurrency: 64,
			date: "2026-05-19",
			kind: "dated",
		},
		sources: [id],
	};
}

export function smallFrontier(): FrontierResult {
	return {
		model: "deepseek-r1",
		rate: "rate card 2026-07, tier own_neocloud",
		rows: [
			row("row-4", "b200", 21.5, 0.0447, "measured", 0.9),
			row("row-3", "b200", 75.7, 0.0604, "measured", 12.5),
			row("row-1", "b200", 72.5, 0.23, "measured", 0.288),
			row("row-2", "h200", 53.4, 0.473, "measured", 1.431),
			row("row-5", "h200", 110.2, 2.46, "measured", 0.5),
			row("row-6", "h200", 80, 0.01, "interpolated", 0.5),
			row("row-7", "h200", 5, 0.02, "clamped", 0.5),
		],
		unranked: [{ ...named("h200", "sglang"), code: "failed-check", reason: "GPUs do not add up", rows: 3 }],
		attribution: "Data from InferenceX, SemiAnalysis, Apache-2.0",
	};
}

export function smallClaims(): ClaimList {
	const origin = { who: "a vendor's blog", date: "2025-10", conditions: "none stated" };
	return {
		claims: [
			{ id: "holds-1", claim: "It costs two cents", verdict: "holds", conditions: [], figures: {}, origin },
			{
				id: "cond-1",
				claim: "It costs 35x less",
				verdict: "conditional",
				conditions: ["at full load", "per total token"],
				figures: {},
				origin,
			},
			{
				id: "fails-1",
				claim: "Power costs as much as GPUs",
				verdict: "fails",
				conditions: ["power is 5.45%"],
				figures: {},
				origin,
			},
			{
				id: "unv-1",
				claim: "5x in two months",
				verdict: "unverified",
				conditions: ["nothing was measured twice"],
				figures: {},
				origin,
			},
		],
	};
}
