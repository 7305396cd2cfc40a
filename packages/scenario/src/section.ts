import { nearestNames } from "./nearest.ts";
import { FAILED, type Failed, placeOf, placeText, type Reading } from "./reading.ts";
import type { JsonObject, Origin } from "./scenario.ts";
import { ID, listed, nameOf, type Shape } from "./shape.ts";
import { type Entry, emptyMap, type ListTree, type MapTree, type ScalarTree, scalarTree, type Tree } from "./tree.ts";
import { quote } from "./yaml-tree.ts";

/** A member of a section: its shape, and what holds when it is left out. */
export interface Member<T> {
	readonly shape: Shape<T>;
	readonly absent: "refused" | "allowed" | Default;
}

export interface Default {
	/** As one would write it; none for a section, whose members have their own. */
	readonly value?: string | number | boolean;
	readonly source: string;
}

export type Members = { readonly [name: string]: Member<unknown> };
/** What a section of these members reads. */
export type Values<M extends Members> = { readonly [K in keyof M]: M[K] extends Member<infer T> ? T : never };

/** A member for each thing that a section may say. */
export type MembersOf<T> = { readonly [K in keyof T]: Member<T[K]> };

export function required<T>(shape: Shape<T>): Member<T> {
	return { shape, absent: "refused" };
}

export function optional<T>(shape: Shape<T>): Member<T | undefined> {
	return { shape, absent: "allowed" };
}

export function defaulted<T>(shape: Shape<T>, value: string | number | boolean, source: string): Member<T> {
	return { shape, absent: { value, source } };
}

/** A section whose members all have defaults may be left out as a whole. */
export function sectionOfDefaults<T>(shape: Shape<T>): Member<T> {
	return { shape, absent: { source: "the section is left out" } };
}

export interface SectionRules {
	readonly description: string;
	/** Members of which just one must be there; `beside` lists those that may stand next to another. */
	readonly justOne?: { readonly of: readonly string[]; readonly beside?: readonly (readonly [string, string])[] };
	/** At least one member must be there. */
	readonly some?: boolean;
}

/** A map with known members. */
export function section<const M extends Members>(members: M, rules: SectionRules): Shape<Values<M>> {
	const names = Object.keys(members);
	return {
		schema: schemaOf(members, rules),
		read: (tree, path, reading) => {
			if (tree.kind !== "map") return reportNoMap(tree, path, reading, names);
			const before = reading.issues.length;
			reportUnknown(tree, path, reading, names);
			reportContradiction(tree, path, reading, rules);
			const values = names.map((name): [string, unknown] => [
				name,
				readMember(tree, memberPath(path, name), name, members[name] as Member<unknown>, reading),
			]);
			return reading.issues.length > before ? FAILED : (Object.fromEntries(values) as Values<M>);
		},
		merge: (base, over) => {
			if (base.kind !== "map" || over.kind !== "map") return over;
			return mergeEntries(over, keptOf(base, over, rules), (name) => members[name]?.shape);
		},
	};
}

/** A map from names of one kind, of hardware say, to values of one shape. */
export function record<T>(description: string, noun: string, shape: Shape<T>): Shape<{ readonly [name: string]: T }> {
	return {
		schema: {
			description,
			type: "object",
			minProperties: 1,
			propertyNames: { pattern: ID.source },
			additionalProperties: shape.schema,
		},
		read: (tree, path, reading) => {
			if (tree.kind !== "map") return reportNoMap(tree, path, reading, [noun]);
			if (tree.entries.size === 0) {
				return reading.report("missing-field", `${nameOf(path)} names no ${noun}`, path, tree.origin);
			}
			const before = reading.issues.length;
			const values: [string, T | Failed][] = [];
			for (const [name, entry] of tree.entries) {
				const at = memberPath(path, name);
				if (!ID.test(name)) {
					reading.report("wrong-type", `${quote(name)} is no name of ${noun}`, path, entry.key, {
						expected: "letters, digits and . _ + / -",
					});
					continue;
				}
				reading.note(at, entry.tree);
				values.push([name, shape.read(entry.tree, at, reading)]);
			}
			return reading.issues.length > before ? FAILED : (Object.fromEntries(values) as { [name: string]: T });
		},
		merge: (base, over) =>
			base.kind === "map" && over.kind === "map" ? mergeEntries(over, base.entries, () => shape) : over,
	};
}

function readMember(tree: MapTree, path: string, name: string, member: Member<unknown>, reading: Reading): unknown {
	const given = tree.entries.get(name)?.tree ?? defaultTree(member.absent);
	if (given !== undefined) {
		reading.note(path, given);
		return member.shape.read(given, path, reading);
	}
	if (member.absent === "allowed") return undefined;
	return reading.report("missing-field", `${nameOf(path)} is missing`, path, tree.origin, { hint: `add ${name}:` });
}

function defaultTree(absent: Member<unknown>["absent"]): Tree | undefined {
	if (typeof absent === "string") return undefined;
	const origin: Origin = { kind: "default", source: absent.source };
	return absent.value === undefined ? emptyMap(origin) : scalarTree(absent.value, origin);
}

function reportNoMap(tree: ScalarTree | ListTree, path: string, reading: Reading, names: readonly string[]): Failed {
	const got = tree.kind === "list" ? "a list" : tree.value === null ? "empty" : quote(tree.text);
	return reading.report("wrong-type", `${nameOf(path)} is ${got}, where a section is expected`, path, tree.origin, {
		expected: `a section with ${listed(names.slice(0, 8))}`,
		...(names[0] === undefined ? {} : { hint: `write ${lastOf(path)}{${names[0]}: …}` }),
	});
}

function reportUnknown(tree: MapTree, path: string, reading: Reading, names: readonly string[]): void {
	for (const [name, entry] of tree.entries) {
		if (names.includes(name)) continue;
		const nearest = nearestNames(name, names);
		const where = path === "" ? "a scenario" : nameOf(path);
		reading.report("unknown-field", `${quote(name)} is no field of ${where}`, memberPath(path, name), entry.key, {
			expected: listed(names),
			hint: hintFor(name, nearest),
			...(nearest.length > 0 ? { nearest } : {}),
		});
	}
}

function hintFor(name: string, nearest: readonly string[]): string {
	if (nearest[0] !== undefined) return `write ${nearest[0]}`;
	if (/^[a-z_]+:./.test(name)) return "put a space behind the colon";
	if (/^\d{3}$/.test(name)) return "put a number with commas in quotes";
	return name === "<<" ? "use extends: for a base file" : "leave it out";
}

function reportContradiction(tree: MapTree, path: string, reading: Reading, rules: SectionRules): void {
	const { justOne } = rules;
	const given = (justOne?.of ?? []).filter((name) => tree.entries.has(name));
	if (justOne !== undefined && given.length === 0) {
		reading.report("missing-field", `${nameOf(path)} needs one of ${listed(justOne.of)}`, path, tree.origin, {
			expected: `just one of ${listed(justOne.of)}`,
			hint: `add ${justOne.of[0]}:`,
		});
	}
	const [first, second] = pairOf(given, justOne?.beside ?? []);
	if (first !== undefined && second !== undefined) {
		const [a, b] = [tree.entries.get(first) as Entry, tree.entries.get(second) as Entry];
		const file = placeOf(tree.origin, "").file;
		reading.report(
			"contradiction",
			`${first} (${placeText(a.key, file)}) and ${second} (${placeText(b.key, file)}) cannot both hold`,
			memberPath(path, second),
			b.key,
			{
				expected: `just one of ${listed(justOne?.of ?? [])}`,
				hint: `keep ${first} or ${second}`,
				related: [placeOf(a.key, file)],
			},
		);
	}
	if (rules.some === true && tree.entries.size === 0) {
		reading.report("missing-field", `${nameOf(path)} is empty`, path, tree.origin, { hint: "give it a member" });
	}
}

/** The first two that may not stand side by side. */
function pairOf(given: readonly string[], beside: readonly (readonly [string, string])[]): readonly [string?, string?] {
	const pairs = given.flatMap((a, i) => given.slice(i + 1).map((b): [string, string] => [a, b]));
	return pairs.find(([a, b]) => !beside.some((pair) => pair.includes(a) && pair.includes(b))) ?? [];
}

/** Members of the base that stay: an overlay that picks another alternative drops the base's. */
function keptOf(base: MapTree, over: MapTree, rules: SectionRules): ReadonlyMap<string, Entry> {
	const { of = [], beside = [] } = rules.justOne ?? {};
	const picked = of.filter((name) => over.entries.has(name));
	const agree = (a: string, b: string): boolean =>
		a === b || beside.some((pair) => pair.includes(a) && pair.includes(b));
	const stays = (name: string): boolean => !of.includes(name) || picked.every((other) => agree(name, other));
	return new Map([...base.entries].filter(([name]) => stays(name)));
}

function mergeEntries(
	over: MapTree,
	base: ReadonlyMap<string, Entry>,
	shapeOf: (name: string) => Shape<unknown> | undefined,
): MapTree {
	const entries = new Map(base);
	for (const [name, entry] of over.entries) {
		const below = base.get(name);
		const merge = shapeOf(name)?.merge;
		const tree = below !== undefined && merge !== undefined ? merge(below.tree, entry.tree) : entry.tree;
		entries.set(name, { key: entry.key, tree });
	}
	return { kind: "map", entries, origin: over.origin };
}

function schemaOf(members: Members, rules: SectionRules): JsonObject {
	const names = Object.keys(members);
	const must = names.filter((name) => members[name]?.absent === "refused");
	const { justOne } = rules;
	const pairs = (justOne?.of ?? []).flatMap((a, i) =>
		(justOne?.of ?? []).slice(i + 1).map((b): [string, string] => [a, b]),
	);
	const apart = pairs.filter(([a, b]) => !(justOne?.beside ?? []).some((pair) => pair.includes(a) && pair.includes(b)));
	return {
		description: rules.description,
		type: "object",
		additionalProperties: false,
		...(must.length === 0 ? {} : { required: must }),
		...(rules.some === true ? { minProperties: 1 } : {}),
		properties: Object.fromEntries(names.map((name) => [name, memberSchema(members[name] as Member<unknown>)])),
		...(justOne === undefined ? {} : { anyOf: justOne.of.map((name) => ({ required: [name] })) }),
		...(apart.length === 0 ? {} : { not: { anyOf: apart.map((pair) => ({ required: pair })) } }),
	};
}

function memberSchema(member: Member<unknown>): JsonObject {
	const value = typeof member.absent === "string" ? undefined : member.absent.value;
	return value === undefined ? member.shape.schema : { ...member.shape.schema, default: value };
}

function memberPath(path: string, name: string): string {
	const short = name.length > 60 ? `${name.slice(0, 60)}…` : name;
	return path === "" ? short : `${path}.${short}`;
}

function lastOf(path: string): string {
	const name = path.split(".").at(-1) ?? "";
	return name === "" ? "" : `${name}: `;
}
