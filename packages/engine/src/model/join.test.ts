import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluated, numberInput, plain, randomGraph } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import type { Evaluation } from "./evaluate.ts";
import { evaluate } from "./evaluate.ts";
import * as e from "./expression.ts";
import { buildModel } from "./flatten.ts";
import { joined } from "./join.ts";
import { modelFromJson, modelToJson } from "./model-json.ts";
import { why } from "./why.ts";

const named = (id: string, of: ReturnType<typeof plain>) => e.define(id, one, of, { label: id });

describe("two models joined", () => {
	it("adds nothing to a model that is joined with itself", () => {
		fc.assert(
			fc.property(randomGraph(), (graph) => {
				const one = evaluated(graph);
				if (one === undefined || one.model.nodes.some(({ op }) => op === "lag")) return;
				expect(joined(one, one).model).toEqual(one.model);
			}),
			{ numRuns: 60, seed: 1 },
		);
	});

	it("keeps every value, and explains and recomputes both", () => {
		const rate = numberInput("rate", 2);
		const first = evaluate(buildModel([named("cost", e.divide(rate, plain(4)))]));
		const before = e.previous(e.seriesRef("path", one), plain(1));
		const path = named("path", e.multiply(before, e.add(rate, plain(1))) as never);
		const second = evaluate(buildModel([path, named("sum", e.sumOverMonths(path))]), { months: 3 });
		const both = joined(first, second);
		expect(valueOf(both, "cost")).toBe(0.5);
		expect(valueOf(both, "sum")).toBe(3 + 9 + 27);
		expect(both.model.outputs).toEqual(["cost", "path", "sum"]);
		expect(both.model.nodes.filter(({ id }) => id === "rate")).toHaveLength(1);
		const again = evaluate(both.model, { months: 3 });
		expect([...again.scalars]).toEqual([...both.scalars]);
		expect(again.series).toEqual(both.series);
		expect(why(modelFromJson(modelToJson(both)), "sum").value.value).toBe(39);
	});

	it("refuses one name for two things, and series of two lengths", () => {
		const of = (value: number, months = 1): Evaluation =>
			evaluate(
				buildModel([named("x", e.add(numberInput("a", value), e.firstMonth(e.everyMonth(plain(0)))) as never)]),
				{
					months,
				},
			);
		expect(() => joined(of(1), of(2))).toThrow(expect.objectContaining({ code: "duplicate-id" }));
		expect(() => joined(of(1, 2), of(1, 3))).toThrow(expect.objectContaining({ code: "series-mismatch" }));
	});
});

function valueOf({ model, scalars }: Evaluation, id: string): number {
	return scalars[model.byId.get(id) as number] as number;
}
