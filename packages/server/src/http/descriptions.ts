/** What an operation answers, for the OpenAPI document: shapes of results come from the published JSON Schema. */
import schema from "@farthing/answers/schema/result.v1.json" with { type: "json" };

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const PREFIX = "#/$defs/";

/** The definitions of the result schema as components of an OpenAPI 3.1 document. */
export function resultComponents(): Record<string, Json> {
	const definitions = Object.entries(schema.$defs as unknown as Record<string, Json>);
	return Object.fromEntries(definitions.map(([name, definition]) => [componentName(name), moved(definition)]));
}

/** The responses of an operation whose envelope holds one of the results named; 304 where its answer has an ETag. */
export function responsesOf(result: readonly string[], description: string) {
	return {
		200: { ...answerOf(result, description), headers: ETAG },
		304: { description: "unchanged since the ETag given in If-None-Match", headers: ETAG },
		...REFUSALS,
	};
}

/** An answer in its envelope, as JSON or as its table. */
export function answerOf(result: readonly string[], description: string) {
	const envelope = { $ref: `#/components/schemas/${componentName("envelope")}` };
	const whole =
		result.length === 0
			? envelope
			: {
					allOf: [
						envelope,
						{
							type: "object" as const,
							properties: { result: oneOfNamed(result) },
						},
					],
				};
	return {
		description,
		content: { "application/json": { schema: whole }, "text/csv": { schema: { type: "string" as const } } },
	};
}

function oneOfNamed(names: readonly string[]) {
	const [only = {}, ...others] = names.map((name) => ({ $ref: `#/components/schemas/${componentName(name)}` }));
	return others.length === 0 ? only : { anyOf: [only, ...others] };
}

const ETAG = { ETag: { schema: { type: "string" as const }, description: "of these bytes" } };
const RETRY = { "Retry-After": { schema: { type: "integer" as const }, description: "seconds" } };

const problem = {
	"application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
};

export const REFUSALS = {
	400: { description: "malformed: says which member, and what was expected", content: problem },
	401: { description: "no key, where keys are asked for", content: problem },
	403: { description: "this key may not do that", content: problem },
	404: { description: "a name that is not known; the nearest are given", content: problem },
	413: { description: "larger than this server takes", content: problem },
	415: { description: "a type or encoding that is not read here", content: problem },
	422: { description: "well-formed, and has no answer; says why", content: problem },
	429: { description: "too much at once: ask again after Retry-After", headers: RETRY, content: problem },
	503: { description: "no answer in time: ask for less, or again after Retry-After", headers: RETRY, content: problem },
};

/** Of what changes something and stands in the log of changes. */
export const REFUSALS_OF_CHANGES = {
	...REFUSALS,
	507: { description: "the disk is full or cannot be written to: nothing was changed", content: problem },
};

/** Of what every path may answer: a method that it has not, a Host of another, headers or a body too slow or too large. */
export const ANY_REFUSAL = { description: "any other refusal", content: problem };

/** Names a body, so that sending it again adds nothing. */
export const IDEMPOTENCY_KEY = {
	name: "Idempotency-Key",
	in: "header" as const,
	required: false,
	description: "of your choice: the same key with the same body has the same effect once, with another body it is 409",
	schema: { type: "string" as const, pattern: "^[\\x21-\\x7e]{1,200}$" },
};

export const PROBLEM_SCHEMA = {
	type: "object",
	required: ["type", "title", "status", "detail", "code"],
	properties: {
		type: { type: "string" },
		title: { type: "string" },
		status: { type: "integer" },
		detail: { type: "string" },
		code: { type: "string" },
		field: { type: "string" },
		line: { type: "integer" },
		column: { type: "integer" },
		expected: { type: "string" },
		hint: { type: "string" },
		nearest: { type: "array", items: { type: "string" } },
		faulty: { type: "integer" },
		issues: { type: "array", items: { type: "object" } },
		result: { type: "object" },
	},
} as const;

function componentName(definition: string): string {
	return `result.${definition}`;
}

function moved(of: Json): Json {
	if (Array.isArray(of)) return of.map(moved);
	if (of === null || typeof of !== "object") return of;
	return Object.fromEntries(
		Object.entries(of).map(([key, value]) =>
			key === "$ref" && typeof value === "string" && value.startsWith(PREFIX)
				? [key, `#/components/schemas/${componentName(value.slice(PREFIX.length))}`]
				: [key, moved(value)],
		),
	);
}
