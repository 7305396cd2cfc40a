import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidence } from "../../test-support/random-graph.ts";
import { one } from "../quantity/unit.ts";
import { flatTable, flatTableValue } from "./flat-table.ts";
import { table, tableValue } from "./table.ts";

describe("a flat table", () => {
	it("is read to the bits of the table, at knots, between and beyond them", () => {
		const number = fc.double({ min: 0.01, max: 100, noNaN: true });
		const tables = fc.record({
			knots: fc.uniqueArray(fc.tuple(number, number), { minLength: 1, maxLength: 9, selector: ([x]) => x }),
			scale: fc.constantFrom("linear" as const, "log" as const),
			holds: fc.boolean(),
			at: fc.array(fc.double({ min: -1, max: 110 }), { maxLength: 20 }),
		});
		fc.assert(
			fc.property(tables, ({ knots, scale, holds, at }) => {
				const rising = knots.toSorted(([a], [b]) => a - b);
				const of = table({
					id: "t",
					label: "t",
					xUnit: one,
					yUnit: one,
					scale,
					between: "C",
					...(holds ? { below: "first" as const } : {}),
					knots: rising.map(([x, y], i) => ({ ...evidence, x, y, row: `row ${i}` })),
				});
				const flat = flatTable(of);
				const places = [...at, ...rising.flatMap(([x]) => [x, x * (1 + 1e-16), x * (1 - 1e-16)]), Number.NaN];
				for (const place of places) expect(flatTableValue(flat, place)).toBe(tableValue(of, place));
			}),
			{ numRuns: 500, seed: 1 },
		);
	});
});
