import { describe, expect, it } from "vitest";
import type { BenchmarkPoint } from "./benchmark-point.ts";
import type { RowCheckName } from "./row-checks.ts";
import { checkRow, summariseChecks, usable } from "./row-checks.ts";

/** B200, SGLang FP4, 1k/1k: numbers of a public run of December 2025. */
const aggregated: BenchmarkPoint = {
	id: "ix-aggregated",
	family: "inferencex",
	kind: "dated",
	model: "deepseek-r1",
	hardware: "b200-sxm",
	stack: "sglang",
	precision: "nvfp4",
	speculative: "none",
	disaggregated: false,
	multinode: false,
	isl: 1024,
	osl: 1024,
	concurrency: 4,
	gpus: 8,
	decode: { tp: 8, ep: 8 },
	measuredOn: "2025-12-08",
	publishedOn: "2026-05-15",
	tokensPerGpuSecond: 120.115277,
	inputTokensPerPrefillGpuSecond: 60.34988,
	outputTokensPerDecodeGpuSecond: 59.7653973,
	interactivityTokensPerSecond: 126.427826,
	latency: {
		ttft: { median: 0.152747146, p99: 0.901353891 },
		tpot: { median: 0.00790965113, p99: 0.00822222435 },
		e2e: { median: 7.51100533, p99: 8.96976228 },
	},
	source: "test",
};

/** GB200, Dynamo with TensorRT-LLM FP4, 8k/1k, 2025-12-05: published with 48 GPUs in each role. */
const miscounted: BenchmarkPoint = {
	...aggregated,
	id: "ix-miscounted",
	hardware: "gb200-nvl72",
	stack: "dynamo-tensorrt-llm",
	disaggregated: true,
	isl: 8192,
	concurrency: 1075,
	prefill: { tp: 48, ep: 1, gpus: 48 },
	decode: { tp: 48, ep: 1, gpus: 48 },
	measuredOn: "2025-12-05",
	tokensPerGpuSecond: 9335.41722,
	inputTokensPerPrefillGpuSecond: 12447.4387,
	outputTokensPerDecodeGpuSecond: 3111.37419,
	interactivityTokensPerSecond: 54.2097595,
	latency: { e2e: { median: 18.2359581 } },
};
const { gpus: _, ...withoutGpus } = miscounted;

/** The same run with the only split of 48 GPUs that its rates allow. */
const counted: BenchmarkPoint = { ...miscounted, gpus: 48, prefill: { gpus: 32 }, decode: { gpus: 16 } };

describe("an aggregated row", () => {
	it("passes every check it has the members for", () => {
		expect(states(aggregated)).toEqual({
			"gpu-count": "passed",
			"published-gpu-count": "passed",
			"throughput-identity": "unchecked",
			"token-kinds": "passed",
			"littles-law": "passed",
			"mean-against-median": "unchecked",
			"quantile-order": "passed",
			interactivity: "passed",
			"power-schema": "unchecked",
			"energy-identity": "unchecked",
			dates: "passed",
		});
	});

	it("counts TP·PP, and flags a published TP·EP without losing anything else", () => {
		const row = { ...aggregated, publishedGpus: 64 };
		expect(failures(row)).toEqual({ "published-gpu-count": ["publishedGpus"] });
		expect(messageOf(row, "published-gpu-count")).toBe(
			"ix-aggregated: published as 64 GPUs, which is TP·EP = 8·8, not 8",
		);
		expect(failures({ ...aggregated, gpus: 64 })["gpu-count"]).toEqual(["gpus"]);
		expect(failures({ ...aggregated, gpus: 16, decode: { tp: 8, pp: 2 } })["gpu-count"]).toBeUndefined();
	});

	it("sees a GPU count of TP·EP by Little's law as well", () => {
		expect(failures({ ...aggregated, gpus: 64 })["littles-law"]).toContain("tokensPerGpuSecond");
	});

	it("loses the split where input and output do not make the total, or not in the shape of the load", () => {
		const split = ["inputTokensPerPrefillGpuSecond", "outputTokensPerDecodeGpuSecond"];
		expect(failures({ ...aggregated, tokensPerGpuSecond: 60 })["token-kinds"]).toEqual(split);
		expect(failures({ ...aggregated, isl: 8192 })["token-kinds"]).toEqual(split);
	});

	it("loses its throughput where the load in flight is not its concurrency", () => {
		const stalled = { ...aggregated, concurrency: 512, latency: { e2e: { mean: 7.6, median: 7.5 } } };
		expect(failures(stalled)["littles-law"]).toContain("tokensPerGpuSecond");
		expect(messageOf(stalled, "littles-law")).toContain("in flight of 512");
	});

	it("keeps a row whose median hides a few stalled requests", () => {
		const latency = { e2e: { median: 4, p99: 80 } };
		expect(states({ ...aggregated, latency })["littles-law"]).toBe("passed");
		const narrow = { e2e: { median: 4, p90: 4.1, p99: 4.2 } };
		expect(states({ ...aggregated, latency: narrow })["littles-law"]).toBe("failed");
	});

	it("knows an interactivity taken from the mean", () => {
		const latency = { tpot: { mean: 0.01, median: 0.008 } };
		const row = { ...aggregated, latency, interactivityTokensPerSecond: 100 };
		expect(failures(row)["interactivity"]).toEqual(["interactivityTokensPerSecond"]);
		expect(messageOf(row, "interactivity")).toContain("it is 1 / mean TPOT");
	});

	it("finds a mean further from the median than any distribution allows, and quantiles that fall", () => {
		const latency = {
			ttft: { mean: 3, median: 1, std: 1 },
			tpot: { mean: 0.01, median: 0.00790965113, std: 0.01 },
			itl: { median: 2, p90: 1, p99: 3 },
		};
		const lost = failures({ ...aggregated, latency });
		expect(lost["mean-against-median"]).toEqual(["latency.ttft"]);
		expect(lost["quantile-order"]).toEqual(["latency.itl"]);
	});

	it("keeps apart the day of measuring and the day of publishing", () => {
		expect(failures({ ...aggregated, publishedOn: "2025-12-07" })["dates"]).toEqual(["measuredOn"]);
		const { publishedOn: __, ...unpublished } = aggregated;
		expect(states(unpublished)["dates"]).toBe("unchecked");
		const median: BenchmarkPoint = { ...aggregated, kind: "median", period: ["2025-09-29", "2026-07-19"] };
		expect(states(median)["dates"]).toBe("failed");
	});
});

describe("a disaggregated row", () => {
	it("loses role counts and split where they do not make the total, and keeps the total", () => {
		const lost = failures(withoutGpus);
		expect(Object.keys(lost).sort()).toEqual(["throughput-identity", "token-kinds"]);
		expect(lost["throughput-identity"]).toEqual([
			"gpus",
			"prefill.gpus",
			"decode.gpus",
			"inputTokensPerPrefillGpuSecond",
			"outputTokensPerDecodeGpuSecond",
		]);
		expect(messageOf(withoutGpus, "throughput-identity")).toMatch(
			/^ix-miscounted: 9335\.4 .* with 66\.667% of the GPUs/,
		);
		const checks = checkRow(withoutGpus);
		expect(usable(withoutGpus, checks, ["tokensPerGpuSecond", "interactivityTokensPerSecond"])).toEqual({
			usable: true,
		});
		expect(usable(withoutGpus, checks, ["outputTokensPerDecodeGpuSecond"]).usable).toBe(false);
	});

	it("passes with counts that do", () => {
		expect(states(counted)["throughput-identity"]).toBe("passed");
		expect(states(counted)["gpu-count"]).toBe("passed");
		expect(states(counted)["token-kinds"]).toBe("passed");
	});

	it("loses its energy without the schema version that covers all roles", () => {
		const measured = { ...counted, joulesPerOutputToken: 23.65, joulesPerTotalToken: 4.5 };
		expect(failures(measured)["power-schema"]).toEqual(["joulesPerOutputToken", "joulesPerTotalToken"]);
		expect(states({ ...measured, powerSchemaVersion: 2 })["power-schema"]).toBe("passed");
	});

	it("loses its energy where power was metered on other GPUs", () => {
		const power = { averageGpuPowerWatts: 354.568, joulesPerTotalToken: 5.112445, tokensPerGpuSecond: 92.471773 };
		expect(failures({ ...aggregated, ...power })["energy-identity"]).toContain("joulesPerTotalToken");
		const sound = { averageGpuPowerWatts: 639.639, joulesPerTotalToken: 3.824367, tokensPerGpuSecond: 167.253638 };
		expect(states({ ...aggregated, ...sound })["energy-identity"]).toBe("passed");
	});
});

describe("a row without a member", () => {
	it("is unchecked, not failed, and cannot answer what needs it", () => {
		const { gpus: __, ...bare } = { ...aggregated, decode: {}, latency: {} };
		expect(new Set(Object.values(states(bare)))).toEqual(new Set(["passed", "unchecked"]));
		expect(usable(bare, checkRow(bare), ["gpus", "latency.ttft"])).toEqual({
			usable: false,
			missing: ["gpus", "latency.ttft"],
			failed: [],
		});
	});
});

it("summarises all rows and drops none", () => {
	const summary = summariseChecks([aggregated, withoutGpus, counted]);
	expect(summary.rows).toBe(3);
	expect(summary.checks["throughput-identity"]).toEqual({ passed: 1, failed: 1, unchecked: 1 });
	expect(summary.flagged.map((row) => row.id)).toEqual(["ix-miscounted"]);
});

function states(point: BenchmarkPoint): Partial<Record<RowCheckName, string>> {
	return Object.fromEntries(checkRow(point).map(({ check, state }) => [check, state]));
}

function failures(point: BenchmarkPoint): Partial<Record<RowCheckName, readonly string[]>> {
	const failed = checkRow(point).filter(({ state }) => state === "failed");
	return Object.fromEntries(failed.map(({ check, taints }) => [check, taints]));
}

function messageOf(point: BenchmarkPoint, name: RowCheckName): string | undefined {
	return checkRow(point).find(({ check }) => check === name)?.message;
}
