import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { rowListJsonSchema } from "./json-schema.ts";
import { parseRowList } from "./parse-row-list.ts";

const sixRows = readFileSync(new URL("../../../scenarios/six-rows.yaml", import.meta.url), "utf8");

describe("parseRowList", () => {
	it("reads the six rows of the worked example", () => {
		const parsed = parseRowList(sixRows, { file: "six-rows.yaml" });
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
		expect(parsed.rowList.rows).toHaveLength(6);
		expect(new Ajv({ strict: false }).compile(rowListJsonSchema())(parse(sixRows))).toBe(true);
	});

	it("reads ids and selectors", () => {
		const parsed = parseRowList(
			"version: 1\nrows:\n  - id: ix-b529d1cd\n  - selector: {hardware: b200, prefill_gpus: 20, tokens_per_s_per_user: 75.7}\n",
			{ file: "rows.yaml" },
		);
		expect(parsed.ok && parsed.rowList.rows).toEqual([
			{ kind: "id", id: "ix-b529d1cd", origin: { kind: "file", file: "rows.yaml", line: 3, column: 5 } },
			{
				kind: "selector",
				selector: { hardware: "b200", prefillGpus: 20, tokensPerSecondPerUser: { value: 75.7, tolerance: 0.05 } },
				origin: { kind: "file", file: "rows.yaml", line: 4, column: 5 },
			},
		]);
	});

	it.each([
		["rows: [{id: a}]\n", "missing-field", 1, 1],
		["version: 1\nrows: []\n", "missing-field", 2, 1],
		["version: 1\nrows: [{id: a, selector: {hardware: b}}]\n", "contradiction", 2, 16],
		["version: 1\nrows: [{}]\n", "missing-field", 2, 8],
		["version: 1\nrows: [{selector: {hardware: b200, gpu: 8}}]\n", "unknown-field", 2, 36],
		["version: 1\nrows: [{selector: {gpus: 8}}]\n", "missing-field", 2, 9],
		["version: 1\nrows: [{selector: {hardware: b, gpus: 1.5}}]\n", "wrong-type", 2, 39],
		["version: 1\nrows: [{selector: {hardware: b, tokens_per_s_per_user: fast}}]\n", "wrong-type", 2, 56],
		["ix-1\n", "wrong-type", 1, 1],
	])("tells what is wrong with %j", (text, code, line, column) => {
		const parsed = parseRowList(text, { file: "rows.yaml" });
		expect(parsed.ok ? [] : parsed.issues).toMatchObject([{ code, line, column, file: "rows.yaml" }]);
	});
});
