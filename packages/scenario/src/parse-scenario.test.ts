import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseUnit } from "@farthing/engine";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policiesJsonSchema, rowListJsonSchema, scenarioJsonSchema } from "./json-schema.ts";
import type { IssueCode } from "./issue.ts";
import { type ParseScenarioOptions, parseScenario, type ScenarioOverride } from "./parse-scenario.ts";
import type { Scenario } from "./scenario.ts";

const examples = new URL("../../../scenarios/", import.meta.url);
const example = (name: string): string => readFileSync(new URL(name, examples), "utf8");

const base = `version: 1
name: test
model: deepseek-r1
workload:
  input: 8192
  output: 1024
demand:
  tokens_per_day: 5B
cost:
  card:
    id: "2026-07"
    tier: own_neocloud
`;

const buildUp = `version: 1
name: test
model: deepseek-r1
workload: {input: 8k, output: 1k}
demand: {tokens_per_day: 5B}
cost:
  build_up:
    life: 4 years
    cost_of_capital: 6% to 10%
    residual: 0%
    maintenance: 1.5%
    facility:
      leased: {rent: 130 USD/kW/month}
    pue: 1.15
    energy_price: 0.07 USD/kWh
    load: 80%
    staff: 0.03 USD/GPU-hr
    software: 4500 USD/GPU/year
    hardware:
      gb200: {capital: 51.4k USD/GPU, power: 1.87 kW/GPU}
`;

describe("parseScenario", () => {
	it("reads the worked example", () => {
		const scenario = scenarioOf(example("prototype-to-5b.yaml"), "prototype-to-5b.yaml");
		expect(scenario.model).toBe("deepseek-r1");
		expect(scenario.cost).toEqual({ kind: "card", card: { id: "2026-07", tier: "own_neocloud" }, rates: {} });
		expect(scenario.demand.tokensPerDay.distribution).toEqual({ kind: "point", value: 5e9 * (1 / 86_400) });
		expect(scenario.slo.ttft?.distribution).toEqual({ kind: "point", value: 5 });
		expect(scenario.origins["demand.tokens_per_day"]).toEqual({
			kind: "file",
			file: "prototype-to-5b.yaml",
			line: 13,
			column: 19,
			text: "5B",
		});
		expect(scenario.defaults.map((each) => each.path)).toEqual([
			"slo.ttft_unknown",
			"supply.speculative",
			"supply.disaggregated",
			"redundancy.whole_hosts",
			"redundancy.availability",
		]);
		expect(structuredClone(scenario)).toEqual(scenario);
	});

	it("takes what was left out from stated defaults", () => {
		const scenario = scenarioOf(base);
		expect(scenario.redundancy).toMatchObject({ wholeReplicas: true, spareReplicas: 1, wholeHosts: "owned" });
		expect(scenario.supply.hardware).toBe("any");
		expect(scenario.slo.tokensPerSecondPerUser?.origin.kind).toBe("default");
		for (const { path, value, source } of scenario.defaults) {
			expect(scenario.origins[path], path).toEqual({ kind: "default", source });
			expect(value).not.toBe("");
		}
		expect(scenario.document).toEqual({
			version: 1,
			name: "test",
			model: "deepseek-r1",
			workload: { input: 8192, output: 1024 },
			demand: { tokens_per_day: "5B" },
			cost: { card: { id: "2026-07", tier: "own_neocloud" } },
		});
	});

	it("switches a limit off with any, and says what has no effect then", () => {
		const text = `${base}slo: {ttft: any, tokens_per_s_per_user: any, ttft_statistic: p99}\nutilisation: 60%\n`;
		const parsed = parseScenario(text, { file: "s.yaml" });
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
		expect(parsed.scenario.slo).toEqual({ ttftStatistic: "p99", ttftUnknown: "exclude" });
		expect(parsed.warnings.map(({ code, line, column }) => [code, line, column])).toEqual([
			["utilisation-overridden", 14, 14],
			["unused-member", 13, 62],
		]);
	});

	it("reads choices, ranges and quantities with their source", () => {
		const scenario = scenarioOf(`${base}  rates:
    b200: 1.85 to 2.60 USD/GPU-hr
    h200: {rate: 2.10 USD/GPU-hr, source: quote 114, as_of: 2026-10-01, grade: E, owner: buying, note: firm}
supply: {hardware: [b200, h200], precision: fp4, disaggregated: false, speculative: none}
redundancy: {whole_hosts: true, spare_replicas: 0, availability: 99% to 99.9%}
as_of: 2026-11-22
`);
		expect(scenario.supply).toEqual({
			hardware: ["b200", "h200"],
			precision: ["fp4"],
			stack: "any",
			speculative: ["none"],
			disaggregated: false,
		});
		if (scenario.cost.kind !== "card") throw new Error("no card");
		const perHour = parseUnit("USD/GPU-hr").factor;
		expect(scenario.cost.rates["b200"]?.distribution).toEqual({
			kind: "lognormal",
			p5: 1.85 * perHour,
			p95: 2.6 * perHour,
		});
		expect(scenario.cost.rates["h200"]).toMatchObject({
			text: "2.10 USD/GPU-hr",
			path: "cost.rates.h200",
			origin: { kind: "file", line: 15, column: 18, text: "2.10 USD/GPU-hr" },
			source: "quote 114",
			asOf: "2026-10-01",
			grade: "E",
			owner: "buying",
			note: "firm",
		});
		expect(scenario.redundancy.availability.distribution.kind).toBe("logitnormal");
		expect(scenario.asOf).toBe("2026-11-22");
	});

	it("reads a build-up", () => {
		const { cost } = scenarioOf(buildUp);
		if (cost.kind !== "build-up") throw new Error("no build-up");
		expect(cost.buildUp.costOfCapital?.distribution).toEqual({ kind: "logitnormal", p5: 0.06, p95: 0.1 });
		expect(cost.buildUp.facility).toMatchObject({ kind: "leased", rent: { text: "130 USD/kW/month" } });
		expect(cost.buildUp.software?.distribution).toEqual({ kind: "point", value: 4500 / 31_536_000 });
		expect(cost.buildUp.hardware["gb200"]?.capital?.distribution).toEqual({ kind: "point", value: 51_400 });
		expect(scenarioOf(base.replace(/ {2}card:[^]*/, "  build_up: {assumptions: hyperscaler}\n")).cost).toEqual({
			kind: "build-up",
			buildUp: { assumptions: "hyperscaler", hardware: {} },
		});
	});
});

/** What is wrong, the text, and the issues: code, line, column, path, message, expected, hint. */
const faults: [string, string, [string, number, number, string, string, string | undefined, string | undefined][]][] = [
	[
		"an unknown field",
		base.replace("tokens_per_day", "token_per_day"),
		[
			[
				"missing-field",
				7,
				1,
				"demand.tokens_per_day",
				"demand.tokens_per_day is missing",
				undefined,
				"add tokens_per_day:",
			],
			[
				"unknown-field",
				8,
				3,
				"demand.token_per_day",
				'"token_per_day" is no field of demand',
				"tokens_per_day, peak_to_mean, growth or path",
				"write tokens_per_day",
			],
		],
	],
	[
		"a wrong unit",
		base.replace("5B", "5 kW"),
		[
			[
				"wrong-unit",
				8,
				19,
				"demand.tokens_per_day",
				'demand.tokens_per_day: "5 kW" is in kW, where tok(total)/day is expected',
				"a number or range in tok(total)/day",
				"give it in tok(total)/day, such as 5B",
			],
		],
	],
	[
		"an impossible range",
		base.replace("5B", '"900M to 300M"'),
		[
			[
				"impossible-range",
				8,
				19,
				"demand.tokens_per_day",
				'demand.tokens_per_day: "900M to 300M" does not rise from its low to its high end',
				"a range from low to high",
				"write 300M to 900M",
			],
		],
	],
	[
		"a negative price",
		`${base}  rates: {b200: -2.07 USD/GPU-hr}\n`,
		[
			[
				"out-of-bounds",
				13,
				17,
				"cost.rates.b200",
				"cost.rates.b200: -2.07 USD/GPU-hr is not above 0",
				"USD/GPU-hr, above 0",
				"write 2.07 USD/GPU-hr",
			],
		],
	],
	[
		"a missing currency",
		`${base}  rates: {b200: 1.85 to 2.60}\n`,
		[
			[
				"missing-currency",
				13,
				17,
				"cost.rates.b200",
				'cost.rates.b200: "1.85" names no currency',
				"a number or range in USD/GPU-hr",
				"write 1.85 to 2.60 USD/GPU-hr",
			],
		],
	],
	[
		"another currency",
		`${base}  rates: {b200: 2 EUR/GPU-hr}\n`,
		[
			[
				"wrong-unit",
				13,
				17,
				"cost.rates.b200",
				'cost.rates.b200: "2 EUR/GPU-hr" is in EUR/GPU-hr, where USD/GPU-hr is expected',
				"a number or range in USD/GPU-hr",
				"give it in USD/GPU-hr, such as 1.85 to 2.60 USD/GPU-hr",
			],
		],
	],
	[
		"two costs",
		buildUp.replace("cost:\n", 'cost:\n  card: {id: "2026-07", tier: rent_3yr}\n'),
		[
			[
				"contradiction",
				8,
				3,
				"cost.build_up",
				"card (line 7) and build_up (line 8) cannot both hold",
				"just one of card, rates or build_up",
				"keep card or build_up",
			],
		],
	],
	[
		"a shell and a lease for the same kW",
		buildUp.replace(
			"    facility:\n",
			"    facility:\n      owned: {build_cost: 11.5 USD/W, life: 15 years, cost_of_capital: 7%}\n",
		),
		[
			[
				"contradiction",
				14,
				7,
				"cost.build_up.facility.leased",
				"owned (line 13) and leased (line 14) cannot both hold",
				"just one of owned or leased",
				"keep owned or leased",
			],
		],
	],
	[
		"impossible money",
		buildUp
			.replace("4 years", "0 years")
			.replace("residual: 0%", "residual: 100%")
			.replace("130 USD/kW/month", "130 USD/kWh"),
		[
			[
				"out-of-bounds",
				8,
				11,
				"cost.build_up.life",
				"cost.build_up.life: 0 years is not above 0 and at most 100",
				"year, above 0 and at most 100",
				"write 1 year",
			],
			[
				"out-of-bounds",
				10,
				15,
				"cost.build_up.residual",
				"cost.build_up.residual: 100% is not at least 0% and below 100%",
				"a share, at least 0% and below 100%",
				"write 50%",
			],
			[
				"wrong-unit",
				13,
				22,
				"cost.build_up.facility.leased.rent",
				'cost.build_up.facility.leased.rent: "130 USD/kWh" is in USD/kWh, where USD/kW/month is expected: one counts power, the other energy',
				"a number or range in USD/kW/month",
				"give it in USD/kW/month, such as 130 USD/kW/month",
			],
		],
	],
	[
		"a peak under the mean",
		base.replace("5B\n", "5B\n  peak_to_mean: 0.5\n"),
		[
			[
				"out-of-bounds",
				9,
				17,
				"demand.peak_to_mean",
				"demand.peak_to_mean: 0.5 is not at least 1 and at most 24",
				"a plain number, at least 1 and at most 24",
				"write 1",
			],
		],
	],
	[
		"a peak that no hour of a day can have",
		base.replace("5B\n", "5B\n  peak_to_mean: 2 to 40\n"),
		[
			[
				"out-of-bounds",
				9,
				17,
				"demand.peak_to_mean",
				"demand.peak_to_mean: 40 is not at least 1 and at most 24",
				"a plain number, at least 1 and at most 24",
				"write 24",
			],
		],
	],
	[
		"a limit without a unit",
		`${base}slo: {ttft: 5}\n`,
		[
			[
				"wrong-unit",
				13,
				13,
				"slo.ttft",
				'slo.ttft: "5" has no unit, where s is expected',
				"one number in s",
				"write 5 s",
			],
		],
	],
	[
		"a length that is no whole number",
		base.replace("8192", "8192.5"),
		[
			[
				"out-of-bounds",
				5,
				10,
				"workload.input",
				"workload.input: 8192.5 is not a whole number",
				"a whole number",
				"write 8193 tok/request",
			],
		],
	],
	[
		"a build-up in part",
		buildUp.replace("    pue: 1.15\n", "").replace("    load: 80%\n", ""),
		[
			[
				"missing-field",
				7,
				3,
				"cost.build_up",
				"cost.build_up lacks pue and load",
				"a named set of assumptions, or every member",
				"add assumptions: hyperscaler, or the missing members",
			],
		],
	],
	[
		"another version",
		base.replace("version: 1", "version: 2"),
		[["wrong-version", 1, 10, "version", 'version "2" is not known here', "1", "write version: 1"]],
	],
	[
		"a field given twice",
		`${base}name: again\n`,
		[["duplicate-field", 13, 1, "", '"name" is given twice, in lines 2 and 13', undefined, "keep one of the two"]],
	],
	[
		"tabs",
		base.replace("  input", "\tinput"),
		[["not-yaml", 5, 1, "", "this is not YAML: tabs are not allowed as indentation", undefined, "indent with spaces"]],
	],
	[
		"words that are not known",
		`${base}slo: {ttft_statistic: p95, ttft_unknown: ignore}\nsupply: {disaggregated: yes, hardware: []}\nas_of: 2026-02-30\n`,
		[
			[
				"unknown-value",
				13,
				23,
				"slo.ttft_statistic",
				'"p95" is not known for slo.ttft_statistic',
				"median, p90, p99 or mean",
				"write p90",
			],
			[
				"unknown-value",
				13,
				42,
				"slo.ttft_unknown",
				'"ignore" is not known for slo.ttft_unknown',
				"exclude or accept",
				"write exclude",
			],
			[
				"wrong-type",
				14,
				25,
				"supply.disaggregated",
				'"yes" is neither true nor false',
				"true, false or any",
				"write true",
			],
			[
				"missing-field",
				14,
				30,
				"supply.hardware",
				"supply.hardware is empty",
				"a list of at least one",
				"give a value, or leave the line out",
			],
			[
				"wrong-type",
				15,
				8,
				"as_of",
				'"2026-02-30" is no day of the calendar',
				"a date as year-month-day",
				"write 2026-11-22",
			],
		],
	],
	[
		"empty members",
		base.replace(" deepseek-r1", "").replace(" 5B", ""),
		[
			[
				"missing-field",
				3,
				7,
				"model",
				"model is empty",
				"a name such as deepseek-r1",
				"give a value, or leave the line out",
			],
			[
				"missing-field",
				8,
				18,
				"demand.tokens_per_day",
				"demand.tokens_per_day is empty",
				"a quantity such as 5B",
				"give a value, or leave the line out",
			],
		],
	],
	[
		"lines that end with carriage returns alone",
		"# a plan\rversion: 1\r",
		[
			[
				"not-yaml",
				1,
				1,
				"",
				"its lines end with carriage returns alone",
				undefined,
				"save it with line feeds (LF or CRLF)",
			],
		],
	],
	[
		"an empty file",
		"",
		[["missing-field", 1, 1, "", "the file is empty", undefined, "write version: 1 in its first line"]],
	],
	[
		"something else",
		"- a\n- b\n",
		[
			[
				"wrong-type",
				1,
				1,
				"",
				"this is no scenario file: it has none of a scenario's fields",
				"version, name, model, workload, demand and cost",
				"start it with version: 1",
			],
		],
	],
	[
		"bytes that are no text",
		`${base}owner: \u0000\n`,
		[
			[
				"not-text",
				13,
				8,
				"",
				"the character U+0000 does not occur in a text file",
				undefined,
				"save the scenario as UTF-8 text",
			],
		],
	],
	[
		"a YAML bomb",
		bomb(),
		[
			[
				"too-many-nodes",
				5,
				12,
				"",
				"the file holds more than 20000 values once its aliases (*) are written out",
				undefined,
				"a scenario needs no more than a few hundred values",
			],
		],
	],
	[
		"an alias inside itself",
		"version: 1\nname: &a [*a]\n",
		[["not-yaml", 2, 11, "", "the alias *a stands inside what it names", undefined, undefined]],
	],
	[
		"nesting without end",
		`version: 1\nname: ${"[".repeat(5000)}`,
		[["too-deep", 2, 26, "", "the file nests more than 20 levels deep", undefined, "a scenario needs five"]],
	],
	[
		"two documents",
		`${base}---\n${base}`,
		[["not-yaml", 13, 1, "", "the file holds more than one document", undefined, "keep one scenario to a file"]],
	],
];

describe("parseScenario, of a bad file", () => {
	it.each(faults)("tells %s", (_, text, expected) => {
		const parsed = parseScenario(text, { file: "s.yaml" });
		if (parsed.ok) throw new Error("it was accepted");
		const told = parsed.issues.map((i) => [i.code, i.line, i.column, i.path, i.message, i.expected, i.hint]);
		expect(told).toEqual(expected);
		expect(new Set(parsed.issues.map((issue) => issue.file))).toEqual(new Set(["s.yaml"]));
	});

	it("offers the nearest names and names both places of a contradiction", () => {
		expect(issuesOf(`${base}slo: {tfft: 5 s}\n`)[0]?.nearest).toEqual(["ttft"]);
		expect(issuesOf(`${base}modle: x\n`)[0]?.nearest).toEqual(["model"]);
		const both = issuesOf(`${base}  build_up: {assumptions: hyperscaler}\n`)[0];
		expect(both).toMatchObject({ line: 13, related: [{ file: "s.yaml", line: 10, column: 3 }] });
	});

	it("gathers every issue, in the order of the file", () => {
		const issues = issuesOf(
			base.replace("8192", "-1").replace("5B", "many").replace('"2026-07"', "[x]").concat("nope: 1\n"),
		);
		expect(issues.map((issue) => [issue.code, issue.line])).toEqual([
			["out-of-bounds", 5],
			["unreadable-quantity", 8],
			["wrong-type", 11],
			["unknown-field", 13],
		]);
	});

	it("refuses 50 MB of noise before reading it, and reads only the beginning of 2 MB of anything", () => {
		const floods: readonly (readonly [string, IssueCode, number, number])[] = [
			[noise(1_000_000).repeat(50), "file-too-large", 1, 1],
			[noise(1_900_000), "out-of-bounds", 37, 1],
			["[".repeat(1_900_000), "too-many-nodes", 1, 100_000],
			["- ".repeat(900_000), "too-many-nodes", 1, 100_000],
			['"'.repeat(1_900_000), "too-many-nodes", 1, 199_999],
			["]".repeat(1_900_000), "too-many-nodes", 1, 100_000],
			["\n".repeat(1_900_000), "too-many-nodes", 100_001, 1],
			[`a: &a x\n${Array.from({ length: 90_000 }, (_, i) => `k${i}: *a`).join("\n")}`, "too-many-nodes", 16_667, 1],
			[`version: 1\n${Array.from({ length: 90_000 }, (_, i) => `k${i}: 1`).join("\n")}`, "too-many-nodes", 14_286, 9],
		];
		const refused = floods.map(([text]) => {
			const [issue, ...more] = issuesOf(text);
			expect(more).toEqual([]);
			expect(JSON.stringify(issue).length).toBeLessThan(500);
			return [issue?.code, issue?.line, issue?.column];
		});
		expect(refused).toEqual(floods.map(([, ...where]) => where));
	}, 30_000);

	it("answers any change of a good file with a scenario or with issues inside it", () => {
		const texts = [example("prototype-to-5b.yaml"), example("gpt-oss-120b.yaml"), buildUp];
		const snippet = fc.oneof(
			fc.string({ unit: "binary", maxLength: 8 }),
			fc.constantFrom(
				"\t",
				"\n",
				": ",
				"- ",
				"[",
				"{",
				"*a",
				"&a ",
				"!!x ",
				"'",
				'"',
				"%",
				"---\n",
				"? ",
				"|\n",
				"~",
				"-1",
				"1e999",
				".nan",
				"<<: ",
				"extends: x\n",
				"true",
			),
		);
		const change = fc.record({
			at: fc.double({ min: 0, max: 1, noNaN: true }),
			cut: fc.integer({ min: 0, max: 30 }),
			put: snippet,
		});
		fc.assert(
			fc.property(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
				let changed = text;
				for (const { at, cut, put } of changes) {
					const start = Math.floor(at * changed.length);
					changed = changed.slice(0, start) + put + changed.slice(start + cut);
				}
				const parsed = parseScenario(changed, { file: "s.yaml" });
				if (parsed.ok) return;
				expect(parsed.issues.length).toBeGreaterThan(0);
				const lines = changed.split("\n");
				for (const issue of parsed.issues) {
					expect(issue.line).toBeGreaterThanOrEqual(1);
					expect(issue.line).toBeLessThanOrEqual(lines.length);
					expect(issue.column).toBeGreaterThanOrEqual(1);
					expect(issue.column).toBeLessThanOrEqual((lines[issue.line - 1] as string).length + 1);
					expect(issue.message).not.toBe("");
				}
			}),
			{ numRuns: 1500, seed: 5 },
		);
	}, 60_000);
});

describe("parseScenario, with extends", () => {
	const files: { readonly [file: string]: string } = {
		"base.yaml": `${base}  rates: {h200: {rate: 2 USD/GPU-hr, source: quote 7}}\n`,
		"bad.yaml": base.replace("5B", "5 kW"),
		"a.yaml": "extends: b.yaml\nname: a\n",
		"b.yaml": "extends: a.yaml\nname: b\n",
		"broken.yaml": "name: [",
	};
	const options: ParseScenarioOptions = {
		file: "s.yaml",
		resolve: (name) => (name in files ? { file: name, text: files[name] as string } : undefined),
	};

	it("lays a file over another, member by member, quantities as a whole", () => {
		const parsed = parseScenario(
			"extends: base.yaml\nname: upside\ndemand: {peak_to_mean: 3}\ncost: {rates: {h200: {rate: 2.2 USD/GPU-hr}}}\n",
			options,
		);
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
		const { scenario } = parsed;
		expect(scenario.name).toBe("upside");
		expect(scenario.demand).toMatchObject({ tokensPerDay: { text: "5B" }, peakToMean: { text: "3" } });
		if (scenario.cost.kind !== "card") throw new Error("no card");
		expect(scenario.cost.rates["h200"]).toMatchObject({ text: "2.2 USD/GPU-hr" });
		expect(scenario.cost.rates["h200"]?.source).toBeUndefined();
		expect(scenario.origins["demand.tokens_per_day"]).toMatchObject({ file: "base.yaml", line: 8 });
		expect(scenario.origins["demand.peak_to_mean"]).toMatchObject({ file: "s.yaml", line: 3 });
		expect(scenario.document).not.toHaveProperty("extends");
	});

	it("drops the base's alternative where the overlay picks another", () => {
		const parsed = parseScenario("extends: base.yaml\ncost: {build_up: {assumptions: neocloud}}\n", options);
		expect(parsed.ok && parsed.scenario.cost).toEqual({
			kind: "build-up",
			buildUp: { assumptions: "neocloud", hardware: {} },
		});
	});

	it("names the file an issue stands in", () => {
		expect(issuesOf("extends: bad.yaml\n", options)[0]).toMatchObject({ file: "bad.yaml", line: 8, column: 19 });
		expect(issuesOf("extends: broken.yaml\n", options)[0]).toMatchObject({ code: "not-yaml", file: "broken.yaml" });
	});

	it("refuses cycles and files that are not there", () => {
		expect(issuesOf(files["a.yaml"] as string, { ...options, file: "a.yaml" })[0]).toMatchObject({
			code: "extends-cycle",
			message: "the files extend each other: a.yaml → b.yaml → a.yaml",
			file: "b.yaml",
			line: 1,
			column: 10,
		});
		expect(issuesOf("extends: none.yaml\n", options)[0]).toMatchObject({
			code: "unresolved-extends",
			line: 1,
			column: 10,
		});
		expect(issuesOf("extends: base.yaml\n")[0]?.code).toBe("unresolved-extends");
	});
});

describe("parseScenario, with overrides", () => {
	const over = (overrides: readonly ScenarioOverride[], text = base) =>
		parseScenario(text, { file: "s.yaml", overrides });

	it("puts flags over the file", () => {
		const parsed = over([
			{ path: "demand.tokens_per_day", value: "10B", label: "--demand" },
			{ path: "redundancy.whole_hosts", value: false, label: "--whole-hosts" },
			{ path: "supply.hardware", value: ["b200", "h200"], label: "--hardware" },
			{ path: "redundancy.spare_replicas", value: 2, label: "--spare-replicas" },
		]);
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
		const { scenario } = parsed;
		expect(scenario.demand.tokensPerDay.origin).toEqual({ kind: "override", label: "--demand", text: "10B" });
		expect(scenario.redundancy).toMatchObject({ wholeHosts: false, spareReplicas: 2 });
		expect(scenario.supply.hardware).toEqual(["b200", "h200"]);
		expect(scenario.document).toMatchObject({ demand: { tokens_per_day: "10B" }, redundancy: { whole_hosts: false } });
	});

	it("lets a card take the place of a build-up", () => {
		const parsed = over(
			[
				{ path: "cost.card.id", value: "2026-07", label: "--card" },
				{ path: "cost.card.tier", value: "own_neocloud", label: "--tier" },
			],
			buildUp,
		);
		expect(parsed.ok && parsed.scenario.cost).toMatchObject({
			kind: "card",
			card: { id: "2026-07", tier: "own_neocloud" },
		});
	});

	it("does not make a scenario of something else", () => {
		const parsed = over([{ path: "demand.tokens_per_day", value: "5B", label: "--demand" }], "- a\n");
		expect(parsed.ok ? [] : parsed.issues).toMatchObject([{ code: "wrong-type", file: "s.yaml", line: 1, column: 1 }]);
	});

	it("names the flag an issue stands in", () => {
		const parsed = over([{ path: "demand.tokens_per_day", value: "lots", label: "--demand" }]);
		expect(parsed.ok ? [] : parsed.issues).toMatchObject([
			{ code: "unreadable-quantity", file: "--demand", line: 1, column: 1 },
		]);
	});
});

describe("scenario.v1.json", () => {
	const ajv = new Ajv({ strict: false, allErrors: true });
	const accepts = ajv.compile(scenarioJsonSchema());

	it.each([
		["scenario.v1.json", scenarioJsonSchema()],
		["rows.v1.json", rowListJsonSchema()],
		["policies.v1.json", policiesJsonSchema()],
	])("%s is fresh (renew with RENEW_SCHEMA=1)", (name, schema) => {
		const file = new URL(`../schema/${name}`, import.meta.url);
		if (process.env["RENEW_SCHEMA"] === "1") writeFileSync(file, `${JSON.stringify(schema, undefined, "\t")}\n`);
		expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schema);
	});

	it("accepts the examples, as the parser does", () => {
		const names = readdirSync(examples).filter((name) => name.endsWith(".yaml"));
		expect(names.length).toBeGreaterThanOrEqual(4);
		for (const name of names) {
			if (example(name).includes("rows:")) continue;
			expect(accepts(scenarioOf(example(name), name).document), `${name}: ${ajv.errorsText(accepts.errors)}`).toBe(
				true,
			);
		}
		expect(accepts(scenarioOf(buildUp).document), ajv.errorsText(accepts.errors)).toBe(true);
	});

	it("accepts what the parser accepts: every example a hint or the schema itself gives", () => {
		const written = ["1.85 to 2.60 USD/GPU-hr", "$2.07/GPU-hr", "$1.85–2.60/GPU-hr", "2.07 $/GPU-hr"];
		for (const rate of written) {
			const document = { ...scenarioOf(base).document, cost: { rates: { b200: rate } } };
			expect(accepts(document), `${rate}: ${ajv.errorsText(accepts.errors)}`).toBe(true);
		}
	});

	it.each([
		["unknown field", { nope: 1 }],
		["other version", { version: 2 }],
		["negative price", { cost: { rates: { b200: "-2 USD/GPU-hr" } } }],
		["missing currency", { cost: { rates: { b200: "1.85 to 2.60" } } }],
		["bare price", { cost: { rates: { b200: 2 } } }],
		["two costs", { cost: { card: { id: "2026-07", tier: "rent_3yr" }, build_up: { assumptions: "hyperscaler" } } }],
		["no cost", { cost: {} }],
		["build-up in part", { cost: { build_up: { life: "4 years" } } }],
		[
			"owned and leased",
			{
				cost: {
					build_up: {
						assumptions: "hyperscaler",
						facility: {
							owned: { build_cost: "1 USD/W", life: "1 year", cost_of_capital: "1%" },
							leased: { rent: "1 USD/kW/month" },
						},
					},
				},
			},
		],
		["limit without unit", { slo: { ttft: "5" } }],
		["peak under mean", { demand: { tokens_per_day: "5B", peak_to_mean: 0.5 } }],
		["range of lengths", { workload: { input: "1k to 2k", output: 1 } }],
		["negative demand", { demand: { tokens_per_day: -5 } }],
		["unknown word", { slo: { ttft_statistic: "p95" } }],
		["no list", { supply: { hardware: [] } }],
	])("refuses %s, as the parser does", (_, part) => {
		const document = { ...scenarioOf(base).document, ...part };
		expect(accepts(document)).toBe(false);
		expect(parseScenario(JSON.stringify(document), { file: "s.yaml" }).ok).toBe(false);
	});
});

function scenarioOf(text: string, file = "s.yaml"): Scenario {
	const parsed = parseScenario(text, { file });
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues, undefined, 1));
	return parsed.scenario;
}

function issuesOf(text: string, options: ParseScenarioOptions = { file: "s.yaml" }) {
	const parsed = parseScenario(text, options);
	if (parsed.ok) throw new Error("it was accepted");
	return parsed.issues;
}

function bomb(): string {
	const names = "abcdefghi".split("");
	const layers = names.map(
		(name, i) =>
			`${name}: &${name} [${Array(9)
				.fill(i === 0 ? "x" : `*${names[i - 1]}`)
				.join(", ")}]`,
	);
	return `${layers.join("\n")}\n`;
}

function noise(length: number): string {
	let state = 1;
	const characters = new Uint8Array(length);
	for (let i = 0; i < length; i++) {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		characters[i] = i % 80 === 79 ? 10 : 32 + ((state >> 8) % 95);
	}
	return new TextDecoder("latin1").decode(characters);
}
