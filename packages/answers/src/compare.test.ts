import { describe, expect, it } from "vitest";
import {
	asking,
	bareLeaves,
	catalogue,
	exampleScenario,
	quantitiesIn,
	refusal,
	saved,
	sixRows,
} from "../test-support/questions.ts";
import type { CompareQuestion, CompareResult, Family } from "./compare.ts";
import { compare } from "./compare.ts";
import { readArtificialAnalysis } from "./compare/artificial-analysis.ts";
import { plan } from "./whole-plan.ts";
import { whyNode } from "./why.ts";

const TABLE = `system,hardware,gpus,model,precision,concurrency,output_tps,speed_per_query,as_of
8xB200,b200,8,dsr1,fp4,64,6400,80,2026-05-01
8xH200,h200,8,deepseek-r1,fp8,64,2400,30,2026-05-01
8xH100,h100,8,gpt-oss-120b,mxfp4,64,9600,150,2026-05-01
`;
const loadTests = readArtificialAnalysis(catalogue, TABLE, "aa.csv");
const ask = (question: CompareQuestion = {}, over: Record<string, string> = {}) =>
	compare(catalogue, exampleScenario("prototype-to-5b.yaml", over), asking("compare"), {
		rows: sixRows(),
		...question,
	});
const familyOf = <N extends Family["family"]>({ families }: CompareResult, name: N): Extract<Family, { family: N }> =>
	families.find(({ family }) => family === name) as Extract<Family, { family: N }>;

describe("compare", () => {
	const answer = ask({ loadTests });
	const { result } = answer;

	it("stands the cheapest of each group for it, as the plan has it", () => {
		const { result: planned } = plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"), {
			rows: sixRows(),
		});
		const { by } = familyOf(result, "inferencex");
		for (const dimension of ["hardware", "precision", "stack"] as const) {
			const groups = by[dimension]?.groups ?? [];
			const names = [...new Set(planned.options.map((option) => option[dimension]))];
			expect(groups.map(({ name }) => name)).toEqual(names);
			for (const { name, best, delivered, options } of groups) {
				const own = planned.options.filter((option) => option[dimension] === name);
				expect(best).toBe(own[0]?.id);
				expect(delivered.value).toBe(own[0]?.delivered.value);
				expect(options).toBe(own.length);
			}
		}
		expect(by.hardware?.groups[0]?.ratio).toBe(1);
	});

	it("its ratios and volumes open into what they are made of", () => {
		const { groups = [], crossovers = [] } = familyOf(result, "inferencex").by.hardware ?? {};
		for (const { name, ratio, delivered } of groups) {
			const tree = whyNode(saved(answer), `compare.hardware.${name}.ratio`);
			expect(tree.value).toMatchObject({ value: ratio, unit: "x", grade: delivered.grade });
			const [own, least = own] = tree.inputs.map(({ value }) => value.value as number);
			expect((own as number) / (least as number)).toBe(ratio);
		}
		for (const { of, against, tokens_per_day: at, from_lowest: isLowest } of crossovers) {
			if (at?.node === undefined) continue;
			const { value, inputs } = whyNode(saved(answer), at.node);
			expect(value.value).toBe(at.value);
			const costs = inputs.map((each) => each.value.value ?? Number.POSITIVE_INFINITY);
			const [before, beforeOther, here, hereOther] = isLowest === true ? [1, 0, ...costs] : costs;
			expect(before).toBeGreaterThan(beforeOther as number);
			expect(here, `${of} against ${against}`).toBeLessThanOrEqual(hereOther as number);
		}
	});

	it("finds the volume from which one is no dearer, and only there", () => {
		const { crossovers = [], groups = [] } = familyOf(result, "inferencex").by.hardware ?? {};
		const at = (volume: number): Map<string, number> => {
			const scenario = exampleScenario("prototype-to-5b.yaml", { "demand.tokens_per_day": `${volume}` });
			const { options } = plan(catalogue, scenario, asking("plan"), { rows: sixRows() }).result;
			return new Map([...options].reverse().map((option) => [option.hardware, option.delivered.value as number]));
		};
		expect(crossovers).toHaveLength(groups.length * (groups.length - 1));
		const met = crossovers.filter(({ state, from_lowest: always }) => state === "reached" && always !== true);
		expect(met.length).toBeGreaterThan(0);
		for (const { of, against, tokens_per_day: from } of met.slice(0, 1)) {
			const costs = at(from?.value as number);
			expect(costs.get(of)).toBeLessThanOrEqual(costs.get(against) as number);
			const before = at((from?.value as number) / 10 ** 0.011);
			expect(before.get(of)).toBeGreaterThan(before.get(against) as number);
		}
	});

	it("keeps the families apart: each counts its own tokens and carries its own label", () => {
		expect(result.families.map(({ family }) => family)).toEqual([
			"inferencex",
			"mlperf-inference-v6.0",
			"artificial-analysis",
		]);
		const published = familyOf(result, "mlperf-inference-v6.0");
		expect(published.attribution).toContain("not verified by MLCommons");
		for (const rows of Object.values(published.scenarios)) {
			const costs = rows.map(({ unit_cost: { output } }) => output.value as number);
			expect(costs).toEqual([...costs].sort((a, b) => a - b));
			expect(new Set(rows.map(({ hardware }) => hardware)).size).toBe(rows.length);
		}
		const tested = familyOf(result, "artificial-analysis");
		expect(tested.rows.map(({ hardware, at }) => [hardware, at])).toEqual([["b200-sxm", "aa.csv:2"]]);
		expect(tested.rows[0]?.unit_cost.output).toMatchObject({ tokens: "output", basis: "headline" });
		const rate = tested.rows[0]?.gpu_hour.value as number;
		expect(tested.rows[0]?.unit_cost.output.value).toBeCloseTo((rate / (800 * 3600)) * 1e6, 9);
		expect(tested.unranked.map(({ reason }) => reason)).toEqual([
			"30 tok/s/user is slower than asked",
			"it is of gpt-oss-120b",
		]);
		expect(familyOf(ask().result, "artificial-analysis").reason).toContain("key rows in");
	});

	it("opens every number it shows, of any family", () => {
		expect(bareLeaves(answer)).toEqual([]);
		const nodes = quantitiesIn(result).flatMap(({ quantity }) => quantity.node ?? []);
		expect(nodes.length).toBeGreaterThan(20);
		expect(whyNode(saved(answer), "aa-1.unit_cost.headline.output").inputs).toHaveLength(2);
	});

	it("tells of what was asked alone, and of ways to pay only over years", () => {
		const one = ask({ by: ["stack"] }).result;
		expect(one.families.map(({ family }) => family)).toEqual(["inferencex"]);
		expect(one).not.toHaveProperty("api");
		expect(refusal(() => ask({ by: ["strategy"] }))).toMatchObject({ exit: 2, code: "no-horizon" });
		const years = compare(catalogue, exampleScenario("five-years.yaml"), asking("compare"), {
			rows: sixRows(),
			draws: 16,
			by: ["strategy", "api"],
		}).result;
		expect(years.families).toEqual([]);
		expect(years.strategies?.map(({ strategy }) => strategy)).toEqual(["own", "rent", "api", "hybrid"]);
		expect(years.break_evens?.length).toBe(6);
	});
});

describe("a table of load tests", () => {
	it.each([
		["a column that is missing", TABLE.replace(",as_of\n", "\n").replaceAll(/,2026-05-01/g, ""), 1, 'column "as_of"'],
		["a throughput of 0", TABLE.replace("6400", "0"), 2, "above 0"],
		["a day that is none", TABLE.replace("30,2026-05-01", "30,May"), 3, "YYYY-MM-DD"],
	])("refuses %s, with its place", (_, text, line, words) => {
		const error = refusal(() => readArtificialAnalysis(catalogue, text, "aa.csv"));
		expect(error).toMatchObject({ exit: 2, code: "malformed-table", detail: { file: "aa.csv", line } });
		expect(`${error.message} ${error.detail.expected}`).toContain(words);
	});

	it("refuses a part that nobody knows, with its place", () => {
		const error = refusal(() => readArtificialAnalysis(catalogue, TABLE.replace("h200,", "h2000,"), "aa.csv"));
		expect(error).toMatchObject({ exit: 3, code: "unknown-hardware", detail: { line: 3, column: 8 } });
	});
});
