import { expect, test } from "vitest";
import { cheapestSpans } from "./cheapest-spans.ts";

test("stretches end where another wins or nobody serves", () => {
	const of = {
		tokens_per_day: [1, 2, 3, 4, 5, 6],
		unit: "USD/Mtok",
		levelised: {},
		cheapest: ["api", "api", "own", null, "own", "own"],
	} as const;
	expect(cheapestSpans(of)).toEqual([
		{ strategy: "api", from: 1, to: 2 },
		{ strategy: "own", from: 3, to: 3 },
		{ strategy: "own", from: 5, to: 6 },
	]);
	expect(cheapestSpans({ ...of, cheapest: [null], tokens_per_day: [1] })).toEqual([]);
});
