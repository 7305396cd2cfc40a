import { describe, expect, it } from "vitest";
import { catalogue } from "../test-support/questions.ts";
import { claimDefinition } from "./claim-definitions.ts";

type Plain = Record<string, unknown>;

describe("claimDefinition", () => {
	it("reads every claim of the catalogue", () => {
		const all = catalogue.claims.map(claimDefinition);
		expect(all).toHaveLength(11);
		for (const { figures, tests } of all) {
			expect(figures.some(({ shown }) => shown)).toBe(true);
			expect(tests.some(({ role }) => role === "claim")).toBe(true);
		}
	});

	it("reads each way to compute a figure", () => {
		const { figures, tests } = claimDefinition(plain());
		expect(figures.map(({ spec }) => spec.kind)).toEqual(["value", "rate", "row", "cost", "arithmetic"]);
		expect(figures[0]).toMatchObject({
			shown: false,
			unit: { symbol: "USD/Mtok" },
			spec: { value: 0.02, grade: "E", asOf: "2025-10" },
		});
		expect(figures[2]?.spec).toEqual({ kind: "row", row: "ix-1", tokens: "total" });
		expect(figures[4]?.unit).toMatchObject({ symbol: "x", dims: {} });
		expect(tests[0]).toMatchObject({ role: "claim", comparison: "<=", factor: 1 });
		const more: [Plain, object][] = [
			[{ power: { hardware: "b200", card: "2025-08" } }, { kind: "power", hardware: "b200", card: "2025-08" }],
			[
				{ frontier: { model: "m", isl: 1, osl: 2, multinode: false, between: ["2025-12-01", "2025-12-31"] }, at: 50 },
				{
					kind: "frontier",
					at: 50,
					select: { model: "m", isl: 1, osl: 2, multinode: false, between: ["2025-12-01", "2025-12-31"] },
				},
			],
			[
				{ frontier: { stack: "trt", as_of: "2025-12-31" }, at: 5 },
				{ kind: "frontier", at: 5, select: { stack: "trt", asOf: "2025-12-31" } },
			],
			[
				{ drift: { model: "m", minimum_days: 45, per_days: 90 } },
				{ kind: "drift", select: { model: "m" }, minimumDays: 45, perDays: 90 },
			],
			[{ accuracy: { from: ["fp8"], to: ["nvfp4"] } }, { kind: "accuracy", from: ["fp8"], to: ["nvfp4"] }],
			[
				{ build_up_share: { assumptions: "own", hardware: "b200", part: "energy" } },
				{ kind: "build-up-share", assumptions: "own", hardware: "b200", part: "energy" },
			],
			[{ fact: "accuracy/other-tasks" }, { kind: "fact", fact: "accuracy/other-tasks" }],
		];
		for (const [way, spec] of more) {
			const figure = { name: "extra", label: "extra", unit: "x", ...way };
			expect(claimDefinition(plain({ figures: [...figuresOf(), figure] })).figures.at(-1)?.spec).toEqual(spec);
		}
	});

	it.each<[string, Plain, string]>([
		["no claim at all", { id: undefined }, "claim/id: expected a text"],
		["an empty text", { claim: "" }, "claims/test/claim: expected a text"],
		["a missing origin", { origin: undefined }, "claims/test/origin: expected a mapping"],
		[
			"a member of the origin that nobody reads",
			{ origin: { who: "a", date: "2025", conditions: "none", url: "x" } },
			"claims/test/origin/url: no such member",
		],
		["a misspelt member", { defnition: "x" }, "claims/test/defnition: no such member"],
		["figures that are no list", { figures: {} }, "claims/test/figures: expected a list"],
		["leaves_out of numbers", { leaves_out: [1] }, "claims/test/leaves_out[0]: expected a text"],
	])("refuses %s with its path", (_, change, message) => {
		expect(() => claimDefinition(plain(change))).toThrow(message);
	});

	it.each<[string, Plain, string]>([
		["no way to compute it", { value: undefined }, "claims/test/figures[0]: expected one way to compute the figure"],
		["two ways", { row: "ix-1" }, "claims/test/figures[0]: expected one way to compute the figure"],
		["a value in words", { value: "0.02" }, "claims/test/figures[0]/value: expected a number"],
		["a value without end", { value: Number.POSITIVE_INFINITY }, "claims/test/figures[0]/value: expected a number"],
		["an unknown unit", { unit: "USD/furlong" }, "claims/test/figures[0]/unit: expected a unit"],
		["an unknown kind of token", { tokens: "all" }, "claims/test/figures[0]/tokens: expected input"],
		["a flag in words", { step: "yes" }, "claims/test/figures[0]/step: expected true or false"],
		[
			"a speed without a frontier",
			{ at: 50 },
			"claims/test/figures[0]/at: expected no speed where no frontier is read",
		],
		["a misspelt member", { lable: "x" }, "claims/test/figures[0]/lable: no such member"],
	])("refuses a figure with %s", (_, change, message) => {
		const [first, ...others] = figuresOf();
		expect(() => claimDefinition(plain({ figures: [{ ...first, ...change }, ...others] }))).toThrow(message);
	});

	it.each<[string, Plain, string]>([
		[
			"a rate without its tier",
			{ rate: { hardware: "b200", card: "2025-08" } },
			"figures[5]/rate/tier: expected a text",
		],
		[
			"a rate with more",
			{ rate: { hardware: "b200", card: "2025-08", tier: "own", at: 1 } },
			"figures[5]/rate/at: no such member",
		],
		[
			"a row of tokens it cannot have",
			{ row: "ix-1", tokens: "reasoning", unit: "tok" },
			"figures[5]/tokens: expected total, output, input",
		],
		["a row that does not say its tokens", { row: "ix-1" }, "figures[5]/tokens: expected total, output, input"],
		["a frontier read at no speed", { frontier: { model: "m" } }, "figures[5]/at: expected a number"],
		[
			"a frontier by a misspelt member",
			{ frontier: { modle: "m" }, at: 1 },
			"figures[5]/frontier/modle: no such member",
		],
		[
			"a window of one day",
			{ frontier: { between: ["2025-12-01"] }, at: 1 },
			"figures[5]/frontier/between: expected two days",
		],
		[
			"a window that ends before it starts",
			{ frontier: { between: ["2025-12-31", "2025-12-01"] }, at: 1 },
			"figures[5]/frontier/between: expected two days",
		],
		["a drift without its span", { drift: { minimum_days: 45 } }, "figures[5]/drift/per_days: expected a number"],
		[
			"an accuracy without formats",
			{ accuracy: { from: [], to: ["fp8"] } },
			"figures[5]/accuracy/from: expected at least one",
		],
		["arithmetic on nothing", { add: [] }, "figures[5]/add: expected at least one"],
		["arithmetic on a figure that is not there", { add: ["gone"] }, 'figures[5]: no figure "gone" stands before it'],
		[
			"a cost at a load that is not there",
			{ cost: { rate: "rate", throughput: "speed", load: "gone" } },
			'figures[5]: no figure "gone" stands before it',
		],
		["a list in place of a mapping", { cost: ["rate", "speed"] }, "figures[5]/cost: expected a mapping"],
		["the name of another", { name: "rate", value: 1 }, 'figures[5]/name: there are two figures "rate"'],
	])("refuses %s", (_, way, message) => {
		const figure = { name: "extra", label: "extra", unit: "x", ...way };
		expect(() => claimDefinition(plain({ figures: [...figuresOf(), figure] }))).toThrow(`claims/test/${message}`);
	});

	it.each<[string, Plain, string]>([
		["an unknown role", { role: "proof" }, "claims/test/tests[0]/role: expected claim, condition"],
		["an unknown comparison", { is: "==" }, "claims/test/tests[0]/is: expected <, <=, >, >=, ="],
		["a figure that is not there", { right: "claimd" }, 'claims/test/tests[0]: there is no figure "claimd"'],
		[
			"words about a figure that is not there",
			{ breaks: "it is {costs}" },
			'claims/test/tests[0]: there is no figure "costs"',
		],
		["a factor in words", { factor: "0.9" }, "claims/test/tests[0]/factor: expected a number"],
		["no words", { holds: undefined }, "claims/test/tests[0]/holds: expected a text"],
		["a misspelt member", { facotr: 0.9 }, "claims/test/tests[0]/facotr: no such member"],
	])("refuses a test with %s", (_, change, message) => {
		expect(() => claimDefinition(plain({ tests: [{ ...testOf(), ...change }] }))).toThrow(message);
	});

	it("refuses what is no mapping", () => {
		for (const each of [undefined, null, 3, "claim", []]) expect(() => claimDefinition(each)).toThrow("claim");
	});
});

function plain(change: Plain = {}): Plain {
	const origin = { who: "somebody", date: "2025-10", conditions: "none" };
	return {
		id: "test",
		claim: "it is so",
		origin,
		definition: "what it means",
		figures: figuresOf(),
		tests: [testOf()],
		leaves_out: ["load"],
		...change,
	};
}

function figuresOf(): Plain[] {
	return [
		{ name: "claimed", label: "claimed", unit: "USD/Mtok", tokens: "total", step: true, value: 0.02 },
		{
			name: "rate",
			label: "rate",
			unit: "USD/GPU-hr",
			rate: { hardware: "b200-sxm", card: "2025-08", tier: "own_hyperscaler" },
		},
		{ name: "speed", label: "speed", unit: "tok/s/GPU", tokens: "total", row: "ix-1" },
		{ name: "cost", label: "cost", unit: "USD/Mtok", tokens: "total", cost: { rate: "rate", throughput: "speed" } },
		{ name: "ratio", label: "ratio", unit: "x", divide: ["cost", "claimed"] },
	];
}

function testOf(): Plain {
	return {
		id: "own",
		role: "claim",
		left: "cost",
		is: "<=",
		right: "claimed",
		holds: "it is {cost}",
		breaks: "it is {cost}",
	};
}
