import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benchmarkPoint, medianPoint, scatter } from "../../test-support/benchmark-points.ts";
import { fact } from "../../test-support/point-fact.ts";
import { evaluate, scalarOf } from "../model/evaluate.ts";
import { define, lookup } from "../model/expression.ts";
import { buildModel } from "../model/flatten.ts";
import { quantityJson } from "../model/quantity-json.ts";
import { placeInTable } from "../model/table.ts";
import { interactivity, tokensPerGpuSecond } from "../quantity/unit.ts";
import type { BenchmarkPoint } from "./benchmark-point.ts";
import type { FrontierTable } from "./frontier.ts";
import {
	configurationKey,
	dateOf,
	errorBand,
	frontierTable,
	latestRows,
	leaveOneOutMedian,
	paretoRows,
} from "./frontier.ts";

const evidence = { source: ({ id }: BenchmarkPoint) => `source of ${id}`, grade: "B" } as const;

describe("latestRows", () => {
	const january = benchmarkPoint({ id: "january", measuredOn: "2026-01-10" });
	const march = benchmarkPoint({ id: "march", measuredOn: "2026-03-10" });
	const median = medianPoint();

	it("takes the latest dated row of a configuration and concurrency", () => {
		expect(idsOf(latestRows([january, march]))).toEqual(["march"]);
		expect(idsOf(latestRows([march, january]))).toEqual(["march"]);
		const other = benchmarkPoint({ id: "other", concurrency: 16, measuredOn: "2025-12-01" });
		expect(idsOf(latestRows([january, other, march]))).toEqual(["march", "other"]);
	});

	it("takes the latest up to a day, that day included", () => {
		expect(idsOf(latestRows([january, march], { asOf: "2026-03-10" }))).toEqual(["march"]);
		expect(idsOf(latestRows([january, march], { asOf: "2026-03-09" }))).toEqual(["january"]);
		expect(idsOf(latestRows([january, march], { asOf: "2026-01-09" }))).toEqual([]);
	});

	it("of two rows of one day takes the later run", () => {
		const first = benchmarkPoint({ id: "b", run: "100" });
		const second = benchmarkPoint({ id: "a", run: "101" });
		expect(idsOf(latestRows([second, first]))).toEqual(["a"]);
	});

	it("takes a median only where there is no dated row", () => {
		expect(idsOf(latestRows([median, january]))).toEqual(["january"]);
		expect(idsOf(latestRows([january, median]))).toEqual(["january"]);
		const other = medianPoint({ concurrency: 16 });
		expect(idsOf(latestRows([january, other]))).toEqual(["january", "median"]);
	});

	it("takes the median again where every dated row is too new", () => {
		const early = medianPoint({ period: ["2025-10-01", "2025-12-31"] });
		expect(idsOf(latestRows([january, early], { asOf: "2026-01-01" }))).toEqual(["median"]);
	});

	it("takes of the medians that may be a dated row, which leaves out its expert parallelism, the nearest for it", () => {
		const decode = { tp: 8, workers: 4, gpus: 32 };
		const prefill = { tp: 4, workers: 1 };
		const dated = benchmarkPoint({ id: "dated", disaggregated: true, prefill, decode, tokensPerGpuSecond: 1000 });
		const median = (id: string, ep: number, tokensPerGpuSecond: number, more: object = {}) =>
			medianPoint({ id, disaggregated: true, prefill, decode: { ...decode, ep, ...more }, tokensPerGpuSecond });
		const [near, far] = [median("near", 8, 1000.4), median("far", 1, 1100)];
		for (const rows of [
			[near, far, dated],
			[dated, far, near],
		])
			expect(new Set(idsOf(latestRows(rows)))).toEqual(new Set(["far", "dated"]));
		expect(new Set(idsOf(latestRows([near, far, dated], { repeats: true })))).toEqual(
			new Set(["near", "far", "dated"]),
		);
		const other = median("other", 8, 1000, { workers: 2 });
		expect(new Set(idsOf(latestRows([other, dated])))).toEqual(new Set(["other", "dated"]));
	});

	it("keeps a median that contradicts what the dated row states", () => {
		const dated = benchmarkPoint({ id: "dated", decode: { tp: 8, ep: 8, gpus: 8 } });
		const contradicts = medianPoint({ decode: { tp: 8, ep: 1, dpAttention: true, gpus: 8 } });
		expect(idsOf(latestRows([contradicts, dated]))).toEqual(["median", "dated"]);
		const agrees = medianPoint({ decode: { tp: 8, ep: 8, dpAttention: true, gpus: 8 } });
		expect(idsOf(latestRows([agrees, dated]))).toEqual(["dated"]);
	});

	it("takes every dated row of a stated window, its ends included, and no median", () => {
		const window = (from: string, to: string) => idsOf(latestRows([january, march, median], { between: [from, to] }));
		expect(window("2026-01-10", "2026-03-10")).toEqual(["january", "march"]);
		expect(window("2026-01-11", "2026-03-09")).toEqual([]);
		expect(window("2025-01-01", "2026-02-01")).toEqual(["january"]);
	});

	it("keeps apart what makes two experiments different", () => {
		const changes: Partial<BenchmarkPoint>[] = [
			{ model: "gpt-oss-120b" },
			{ hardware: "h200-sxm" },
			{ stack: "sglang" },
			{ precision: "fp8" },
			{ speculative: "mtp" },
			{ isl: 1024 },
			{ osl: 8192 },
			{ concurrency: 9 },
			{ decode: { tp: 4, ep: 8, dpAttention: true } },
			{ decode: { tp: 8, ep: 1, dpAttention: true } },
			{ decode: { tp: 8, ep: 8, dpAttention: false } },
			{ decode: { tp: 8, ep: 8, dpAttention: true, pp: 2 } },
			{ disaggregated: true, prefill: { tp: 8 } },
		];
		const keys = changes.map((change) => configurationKey({ ...january, ...change }));
		expect(new Set([configurationKey(january), ...keys]).size).toBe(changes.length + 1);
		expect(configurationKey({ ...january, image: "other", measuredOn: "2026-02-02" })).toBe(configurationKey(january));
	});
});

describe("paretoRows", () => {
	it("agrees with the definition: nobody is at least as good in both and better in one", () => {
		fc.assert(
			fc.property(scatter, (points) => {
				const front = paretoRows(points);
				const places = new Set(front.map(placeOf));
				expect(places).toEqual(new Set(points.filter((point) => !points.some((q) => beats(q, point))).map(placeOf)));
				expect(front).toHaveLength(places.size);
			}),
			{ seed: 1, numRuns: 500 },
		);
	});

	it("rises in interactivity and falls in throughput", () => {
		fc.assert(
			fc.property(scatter, (points) => {
				const front = paretoRows(points);
				for (let i = 1; i < front.length; i++) {
					const [a, b] = [front[i - 1], front[i]] as [BenchmarkPoint, BenchmarkPoint];
					expect(b.interactivityTokensPerSecond).toBeGreaterThan(a.interactivityTokensPerSecond);
					expect(b.tokensPerGpuSecond).toBeLessThan(a.tokensPerGpuSecond);
				}
			}),
			{ seed: 2 },
		);
	});

	it("does not depend on the order of the rows", () => {
		fc.assert(
			fc.property(scatter, (points) => {
				expect(idsOf(paretoRows([...points].reverse()))).toEqual(idsOf(paretoRows(points)));
			}),
			{ seed: 3 },
		);
	});
});

describe("frontierTable", () => {
	it("gives a measured row its own throughput and lies between its neighbours elsewhere", () => {
		fc.assert(
			fc.property(scatter, fc.double({ min: 0, max: 1, noNaN: true }), (points, share) => {
				const table = tableOf(points);
				for (const knot of table.knots) expect(read(table, knot.x)).toBe(knot.y);
				const [low, high] = [table.knots[0], table.knots.at(-1)] as [{ x: number }, { x: number }];
				const at = low.x + share * (high.x - low.x);
				const { below, above } = placeInTable(table, at);
				expect(read(table, at)).toBeLessThanOrEqual((below as { y: number }).y * (1 + 1e-12));
				expect(read(table, at)).toBeGreaterThanOrEqual((above as { y: number }).y * (1 - 1e-12));
			}),
			{ seed: 4 },
		);
	});

	it("interpolates the logarithm as an implementation of its own does", () => {
		fc.assert(
			fc.property(scatter, fc.double({ min: 0, max: 1, noNaN: true }), (points, share) => {
				const table = tableOf(points);
				const xs = table.knots.map(({ x }) => x);
				const at = (xs[0] as number) + share * ((xs.at(-1) as number) - (xs[0] as number));
				const expected = Math.exp(
					hermite(
						xs,
						table.knots.map(({ y }) => Math.log(y)),
						at,
					),
				);
				expect(read(table, at) / expected).toBeCloseTo(1, 10);
			}),
			{ seed: 5, numRuns: 500 },
		);
	});

	it("holds its first row below the range, and has nothing above it", () => {
		const table = tableOf([row("slow", 20, 4000), row("fast", 40, 1000)]);
		expect(read(table, 1)).toBe(4000);
		expect(jsonAt(table, 19).state).toBe("clamped");
		expect(read(table, 40.000001)).toBeNaN();
		expect(jsonAt(table, 41)).toMatchObject({ state: "unreachable" });
		expect(jsonAt(table, 41)).not.toHaveProperty("value");
	});

	it("grades a measured row as measured, what lies between rows or below them as interpolated", () => {
		const table = tableOf([row("slow", 20, 4000), row("fast", 40, 1000)]);
		expect(jsonAt(table, 20)).toMatchObject({ grade: "B", state: "measured" });
		expect(jsonAt(table, 30)).toMatchObject({ grade: "C", state: "interpolated" });
		expect(jsonAt(table, 19)).toMatchObject({ grade: "C", state: "clamped", value: 4000 });
		expect(jsonAt(table, 30).value).toBeCloseTo(2000, 9);
	});

	it("says where a row comes from, and that a median is one", () => {
		const dated = row("dated", 40, 1000);
		const median = { ...medianPoint({ id: "median" }), interactivityTokensPerSecond: 20, tokensPerGpuSecond: 4000 };
		const [first, second] = tableOf([dated, median]).knots;
		expect(first).toMatchObject({ row: "median", source: "source of median", asOf: "2026-07-19", grade: "B" });
		expect(first?.note).toContain("median over all runs");
		expect(second).toMatchObject({ row: "dated", asOf: "2026-01-01" });
		expect(second).not.toHaveProperty("note");
	});

	it("refuses an empty frontier", () => {
		expect(() => tableOf([])).toThrow("no knots");
	});
});

describe("errorBand", () => {
	it("brackets the value between the rows about it, and is absent on a row and beyond the range", () => {
		fc.assert(
			fc.property(scatter, fc.double({ min: 5, max: 130, noNaN: true }), (points, at) => {
				const table = tableOf(points);
				const band = errorBand(table, at);
				const { state, below, above } = placeInTable(table, at);
				expect(band === undefined).toBe(state !== "interpolated");
				if (band === undefined) return;
				expect(band.lowTokensPerGpuSecond).toBe(above?.y);
				expect(band.highTokensPerGpuSecond).toBe(below?.y);
				expect(read(table, at)).toBeGreaterThanOrEqual(band.lowTokensPerGpuSecond * (1 - 1e-12));
				expect(read(table, at)).toBeLessThanOrEqual(band.highTokensPerGpuSecond * (1 + 1e-12));
			}),
			{ seed: 6, numRuns: 300 },
		);
	});

	it("states the median error of inner rows left out one at a time", () => {
		const straight = [row("a", 10, 8000), row("b", 20, 4000), row("c", 30, 2000), row("d", 40, 1000)];
		expect(leaveOneOutMedian(tableOf(straight))).toBeCloseTo(0, 12);
		const bent = [row("a", 10, 8000), row("b", 20, 6000), row("c", 30, 2000)];
		expect(leaveOneOutMedian(tableOf(bent))).toBeCloseTo(1 - 4000 / 6000, 12);
		const two = tableOf([row("a", 10, 8000), row("b", 20, 6000)]);
		expect(leaveOneOutMedian(two)).toBeUndefined();
		expect(errorBand(two, 15)).not.toHaveProperty("leaveOneOutMedian");
	});
});

describe("dateOf", () => {
	it("is the day of measurement, else the end of the period, else the day of publication", () => {
		expect(dateOf(benchmarkPoint({ publishedOn: "2026-02-01" }))).toBe("2026-01-01");
		expect(dateOf(medianPoint())).toBe("2026-07-19");
		const { measuredOn: _, ...undated } = benchmarkPoint({ publishedOn: "2026-02-01" });
		expect(dateOf(undated)).toBe("2026-02-01");
	});
});

function row(id: string, interactivityTokensPerSecond: number, speed: number): BenchmarkPoint {
	return benchmarkPoint({ id, interactivityTokensPerSecond, tokensPerGpuSecond: speed });
}

function tableOf(points: readonly BenchmarkPoint[]): FrontierTable {
	return frontierTable("frontier", points, evidence);
}

function evaluated(table: FrontierTable, at: number) {
	const speed = lookup(table, fact("at", interactivity, at, { role: "condition" }));
	return evaluate(buildModel([define("speed", tokensPerGpuSecond("total"), speed, { label: "speed" })]));
}

function read(table: FrontierTable, at: number): number {
	return scalarOf(evaluated(table, at), "speed");
}

function jsonAt(table: FrontierTable, at: number) {
	return quantityJson(evaluated(table, at), "speed");
}

function beats(a: BenchmarkPoint, b: BenchmarkPoint): boolean {
	const [ax, ay, bx, by] = [...xy(a), ...xy(b)] as [number, number, number, number];
	return ax >= bx && ay >= by && (ax > bx || ay > by);
}

function xy(of: BenchmarkPoint): [number, number] {
	return [of.interactivityTokensPerSecond, of.tokensPerGpuSecond];
}

function placeOf(of: BenchmarkPoint): string {
	return xy(of).join(" ");
}

function idsOf(points: readonly BenchmarkPoint[]): string[] {
	return points.map(({ id }) => id);
}

/** Steffen (1990) as d3's curveMonotoneX has it: tangents at the knots, then the Hermite cubic. */
function hermite(x: readonly number[], y: readonly number[], at: number): number {
	const n = x.length;
	if (n === 1) return y[0] as number;
	const h = (i: number) => (x[i + 1] as number) - (x[i] as number);
	const s = (i: number) => ((y[i + 1] as number) - (y[i] as number)) / h(i);
	const end = (near: number, far: number) => {
		const p = s(near) * (1 + h(near) / (h(near) + h(far))) - (s(far) * h(near)) / (h(near) + h(far));
		if (p * s(near) <= 0) return 0;
		return Math.abs(p) > 2 * Math.abs(s(near)) ? 2 * s(near) : p;
	};
	const tangent = (i: number) => {
		if (n === 2) return s(0);
		if (i === 0) return end(0, 1);
		if (i === n - 1) return end(n - 2, n - 3);
		const p = (s(i - 1) * h(i) + s(i) * h(i - 1)) / (h(i - 1) + h(i));
		if (s(i - 1) * s(i) <= 0) return 0;
		return Math.sign(p) * Math.min(2 * Math.abs(s(i - 1)), 2 * Math.abs(s(i)), Math.abs(p));
	};
	let i = 0;
	while (i < n - 2 && (x[i + 1] as number) <= at) i++;
	const t = (at - (x[i] as number)) / h(i);
	const basis = [2 * t ** 3 - 3 * t ** 2 + 1, t ** 3 - 2 * t ** 2 + t, -2 * t ** 3 + 3 * t ** 2, t ** 3 - t ** 2];
	const values = [y[i] as number, h(i) * tangent(i), y[i + 1] as number, h(i) * tangent(i + 1)];
	return basis.reduce((sum, b, k) => sum + b * (values[k] as number), 0);
}
