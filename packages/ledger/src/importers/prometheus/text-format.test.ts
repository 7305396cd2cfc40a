import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePromLine, promNumber } from "./text-format.ts";

describe("parsePromLine", () => {
	it.each([
		['a{b="c",d="e"} 1', { name: "a", labels: { b: "c", d: "e" }, value: 1 }],
		["vllm:x_total 3.5e+06", { name: "vllm:x_total", labels: {}, value: 3.5e6 }],
		[
			'a { b = "c" , } +Inf 1795311206290',
			{ name: "a", labels: { b: "c" }, value: Number.POSITIVE_INFINITY, at: 1795311206290 },
		],
		['a{b="x\\"y\\\\z\\n"} 1', { name: "a", labels: { b: 'x"y\\z\n' }, value: 1 }],
		['{"my.metric",b="c"} 2', { name: "my.metric", labels: { b: "c" }, value: 2 }],
		['kong_x{"ai.model"="m"} 2', { name: "kong_x", labels: { "ai.model": "m" }, value: 2 }],
		['a_total 17 1520879607.789 # {trace_id="x"} 0.67', { name: "a_total", labels: {}, value: 17, at: 1520879607789 }],
		['a{le="0.5"} 9 # {trace_id="x"} 0.67 1520879607.1', { name: "a", labels: { le: "0.5" }, value: 9 }],
	])("reads %s", (line, sample) => {
		expect(parsePromLine(line)).toEqual({ kind: "sample", sample });
	});

	it.each([
		['a{b="c} 1', 4],
		["a{b=c} 1", 5],
		["a", 2],
		["a one", 2],
		["a 1e400", 2],
		["a 1 2 3", 2],
		['a{b="c",b="d"} 1', 14],
		["1a 2", 1],
	])("says where %s goes wrong", (line, column) => {
		const read = parsePromLine(line);
		expect(read.kind).toBe("fault");
		expect(Math.abs((read as { column: number }).column - column)).toBeLessThanOrEqual(2);
	});

	it("reads types, and no other comment", () => {
		expect(parsePromLine("# TYPE a:b_total counter")).toEqual({ kind: "type", family: "a:b_total", type: "counter" });
		expect(parsePromLine("# HELP a anything")).toEqual({ kind: "nothing" });
		expect(parsePromLine("# EOF")).toEqual({ kind: "nothing" });
		expect(parsePromLine("# TYPE a spline").kind).toBe("fault");
	});

	it("reads back any labels that are written by the rules", () => {
		const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
		fc.assert(
			fc.property(fc.dictionary(name, fc.string(), { maxKeys: 4 }), fc.integer(), (labels, value) => {
				const written = Object.entries(labels).map(
					([label, text]) =>
						`${label}="${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
				);
				const line = `m{${written.join(",")}} ${value}`;
				fc.pre(!/[\r\u2028\u2029]/.test(line));
				const read = parsePromLine(line);
				expect(read).toEqual({ kind: "sample", sample: { name: "m", labels, value } });
			}),
			{ numRuns: 100 },
		);
	});

	it("never throws", () => {
		fc.assert(
			fc.property(fc.string(), (line) => void parsePromLine(line)),
			{ numRuns: 200 },
		);
	});
});

it("takes numbers as Go does, and refuses what overflows", () => {
	expect(["NaN", "+Inf", "-inf", "1_000", "0x10", "", "1e400", "-0"].map(promNumber)).toEqual([
		Number.NaN,
		Number.POSITIVE_INFINITY,
		Number.NEGATIVE_INFINITY,
		undefined,
		undefined,
		undefined,
		undefined,
		-0,
	]);
});
