import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parsePolicies } from "@farthing/scenario";
import { describe, expect, it } from "vitest";
import { asking, cardRates, catalogue, exampleScenario, saved, sixRows } from "../test-support/questions.ts";
import { check } from "./check.ts";
import { claim, claims } from "./claim.ts";
import { compare } from "./compare.ts";
import { diff } from "./diff.ts";
import type { Envelope } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { frontier } from "./frontier.ts";
import { mlperf } from "./mlperf.ts";
import { ownClaim } from "./own-claim.ts";
import { plan } from "./whole-plan.ts";
import { predict } from "./predict.ts";
import { readRows } from "./predict/row-layouts.ts";
import { givenRate, price } from "./price.ts";
import { rateBook } from "./rates.ts";
import { simulateScenario } from "./simulate.ts";
import { sensitivity } from "./sensitivity.ts";
import { whyNode } from "./why.ts";

const file = new URL("../schema/result.v1.json", import.meta.url);
const schema: object = JSON.parse(readFileSync(file, "utf8"));
const ajv = new Ajv2020({
	strict: true,
	strictRequired: false,
	allowUnionTypes: true,
	strictTypes: false,
	allErrors: true,
});
const validate = ajv.compile(schema);

const dsr1 = { filter: { model: "deepseek-r1", isl: 8192, osl: 1024 }, window: {} } as const;
const neocloud = cardRates("2026-07", "own_neocloud");
const ttft = { limitSeconds: 5, statistic: "median", unknown: "exclude" } as const;
const rate = givenRate({ kind: "point", value: 1.95 / 3600 }, "2026-11-22");
const priced = { rate, throughputSource: "test", tokens: "total" } as const;
const speed = { kind: "point", value: 28_724.2 } as const;
const served = { hardware: "b200", framework: "trt", model: "dsr1", precision: "fp8", isl: 1024, osl: 1024, conc: 8 };
const servingRows =
	readRows(
		catalogue,
		[8, 1].map((decode_tp) => JSON.stringify({ ...served, decode_tp })).join("\n") + '\n{"isl": 1}',
		"rows.jsonl",
	)?.rows ?? [];
const own = { usdPerMtok: 0.02, tokens: "total", hardware: "b200", model: "gptoss120b", card: "2025-08" } as const;

const parsed = parsePolicies(
	"p.yaml",
	"version: 1\npolicies:\n  - chance(utilisation <= 60%) >= 50%\n  - grade(utilisation) >= C\n  - utilisation <= 1%\n",
);
const POLICIES = parsed.ok ? parsed.policies : [];

describe("the schema of results", () => {
	const planned = (over: Record<string, string | number | boolean> = {}) =>
		plan(catalogue, exampleScenario("prototype-to-5b.yaml", over), asking("plan"), { rows: sixRows() });

	const rangedPlan = () => planned({ "demand.tokens_per_day": "3B to 8B" });
	const side = (name: string) => ({ name, saved: saved(name === "a" ? planned() : rangedPlan()) });

	it.each<[string, () => Envelope<unknown>]>([
		["price", () => price({ ...priced, throughput: speed }, asking("price"))],
		[
			"price under load, by kind of token",
			() =>
				price(
					{ ...priced, throughput: speed, load: { kind: "point", value: 0.6 }, lengths: { input: 8, output: 1 } },
					asking("price"),
				),
		],
		[
			"price with ranges",
			() => price({ ...priced, throughput: { kind: "lognormal", p5: 1000, p95: 2000 } }, asking("price")),
		],
		["price of a built-up hour", builtUpPrice],
		["frontier at one speed", () => frontier(catalogue, { ...dsr1, at: 50, ttft }, neocloud, asking("frontier"))],
		["frontier as a curve", () => frontier(catalogue, dsr1, neocloud, asking("frontier"))],
		["frontier that few reach", () => frontier(catalogue, { ...dsr1, at: 340 }, neocloud, asking("frontier"))],
		["frontier of MLPerf", () => mlperf(catalogue, { benchmark: "deepseek-r1" }, neocloud, asking("frontier"))],
		[
			"predictions, with rows that get none",
			() => predict(catalogue, { rows: servingRows, rates: neocloud }, asking("predict")),
		],
		[
			"simulate",
			() =>
				simulateScenario(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("simulate"), {
					hours: 0.1,
					rows: sixRows(),
				}),
		],
		["plan of named rows", () => planned()],
		["plan among all rows", () => plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"))],
		["plan with ranges", () => planned({ "demand.tokens_per_day": "3B to 8B", "demand.peak_to_mean": "1.5 to 3" })],
		["plan at a stated utilisation", () => planned({ utilisation: "60%" })],
		["plan without limits", () => planned({ "slo.ttft": "any", "slo.tokens_per_s_per_user": "any" })],
		[
			"plan over five years",
			() => plan(catalogue, exampleScenario("five-years.yaml"), asking("plan"), { rows: sixRows(), draws: 16 }),
		],
		[
			"compare",
			() => compare(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("compare"), { rows: sixRows() }),
		],
		["sensitivity", () => sensitivity(saved(rangedPlan()), { rows: 64, draws: 256 }, asking("sensitivity"))],
		["diff", () => diff([{ before: side("a"), after: side("b") }], {}, asking("diff"))],
		["check", () => check(saved(rangedPlan()), { policies: POLICIES }, asking("check"))],
		["plan of medians", () => plan(catalogue, exampleScenario("gpt-oss-120b.yaml"), asking("plan"))],
		["claims", () => claims(catalogue, asking("claim"))],
		["a claim of one's own", () => ownClaim(catalogue, own, asking("claim"))],
		[
			"a claim of one's own without rows",
			() => ownClaim(catalogue, { ...own, model: "llama-3.1-405b" }, asking("claim")),
		],
		["why", () => envelope(asking("why"), whyNode(saved(planned()), "1"), [])],
		["why of an input", () => envelope(asking("why"), whyNode(saved(planned()), "demand.tokens"), [])],
		[
			"why of a frontier",
			() =>
				envelope(
					asking("why"),
					whyNode(saved(frontier(catalogue, { ...dsr1, at: 50 }, neocloud, asking("frontier"))), "1"),
					[],
				),
		],
	])("holds for %s", (_, ask) => {
		expect(problems(ask())).toEqual([]);
	});

	it("holds for each claim of the catalogue", () => {
		for (const { id } of claims(catalogue, asking("claim")).result.claims) {
			expect(problems(claim(catalogue, id, asking("claim")))).toEqual([]);
		}
	});

	it("holds for an error", () => {
		const error = {
			code: "unknown-claim",
			message: "no claim",
			expected: "a claim",
			hint: "farthing claim",
			nearest: ["a"],
		};
		expect(problems({ schema: "farthing/1", error })).toEqual([]);
		expect(
			problems({ schema: "farthing/1", error: { ...error, file: "a.yaml", line: 3, column: 1, field: "model" } }),
		).toEqual([]);
		expect(problems({ schema: "farthing/1", error: { code: "x" } })).not.toEqual([]);
		expect(problems({ schema: "farthing/1", error: { ...error, line: 0 } })).not.toEqual([]);
	});

	it.each<[string, (answer: ReturnType<typeof planned>["result"]) => object]>([
		["a null", (result) => ({ ...result, options: [{ ...result.options[0], headline: null }] })],
		[
			"a quantity without unit",
			(result) => ({ ...result, options: [{ ...result.options[0], headline: { value: 1 } }] }),
		],
		[
			"a quantity with neither value nor state",
			(result) => ({ ...result, options: [{ ...result.options[0], delivered: { unit: "USD/Mtok" } }] }),
		],
		[
			"a stray member of a quantity",
			(result) => ({
				...result,
				options: [{ ...result.options[0], delivered: { value: 1, unit: "USD/Mtok", note: "x" } }],
			}),
		],
		[
			"a grade that is none",
			(result) => ({
				...result,
				options: [{ ...result.options[0], delivered: { value: 1, unit: "USD/Mtok", grade: "F" } }],
			}),
		],
		["no options", (result) => ({ ...result, options: [] })],
		["an unranked row without reason", (result) => ({ ...result, unranked: [{ row: "x" }] })],
	])("refuses a plan with %s", (_, change) => {
		const answer = planned();
		expect(problems({ ...answer, result: change(answer.result) })).not.toEqual([]);
	});

	it("refuses another schema, a broken id and a leaf without source", () => {
		const answer = price({ ...priced, throughput: speed }, asking("price"));
		expect(problems({ ...answer, schema: "farthing/2" })).not.toEqual([]);
		expect(problems({ ...answer, id: "xyz" })).not.toEqual([]);
		expect(problems({ ...answer, warnings: ["old"] })).not.toEqual([]);
		const leaf = { node: "x", label: "x", value: { value: 1, unit: "" }, inputs: [] };
		expect(problems(envelope(asking("why"), leaf, []))).not.toEqual([]);
		const claimed = claim(catalogue, "gb300-35x", asking("claim"));
		expect(problems({ ...claimed, result: { ...claimed.result, verdict: "true" } })).not.toEqual([]);
	});

	it("lets members be added and leaves other commands alone", () => {
		const answer = price({ ...priced, throughput: speed }, asking("price"));
		expect(problems({ ...answer, result: { ...answer.result, npv: 1 }, more: true })).toEqual([]);
		expect(problems(envelope(asking("doctor"), { checks: [] }, []))).toEqual([]);
	});
});

function builtUpPrice(): Envelope<unknown> {
	const buildUp = { assumptions: "neocloud", hardware: {} };
	const answer = rateBook(catalogue, { kind: "build-up", buildUp }, catalogue.releaseDate).rateOf("h100-sxm");
	if (!answer.known) throw new Error(answer.reason);
	const parts = { capital: "build_up.h100-sxm.capital", energy: "build_up.h100-sxm.energy" };
	return price({ ...priced, rate: answer.rate, parts }, asking("price"));
}

/** Of an answer as it is written, with its graph. */
function problems(answer: unknown): string[] {
	validate(JSON.parse(JSON.stringify(answer)));
	return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
