import type { AccuracyRun, Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint } from "@farthing/engine";
import { describe, expect, it } from "vitest";
import {
	asking,
	bareLeaves,
	benchmarkRow,
	catalogue,
	leavesOf,
	refusal,
	saved,
	withRate,
	withRows,
	withRowsWhere,
} from "../test-support/questions.ts";
import type { ClaimAnswer } from "./claim.ts";
import { claim, claims } from "./claim.ts";
import { whyNode } from "./why.ts";

const IDS = [
	"b200-gptoss-2c",
	"blackwell-15x-cost",
	"gb200-15x-roi",
	"trtllm-5x-2mo",
	"gb300-35x",
	"gb300-50x-mw",
	"1b-day-tens-of-millions",
	"inferencex-100x",
	"gb300-dsr1-4c",
	"power-network-equals-depreciation",
	"nvfp4-no-accuracy-loss",
] as const;

describe("a claim on an earlier day", () => {
	it("says that it is tested on what nobody could have known, and is silent on the day of the catalogue", () => {
		const codes = (asOf: string): string[] =>
			claim(catalogue, "gb300-35x", asking("claim", { asOf })).warnings.map(({ code }) => code);
		expect(codes("2025-11-01")).toContain("later-fact");
		expect(codes(catalogue.releaseDate)).not.toContain("later-fact");
	});
});

describe("a figure that rests on the claimed revenue", () => {
	it("has the grade of a claim, and one that does not has that of its evidence", () => {
		const { figures } = claim(catalogue, "gb200-15x-roi", asking("claim")).result;
		for (const name of ["return_on_cost", "revenue_at_60", "implied_price", "revenue_multiple"])
			expect(figures[name], name).toMatchObject({ grade: "E" });
		expect(figures["measured"]?.grade).not.toBe("E");
	});
});

describe("the claims of the catalogue", () => {
	it.each<[string, Readonly<Record<string, number>>, number]>([
		["b200-gptoss-2c", { unit_cost: 0.0189, unit_cost_output: 0.0377, required_tokens_per_gpu_second: 27_083 }, 0.005],
		["gb300-35x", { unit_cost_hopper: 4.2045, unit_cost_blackwell: 0.1234, cost_ratio: 34.1 }, 0.005],
		["blackwell-15x-cost", { throughput_ratio: 16.5, cost_ratio: 10.6 }, 0.03],
		["gb200-15x-roi", { implied_price: 1.101 }, 0.005],
		["1b-day-tens-of-millions", { annual_difference: 102_200 }, 0.005],
		["gb300-50x-mw", { ratio_card_2025_08: 52.8, ratio_card_2026_07: 41.4 }, 0.005],
		["gb300-dsr1-4c", { unit_cost_1k1k: 0.0402, unit_cost_8k1k: 0.0447 }, 0.005],
		["inferencex-100x", { throughput_ratio: 99.6, tokens_per_dollar_ratio: 48.8 }, 0.05],
		["trtllm-5x-2mo", { drift_per_90_days: 1.05 }, 0.005],
		["power-network-equals-depreciation", { capital_share: 0.784, power_share: 0.0543, network_share: 0.1646 }, 0.005],
	])("have the published figures: %s", (id, expected, tolerance) => {
		const { figures } = answer(id);
		for (const [name, value] of Object.entries(expected)) {
			expect(Math.abs((figures[name]?.value as number) / value - 1), name).toBeLessThan(tolerance);
		}
	});

	it("rest the drift of TensorRT-LLM on 19 pairs", () => {
		const { result } = claim(catalogue, "trtllm-5x-2mo", asking("claim"));
		expect(result.figures["drift_per_90_days"]).toMatchObject({ grade: "B" });
		const { graph } = saved(claim(catalogue, "trtllm-5x-2mo", asking("claim")));
		const note = graph?.nodes.find(({ id }) => id === "claim.trtllm-5x-2mo.drift_per_90_days")?.["spec"];
		expect(note).toMatchObject({ note: expect.stringContaining("median over 19 pairs at least 45 days apart") });
	});

	it("give the difference in accuracy with its interval", () => {
		const figure = answer("nvfp4-no-accuracy-loss").figures["accuracy_difference"];
		expect(figure?.value).toBeGreaterThan(-0.005);
		expect(figure?.value).toBeLessThan(0.005);
		expect(figure?.p10).toBeLessThan(figure?.value as number);
		expect(figure?.p90).toBeGreaterThan(figure?.value as number);
		expect(figure?.p50).toBe(figure?.value);
	});

	it("are eleven, each with a verdict and its conditions in words", () => {
		const { result, warnings } = claims(catalogue, asking("claim"));
		const verdicts = Object.fromEntries(result.claims.map(({ id, verdict }) => [id, verdict]));
		expect(verdicts).toEqual({
			"b200-gptoss-2c": "conditional",
			"blackwell-15x-cost": "fails",
			"gb200-15x-roi": "conditional",
			"trtllm-5x-2mo": "unverified",
			"gb300-35x": "conditional",
			"gb300-50x-mw": "conditional",
			"1b-day-tens-of-millions": "fails",
			"inferencex-100x": "conditional",
			"gb300-dsr1-4c": "conditional",
			"power-network-equals-depreciation": "fails",
			"nvfp4-no-accuracy-loss": "conditional",
		});
		expect(result.claims.map(({ id }) => id)).toEqual(IDS);
		for (const { conditions, figures, origin } of result.claims) {
			expect(conditions.length).toBeGreaterThan(0);
			for (const words of conditions) expect(words).not.toMatch(/[{}]|unknown|undefined|NaN/);
			for (const quantity of Object.values(figures)) expect(Number.isFinite(quantity.value)).toBe(true);
			expect(origin.date).toMatch(/^20\d\d/);
		}
		expect(warnings.map(({ message }) => message)).toContain(
			"API price list of deepseek-r1 is 143 days old on 2026-11-22 (dated 2026-07-02)",
		);
	});

	it.each(IDS)("end at sources with date and grade: %s", (id) => {
		const asked = claim(catalogue, id, asking("claim"));
		expect(bareLeaves(asked)).toEqual([]);
		expect(asked.result.sources.length).toBeGreaterThan(0);
		expect(asked.result.attribution).toContain("unofficial");
	});

	it("say where they come from, what they are taken to mean and what they leave out", () => {
		const found = answer("b200-gptoss-2c");
		expect(found.origin).toMatchObject({ who: expect.stringContaining("NVIDIA"), date: "2025-10" });
		expect(found.definition).toContain("input plus output tokens");
		expect(found.leaves_out).toContain("idle time");
		expect(found.tests[0]).toMatchObject({ id: "own-conditions", role: "claim", passed: true });
		expect(found.sources.some((source) => source.startsWith("ix-def9faf0: "))).toBe(true);
		expect(found.sources.some((source) => source.startsWith("rate-cards/2025-08/b200-sxm/own_hyperscaler: "))).toBe(
			true,
		);
	});

	it("are explained like any other cost", () => {
		const result = saved(claim(catalogue, "gb300-35x", asking("claim")));
		const leaves = leavesOf(whyNode(result, "cost_ratio")).map(({ source }) => source?.at);
		expect(leaves).toEqual(
			expect.arrayContaining([
				"ix-96bab50e",
				"ix-941f5231",
				"rate-cards/2025-08/h200-sxm/own_hyperscaler",
				"rate-cards/2025-08/gb300-nvl72/own_hyperscaler",
			]),
		);
	});

	it("answer to other names, and offer the nearest for an unknown one", () => {
		const aliases = Object.entries(catalogue.aliases.claim);
		expect(aliases.length).toBeGreaterThan(0);
		for (const [alias, [id]] of aliases) {
			expect(claim(catalogue, alias, asking("claim")).result.id).toBe(id);
		}
		const error = refusal(() => claim(catalogue, "b200-gptoss-2d", asking("claim")));
		expect(error).toMatchObject({ exit: 3, code: "unknown-claim" });
		expect(error.detail.nearest).toContain("b200-gptoss-2c");
	});
});

describe("a changed row or card changes figures and, where it should, the verdict", () => {
	it("two cents on B200: the row, the owner rate, the rent", () => {
		const slower = answer("b200-gptoss-2c", speedOf("ix-def9faf0", 0.5));
		expect(slower.figures["unit_cost"]?.value).toBeCloseTo(2 * 0.0188575, 6);
		expect(slower.verdict).toBe("fails");
		const dearer = answer("b200-gptoss-2c", withRate("2025-08", "b200-sxm", "own_hyperscaler", 2.34));
		expect(dearer.figures["unit_cost"]?.value).toBeCloseTo(0.022629, 6);
		expect(dearer.figures["required_tokens_per_gpu_second"]?.value).toBeCloseTo(32_500, 0);
		expect(dearer.verdict).toBe("fails");
		const cheap = withRate("2025-08", "b200-sxm", "own_hyperscaler", 0.5);
		const both = { ...cheap, rateCards: withRate("2026-09", "b200-sxm", "rent_3yr", 0.5).rateCards };
		const merged = {
			...cheap,
			rateCards: cheap.rateCards.map((card, i) => (card.id === "2026-09" ? (both.rateCards[i] as typeof card) : card)),
		};
		expect(answer("b200-gptoss-2c", cheap).verdict).toBe("conditional");
		expect(answer("b200-gptoss-2c", merged).verdict).toBe("holds");
	});

	it("two cents on B200: without its row it is unverified, without another's row that condition is unknown", () => {
		const gone = answer("b200-gptoss-2c", withRows({ "ix-def9faf0": undefined }));
		expect(gone.verdict).toBe("unverified");
		expect(gone.figures).not.toHaveProperty("unit_cost");
		expect(gone.gaps["unit_cost"]).toBe("benchmark row ix-def9faf0 is not in the catalogue");
		expect(gone.figures["required_tokens_per_gpu_second"]?.value).toBeCloseTo(27_083, 0);
		const partly = answer("b200-gptoss-2c", withRows({ "ix-bde46f8d": undefined }));
		expect(partly.verdict).toBe("conditional");
		expect(partly.tests.find(({ id }) => id === "long-output")).toEqual({
			id: "long-output",
			role: "condition",
			words: "benchmark row ix-bde46f8d is not in the catalogue",
		});
	});

	it("15x lower cost: prices of the hours, rows of December 2025", () => {
		const equal = answer("blackwell-15x-cost", withRate("2025-08", "gb200-nvl72", "own_hyperscaler", 1.41));
		expect(equal.figures["cost_ratio"]?.value).toBeCloseTo(equal.figures["throughput_ratio"]?.value as number, 9);
		expect(equal.verdict).toBe("conditional");
		const faster = answer("blackwell-15x-cost", speedWhere(isGb200December, 2));
		expect(faster.figures["throughput_ratio"]?.value).toBeCloseTo(2 * 16.906, 1);
		expect(faster.tests[0]?.passed).toBe(true);
		const hopper = ({ hardware, multinode }: BenchmarkPoint): boolean => hardware === "h200-sxm" && !multinode;
		const unmeasured = answer(
			"blackwell-15x-cost",
			withRowsWhere(hopper, () => undefined),
		);
		expect(unmeasured.verdict).toBe("unverified");
		expect(unmeasured.gaps["throughput_h200"]).toContain("no benchmark row of deepseek-r1 h200-sxm fp8");
	});

	it("$75M from a rack: list prices, rent, measured throughput", () => {
		const before = answer("gb200-15x-roi");
		const cheapTokens = {
			...catalogue,
			apiPrices: catalogue.apiPrices.map((price) => ({
				...price,
				input: times(price.input, 0.5),
				output: times(price.output, 0.5),
			})),
		};
		const sold = answer("gb200-15x-roi", cheapTokens);
		expect(sold.figures["market_price"]?.value).toBeCloseTo((before.figures["market_price"]?.value as number) / 2, 9);
		expect(passed(before, "price")).toBe(true);
		expect(passed(sold, "price")).toBe(false);
		const rented = answer("gb200-15x-roi", withRate("2026-09", "gb200-nvl72", "rent_3yr", 2));
		expect(rented.figures["cost_rent"]?.value).toBeCloseTo((before.figures["cost_rent"]?.value as number) / 2, 3);
		const faster = answer("gb200-15x-roi", speedWhere(isGb200December, 1.05));
		expect([passed(before, "throughput"), passed(faster, "throughput")]).toEqual([false, true]);
		const unmeasured = answer(
			"gb200-15x-roi",
			withRowsWhere(
				({ hardware }) => hardware === "gb200-nvl72",
				() => undefined,
			),
		);
		expect(passed(unmeasured, "throughput")).toBeUndefined();
		expect(unmeasured.figures).not.toHaveProperty("measured");
		const unpriced = answer("gb200-15x-roi", { ...catalogue, apiPrices: [] });
		expect(passed(unpriced, "price")).toBeUndefined();
		expect(unpriced.gaps["market_price"]).toBe("no host's price of deepseek-r1");
		for (const each of [sold, rented, faster, unmeasured, unpriced]) expect(each.verdict).toBe("conditional");
	});

	it("5x in two months: rows of the two months, and pairs of one configuration", () => {
		const { period: _, ...row } = benchmarkRow("ix-def9faf0");
		const dated = (measuredOn: string, by: number): BenchmarkPoint => ({
			...row,
			id: measuredOn,
			kind: "dated",
			measuredOn,
			tokensPerGpuSecond: row.tokensPerGpuSecond * by,
		});
		const rising = (by: number) =>
			answer("trtllm-5x-2mo", {
				...catalogue,
				benchmarks: [...catalogue.benchmarks, dated("2025-08-05", 1), dated("2025-10-04", by)],
			});
		expect(rising(5).figures["gain_in_window"]?.value).toBeCloseTo(5, 9);
		expect(rising(5).verdict).toBe("conditional");
		expect(rising(1.3).verdict).toBe("fails");
		const isTensorRt = ({ hardware, stack }: BenchmarkPoint): boolean =>
			hardware === "b200-sxm" && stack === "tensorrt-llm";
		const late = answer(
			"trtllm-5x-2mo",
			speedWhere((point) => isTensorRt(point) && (point.measuredOn ?? "") > "2026-01-15", 2),
		);
		expect(late.figures["drift_per_90_days"]?.value).toBeGreaterThan(1.1);
		const none = answer(
			"trtllm-5x-2mo",
			withRowsWhere(
				(point) => isTensorRt(point) && point.kind === "dated",
				() => undefined,
			),
		);
		expect(none.figures).not.toHaveProperty("drift_per_90_days");
		expect(none.gaps["drift_per_90_days"]).toContain("measured twice, 45 days or more apart");
	});

	it("35x: both rows, both prices, and a row of the model it was moved to", () => {
		const slower = answer("gb300-35x", speedOf("ix-941f5231", 0.5));
		expect(slower.figures["cost_ratio"]?.value).toBeCloseTo(34.0754 / 2, 3);
		expect(slower.verdict).toBe("fails");
		const hopper = answer("gb300-35x", speedOf("ix-96bab50e", 1.2));
		expect(hopper.figures["unit_cost_hopper"]?.value).toBeCloseTo(4.20454 / 1.2, 4);
		expect(hopper.verdict).toBe("fails");
		const dearer = answer("gb300-35x", withRate("2025-08", "gb300-nvl72", "own_hyperscaler", 3.3));
		expect(dearer.figures["unit_cost_blackwell"]?.value).toBeCloseTo((0.123389 * 3.3) / 2.652, 5);
		expect(dearer.verdict).toBe("fails");
		const moved = { ...benchmarkRow("ix-941f5231"), id: "ix-moved", model: "gpt-oss-120b" };
		const measured = answer("gb300-35x", { ...catalogue, benchmarks: [...catalogue.benchmarks, moved] });
		expect([passed(answer("gb300-35x"), "gptoss"), passed(measured, "gptoss")]).toEqual([undefined, true]);
		const gone = answer("gb300-35x", withRows({ "ix-941f5231": undefined }));
		expect(gone.verdict).toBe("unverified");
		expect(gone.figures).not.toHaveProperty("cost_ratio");
	});

	it("50x per megawatt: the power of both cards", () => {
		const older = answer("gb300-50x-mw", withRate("2025-08", "gb300-nvl72", "allInPower", 4.2));
		expect(older.figures["ratio_card_2025_08"]?.value).toBeCloseTo(52.7986 / 2, 3);
		expect(older.verdict).toBe("fails");
		const newer = answer("gb300-50x-mw", withRate("2026-07", "gb300-nvl72", "allInPower", 1.5));
		expect(newer.figures["ratio_card_2026_07"]?.value).toBeCloseTo((41.4172 * 2.12) / 1.5, 3);
		expect(newer.verdict).toBe("holds");
		expect(answer("gb300-50x-mw", withRows({ "ix-96bab50e": undefined })).verdict).toBe("unverified");
	});

	it("tens of millions a year rests on stated numbers alone", () => {
		const emptied = { ...catalogue, benchmarks: [], rateCards: [], apiPrices: [] };
		expect(answer("1b-day-tens-of-millions", emptied)).toEqual(answer("1b-day-tens-of-millions"));
		const stated = answer("1b-day-tens-of-millions", withStated("1b-day-tens-of-millions", "volume", 1e11));
		expect(stated.figures["annual_difference"]?.value).toBeCloseTo(10_220_000, 3);
		expect(stated.verdict).toBe("holds");
	});

	it("100x: rows of both, price of both", () => {
		const isGb300 = ({ hardware }: BenchmarkPoint): boolean => hardware === "gb300-nvl72";
		const slower = answer("inferencex-100x", speedWhere(isGb300, 0.8));
		expect(slower.figures["throughput_ratio"]?.value).toBeCloseTo(0.8 * 95.6204, 2);
		expect(slower.verdict).toBe("fails");
		const cheaper = answer("inferencex-100x", withRate("2025-08", "gb300-nvl72", "own_hyperscaler", 1.8));
		expect(cheaper.figures["tokens_per_dollar_ratio"]?.value).toBeCloseTo((95.6204 * 1.3) / 1.8, 2);
		expect(cheaper.verdict).toBe("holds");
		const unmeasured = withRowsWhere(
			({ hardware }) => hardware === "h100-sxm",
			() => undefined,
		);
		expect(answer("inferencex-100x", unmeasured).verdict).toBe("unverified");
		const slow = withRowsWhere(
			({ hardware }) => hardware === "h100-sxm",
			(point) => ({ ...point, interactivityTokensPerSecond: Math.min(60, point.interactivityTokensPerSecond) }),
		);
		const beyond = answer("inferencex-100x", slow);
		expect(beyond.verdict).toBe("unverified");
		expect(beyond.gaps["throughput_h100"]).toContain("outside the measured frontier");
	});

	it("100x: a row that fails a check of its speed stands on no frontier", () => {
		const broken = withRows({ "ix-203761ba": { interactivityTokensPerSecond: 140 } });
		expect(answer("inferencex-100x").sources.some((source) => source.startsWith("ix-203761ba: "))).toBe(true);
		expect(answer("inferencex-100x", broken).sources.some((source) => source.startsWith("ix-203761ba: "))).toBe(false);
	});

	it("four cents: each of the two rows, and the price of the hour", () => {
		expect(answer("gb300-dsr1-4c", speedOf("ix-647a4065", 0.8)).verdict).toBe("fails");
		expect(answer("gb300-dsr1-4c", speedOf("ix-d9d12017", 0.8)).verdict).toBe("fails");
		const cheap = answer("gb300-dsr1-4c", withRate("2025-08", "gb300-nvl72", "own_hyperscaler", 0.25));
		expect(cheap.figures["unit_cost_1k1k"]?.value).toBeCloseTo((0.0402088 * 0.25) / 2.652, 6);
		expect(cheap.verdict).toBe("holds");
		expect(answer("gb300-dsr1-4c", withRows({ "ix-d9d12017": undefined })).verdict).toBe("unverified");
	});

	it("four cents: cost of output charges the GPUs of both roles", () => {
		const row = benchmarkRow("ix-d9d12017");
		const [prefill, decode] = [row.prefill?.gpus as number, row.decode.gpus as number];
		const output = ((row.outputTokensPerDecodeGpuSecond as number) * decode) / (prefill + decode);
		const figure = answer("gb300-dsr1-4c").figures["unit_cost_output"];
		expect(figure?.value).toBeCloseTo((2.652 / (output * 3600)) * 1e6, 9);
		expect(figure).toMatchObject({ tokens: "output" });
	});

	it("electricity and network: assumptions of the build-up", () => {
		const id = "power-network-equals-depreciation";
		const dear = answer(id, withAssumption("energyPrice", 0.07 * 8));
		expect(dear.figures["power_share"]?.value).toBeGreaterThan(0.3);
		expect(dear.verdict).toBe("holds");
		const network = answer(id, withAssumption("networkShareOfCapital", 0.42));
		expect(network.figures["network_share"]?.value).toBeCloseTo(
			2 * (answer(id).figures["network_share"]?.value as number),
			9,
		);
		const none = answer(id, { ...catalogue, buildUps: catalogue.buildUps.map((set) => ({ ...set, hardware: {} })) });
		expect(none.verdict).toBe("unverified");
		expect(none.gaps["power_share"]).toContain("lacks capital, power");
	});

	it("accuracy: scores of the runs", () => {
		const id = "nvfp4-no-accuracy-loss";
		const lower = answer(
			id,
			withRuns((run) => (run.precision === "nvfp4" ? { ...run, scoreStrict: run.scoreStrict - 0.02 } : run)),
		);
		expect(lower.figures["accuracy_difference_nvfp4"]?.value).toBeLessThan(-0.005);
		expect(lower.verdict).toBe("fails");
		const none = answer(
			id,
			withRuns((run) => (run.precision === "fp8" ? undefined : run)),
		);
		expect(none.verdict).toBe("unverified");
		expect(none.figures).toEqual({});
	});
});

function answer(id: string, of: Catalogue = catalogue): ClaimAnswer {
	return claim(of, id, asking("claim")).result;
}

function passed({ tests }: ClaimAnswer, id: string): boolean | undefined {
	return tests.find((test) => test.id === id)?.passed;
}

function speedOf(id: string, by: number): Catalogue {
	return withRows({ [id]: { tokensPerGpuSecond: benchmarkRow(id).tokensPerGpuSecond * by } });
}

function speedWhere(isMeant: (point: BenchmarkPoint) => boolean, by: number): Catalogue {
	return withRowsWhere(isMeant, (point) => ({ ...point, tokensPerGpuSecond: point.tokensPerGpuSecond * by }));
}

function isGb200December({ hardware, measuredOn }: BenchmarkPoint): boolean {
	return hardware === "gb200-nvl72" && (measuredOn ?? "").startsWith("2025-12");
}

function times<F extends { readonly value: number }>(figure: F, by: number): F {
	return { ...figure, value: figure.value * by };
}

function withAssumption(name: "energyPrice" | "networkShareOfCapital", value: number): Catalogue {
	const buildUps = catalogue.buildUps.map((set) => {
		const figure = set.figures[name];
		return figure === undefined ? set : { ...set, figures: { ...set.figures, [name]: { ...figure, value } } };
	});
	return { ...catalogue, buildUps };
}

function withRuns(by: (run: AccuracyRun) => AccuracyRun | undefined): Catalogue {
	return { ...catalogue, accuracyRuns: catalogue.accuracyRuns.flatMap((run) => by(run) ?? []) };
}

/** One stated number of one claim changed. */
function withStated(id: string, name: string, value: number): Catalogue {
	const plain = structuredClone(catalogue.claims) as { id: string; figures: { name: string; value?: number }[] }[];
	const figure = plain.find((each) => each.id === id)?.figures.find((each) => each.name === name);
	if (figure === undefined) throw new Error(`${id} states no ${name}`);
	figure.value = value;
	return { ...catalogue, claims: plain };
}
