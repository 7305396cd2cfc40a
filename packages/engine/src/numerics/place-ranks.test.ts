import fc from "fast-check";
import { expect, test } from "vitest";
import { placeRanks } from "./place-ranks.ts";

const number = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 })).map((each) => each + 0);

test("what stands at a rank is what stands there after sorting, and nothing is lost", () => {
	fc.assert(
		fc.property(
			fc.array(number, { minLength: 1, maxLength: 200 }),
			fc.array(fc.nat(199), { maxLength: 6 }),
			(given, places) => {
				const sorted = Float64Array.from(given).sort();
				const ranks = [...new Set(places.filter((rank) => rank < given.length))].sort((a, b) => a - b);
				const values = Float64Array.from(given);
				placeRanks(values, ranks);
				for (const rank of ranks) expect(values[rank]).toBe(sorted[rank]);
				expect(values.sort()).toEqual(sorted);
			},
		),
		{ seed: 5, numRuns: 500 },
	);
});

test.each([
	["all alike", () => 1],
	["rising", (i: number) => i],
	["falling", (i: number) => -i],
	["a saw", (i: number) => i % 7],
])("%s", (_, of) => {
	const values = Float64Array.from({ length: 5000 }, (__, i) => of(i));
	const sorted = values.slice().sort();
	placeRanks(values, [499, 500, 2499, 2500, 4499, 4500]);
	for (const rank of [499, 500, 2499, 2500, 4499, 4500]) expect(values[rank]).toBe(sorted[rank]);
});
