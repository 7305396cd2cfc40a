import fc from "fast-check";
import type { BenchmarkPoint } from "../src/performance/benchmark-point.ts";

/** A sound aggregated row of nothing in particular. */
export function benchmarkPoint(of: Partial<BenchmarkPoint> = {}): BenchmarkPoint {
	return {
		id: "row",
		family: "inferencex",
		kind: "dated",
		model: "deepseek-r1",
		hardware: "b200-sxm",
		stack: "tensorrt-llm",
		precision: "nvfp4",
		speculative: "none",
		disaggregated: false,
		multinode: false,
		isl: 8192,
		osl: 1024,
		concurrency: 8,
		gpus: 8,
		decode: { tp: 8, ep: 8, dpAttention: true },
		measuredOn: "2026-01-01",
		tokensPerGpuSecond: 1000,
		interactivityTokensPerSecond: 50,
		latency: {},
		source: "a test",
		...of,
	};
}

/** The same configuration as a median over a period. */
export function medianPoint(of: Partial<BenchmarkPoint> = {}): BenchmarkPoint {
	const { measuredOn: _, ...point } = benchmarkPoint({ id: "median", kind: "median", ...of });
	return { period: ["2025-10-01", "2026-07-19"], ...point };
}

/** Rows of one group on a coarse grid, so that ties are common. */
export const scatter: fc.Arbitrary<readonly BenchmarkPoint[]> = fc
	.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 20 })
	.map((places) =>
		places.map(([x, y], i) =>
			benchmarkPoint({ id: `row-${i}`, interactivityTokensPerSecond: x * 10, tokensPerGpuSecond: y * 100 }),
		),
	);
