import { describe, expect, it } from "vitest";
import { fact } from "../../test-support/point-fact.ts";
import type { AnyExpr } from "../model/expression.ts";
import { quantityJson } from "../model/quantity-json.ts";
import { why } from "../model/why.ts";
import type { BenchmarkPoint } from "../performance/benchmark-point.ts";
import { frontierTable } from "../performance/frontier.ts";
import type { AnyUnit } from "../quantity/unit.ts";
import { fraction, kilowatt, one, tokensPerGpuSecond, usdPerGpuHour, usdPerMtok } from "../quantity/unit.ts";
import type { ClaimDefinition, ClaimFacts, ClaimTest, FigureDefinition, FigureSpec, Gap } from "./claim.ts";
import { testClaim } from "./claim.ts";

const times: AnyUnit = { ...one, symbol: "x" };
const missing: Gap = { missing: "nobody has measured it" };

describe("testClaim", () => {
	it("computes a figure from facts by the formulas of any other cost", () => {
		const result = tested({ figures: [rate, throughput, cost] });
		const json = quantityJson(result.evaluation, result.figures.get("cost") as string);
		expect(json.value).toBeCloseTo(0.018858, 6);
		expect(json).toMatchObject({ unit: "USD/Mtok", tokens: "total", basis: "headline", grade: "B" });
		expect(json.node).toBe("claim.test.cost");
		const leaves = why(result.evaluation, "claim.test.cost").inputs.flatMap((each) => each.inputs);
		expect(leaves.map(({ node }) => node).sort()).toEqual(["rate.b200", "row.total"]);
	});

	it("computes with a load, arithmetic, statistics, shares and facts", () => {
		const of = ["loaded", "sum", "difference", "product", "ratio", "drift", "accuracy", "share", "power", "fact"];
		const result = tested({
			figures: [
				rate,
				throughput,
				cost,
				value("load", fraction, 0.6),
				figure("loaded", usdPerMtok("total"), { kind: "cost", rate: "rate", throughput: "throughput", load: "load" }),
				value("two", times, 2),
				value("three", times, 3),
				figure("sum", times, { kind: "arithmetic", operator: "add", of: ["two", "three", "three"] }),
				figure("difference", times, { kind: "arithmetic", operator: "subtract", of: ["two", "three"] }),
				figure("product", times, { kind: "arithmetic", operator: "multiply", of: ["two", "three"] }),
				figure("ratio", times, { kind: "arithmetic", operator: "divide", of: ["two", "three"] }),
				figure("drift", times, { kind: "drift", select: {}, minimumDays: 45, perDays: 90 }),
				figure("accuracy", fraction, { kind: "accuracy", from: ["fp8"], to: ["nvfp4"] }),
				figure("share", fraction, { kind: "build-up-share", assumptions: "own", hardware: "b200", part: "energy" }),
				figure("power", kilowatt, { kind: "power", hardware: "b200", card: "2025" }),
				figure("fact", fraction, { kind: "fact", fact: "some/fact" }),
			],
		});
		const values = of.map((name) => quantityJson(result.evaluation, result.figures.get(name) as string).value);
		const expected = [0.031429, 8, -1, 6, 2 / 3, 1.05, -0.001, 0.06, 2.17, 0.5];
		expected.forEach((each, i) => expect(values[i]).toBeCloseTo(each, 6));
		expect(result.computed.get("drift")).toMatchObject({ count: 19, p10: 0.97, p90: 1.6 });
	});

	it("reads a frontier at the speed the claim names, on the day of the claim", () => {
		const at = (target: number) => tested({ figures: [frontierAt(target)] });
		expect(valueIn(at(20), "speed")).toBe(4000);
		expect(valueIn(at(30), "speed")).toBeCloseTo(2000, 6);
		expect(valueIn(at(10), "speed")).toBe(4000);
		const target = why(at(30).evaluation, "claim.test.speed").inputs.find(({ node }) => node.endsWith(".target"));
		expect(target?.source).toMatchObject({ as_of: "2025-10", role: "condition" });
	});

	it.each<[string, readonly ClaimTest[], string]>([
		["every test passes", [test("claim", "two", "<=", "three"), test("condition", "two", "<", "three")], "holds"],
		[
			"a condition breaks",
			[test("claim", "two", "<=", "three"), test("condition", "three", "<", "two")],
			"conditional",
		],
		[
			"a condition is not known",
			[test("claim", "two", "<", "three"), test("condition", "gone", "<", "two")],
			"conditional",
		],
		["the claim breaks", [test("claim", "three", "<=", "two"), test("condition", "two", "<", "three")], "fails"],
		[
			"one of two claim tests breaks",
			[test("claim", "two", "<", "three"), test("claim", "two", ">", "three")],
			"fails",
		],
		[
			"the claim is not known",
			[test("claim", "gone", "<", "two"), test("condition", "two", "<", "three")],
			"unverified",
		],
		[
			"part of the claim is not known",
			[test("claim", "gone", "<", "two"), test("claim", "two", "<", "three")],
			"unverified",
		],
		[
			"part of the claim breaks, part is not known",
			[test("claim", "gone", "<", "two"), test("claim", "three", "<", "two")],
			"fails",
		],
		["nothing tests the claim", [test("condition", "two", "<", "three")], "unverified"],
	])("verdict where %s", (_, tests, verdict) => {
		const figures = [value("two", times, 2), value("three", times, 3), figure("gone", times, rowOf("no-such-row"))];
		expect(tested({ figures, tests }).verdict).toBe(verdict);
	});

	it("holds a figure near enough where the test says how near", () => {
		const figures = [value("found", times, 14.3), value("claimed", times, 15)];
		const near = (factor: number) =>
			tested({ figures, tests: [{ ...test("claim", "found", ">=", "claimed"), factor }] });
		expect(near(1).verdict).toBe("fails");
		expect(near(0.95).verdict).toBe("holds");
		expect(near(0.9534).verdict).toBe("fails");
	});

	it("says what is missing in the words of the fact, here and in all that rests on it", () => {
		const ratio = figure("ratio", times, { kind: "arithmetic", operator: "divide", of: ["gone", "throughput"] });
		const gone = figure("gone", tokensPerGpuSecond("total"), rowOf("no-such-row"));
		const tests = [test("claim", "ratio", ">", "ratio")];
		const result = tested({ figures: [throughput, gone, ratio], tests });
		expect(result.gaps).toEqual(
			new Map([
				["gone", missing.missing],
				["ratio", missing.missing],
			]),
		);
		expect(result.figures.has("ratio")).toBe(false);
		expect(result.conditions).toEqual([{ test: "claim", passed: undefined, words: missing.missing }]);
	});

	it("has no number beyond the measured frontier, and says so", () => {
		const tests = [test("claim", "speed", ">", "speed")];
		const result = tested({ figures: [frontierAt(41)], tests });
		expect(result.verdict).toBe("unverified");
		expect(result.figures.has("speed")).toBe(false);
		expect(result.gaps.get("speed")).toBe("speed lies outside the measured frontier");
	});

	it("does not compute with a figure that comes later or nowhere", () => {
		const ratio = figure("ratio", times, { kind: "arithmetic", operator: "divide", of: ["two", "three"] });
		const result = tested({ figures: [value("two", times, 2), ratio, value("three", times, 3)] });
		expect(result.gaps.get("ratio")).toBe("no figure three is defined before it is used");
	});

	it("puts figures into words, unknown ones as unknown", () => {
		const figures = [value("two", times, 2), value("three", times, 3), figure("gone", times, rowOf("no-such-row"))];
		const words = { holds: "{two} is below {three}, {gone}", breaks: "{two} is not below {three}" };
		const of = (left: string, right: string) =>
			tested({ figures, tests: [{ ...test("claim", left, "<", right), ...words }] }).conditions[0]?.words;
		expect(of("two", "three")).toBe("2 x is below 3 x, unknown");
		expect(of("three", "two")).toBe("2 x is not below 3 x");
	});

	it("refuses a figure in another unit than its formula gives", () => {
		const wrong = figure("cost", usdPerGpuHour, { kind: "arithmetic", operator: "divide", of: ["rate", "throughput"] });
		expect(() => tested({ figures: [rate, throughput, wrong] })).toThrow("claim.test.cost is declared in USD/GPU-hr");
	});
});

const rate = figure("rate", usdPerGpuHour, { kind: "rate", hardware: "b200", card: "2025", tier: "own" });
const throughput = figure("throughput", tokensPerGpuSecond("total"), rowOf("row"));
const cost = figure("cost", usdPerMtok("total"), { kind: "cost", rate: "rate", throughput: "throughput" });

function frontierAt(at: number): FigureDefinition {
	return figure("speed", tokensPerGpuSecond("total"), { kind: "frontier", select: {}, at });
}

function rowOf(row: string): FigureSpec {
	return { kind: "row", row, tokens: "total" };
}

function figure(name: string, unit: AnyUnit, spec: FigureSpec): FigureDefinition {
	return { name, label: name, unit, spec, shown: true };
}

function value(name: string, unit: AnyUnit, of: number): FigureDefinition {
	return figure(name, unit, {
		kind: "value",
		value: of,
		grade: "E",
		source: "the claim",
		asOf: "2025-10",
		role: "condition",
	});
}

function test(role: ClaimTest["role"], left: string, comparison: ClaimTest["comparison"], right: string): ClaimTest {
	return { id: role, role, left, comparison, right, factor: 1, holds: "", breaks: "" };
}

function tested(of: { figures: readonly FigureDefinition[]; tests?: readonly ClaimTest[] }) {
	const definition: ClaimDefinition = {
		id: "test",
		claim: "it is so",
		origin: { who: "somebody", date: "2025-10", conditions: "none" },
		definition: "what it must mean",
		tests: [],
		leavesOut: [],
		...of,
	};
	return testClaim(definition, facts, (shown, unit) => `${shown} ${unit.symbol}`);
}

function valueIn(result: ReturnType<typeof tested>, name: string): number | undefined {
	return quantityJson(result.evaluation, result.figures.get(name) as string).value;
}

const statistic = { source: "a test", asOf: "2026-01-01", grade: "B", note: "" } as const;
const evidence = { source: () => "a test", grade: "B" } as const;

const facts: ClaimFacts = {
	rate: () => fact("rate.b200", usdPerGpuHour, 1.95),
	power: () => fact("power.b200", kilowatt, 2.17),
	row: (id): AnyExpr | Gap => (id === "row" ? fact("row.total", tokensPerGpuSecond("total"), 28_724.2) : missing),
	frontier: () => frontierTable("frontier", [measured("slow", 20, 4000), measured("fast", 40, 1000)], evidence),
	drift: () => ({ ...statistic, value: 1.05, p10: 0.97, p90: 1.6, count: 19 }),
	accuracy: () => ({ ...statistic, value: -0.001, count: 3 }),
	buildUpShare: () => fact("share", fraction, 0.06),
	fact: () => fact("some.fact", fraction, 0.5),
};

function measured(id: string, interactivity: number, tokensPerGpuSecond: number): BenchmarkPoint {
	return {
		id,
		family: "inferencex",
		kind: "dated",
		model: "m",
		hardware: "h",
		stack: "s",
		precision: "fp8",
		speculative: "none",
		disaggregated: false,
		multinode: false,
		isl: 1024,
		osl: 1024,
		concurrency: 8,
		decode: { tp: 8 },
		measuredOn: "2026-01-01",
		tokensPerGpuSecond,
		interactivityTokensPerSecond: interactivity,
		latency: {},
		source: "a test",
	};
}
