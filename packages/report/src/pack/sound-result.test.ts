import { type Envelope, soundResult } from "@farthing/answers";
import { describe, expect, it } from "vitest";
import { envelope, smallGraph, smallResult } from "../../test-support/small-plan.ts";

const graph = smallGraph();
const place = graph.nodes.findIndex(({ id }) => id === "cost");
const factor = (graph.nodes[place] as { unit: { factor: number } } | undefined)?.unit.factor ?? Number.NaN;
const COST = (graph.values[place] as number) / factor;

/** The small plan, whose first delivered cost is the number of the graph, with one member set anew or taken out. */
function saved([at, value]: readonly [string, unknown] = ["as_of", "2026-11-22"]): Envelope<unknown> {
	const whole = structuredClone({ ...envelope("plan", smallResult(), []), graph });
	Object.assign(whole.result.options[0]?.delivered ?? {}, { node: "cost", value: COST });
	const steps = at.split(".");
	const last = steps.pop() as string;
	let of: unknown = whole;
	for (const step of steps) of = (of as Record<string, unknown>)[step];
	(of as Record<string, unknown>)[last] = value;
	return JSON.parse(JSON.stringify(whole)) as Envelope<unknown>;
}

describe("a saved result", () => {
	it("is taken as it was written", () => {
		expect(() => soundResult(saved())).not.toThrow();
	});

	it.each([
		["result", undefined, "result"],
		["result", {}, "result.options"],
		["result.options", [], "result.options"],
		["result.options.1.delivered", undefined, "result.options[1].delivered"],
		["result.options.0.delivered", "abc", "result.options[0].delivered"],
		["result.options.0.delivered.value", "abc", "result.options[0].delivered.value"],
		["result.options.0.delivered.value", COST * 1.01, "result.options[0].delivered.value"],
		["result.options.0.delivered.node", "nothing", "result.options[0].delivered.node"],
		["result.options.0.bridge", undefined, "result.options[0].bridge"],
		["result.volumes", undefined, "result.volumes"],
		["result.strategies", [{ strategy: "own", priced: true }], "result.strategies[0].years"],
		["warnings", undefined, "warnings"],
		["catalogue", undefined, "catalogue"],
		["graph", {}, "graph"],
	])("with %s set to %j is refused with exit 2, which names %s", (at, value, field) => {
		expect(() => soundResult(saved([at, value]), "plan.json")).toThrow(
			expect.objectContaining({
				exit: 2,
				code: "damaged-result",
				detail: expect.objectContaining({ field, file: "plan.json" }),
			}),
		);
	});

	it("whose number was changed in the graph and in the result alike is refused too", () => {
		const edited = saved(["result.options.0.delivered.value", COST * 0.5]);
		const values = [...graph.values];
		values[place] = COST * 0.5 * factor;
		const forged = { ...edited, graph: { ...graph, values } };
		expect(() => soundResult(forged)).toThrow(
			expect.objectContaining({
				code: "damaged-result",
				detail: expect.objectContaining({ field: `graph.values[${place}]` }),
			}),
		);
		const input = graph.nodes.findIndex(({ op }) => op === "input");
		const raised = graph.values.map((value, i) => (i === input ? (value as number) * 2 : value));
		expect(() => soundResult({ ...saved(), graph: { ...graph, values: raised } })).toThrow(/graph\.values/);
	});
});
