import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluated, evidence, numberInput, plain, randomGraph } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { Evaluation } from "./evaluate.ts";
import { evaluate } from "./evaluate.ts";
import * as e from "./expression.ts";
import { buildModel, modelHash } from "./flatten.ts";
import { ModelError } from "./model-error.ts";
import type { ModelJson } from "./model-json.ts";
import { modelFromJson, modelToJson } from "./model-json.ts";
import { table } from "./table.ts";
import { why } from "./why.ts";

describe("a model written as JSON and read back", () => {
	it("has the same hash, values and explanations, and computes the same", () => {
		fc.assert(
			fc.property(randomGraph(), (graph) => {
				const before = evaluated(graph);
				if (before === undefined) return;
				const after = reread(before);
				const months = before.months;
				expect(modelHash(after.model)).toBe(modelHash(before.model));
				expect(textOf(after)).toBe(textOf(before));
				expect(textOf(evaluate(after.model, { months }))).toBe(textOf(before));
				for (const id of before.model.outputs) {
					expect(why(after, id, { month: months - 1 })).toEqual(why(before, id, { month: months - 1 }));
				}
			}),
			{ numRuns: 200, seed: 1 },
		);
	});

	it("keeps overridden inputs, and explains with them", () => {
		const cost = e.define("cost", one, e.divide(numberInput("rate", 2), numberInput("speed", 4)), { label: "cost" });
		const other = evaluate(buildModel([cost]), { inputs: new Map([["rate", 6]]) });
		expect(why(reread(other), "cost").value.value).toBe(1.5);
		expect(why(reread(other), "cost").inputs[0]?.value.value).toBe(6);
	});

	it("writes each table once and nothing that JSON cannot hold", () => {
		const read = table({
			id: "t",
			label: "t",
			xUnit: one,
			yUnit: one,
			scale: "log",
			between: "C",
			knots: [0, 1].map((x) => ({ ...evidence, x, y: x + 1, row: `row ${x}` })),
		});
		const inside = e.lookup(read, numberInput("x", 0.5));
		const outside = e.define("outside", one, e.lookup(read, numberInput("z", 5)), { label: "outside" });
		const sum = e.define("sum", one, e.add(inside, e.lookup(read, plain(1))), { label: "sum" });
		const json = modelToJson(evaluate(buildModel([sum, outside])));
		expect(json.tables).toHaveLength(1);
		expect(json.tables[0]).not.toHaveProperty("curve");
		expect(json.values).toContain(null);
		expect(JSON.parse(JSON.stringify(json))).toEqual(json);
	});

	it.each<[string, (json: Mutable) => unknown]>([
		["nothing", () => null],
		["a list", () => []],
		["a text", () => "graph"],
		["no tables", (json) => ({ ...json, tables: undefined })],
		["fewer values than nodes", (json) => ({ ...json, values: json.values.slice(1) })],
		["months that are none", (json) => ({ ...json, months: "60" })],
		["an output that is not there", (json) => ({ ...json, outputs: ["nobody"] })],
		["an argument that comes later", (json) => damaged(json, "node", { args: [99] })],
		["an argument on itself", (json) => damaged(json, "node", { args: [json.nodes.length - 1] })],
		["an argument that is no place", (json) => damaged(json, "node", { args: ["x"] })],
		["no arguments", (json) => damaged(json, "mul", { args: undefined })],
		["a look-up in no table", (json) => damaged(json, "lookup", { table: 7 })],
		["a lag of nothing", (json) => damaged(json, "lag", { target: -1 })],
		["a nameless input", (json) => damaged(json, "input", { id: undefined })],
		["a node that is no object", (json) => ({ ...json, nodes: json.nodes.map(() => 3) })],
		["a series with one number for a value", (json) => damaged(json, "month", { shape: "scalar" })],
		["a table with no knots", (json) => ({ ...json, tables: [{ ...json.tables[0], knots: [] }] })],
		["a table with nothing in it", (json) => ({ ...json, tables: [{}] })],
	])("is refused, and not with a crash, when it has %s", (_, damage) => {
		const json = JSON.parse(JSON.stringify(modelToJson(example()))) as Mutable;
		expect(modelHash(modelFromJson(json as unknown as ModelJson).model)).toBe(modelHash(example().model));
		expect(() => modelFromJson(damage(json) as ModelJson)).toThrow(ModelError);
	});
});

interface Mutable {
	months: unknown;
	outputs: unknown[];
	nodes: Record<string, unknown>[];
	tables: Record<string, unknown>[];
	values: unknown[];
}

function textOf(evaluation: Evaluation): string {
	return JSON.stringify(modelToJson(evaluation));
}

function reread(evaluation: Evaluation): Evaluation {
	return modelFromJson(JSON.parse(JSON.stringify(modelToJson(evaluation))) as ModelJson);
}

function damaged(json: Mutable, op: string, change: Record<string, unknown>): Mutable {
	const at = json.nodes.findIndex((node) => node["op"] === op);
	expect(at).toBeGreaterThanOrEqual(0);
	return { ...json, nodes: json.nodes.map((node, i) => (i === at ? { ...node, ...change } : node)) };
}

function example(): Evaluation {
	const read = table({
		id: "t",
		label: "t",
		xUnit: one,
		yUnit: one,
		scale: "linear",
		between: "C",
		knots: [{ ...evidence, x: 1, y: 2, row: "r" }],
	});
	const flow = e.multiply(e.lookup(read, numberInput("x", 1)), e.previous(e.monthIndex(), plain(0)));
	return evaluate(buildModel([e.define("y", one, e.sumOverMonths(flow), { label: "y" })]), { months: 3 });
}
