import { expect, test } from "vitest";
import { ends, fanLines, withGaps } from "./fan-lines.ts";

const common = { of: "unit_cost.delivered", unit: "USD/Mtok", node: "n" } as const;
const fans = [
	{ ...common, strategy: "own" as const, p10: [Number.NaN, 1, 2], p50: [Number.NaN, 2, 3], p90: [Number.NaN, 4, 5] },
	{ ...common, strategy: "rent" as const, p10: [1, 1, 1], p50: [2, 2, 2], p90: [3, 3, 3] },
];

test("a month without a value is a gap, never 0; only the way that is chosen has a band", () => {
	const [own, rent] = fanLines(fans, "own", (value) => value * 2);
	expect(own?.points).toEqual([
		{ x: 0, y: undefined },
		{ x: 1, y: 4 },
		{ x: 2, y: 6 },
	]);
	expect(own?.band).toEqual([
		{ x: 1, low: 2, high: 8 },
		{ x: 2, low: 4, high: 10 },
	]);
	expect(rent?.band).toBeUndefined();
	expect(ends(fans[0]!.p50)).toEqual({ first: 1, last: 2 });
	expect(ends([Number.NaN])).toBeUndefined();
});

test("a cost of nothing is no cost, cash of nothing is cash", () => {
	const [, rent] = fans;
	const opened = { ...rent!, p50: [0, 2, 2] };
	expect(withGaps(opened).p50).toEqual([Number.NaN, 2, 2]);
	expect(withGaps({ ...opened, of: "cash_so_far" }).p50).toEqual([0, 2, 2]);
});
