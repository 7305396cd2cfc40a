/** JSON Schema of a parsed template: which settings and blocks there are, and what each needs of the result. */
import { BLOCKS } from "../pack/blocks.ts";
import { SETTINGS } from "./parse-template.ts";

export function templateSchema(): Readonly<Record<string, unknown>> {
	const { template: _, ...look } = SETTINGS;
	const text = { type: "array", items: { $ref: "#/$defs/span" } };
	return {
		$schema: "https://json-schema.org/draft/2020-12/schema",
		$id: "farthing/template.v1.json",
		title: "farthing report template",
		description:
			"What a Markdown template holds: settings between lines of ---, a page for each # heading, blocks as {{name}} on lines of their own, and words between them.",
		type: "object",
		additionalProperties: false,
		required: ["name", "look", "pages"],
		properties: {
			name: setting("template"),
			look: {
				type: "object",
				additionalProperties: false,
				properties: Object.fromEntries(Object.keys(look).map((name) => [name, setting(name)])),
			},
			pages: {
				type: "array",
				minItems: 1,
				items: {
					type: "object",
					additionalProperties: false,
					required: ["heading", "items"],
					properties: { heading: { type: "string" }, items: { type: "array", items: { $ref: "#/$defs/item" } } },
				},
			},
		},
		$defs: {
			item: {
				oneOf: [
					object({ kind: { const: "block" }, name: { $ref: "#/$defs/block" } }),
					object({ kind: { const: "text" }, text }),
					object({ kind: { const: "list" }, items: { type: "array", items: text } }),
				],
			},
			block: {
				oneOf: Object.entries(BLOCKS).map(([name, { shows, needs }]) => ({
					const: name,
					description: needs.length === 0 ? shows : `${shows}; needs ${needs.join(" and ")}`,
				})),
			},
			span: {
				oneOf: [
					{ type: "string" },
					object({ kind: { const: "strong" }, text }),
					object({ kind: { const: "code" }, code: { type: "string" } }),
					object({
						kind: { const: "number" },
						pointer: { type: "string", pattern: "^/", description: "JSON pointer under result, written {{/npv}}" },
						line: { type: "integer", minimum: 1 },
					}),
				],
			},
		},
	};
}

function setting(name: string): Readonly<Record<string, unknown>> {
	const { says, pattern, expected } = SETTINGS[name] as (typeof SETTINGS)[string];
	return { type: "string", pattern: pattern.source, description: `${says}: ${expected}` };
}

function object(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	return { type: "object", additionalProperties: false, required: Object.keys(properties), properties };
}
