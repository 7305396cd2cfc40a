import { rowListShape } from "./parse-row-list.ts";
import { policyFileShape } from "./policy.ts";
import type { JsonObject, JsonValue } from "./scenario.ts";
import { scenarioShape } from "./scenario-shape.ts";

/** JSON Schema of the scenario file, for editors: from the same table that the parser reads by. */
export function scenarioJsonSchema(): JsonObject {
	return withHead("farthing scenario, version 1", scenarioShape.schema);
}

/** JSON Schema of the row list file. */
export function rowListJsonSchema(): JsonObject {
	return withHead("farthing row list, version 1", rowListShape.schema);
}

/** JSON Schema of the policy file. */
export function policiesJsonSchema(): JsonObject {
	return withHead("farthing policies, version 1", policyFileShape.schema);
}

function withHead(title: string, schema: JsonObject): JsonObject {
	const shared = sharedMembers(schema);
	const definitions = Object.fromEntries([...shared].map(([text, name]) => [name, JSON.parse(text) as JsonValue]));
	return {
		$schema: "http://json-schema.org/draft-07/schema#",
		title,
		...(withReferences(schema, shared) as JsonObject),
		...(shared.size === 0 ? {} : { definitions }),
	};
}

/** Schemas of members that occur more than twice, by their text: the `source` of a quantity is written down once. */
function sharedMembers(schema: JsonValue): Map<string, string> {
	const counts = new Map<string, { name: string; count: number }>();
	visitMembers(schema, (name, member) => {
		const text = JSON.stringify(member);
		const seen = counts.get(text);
		counts.set(text, { name: seen?.name ?? name, count: (seen?.count ?? 0) + 1 });
	});
	const shared = new Map<string, string>();
	for (const [text, { name, count }] of counts) {
		const free = ![...shared.values()].includes(name);
		if (count > 2 && free && !text.includes('"properties"')) shared.set(text, name);
	}
	return shared;
}

function visitMembers(schema: JsonValue, visit: (name: string, member: JsonValue) => void): void {
	if (schema === null || typeof schema !== "object") return;
	if (Array.isArray(schema)) {
		for (const item of schema as readonly JsonValue[]) visitMembers(item, visit);
		return;
	}
	for (const [name, value] of Object.entries(schema as JsonObject)) {
		if (name === "properties") for (const [key, member] of Object.entries(value as JsonObject)) visit(key, member);
		visitMembers(value, visit);
	}
}

function withReferences(schema: JsonValue, shared: ReadonlyMap<string, string>): JsonValue {
	if (schema === null || typeof schema !== "object") return schema;
	if (Array.isArray(schema)) return (schema as readonly JsonValue[]).map((item) => withReferences(item, shared));
	const entries = Object.entries(schema as JsonObject).map(([name, value]): [string, JsonValue] => {
		if (name !== "properties") return [name, withReferences(value, shared)];
		const members = Object.entries(value as JsonObject).map(([key, member]): [string, JsonValue] => {
			const definition = shared.get(JSON.stringify(member));
			return [key, definition === undefined ? withReferences(member, shared) : { $ref: `#/definitions/${definition}` }];
		});
		return [name, Object.fromEntries(members)];
	});
	return Object.fromEntries(entries);
}
