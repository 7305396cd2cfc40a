import { expect, test } from "vitest";
import { crossingSquare } from "./crossings.ts";

test("every pair has its place: always, never, from a volume, or not held long enough", () => {
	const group = (name: string) => ({
		name,
		options: 1,
		best: name,
		delivered: { unit: "USD/Mtok" },
		headline: { unit: "USD/Mtok" },
		ratio: 1,
		gpus: 8,
		utilization: { unit: "fraction" },
		deployment: "TP8",
	});
	const volume = { value: 1e9, unit: "tok/day" };
	const square = crossingSquare({
		groups: ["a", "b", "c"].map(group),
		crossovers: [
			{ of: "a", against: "b", state: "reached", tokens_per_day: volume, from_lowest: true },
			{ of: "a", against: "c", state: "not-reached" },
			{ of: "b", against: "a", state: "not-reached" },
			{ of: "b", against: "c", state: "not-verified", tokens_per_day: volume },
			{ of: "c", against: "a", state: "reached", tokens_per_day: volume },
			{ of: "c", against: "b", state: "not-reached" },
		],
	});
	expect(square).toEqual([
		[{ state: "same" }, { state: "always" }, { state: "never" }],
		[{ state: "never" }, { state: "same" }, { state: "unsure", volume }],
		[{ state: "from", volume }, { state: "never" }, { state: "same" }],
	]);
});
