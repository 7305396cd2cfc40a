import {
	buildModel,
	define,
	evaluate,
	input,
	modelToJson,
	monthIndex,
	multiply,
	one,
	sumOverMonths,
} from "@farthing/engine";
import { describe, expect, it } from "vitest";
import { asking, cardRates, catalogue, exampleScenario, refusal, saved, sixRows } from "../test-support/questions.ts";
import { claim, claims } from "./claim.ts";
import { frontier } from "./frontier.ts";
import type { PlanResult } from "./plan-result.ts";
import { plan } from "./whole-plan.ts";
import type { SavedResult } from "./why.ts";
import { whyNode } from "./why.ts";

const planned = saved(plan(catalogue, exampleScenario("prototype-to-5b.yaml"), asking("plan"), { rows: sixRows() }));
const best = (planned.result as { options: { id: string }[] }).options[0]?.id as string;

describe("whyNode", () => {
	it("finds a node by its id", () => {
		const tree = whyNode(planned, "demand.tokens");
		expect(tree).toMatchObject({ node: "demand.tokens", value: { value: 5e9, unit: "tok/day" } });
		expect(tree.source).toMatchObject({ grade: "E", at: "scenarios/prototype-to-5b.yaml:13:19", role: "condition" });
	});

	it("finds the end of an id: of the cheapest option where several end so", () => {
		expect(whyNode(planned, "delivered.total").node).toBe(`${best}.unit_cost.delivered.total`);
		expect(whyNode(planned, "utilisation").node).toBe(`${best}.utilisation`);
		expect(whyNode(planned, "peak_to_mean").node).toBe("sizing.peak_to_mean");
	});

	it("finds an option by its rank", () => {
		const second = (planned.result as { options: { delivered: { node: string } }[] }).options[1]?.delivered.node;
		expect(whyNode(planned, "1").node).toBe(`${best}.unit_cost.delivered.total`);
		expect(whyNode(planned, "2").node).toBe(second);
	});

	it("opens the volumes at which the cheapest changes, and ranges of inputs", () => {
		const { crossovers, api } = planned.result as PlanResult;
		for (const at of [
			...crossovers.map(({ tokens_per_day }) => tokens_per_day),
			...api.flatMap(({ self_hosting_cheaper_from: from }) => from ?? []),
		]) {
			const tree = whyNode(planned, at.node as string);
			expect(tree.value.value).toBe(at.value);
			expect(tree.inputs.length).toBeGreaterThan(1);
		}
		const over = { "demand.tokens_per_day": "3B to 8B" };
		const asked = plan(catalogue, exampleScenario("prototype-to-5b.yaml", over), asking("plan"), { rows: sixRows() });
		const { delivered } = asked.result.options[0] as PlanResult["options"][number];
		const { value, inputs } = whyNode(saved(asked), "1");
		expect(value).toMatchObject({ p10: delivered.p10, p90: delivered.p90 });
		const demand = inputs.find(({ node }) => node === "demand.tokens")?.value;
		expect(demand?.p10).toBeGreaterThan(3e9);
		expect(demand?.p90).toBeLessThan(8e9);
	});

	it("finds a row of a frontier by its rank, and the cheapest where several end so", () => {
		const question = { filter: { model: "deepseek-r1", isl: 8192, osl: 1024 }, at: 50, window: {} };
		const answer = saved(frontier(catalogue, question, cardRates("2026-07", "own_neocloud"), asking("frontier")));
		const rows = (answer.result as { rows: { unit_cost: { total: { node: string } } }[] }).rows;
		const [first, second] = rows.map((row) => row.unit_cost.total.node) as [string, string];
		expect(whyNode(answer, "1").node).toBe(first);
		expect(whyNode(answer, "2").node).toBe(second);
		expect(whyNode(answer, "gpu_hour").node).toBe(first.replace("unit_cost.headline.total", "gpu_hour"));
	});

	it("finds a figure of a claim by its name", () => {
		const answer = saved(claim(catalogue, "gb300-35x", asking("claim")));
		expect(whyNode(answer, "unit_cost_hopper").node).toBe("claim.gb300-35x.unit_cost_hopper");
	});

	it("offers the nearest for what it does not find, and all for what is not clear", () => {
		const unknown = refusal(() => whyNode(planned, "deliverd.cost"));
		expect(unknown).toMatchObject({ exit: 3, code: "unknown-node" });
		expect(unknown.detail.nearest?.some((id) => id.includes("cost"))).toBe(true);
		expect(unknown.detail.nearest?.length).toBeLessThanOrEqual(8);
		const misspelt = refusal(() => whyNode(planned, "repliccas")).detail.nearest ?? [];
		expect(misspelt.length).toBeGreaterThan(0);
		expect(misspelt.every((id) => id.endsWith("replicas"))).toBe(true);
		for (const far of ["-1", "nonsense"]) expect(refusal(() => whyNode(planned, far)).detail.nearest).toEqual([]);
		expect(refusal(() => whyNode(planned, "7"))).toMatchObject({ exit: 3, code: "unknown-node" });
		const several = refusal(() => whyNode(planned, "total"));
		expect(several).toMatchObject({ exit: 3, code: "ambiguous-node" });
		expect(several.detail.nearest?.length).toBeGreaterThan(1);
	});

	it("says where there is no graph, or a damaged one", () => {
		expect(refusal(() => whyNode(saved(claims(catalogue, asking("claim"))), "1"))).toMatchObject({
			exit: 2,
			code: "no-graph",
		});
		const { graph, ...rest } = planned;
		const broken = (change: object) => ({ ...rest, graph: { ...graph, ...change } }) as SavedResult;
		expect(refusal(() => whyNode(broken({ values: [] }), "1"))).toMatchObject({ exit: 2, code: "damaged-graph" });
		expect(refusal(() => whyNode(broken({ nodes: 3 }), "1"))).toMatchObject({ exit: 2, code: "damaged-graph" });
		expect(refusal(() => whyNode(broken({ outputs: ["gone"] }), "1"))).toMatchObject({
			exit: 2,
			code: "damaged-graph",
		});
	});
});

describe("a number that changes by month", () => {
	it("is told at the month asked for", () => {
		const x = input("x", one, {
			label: "x",
			value: { kind: "point", value: 2 },
			source: "test",
			asOf: "2026-11-22",
			grade: "E",
		});
		const path = define("path", one, multiply(x, monthIndex()), { label: "path" });
		const graph = modelToJson(
			evaluate(buildModel([path, define("sum", one, sumOverMonths(path), { label: "sum" })]), { months: 4 }),
		);
		const kept = { command: "plan", result: {}, graph };
		expect(whyNode(kept, "path", 3).value.value).toBe(6);
		expect(whyNode(kept, "path").value.value).toBe(0);
		expect(refusal(() => whyNode(kept, "path", 4))).toMatchObject({ exit: 3, code: "unknown-month" });
		expect(refusal(() => whyNode(kept, "sum", 1))).toMatchObject({ exit: 2, code: "contradiction" });
	});
});
