import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AppState } from "./app-state.ts";
import { initialState } from "./app-state.ts";
import { changeOf, changeText, fromHash, toHash } from "./url.ts";

const path = fc.stringMatching(/^[a-z][a-z_]{0,12}(\.[a-z_]{1,12}){0,2}$/);
const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
/** What a field can hold: a text that would be read as a number or a list is one. */
const change = fc.oneof(
	fc.boolean(),
	fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => Object.is(changeOf(String(n)), n)),
	word.filter((text) => typeof changeOf(text) === "string"),
	fc.array(fc.stringMatching(/^[a-z][a-z0-9-]{0,7}$/), { maxLength: 3 }),
	fc.array(fc.nat(1000), { minLength: 1, maxLength: 24 }),
);
const state: fc.Arbitrary<AppState> = fc
	.record(
		{
			page: fc.constantFrom("start", "answer", "years"),
			base: fc.constantFrom("prototype-to-5b", "five-years"),
			changes: fc.dictionary(path, change, { maxKeys: 4, noNullPrototype: true }),
			view: fc.dictionary(fc.stringMatching(/^[a-z.]{1,10}$/), word, { maxKeys: 3, noNullPrototype: true }),
			display: fc.record(
				{
					isPerDollar: fc.boolean(),
					currency: fc.record({
						code: fc.constantFrom("EUR", "CNY"),
						perDollar: fc.constantFrom(0.92, 7.1234, 1e-7, 1e21),
						date: fc.constant("2026-11-01"),
					}),
				},
				{ requiredKeys: ["isPerDollar"] },
			),
			text: word,
			why: fc.record(
				{ kind: fc.constantFrom("plan", "years"), node: fc.constantFrom("ix-1.gpus", "a:b c"), month: fc.nat(60) },
				{ requiredKeys: ["kind", "node"] },
			),
			catalogue: fc.constant("2026.11.0+c6619550d7e5"),
		},
		{ requiredKeys: ["page", "base", "changes", "view", "display"] },
	)
	.map((made) => made as AppState);

describe("the state in the URL", () => {
	test("comes back as it was, whatever it is", () => {
		fc.assert(
			fc.property(state, (each) => {
				const { state: read, faults } = fromHash(`#${toHash(each)}`);
				expect(faults).toEqual([]);
				expect(read).toEqual(each);
			}),
			{ seed: 8, numRuns: 300 },
		);
	});

	test("can be read by a person", () => {
		const changes = { "demand.tokens_per_day": "8B", "slo.ttft": "3 s", "supply.hardware": ["h200", "b200"] };
		expect(toHash({ ...initialState, page: "answer", changes, view: { option: "2" } })).toBe(
			"answer?s.demand.tokens_per_day=8B&s.slo.ttft=3+s&s.supply.hardware=[h200,b200]&v.option=2",
		);
		expect(toHash(initialState)).toBe("start");
	});

	test("what cannot be read is named and left out", () => {
		const { state: read, faults } = fromHash("#answer?fx=EUR:zero:2026-11-01&unit=miles&file=%21&other=1&s.9=2&why=x");
		expect(faults).toEqual(["fx", "unit", "file", "other", "s.9", "why"]);
		expect(read).toEqual({ ...initialState, page: "answer" });
	});

	test("a packed text that would fill the memory is refused", () => {
		const { state: read } = fromHash(`#${toHash({ ...initialState, text: "a".repeat(2_000_000) })}`);
		expect(read.text === undefined).toBe(true);
	});

	test.each([
		["2", 2],
		["2.5", 2.5],
		["2.50", "2.50"],
		["007", "007"],
		["2026-07", "2026-07"],
		["8B", "8B"],
		["true", true],
		["[a,b]", ["a", "b"]],
		["[]", []],
	])("%s is read as YAML would", (text, value) => {
		expect(changeOf(text)).toEqual(value);
		expect(changeText(value)).toBe(text);
	});
});
