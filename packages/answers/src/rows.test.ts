import type { AnyExpr, Gap } from "@farthing/engine";
import { checkRow } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { benchmarkRow, catalogue, refusal } from "../test-support/questions.ts";
import {
	isMatch,
	layoutOf,
	matchingRows,
	mayAnswer,
	namedRows,
	rowName,
	rowsOfFlag,
	splitThroughputInput,
	windowUpTo,
} from "./rows.ts";

const DISAGGREGATED = "ix-203761ba";
const AGGREGATED = "ix-255cede9";
const MEDIAN = "ix-def9faf0";
const TAINTED = "ix-5ba5ce8f";

describe("isMatch", () => {
	const point = benchmarkRow(DISAGGREGATED);

	it("takes a row that has all that is asked, one value or one of several", () => {
		expect(isMatch(point, {})).toBe(true);
		expect(
			isMatch(point, { model: "deepseek-r1", hardware: ["b200-sxm", "gb300-nvl72"], isl: 8192, disaggregated: true }),
		).toBe(true);
	});

	it.each([
		{ model: "gpt-oss-120b" },
		{ hardware: ["b200-sxm"] },
		{ precision: "fp8" },
		{ stack: [] },
		{ speculative: ["none"] },
		{ disaggregated: false },
		{ multinode: false },
		{ isl: 1024 },
		{ osl: 8192 },
	])("leaves out a row that is not %o", (filter) => {
		expect(isMatch(point, filter)).toBe(false);
	});
});

describe("matchingRows", () => {
	it("takes one row per configuration", () => {
		const filter = { model: "deepseek-r1", isl: 8192, osl: 1024 };
		const latest = matchingRows(catalogue.benchmarks, filter);
		const all = catalogue.benchmarks.filter((point) => isMatch(point, filter));
		expect(latest.length).toBeLessThan(all.length);
	});
});

describe("namedRows", () => {
	it("takes each row once, and refuses those of another workload", () => {
		const question = { model: "deepseek-r1", isl: 8192, osl: 1024 };
		const ids = catalogue.benchmarks.filter((point) => isMatch(point, question)).map(({ id }) => id);
		const three = ids.slice(0, 3);
		const named = rowsOfFlag([...three, ...three]);
		expect(namedRows(catalogue.benchmarks, named, question).map(({ point }) => point.id)).toEqual(three);
		const asked = (other: Partial<typeof question>) =>
			refusal(() => namedRows(catalogue.benchmarks, named, { ...question, ...other }));
		expect(asked({ isl: 1024 })).toMatchObject({ exit: 3, code: "wrong-lengths" });
		expect(asked({ model: "gpt-oss-120b" })).toMatchObject({ exit: 3, code: "wrong-model" });
		const none = refusal(() => namedRows(catalogue.benchmarks, rowsOfFlag(["ix-none"]), question));
		expect(none).toMatchObject({ exit: 3, code: "unknown-row", detail: { field: "--row" } });
	});
});

describe("windowUpTo", () => {
	it("ends at the day of the question unless days or rows are chosen", () => {
		expect(windowUpTo({}, "2026-01-01")).toEqual({ asOf: "2026-01-01" });
		expect(windowUpTo({ asOf: "2025-12-01" }, "2026-01-01")).toEqual({ asOf: "2025-12-01" });
		const between = ["2025-12-01", "2025-12-31"] as const;
		expect(windowUpTo({ between }, "2026-01-01")).toEqual({ between });
	});
});

describe("mayAnswer", () => {
	it("leaves a row out only of what needs a field that failed or is absent", () => {
		const tainted = { point: benchmarkRow(TAINTED), checks: checkRow(benchmarkRow(TAINTED)) };
		expect(mayAnswer(tainted, ["tokensPerGpuSecond", "interactivityTokensPerSecond"])).toEqual({ ok: true });
		expect(mayAnswer(tainted, ["decode.gpus"])).toMatchObject({
			ok: false,
			reason: expect.stringContaining(`${TAINTED}: `),
		});
		const median = { point: benchmarkRow(MEDIAN), checks: [] };
		expect(mayAnswer(median, ["latency.ttft"])).toEqual({ ok: false, reason: "latency.ttft is not published" });
	});
});

describe("splitThroughputInput", () => {
	it("spreads the rate of one role over all GPUs", () => {
		const point = benchmarkRow(DISAGGREGATED);
		const checked = { point, checks: checkRow(point) };
		const values = (["input", "output"] as const).map((kind) =>
			valueOf(splitThroughputInput(catalogue, checked, kind)),
		);
		expect(values[1]).toBeCloseTo(((point.outputTokensPerDecodeGpuSecond as number) * 16) / 42, 9);
		expect((values[0] as number) + (values[1] as number)).toBeCloseTo(point.tokensPerGpuSecond, 0);
	});

	it("takes the rates of an aggregated row as they are", () => {
		const point = benchmarkRow(AGGREGATED);
		const checked = { point, checks: checkRow(point) };
		expect(valueOf(splitThroughputInput(catalogue, checked, "output"))).toBe(point.outputTokensPerDecodeGpuSecond);
	});

	it("does not spread the rate of a role over GPUs that nobody counted", () => {
		const point = { ...benchmarkRow(DISAGGREGATED), decode: { tp: 16 } };
		const split = splitThroughputInput(catalogue, { point, checks: [] }, "output");
		expect(split).toEqual({ missing: "decode.gpus is not published" });
	});

	it("says why a row cannot tell", () => {
		for (const id of [TAINTED, MEDIAN]) {
			const point = benchmarkRow(id);
			const split = splitThroughputInput(catalogue, { point, checks: checkRow(point) }, "output");
			expect(split).toMatchObject({ missing: expect.any(String) });
		}
	});
});

describe("names of a row", () => {
	it("say how it is laid out", () => {
		expect(layoutOf(benchmarkRow(DISAGGREGATED))).toBe("26+16 GPUs");
		expect(layoutOf(benchmarkRow(AGGREGATED))).toBe("TP4");
		expect(layoutOf({ ...benchmarkRow(AGGREGATED), decode: { tp: 8, ep: 8, dpAttention: true } })).toBe(
			"TP8 EP8 DP-attention",
		);
		expect(layoutOf({ ...benchmarkRow(AGGREGATED), decode: {} })).toBe("layout not stated");
		expect(rowName(benchmarkRow(DISAGGREGATED))).toBe(
			"gb300-nvl72 dynamo-tensorrt-llm nvfp4 mtp 26+16 GPUs, concurrency 1127",
		);
	});
});

function valueOf(of: AnyExpr | Gap): number | undefined {
	if ("missing" in of || of.data.op !== "input" || of.data.spec.value.kind !== "point") return undefined;
	return of.data.spec.value.value;
}
