import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluated, randomGraph } from "../../test-support/random-graph.ts";
import { quantityJson } from "./quantity-json.ts";
import { subEvaluation } from "./sub-model.ts";

describe("a part of an evaluation", () => {
	it("holds fewer nodes, and says of its number what the whole says: value, grade, date and state", () => {
		let smaller = 0;
		fc.assert(
			fc.property(randomGraph(), (graph) => {
				const whole = evaluated(graph);
				if (whole === undefined) return;
				for (const id of whole.model.outputs) {
					const part = subEvaluation(whole, [id]);
					expect(part.model.nodes.length).toBeLessThanOrEqual(whole.model.nodes.length);
					if (part.model.nodes.length < whole.model.nodes.length) smaller++;
					const index = whole.model.byId.get(id) as number;
					if (whole.series[index] !== undefined) {
						expect(part.series[part.model.byId.get(id) as number]).toEqual(whole.series[index]);
					} else expect(quantityJson(part, id)).toEqual(quantityJson(whole, id));
				}
			}),
			{ numRuns: 60 },
		);
		expect(smaller).toBeGreaterThan(0);
	});
});
