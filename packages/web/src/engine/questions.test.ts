import { readdirSync, readFileSync } from "node:fs";
import {
	answerPlan,
	askingAt,
	plan,
	planWith,
	simulateScenario,
	type Envelope,
	type PlanResult,
	type SimulateResult,
} from "@farthing/answers";
import { openCatalogue } from "@farthing/catalogue/node";
import { parseScenario } from "@farthing/scenario";
import { describe, expect, test } from "vitest";
import { answerQuestion } from "./answer-question.ts";
import { benchmarkParts, joinedRows } from "./benchmark-parts.ts";
import type { Refusal } from "./protocol.ts";
import { toldRefusal } from "./told-refusal.ts";
import { makeHost } from "./make-host.ts";
import type { RentsAnswer } from "./questions/rents.ts";
import type { ScenarioAnswer } from "./questions/scenario.ts";
import { planParts } from "./plan-parts.ts";
import { initialState } from "../state/app-state.ts";
import { scenarioCommand, scenarioFile } from "../state/cli-command.ts";
import { bridgeSteps } from "../pages/answer/bridge-steps.ts";

const store = openCatalogue();
const parts = new Map<string, unknown>([
	["manifest", store.manifest()],
	["facts", store.facts()],
	["accuracyRuns", store.accuracyRuns()],
]);
for (const [model, part] of benchmarkParts(store.benchmarks())) parts.set(`benchmarks-${model}`, part);
const folder = new URL("../../../../scenarios/", import.meta.url);
const texts = readdirSync(folder).map((name) => [
	name.replace(".yaml", ""),
	readFileSync(new URL(name, folder), "utf8"),
]);
parts.set("examples", Object.fromEntries(texts));
const read: string[] = [];
const host = makeHost(
	(name) => {
		read.push(name);
		return parts.has(name) ? Promise.resolve(parts.get(name)) : Promise.reject(new Error(`no part ${name}`));
	},
	[...parts.keys()],
);
const ask = (kind: string, words: unknown) => answerQuestion({ id: 1, kind, words }, host);
const example = { base: "prototype-to-5b", changes: {} };

describe("questions of the pages", () => {
	test("a plan is that of the command line, to the last digit, from the rows of its model alone", async () => {
		const changes = { "demand.tokens_per_day": "8B", "demand.peak_to_mean": 1.5 };
		const reply = await ask("plan", { ...example, changes });
		const overrides = Object.entries(changes).map(([path, value]) => ({ path, value, label: path }));
		const parsed = parseScenario(readFileSync(new URL("prototype-to-5b.yaml", folder), "utf8"), {
			file: "x",
			overrides,
		});
		if (!parsed.ok) throw new Error("the example is not read");
		const asking = {
			command: "plan",
			arguments: {},
			asOf: store.manifest().releaseDate,
			seed: 1,
			catalogue: store.manifest(),
		};
		const { graph: _, ...whole } = plan(store.catalogue(), parsed.scenario, asking);
		expect(reply).toEqual({ id: 1, value: whole });
		expect(read.filter((name) => name.startsWith("benchmarks-"))).toEqual(["benchmarks-deepseek-r1"]);
	});

	test("one question has one id: on a page, by flags, in the file that the page saves; another has another", async () => {
		const changes = { "demand.tokens_per_day": "3.7B", "demand.peak_to_mean": 3, "slo.ttft": "4 s" };
		const state = { ...initialState, changes };
		const text = readFileSync(new URL("prototype-to-5b.yaml", folder), "utf8");
		const context = {
			store: {
				manifest: () => store.manifest(),
				facts: () => store.facts(),
				mlperfTraining: () => [],
				trainingThroughput: () => [],
				catalogue: () => store.catalogue(),
			},
			asking: askingAt(() => store.manifest(), {}),
			resolve: (file: string) => ({ file, text }),
		};
		const flags = { demand: "3.7B", peak: "3", ttft: "4" };
		const scenario = { name: "prototype-to-5b.yaml", text };
		const { value: page } = (await ask("plan", { ...example, changes })) as { value: Envelope<PlanResult> };
		expect(answerPlan({ scenario, ...flags }, context).id).toBe(page.id);
		const saved = {
			name: "scenario.yaml",
			text: scenarioFile(
				state,
				scenarioCommand(state, "plan", [], () => false),
				{},
			),
		};
		expect(answerPlan({ scenario: saved }, context).id).toBe(page.id);
		expect(answerPlan({ scenario, ...flags, demand: "3.8B" }, context).id).not.toBe(page.id);
		expect(answerPlan({ scenario, ...flags, rowsBetween: "2026-01-01,2026-11-01" }, context).id).not.toBe(page.id);
	});

	test("changes over a text of one's own are in the file that is saved, which says the same", async () => {
		for (const name of ["prototype-to-5b", "five-years", "gb200-rack"]) {
			const text = readFileSync(new URL(`${name}.yaml`, folder), "utf8");
			const changes = { "demand.tokens_per_day": "3.7B", "workload.input": 4096, "supply.hardware": ["b200-sxm"] };
			const words = { base: "", text, changes };
			const state = { ...initialState, ...words };
			const { value: read } = (await ask("scenario", words)) as { value: ScenarioAnswer };
			const file = scenarioFile(state, scenarioCommand(state), read.document);
			const again = (await ask("scenario", { ...words, text: file, changes: {} })) as { value: ScenarioAnswer };
			expect(again.value.document, name).toEqual(read.document);
			expect(again.value.document, name).toMatchObject({ workload: { input: 4096 } });
		}
	});

	test.each([
		["nothing", "prototype-to-5b", {}, []],
		["its traffic", "prototype-to-5b", { "traffic.burstiness": 2 }, ["traffic"]],
		["its years of money", "five-years", {}, ["years"]],
	])("a plan loads %s beside one day of a demand, and does not go without", async (_, base, changes, needed) => {
		const overrides = Object.entries(changes).map(([path, value]) => ({ path, value, label: path }));
		const text = readFileSync(new URL(`${base}.yaml`, folder), "utf8");
		const parsed = parseScenario(text, { file: "x", overrides });
		if (!parsed.ok) throw new Error("the example is not read");
		const { scenario } = parsed;
		expect(Object.keys(await planParts(scenario))).toEqual(needed);
		const asking = { command: "plan", arguments: {}, asOf: "2026-11-01", seed: 1, catalogue: store.manifest() };
		const without = () => planWith({}, store.catalogue(), scenario, asking, { top: 1, draws: 1 });
		if (needed.length === 0) expect(without).not.toThrow();
		else expect(without).toThrow(/was not given/);
	});

	test("the steps of the bridge end at the delivered cost, to the last bit", async () => {
		const reply = (await ask("plan", example)) as { value: Envelope<PlanResult> };
		for (const option of reply.value.result.options.slice(0, 20)) {
			const steps = bridgeSteps(option);
			expect(steps.at(-2)?.to).toBe(option.delivered.value);
		}
	});

	test("replicas that are asked for where the plan has no fleet are simulated, as on the command line", async () => {
		const changes = { "demand.tokens_per_day": "200M", "limits.gpus": 1 };
		const words = { scenario: { ...example, changes }, hours: "0.05" };
		expect(((await ask("simulate", words)) as { refusal: Refusal }).refusal.code).toBe("nothing-fits");
		const { value } = (await ask("simulate", { ...words, replicas: "2" })) as { value: Envelope<SimulateResult> };
		const overrides = Object.entries(changes).map(([path, value]) => ({ path, value, label: path }));
		const text = readFileSync(new URL("prototype-to-5b.yaml", folder), "utf8");
		const parsed = parseScenario(text, { file: "x", overrides });
		if (!parsed.ok) throw new Error("the example is not read");
		const manifest = store.manifest();
		const asking = { command: "simulate", arguments: {}, asOf: manifest.releaseDate, seed: 1, catalogue: manifest };
		const whole = simulateScenario(store.catalogue(), parsed.scenario, asking, { hours: 0.05, replicas: 2 });
		expect(value.result).toEqual(whole.result);
		expect(value.warnings.map(({ code }) => code)).toContain("no-planned-fleet");
		expect(value.result.fleet.replicas).toBe(2);
	});

	test("why opens the number of the plan", async () => {
		const { value } = (await ask("plan", example)) as { value: Envelope<PlanResult> };
		const { node, value: delivered } = value.result.options[0]!.delivered;
		const reply = await ask("why", { of: "plan", words: example, node });
		expect(reply).toMatchObject({ value: { node, value: { value: delivered }, inputs: expect.any(Array) } });
	});

	test("what is wrong is told with the member that was changed", async () => {
		const reply = await ask("plan", { ...example, changes: { "demand.tokens_per_day": "lots" } });
		expect(reply).toMatchObject({ refusal: { exit: 2, detail: { field: "demand.tokens_per_day" } } });
		expect(await ask("nothing", null)).toMatchObject({ refusal: { exit: 70 } });
	});

	test("an unknown example is refused with the examples there are, in both languages", async () => {
		const { refusal } = (await ask("plan", { base: "five-year", changes: {} })) as { refusal: Refusal };
		expect(refusal).toMatchObject({ exit: 3, code: "unknown-example", detail: { nearest: ["five-years"] } });
		for (const [name] of texts) expect(refusal.detail.expected).toContain(name);
		expect(toldRefusal(refusal, "zh").message).toBe("没有名为“five-year”的示例");
		expect(toldRefusal(refusal, "en").message).toBe('there is no example "five-year"');
	});

	test("an unknown model is refused with the models that have rows, as on the command line", async () => {
		const reply = await ask("plan", { ...example, changes: { model: "gpt-oss-20x" } });
		expect(reply).toMatchObject({ refusal: { exit: 3, code: "unknown-model" } });
	});
});

test("a rent on demand is an offer of the catalogue, the middle one of its providers, as a scenario takes it", async () => {
	const { value } = (await ask("rents", { hardware: "b200" })) as { value: RentsAnswer };
	const prices = store.facts().cloudPrices.filter((each) => each.hardware === "b200-sxm" && each.term === "on-demand");
	expect(value.offers.map(({ provider }) => provider).sort()).toEqual(
		[...new Set(prices.map(({ provider }) => provider))].sort(),
	);
	const rate = value.middle?.rate ?? "";
	expect(prices.map(({ gpuHour }) => `${gpuHour.value} ${gpuHour.unit}`)).toContain(rate);
	const below = value.offers.findIndex((each) => each.rate === rate);
	expect(value.offers.length - 1 - below - below).toBeLessThanOrEqual(1);
	const years = await ask("scenario", { base: "five-years", changes: { "strategies.rent.on_demand": rate } });
	expect(years).toMatchObject({ value: { hasYears: true } });
	expect(await ask("rents", { hardware: "h0" })).toMatchObject({ refusal: { code: "unknown-hardware" } });
});

describe("parts of the catalogue", () => {
	test("benchmark rows come together in their order", () => {
		const rows = store.benchmarks();
		expect(joinedRows([...benchmarkParts(rows).values()])).toEqual(rows);
	});

	test("what was not asked for cannot be read as nothing", async () => {
		const facts = await host.catalogue({});
		expect(() => facts.benchmarks).toThrow(/did not ask for it/);
		expect(() => facts.mlperf).toThrow(/did not ask for it/);
	});
});
