import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { builtInTemplate, builtInTemplates } from "../node.ts";
import { parseTemplate } from "./parse-template.ts";
import { templateSchema } from "./template-schema.ts";

const own = `---
template: ours
accent: "#004488"
brand: Example plc, confidential
---

# The ask

We ask for **one rack**: {{/npv}} in \`today's\` money,
said on two lines.

- first
- second {{/strategies/0/measures/npv}}

{{decision}}

# Annex
{{ assumptions }}
`;

describe("parseTemplate", () => {
	it("reads settings, pages, blocks, words and places of numbers", () => {
		const parsed = parseTemplate(own, "file");
		expect(parsed).toEqual({
			ok: true,
			template: {
				name: "ours",
				look: { accent: "#004488", brand: "Example plc, confidential" },
				pages: [
					{
						heading: "The ask",
						items: [
							{
								kind: "text",
								text: [
									"We ask for ",
									{ kind: "strong", text: ["one rack"] },
									": ",
									{ kind: "number", pointer: "/npv", line: 9 },
									" in ",
									{ kind: "code", code: "today's" },
									" money, said on two lines.",
								],
							},
							{
								kind: "list",
								items: [["first"], ["second ", { kind: "number", pointer: "/strategies/0/measures/npv", line: 13 }]],
							},
							{ kind: "block", name: "decision" },
						],
					},
					{ heading: "Annex", items: [{ kind: "block", name: "assumptions" }] },
				],
			},
		});
	});

	it.each([
		["# A\n\n  {{decison}}\n", { line: 3, column: 3, message: 'there is no block "decison"' }],
		["---\ncolour: red\n---\n# A\n", { line: 2, column: 1, message: 'there is no setting "colour"' }],
		["---\naccent: red\n---\n# A\n", { line: 2, column: 8, message: 'accent is "red"' }],
		["---\naccent: #0b5394\n", { line: 1, message: "the settings are not closed" }],
		["words first\n# A\n", { line: 1, message: "this stands before the first page" }],
		["\n\n", { line: 3, message: "the template has no page" }],
	])("tells what is wrong and where: %j", (text, issue) => {
		const parsed = parseTemplate(text, "file");
		expect(parsed.ok ? [] : parsed.issues).toMatchObject([issue]);
	});

	it("names the block that is meant", () => {
		const parsed = parseTemplate("# A\n{{cost}}\n", "file");
		expect(parsed.ok ? [] : parsed.issues[0]?.nearest).toContain("cost-causes");
	});
});

describe("templates that come with the package", () => {
	const check = new Ajv2020().compile(templateSchema());

	it.each(builtInTemplates())("%s fits the schema", (name) => {
		const parsed = parseTemplate(builtInTemplate(name), name);
		expect(parsed.ok ? [] : parsed.issues).toEqual([]);
		expect(check(parsed.ok ? parsed.template : {})).toBe(true);
	});

	it("have a published schema that is as the blocks are", () => {
		const published = JSON.parse(
			readFileSync(new URL("../../schema/template.v1.json", import.meta.url), "utf8"),
		) as unknown;
		expect(published).toEqual(templateSchema());
	});
});
