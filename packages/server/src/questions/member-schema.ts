/** Members of a question as the queries, bodies and tools that take them, and back to the words that readers read. */
import type { GivenFile, Member, Members, WordValue } from "@farthing/answers";
import { COMMON_MEMBERS, jsonNameOf } from "@farthing/answers";
import { z } from "@hono/zod-openapi";

/** Where members come from: a query holds text alone. */
export type Place = "query" | "body";

const MOST_TEXT = 2000;
const MOST_NAMES = 200;
/** Characters of a scenario, table or trace in a body. */
const MOST_FILE = 3_500_000;

/** The text of a scenario file. */
export const scenarioText: z.ZodString = z.string().min(1).max(MOST_FILE);

/** A schema for each member, by its name in JSON, with those that every question takes. */
export function memberShape(members: Members, place: Place): Record<string, z.ZodType> {
	const all: Members = { ...members, ...COMMON_MEMBERS };
	return Object.fromEntries(Object.entries(all).map(([name, member]) => [jsonNameOf(name), schemaOf(member, place)]));
}

export function memberSchema(members: Members, place: Place): z.ZodObject<Record<string, z.ZodType>> {
	return z.strictObject(memberShape(members, place));
}

/** What a request said, in words under the names that readers know. */
export function wordsFrom(members: Members, said: object): Record<string, WordValue> {
	const all: Members = { ...members, ...COMMON_MEMBERS };
	const given = said as Readonly<Record<string, unknown>>;
	return Object.fromEntries(
		Object.entries(all).flatMap(([name, { kind }]) => {
			const value = given[jsonNameOf(name)];
			return value === undefined ? [] : [[name, wordOf(jsonNameOf(name), kind, value)]];
		}),
	);
}

/** Some members of a table. */
export function membersNamed(members: Members, names: readonly string[]): Members {
	return Object.fromEntries(names.map((name) => [name, members[name] as Member]));
}

/** The same members, none of which can be left out. */
export function required(members: Members): Members {
	return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, { ...member, isRequired: true }]));
}

function schemaOf(member: Member, place: Place): z.ZodType {
	const schema = place === "query" ? querySchema(member) : bodySchema(member);
	const described = schema.meta({ description: descriptionOf(member) });
	return member.isRequired === true ? described : described.optional();
}

const text = z.string().min(1).max(MOST_TEXT);

function querySchema({ kind, of }: Member): z.ZodType {
	if (kind === "date") return z.iso.date();
	if (kind === "choice") return z.enum(of as [string, ...string[]]);
	if (kind === "on-off" || kind === "switch") return z.enum(["on", "off"]);
	return text;
}

function bodySchema({ kind, of }: Member): z.ZodType {
	switch (kind) {
		case "date":
			return z.iso.date();
		case "choice":
			return z.enum(of as [string, ...string[]]);
		case "on-off":
			return z.union([z.boolean(), z.enum(["on", "off"])], { error: "expected true, false, on or off" });
		case "switch":
			return z.boolean();
		case "quantity":
		case "count":
		case "number":
			return z.union([z.number(), text], { error: "expected a number or a text" });
		case "names":
			return z.union([z.array(text).min(1).max(MOST_NAMES), text], { error: "expected a name or a list of names" });
		case "settings":
			return z.array(text).max(MOST_NAMES);
		case "file":
			return z.string().max(MOST_FILE);
		case "files":
			return z.array(z.string().max(MOST_FILE)).max(20);
		case "text":
			return text;
	}
}

function wordOf(name: string, kind: Member["kind"], value: unknown): WordValue {
	switch (kind) {
		case "names":
			return (typeof value === "string" ? value.split(",") : (value as string[])).map((each) => each.trim());
		case "settings":
			return typeof value === "string" ? [value] : (value as string[]);
		case "switch":
			return value === true || value === "on";
		case "on-off":
			return typeof value === "boolean" ? (value ? "on" : "off") : (value as string);
		case "file":
			return given(name, value as string);
		case "files":
			return (value as string[]).map((each, i) => given(`${name}[${i}]`, each));
		case "quantity":
		case "count":
		case "number":
		case "date":
		case "text":
		case "choice":
			return String(value);
	}
}

function given(name: string, content: string): GivenFile {
	return { name, text: content };
}

function descriptionOf({ says, unit, kind, otherwise }: Member): string {
	const inUnit = unit === undefined ? "" : `; a number alone is in ${unit}`;
	const asText = kind === "file" || kind === "files" ? "; its text, not its name" : "";
	const left = otherwise === undefined ? "" : `; ${otherwise} unless given`;
	return `${memberWords(says)}${inUnit}${asText}${left}`;
}

/** `--as-of` as `as_of`: flags have no dashes here. */
export function memberWords(of: string): string {
	return of.replace(/--([a-z][a-z-]*)/g, (_, flag: string) => flag.replaceAll("-", "_"));
}
