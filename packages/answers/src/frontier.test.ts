import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint } from "@farthing/engine";
import {
	checkRow,
	errorBand,
	frontierTable,
	latestRows,
	paretoRows,
	quantile,
	tableValue,
	usable,
} from "@farthing/engine";
import { describe, expect, it } from "vitest";
import {
	asking,
	bareLeaves,
	benchmarkRow,
	cardRates,
	catalogue,
	leavesOf,
	quantitiesIn,
	refusal,
	saved,
	withRows,
} from "../test-support/questions.ts";
import type { Envelope } from "./envelope.ts";
import type { FrontierQuestion, FrontierResult, FrontierRow } from "./frontier.ts";
import { frontier } from "./frontier.ts";
import { groupedBy } from "./grouping.ts";
import { frontierKey } from "./ranking.ts";
import { whyNode } from "./why.ts";
import { type NamedRow, rowsOfFlag } from "./rows.ts";

const filter = { model: "deepseek-r1", isl: 8192, osl: 1024 } as const;
const GB300 = { hardware: ["gb300-nvl72"], precision: ["nvfp4"], stack: ["dynamo-tensorrt-llm"], speculative: ["mtp"] };
const TAINTED = [
	"ix-5ba5ce8f",
	"ix-ab42a352",
	"ix-8f761dfe",
	"ix-8c7ca1c4",
	"ix-fc657491",
	"ix-982e6d10",
	"ix-d537327f",
	"ix-fe9fd5cb",
];

describe("frontier at one speed", () => {
	it("gives one line per hardware, precision, stack and speculative method, cheapest first", () => {
		const { rows } = at(50);
		const keys = rows.map((row) => [row.hardware, row.precision, row.stack, row.speculative].join(" "));
		expect(new Set(keys).size).toBe(keys.length);
		expect(rows.length).toBeGreaterThan(15);
		const costs = rows.map((row) => row.unit_cost.total.value as number);
		expect([...costs].sort((a, b) => a - b)).toEqual(costs);
		for (const { state, interactivity, nearest_row: nearest } of rows) {
			// A deployment that is faster than asked at its slowest row is shown at that row's own speed.
			expect(interactivity.value).toBe(state === "clamped" ? nearest.interactivity : 50);
		}
		expect(rows.some(({ state }) => state === "clamped")).toBe(true);
	});

	it("reads throughput on the frontier of the group and derives cost from it", () => {
		for (const row of at(50).rows) {
			const group = latestRows(rowsLike(row), { asOf: catalogue.releaseDate });
			const table = frontierTable("t", group, { source: () => "", grade: "B" });
			const speed = row.tokens_per_gpu_second.value as number;
			expect(speed / tableValue(table, 50)).toBeCloseTo(1, 12);
			expect(row.unit_cost.total.value).toBeCloseTo(((row.gpu_hour.value as number) / (speed * 3600)) * 1e6, 12);
			const kinds =
				Number((row.unit_cost.input.value as number) > 0) + Number((row.unit_cost.output.value as number) > 0);
			expect(kinds).toBe(2);
			if (row.split === "measured") continue;
			expect(row.unit_cost.output.value).toBeCloseTo((row.unit_cost.total.value as number) * 9, 9);
			expect(row.unit_cost.input.value).toBeCloseTo(((row.unit_cost.total.value as number) * 9) / 8, 9);
		}
	});

	it("carries state, grade, error band and distance to the nearest row", () => {
		for (const row of at(50).rows) {
			const { state, error_band: band, nearest_row: nearest, sources } = row;
			expect(nearest.distance).toBeCloseTo(nearest.interactivity / 50 - 1, 12);
			expect(row.tokens_per_gpu_second.state).toBe(state);
			expect(sources).toContain(nearest.id);
			if (state === "interpolated") {
				expect(row.unit_cost.total.grade).toBe("C");
				expect(band?.low).toBeLessThanOrEqual(row.tokens_per_gpu_second.value as number);
				expect(band?.high).toBeGreaterThanOrEqual(row.tokens_per_gpu_second.value as number);
				expect(sources).toHaveLength(2);
			} else {
				expect(band).toBeUndefined();
				expect(row.unit_cost.total.grade).toBe(state === "measured" ? "B" : "C");
				expect(sources).toHaveLength(1);
			}
		}
	});

	it("ranks what costs no more than was asked; what costs more stays in sight, and all too dear is no answer", () => {
		const all = at(50);
		const unitCost = all.rows[3]?.unit_cost.total.value as number;
		const { rows, unranked } = asked({ filter, at: 50, unitCost });
		expect(rows).toEqual(all.rows.slice(0, 4));
		const missed = unranked.filter(({ code }) => code === "unit-cost-missed");
		const leftOut = all.rows.slice(4).map((row) => row.nearest_row.id);
		expect(new Set(missed.map(({ row }) => row))).toEqual(new Set(leftOut));
		expect(missed[0]?.reason).toMatch(/^costs \$[\d.]+\/M tok, \$[\d.]+\/M tok at most was asked$/);
		const cheapest = all.rows[0]?.unit_cost.total.value as number;
		const refused = refusal(() => asked({ filter, at: 50, unitCost: cheapest * 0.9 }));
		expect(refused).toMatchObject({ exit: 3, code: "nothing-fits", detail: { field: "--unit-cost" } });
		const hint = Number(/[\d.]+$/.exec(refused.detail.hint as string)?.[0]);
		expect(asked({ filter, at: 50, unitCost: hint }).rows.length).toBeGreaterThan(0);
	});

	it("never extrapolates: beyond the fastest row it is unreachable and unranked, below the slowest it is clamped", () => {
		const { rows, unranked } = at(250);
		const fastest = (row: FrontierRow): number =>
			Math.max(...rowsLike(row).map((point) => point.interactivityTokensPerSecond));
		for (const row of rows) expect(fastest(row)).toBeGreaterThanOrEqual(250);
		const beyond = unranked.filter(({ code }) => code === "unreachable");
		expect(beyond.length).toBeGreaterThan(5);
		for (const line of beyond)
			expect(line.reason).toMatch(/^unreachable: the fastest measured row gives [\d.]+ tok\/s\/user, 250 was asked$/);
		const low = at(0.5).rows;
		expect(new Set(low.map(({ state }) => state))).toEqual(new Set(["clamped"]));
		for (const row of low) {
			const slowest = paretoRows(latestRows(rowsLike(row)))[0] as BenchmarkPoint;
			expect(row.tokens_per_gpu_second.value).toBe(slowest.tokensPerGpuSecond);
			expect(row.nearest_row.id).toBe(slowest.id);
		}
	});

	it("splits the cost of a clamped row as its measured row does, and says so", () => {
		const rowAt = (speed?: number): FrontierRow => {
			const window = named(["ix-84573640"]);
			return asked({ filter, window, ...(speed === undefined ? {} : { at: speed }) }).rows[0] as FrontierRow;
		};
		const [measured, clamped] = [rowAt(), rowAt(50)];
		expect([measured.state, clamped.state]).toEqual(["measured", "clamped"]);
		for (const kind of ["total", "input", "output"] as const)
			expect(clamped.unit_cost[kind].value).toBe(measured.unit_cost[kind].value);
		expect([measured.split, clamped.split]).toEqual(["measured", "measured"]);
		for (const row of at(50).rows) if (row.state === "interpolated") expect(row.split).toBe("nominal");
	});

	it("is refused with the fastest row where nothing reaches it", () => {
		const error = refusal(() => at(5000));
		expect(error).toMatchObject({ exit: 3, code: "nothing-fits", detail: { field: "--at" } });
		const hinted = Number(error.detail.hint?.replace("--at ", ""));
		expect(at(hinted).rows.length).toBeGreaterThan(0);
	});
});

describe("frontier as a curve", () => {
	it("gives each row that no other of its group beats, as measured", () => {
		const { rows } = asked({ filter: { ...filter, ...GB300 } });
		const front = paretoRows(latestRows(rowsLike(rows[0] as FrontierRow)));
		expect(new Set(rows.map(({ nearest_row: nearest }) => nearest.id))).toEqual(new Set(front.map(({ id }) => id)));
		for (const row of rows) {
			expect(row).toMatchObject({ state: "measured", nearest_row: { distance: 0 } });
			expect(row.interactivity.value).toBe(benchmarkRow(row.nearest_row.id).interactivityTokensPerSecond);
		}
	});

	it("charges the output of a disaggregated row to all GPUs: GB300 with 26 prefill and 16 decode GPUs", () => {
		const { rows } = asked({ filter: { ...filter, ...GB300 } });
		const row = rows.find(({ nearest_row: nearest }) => nearest.id === "ix-203761ba") as FrontierRow;
		// 2.31 USD/GPU-hr; 14,550.9 tokens a second and GPU, of which 4,244.7 · 16/42 = 1,617.0 are output.
		expect(row.unit_cost.total.value).toBeCloseTo((2.31 / (14_550.8713 * 3600)) * 1e6, 9);
		expect(row.unit_cost.output.value).toBeCloseTo(0.39682, 4);
		expect(row.unit_cost.input.value).toBeCloseTo((2.31 / (((20_893.2 * 26) / 42) * 3600)) * 1e6, 5);
		const split = 1 / (row.unit_cost.output.value as number) + 1 / (row.unit_cost.input.value as number);
		expect(split * (row.unit_cost.total.value as number)).toBeCloseTo(1, 6);
		expect(row.cost_per_request.value).toBeCloseTo(((row.unit_cost.total.value as number) * 9216) / 1e6, 12);
		expect(row.nearest_row).toMatchObject({ deployment: "26+16 GPUs", gpus: 42, kind: "dated" });
	});

	it("answers totals from rows whose roles are miscounted, and splits them by length alone", () => {
		const only = TAINTED.map((id) => benchmarkRow(id));
		for (const point of only) {
			const question = { filter: { model: point.model, isl: point.isl, osl: point.osl }, window: named([point.id]) };
			const { rows, unranked } = asked(question);
			expect(unranked).toEqual([]);
			const total = rows[0]?.unit_cost.total.value as number;
			expect(total).toBeCloseTo((1.86 / (point.tokensPerGpuSecond * 3600)) * 1e6, 9);
			expect(rows[0]?.unit_cost.output.value).toBeCloseTo((total * (point.isl + point.osl)) / point.osl, 9);
			expect(rows[0]?.unit_cost.input.value).toBeCloseTo((total * (point.isl + point.osl)) / point.isl, 9);
		}
		expect(only).toHaveLength(8);
	});

	it("divides the peak of the weight format by the price of a second", () => {
		const { rows } = asked({ filter });
		const flops = (hardware: string, precision: string) =>
			rows.find((row) => row.hardware === hardware && row.precision === precision)?.flops_per_usd;
		// dense TFLOPS of the sheets · 3600 ÷ USD/GPU-hr (own_hyperscaler, 2026-07)
		expect(flops("b200-sxm", "nvfp4")?.value).toBeCloseTo((9000 * 3600) / 1.73, 3);
		expect(flops("b200-sxm", "fp8")?.value).toBeCloseTo((4500 * 3600) / 1.73, 3);
		expect(flops("h200-sxm", "fp8")?.value).toBeCloseTo((1979 * 3600) / 1.22, 3);
		expect(flops("mi355x", "mxfp4")?.value).toBeCloseTo((10_066 * 3600) / 1.5, 0);
		expect(flops("b200-sxm", "nvfp4")).toMatchObject({ unit: "TFLOP/USD" });
	});

	it("shows where price of an hour and FLOPS per dollar mislead", () => {
		const { rows } = at(50);
		const [cheapest] = rows;
		const hour = rows.reduce((a, b) => ((b.gpu_hour.value as number) < (a.gpu_hour.value as number) ? b : a));
		expect(hour.unit_cost.total.value).toBeGreaterThan(cheapest?.unit_cost.total.value as number);
	});
});

describe("which rows count", () => {
	it("one per configuration, the latest up to the day of the question", () => {
		const asOf = "2026-01-15";
		const early = asked({ filter }, asking("frontier", { asOf }));
		for (const { nearest_row: nearest } of early.rows) expect(nearest.date <= asOf).toBe(true);
		const { rows } = asked({ filter });
		const medians = rows.filter(({ nearest_row: nearest }) => nearest.kind === "median");
		expect(medians.length).toBeGreaterThan(0);
		for (const row of medians) expect(row.nearest_row.date).toBe("median to 2026-07-19");
		const explicit = asked({ filter, window: { asOf } });
		expect(explicit.rows.map(idOf)).toEqual(early.rows.map(idOf));
	});

	it("all dated rows of a stated window", () => {
		const { rows } = asked({ filter, window: { between: ["2025-12-01", "2025-12-31"] } });
		for (const { nearest_row: nearest } of rows)
			expect(nearest).toMatchObject({ kind: "dated", date: expect.stringMatching(/^2025-12/) });
		expect(rows.length).toBeGreaterThan(10);
	});

	it("refuses a named row of another model or other lengths, and sets one aside that is not of the parts asked for", () => {
		const window = named(["ix-203761ba"]);
		const other = refusal(() => asked({ filter: { ...filter, isl: 1024 }, window }));
		expect(other).toMatchObject({ exit: 3, code: "wrong-lengths", detail: { field: "--row" } });
		expect(other.message).toContain("8192 tokens in and 1024 out");
		const model = refusal(() => asked({ filter: { ...filter, model: "gpt-oss-120b" }, window }));
		expect(model).toMatchObject({ exit: 3, code: "wrong-model" });
		const part = { ...filter, hardware: "b200-sxm" };
		const alone = refusal(() => asked({ filter: part, window }));
		expect(alone).toMatchObject({ exit: 3, code: "nothing-fits", detail: { field: "--row" } });
		expect(alone.message).toContain("its hardware is gb300-nvl72, asked for is b200-sxm");
		const { rows, unranked } = asked({ filter: part, window: named(["ix-203761ba", "ix-255cede9"]) });
		expect(rows.map(idOf)).toEqual(["ix-255cede9"]);
		expect(unranked).toMatchObject([{ row: "ix-203761ba", code: "not-asked-for" }]);
	});

	it("or the named ones, whatever their date", () => {
		const ids = ["ix-203761ba", "ix-255cede9"];
		const { rows } = asked({ filter, window: named(ids) });
		expect(new Set(rows.map(idOf))).toEqual(new Set(ids));
	});

	it("filtered by hardware, precision, stack, speculative method and kind of deployment", () => {
		const { rows } = asked({
			filter: {
				...filter,
				hardware: ["b200-sxm", "h200-sxm"],
				precision: ["fp8"],
				speculative: ["none"],
				disaggregated: false,
			},
		});
		expect(new Set(rows.map(({ hardware }) => hardware))).toEqual(new Set(["b200-sxm", "h200-sxm"]));
		for (const row of rows) {
			expect(row).toMatchObject({ precision: "fp8", speculative: "none" });
			expect(benchmarkRow(row.nearest_row.id).disaggregated).toBe(false);
		}
	});

	it("not those that fail a check of what the answer needs", () => {
		const broken = withRows({ "ix-203761ba": { interactivityTokensPerSecond: 500 } });
		const { rows, unranked } = asked({ filter: { ...filter, ...GB300 } }, asking("frontier"), broken);
		expect(rows.map(idOf)).not.toContain("ix-203761ba");
		expect(unranked).toMatchObject([{ row: "ix-203761ba", code: "failed-check", rows: 1 }]);
		expect(unranked[0]?.reason).toContain("ix-203761ba: 500 tok/s/user against 1 /");
	});

	it("not those on a part without a rate", () => {
		const rates = cardRates("2025-08", "own_hyperscaler");
		const question = { filter: { model: "deepseek-r1", isl: 8192, osl: 1024 }, window: {} };
		const moved = withRows({ "ix-255cede9": { hardware: "tpu-v7" } });
		const { unranked } = frontier(moved, question, rates, asking("frontier")).result;
		expect(unranked.map(({ row, code }) => [row, code])).toContainEqual(["ix-255cede9", "no-rate"]);
		expect(unranked.find(({ code }) => code === "no-rate")?.reason).toBe(
			"card 2025-08 has no own_hyperscaler rate for tpu-v7",
		);
	});
});

describe("a limit on TTFT", () => {
	const limited = { limitSeconds: 5, statistic: "median", unknown: "exclude" } as const;

	it("lists each row without a TTFT, and each that misses it, and ranks neither", () => {
		const { rows, unranked } = asked({ filter, ttft: limited });
		const reasons = new Map(unranked.map((line) => [line.row, line]));
		for (const point of latestRows(catalogue.benchmarks.filter(isAsked))) {
			const ttft = point.latency.ttft?.median;
			const line = reasons.get(point.id);
			if (ttft === undefined) expect(line).toMatchObject({ code: "ttft-unknown", rows: 1 });
			else if (ttft > 5) expect(line).toMatchObject({ code: "ttft-missed" });
		}
		for (const row of rows) {
			expect(row.ttft_state).toBe("known");
			expect(row.ttft?.value).toBeLessThanOrEqual(5);
			const between = row.state === "interpolated";
			expect(row.ttft).toMatchObject({
				unit: "s",
				grade: between ? "C" : "B",
				state: between ? "interpolated" : "measured",
			});
		}
	});

	it("is refused with the lowest measured where no row keeps it", () => {
		const error = refusal(() => asked({ filter, ttft: { ...limited, limitSeconds: 0.001 } }));
		expect(error).toMatchObject({ exit: 3, code: "nothing-fits", detail: { field: "--ttft" } });
		const least = Number(/(\d+)ms/.exec(error.detail.hint ?? "")?.[1]) / 1000;
		expect(asked({ filter, ttft: { ...limited, limitSeconds: least } }).rows.length).toBeGreaterThan(0);
	});

	it("ranks rows without one where that is accepted, with a warning", () => {
		const { result, warnings } = answered({ filter, ttft: { ...limited, unknown: "accept" } });
		expect(result.unranked.some(({ code }) => code === "ttft-unknown")).toBe(false);
		expect(result.rows.some((row) => row.ttft_state === "unknown" && row.ttft === undefined)).toBe(true);
		const [warning, ...others] = warnings.filter(({ code }) => code === "ttft-unknown");
		expect(others).toEqual([]);
		expect(warning?.message).toMatch(/^\d+ rows are ranked although their TTFT is not known: ix-/);
	});

	it("changes what is cheapest: an unusable point of 80 seconds", () => {
		const slow = "ix-203761ba";
		const stalled = withRows({ [slow]: { latency: { ...benchmarkRow(slow).latency, ttft: { median: 80, p99: 90 } } } });
		const question = { filter: { ...filter, ...GB300 }, ttft: limited };
		expect(asked(question).rows.map(idOf)).toContain(slow);
		const { rows, unranked } = asked(question, asking("frontier"), stalled);
		expect(rows.map(idOf)).not.toContain(slow);
		expect(unranked).toContainEqual(
			expect.objectContaining({ row: slow, reason: "median TTFT 80.00 s is over the limit of 5 s" }),
		);
	});

	it("takes the slower of the two rows that a value is read between", () => {
		for (const row of at(50, limited).rows) {
			const times = row.sources.map((id) => benchmarkRow(id).latency.ttft?.median as number);
			expect(row.ttft?.value).toBe(Math.max(...times));
		}
	});

	it("may be held against another statistic", () => {
		const p99 = asked({ filter, ttft: { ...limited, statistic: "p99" } });
		expect(p99.rows.length).toBeLessThan(asked({ filter, ttft: limited }).rows.length);
		for (const row of p99.rows) expect(row.ttft?.node).toMatch(/\.ttft\.p99$/);
	});
});

describe("an answer", () => {
	it("has no leaf without source, date and grade, and a node for each quantity", () => {
		expect(bareLeaves(answered({ filter, at: 50 }))).toEqual([]);
		expect(bareLeaves(answered({ filter: { ...filter, hardware: ["gb200-nvl72", "h100-sxm"] } }))).toEqual([]);
		const found = quantitiesIn(at(50));
		for (const { path, quantity } of found) expect(quantity.node, path).toBeDefined();
	});

	it("is explained by rank down to the rows on both sides", () => {
		const answer = saved(answered({ filter, at: 50 }));
		const first = (answer.result as FrontierResult).rows[0] as FrontierRow;
		const rows = leavesOf(whyNode(answer, "1")).map(({ node }) => node);
		expect(rows).toEqual(expect.arrayContaining([...first.sources]));
		expect(whyNode(answer, "unit_cost.headline.output").node).toBe(first.unit_cost.output.node);
	});

	it("flags an old card", () => {
		expect(answered({ filter, at: 50 }).warnings.map(({ code }) => code)).toEqual(["stale-price"]);
	});

	it("is the same twice", () => {
		expect(JSON.stringify(answered({ filter }))).toBe(JSON.stringify(answered({ filter })));
	});

	it("changes with a row and with a card", () => {
		const only = { filter: { ...filter, ...GB300 }, window: named(["ix-203761ba"]) };
		const before = asked(only).rows[0]?.unit_cost.total.value as number;
		const faster = withRows({ "ix-203761ba": { tokensPerGpuSecond: 2 * 14_550.8713 } });
		expect(asked(only, asking("frontier"), faster).rows[0]?.unit_cost.total.value).toBeCloseTo(before / 2, 12);
		const { result } = frontier(catalogue, only, cardRates("2025-08", "rent_3yr"), asking("frontier"));
		expect(result.rows[0]?.unit_cost.total.value).toBeCloseTo((before * 3.96) / 2.31, 9);
	});

	it("is refused where nothing was measured, with what was", () => {
		const model = refusal(() => asked({ filter: { ...filter, model: "llama-3.1-405b" } }));
		expect(model).toMatchObject({ exit: 3, code: "no-data" });
		expect(model.detail.nearest).toContain("deepseek-r1");
		const lengths = refusal(() => asked({ filter: { ...filter, isl: 2000 } }));
		expect(lengths).toMatchObject({ exit: 3, code: "no-data" });
		expect(lengths.detail.nearest).toEqual(["1024/1024", "1024/8192", "8192/1024"]);
		const format = refusal(() => asked({ filter: { ...filter, hardware: ["h200-sxm"], precision: ["nvfp4"] } }));
		expect(format).toMatchObject({ exit: 3, code: "no-data", detail: { field: "--precision", nearest: ["fp8"] } });
		expect(format.message).toContain("with hardware h200-sxm has precision nvfp4");
	});
});

describe("the envelope of all rows of a part and format", () => {
	// inferencex.md §6.1, made with linear interpolation of throughput over all rows, repeats included, not the latest alone.
	it.each<[number, string, string, readonly number[]]>([
		[8192, "h200-sxm", "fp8", [2160, 1468, 707, 527, 383]],
		[8192, "b200-sxm", "fp8", [2926, 2243, 1623, 1405, 1223]],
		[8192, "b200-sxm", "nvfp4", [13_305, 10_570, 9571, 2380, 2219]],
		[8192, "gb200-nvl72", "nvfp4", [14_873, 14_128, 4492, 4396, 4365]],
		[8192, "gb300-nvl72", "nvfp4", [16_233, 15_496, 14_101, 11_381, 9418]],
		[8192, "mi355x", "fp8", [3592, 1615, 1434, 886, 565]],
		[8192, "mi355x", "mxfp4", [3036, 2854, 2701, 2606, 2476]],
		[1024, "h200-sxm", "fp8", [1780, 751, 248, 125, 95]],
		[1024, "b200-sxm", "nvfp4", [11_979, 10_375, 6602, 1189, 944]],
		[1024, "gb200-nvl72", "nvfp4", [9544, 8941, 8383, 7085]],
		[1024, "gb300-nvl72", "nvfp4", [16_575, 14_355, 11_420, 8048, 6065]],
		[1024, "mi355x", "mxfp4", [2203, 1981, 1807, 892, 674]],
	])(
		"is within 6%% of the published one at 30, 50, 75, 100 and 116 tok/s/user: %d in, %s %s",
		(isl, part, format, speeds) => {
			const table = envelopeOf(isl, part, format);
			speeds.forEach((speed, i) => {
				const at = [30, 50, 75, 100, 116][i] as number;
				expect(Math.abs(tableValue(table, at) / speed - 1), `at ${at}`).toBeLessThan(0.06);
			});
		},
	);

	it("differs most where its rows are far apart, by less than its error band", () => {
		const table = envelopeOf(1024, "gb200-nvl72", "nvfp4");
		const band = errorBand(table, 116);
		expect(band?.lowTokensPerGpuSecond).toBeLessThan(5669);
		expect(band?.highTokensPerGpuSecond).toBeGreaterThan(5669);
	});
});

describe("rows left out one at a time", () => {
	it("are missed by 7.0% in the median, by 32% one time in ten, by 435% at worst", () => {
		const groups = groupedBy(
			catalogue.benchmarks,
			(point) => `${point.model} ${point.isl} ${point.osl} ${frontierKey(point)}`,
		);
		const errors = [...groups.values()].flatMap((rows) => {
			const front = paretoRows(latestRows(rows));
			return front.slice(1, -1).map((left) => {
				const others = front.filter((point) => point !== left);
				const table = frontierTable("others", others, { source: () => "", grade: "B" });
				return Math.abs(tableValue(table, left.interactivityTokensPerSecond) / left.tokensPerGpuSecond - 1);
			});
		});
		const sorted = Float64Array.from(errors);
		expect(errors.length).toBeGreaterThan(1000);
		expect(quantile(sorted, 0.5)).toBeCloseTo(0.07, 2);
		expect(quantile(sorted, 0.9)).toBeCloseTo(0.32, 1);
		expect(Math.max(...errors)).toBeLessThan(4.4);
	});
});

function at(speed: number, ttft?: FrontierQuestion["ttft"]): FrontierResult {
	return asked({ filter, at: speed, ...(ttft === undefined ? {} : { ttft }) });
}

function asked(
	question: Omit<FrontierQuestion, "window"> & Partial<FrontierQuestion>,
	asks: ReturnType<typeof asking> = asking("frontier"),
	of: Catalogue = catalogue,
): FrontierResult {
	return answered(question, asks, of).result;
}

function answered(
	question: Omit<FrontierQuestion, "window"> & Partial<FrontierQuestion>,
	asks: ReturnType<typeof asking> = asking("frontier"),
	of: Catalogue = catalogue,
): Envelope<FrontierResult> {
	return frontier(of, { window: {}, ...question }, cardRates("2026-07", "own_hyperscaler"), asks);
}

function isAsked({ model, isl, osl }: BenchmarkPoint): boolean {
	return model === "deepseek-r1" && isl === 8192 && osl === 1024;
}

function rowsLike(row: FrontierRow): BenchmarkPoint[] {
	return catalogue.benchmarks.filter(
		(point) =>
			isAsked(point) &&
			point.hardware === row.hardware &&
			point.precision === row.precision &&
			point.stack === row.stack &&
			point.speculative === row.speculative &&
			usable(point, checkRow(point), ["tokensPerGpuSecond"]).usable,
	);
}

function idOf({ nearest_row: nearest }: FrontierRow): string {
	return nearest.id;
}

function envelopeOf(isl: number, part: string, format: string) {
	const rows = catalogue.benchmarks.filter(
		({ model, hardware, precision, isl: input, osl }) =>
			model === "deepseek-r1" && hardware === part && precision === format && input === isl && osl === 1024,
	);
	return frontierTable("envelope", latestRows(rows, { repeats: true }), { source: () => "", grade: "B" });
}

function named(ids: readonly string[]): { named: NamedRow[] } {
	return { named: rowsOfFlag(ids) };
}
