/** Members of an example as changes over another scenario: each stands in the URL and can be changed or taken back. */
import type { JsonObject } from "@farthing/scenario";
import type { Change } from "./app-state.ts";

/** Members that years of money are made of, in the order of the scenario file. */
export const YEARS_MEMBERS = ["start", "horizon", "finance", "strategies", "facility", "people", "revenue"] as const;

export interface ExampleMembers {
	readonly changes: Readonly<Record<string, Change>>;
	/** Paths of lists of several values, which a change cannot hold. */
	readonly lists: readonly string[];
}

/** Every value under the named members, by its path. */
export function exampleMembers(document: JsonObject, members: readonly string[]): ExampleMembers {
	const changes: Record<string, Change> = {};
	const lists: string[] = [];
	for (const member of members) if (document[member] !== undefined) visit(member, document[member]);
	return { changes, lists };

	function visit(path: string, value: unknown): void {
		if (isChange(value)) changes[path] = value;
		else if (Array.isArray(value)) lists.push(path);
		else if (typeof value === "object" && value !== null)
			for (const [name, below] of Object.entries(value)) visit(`${path}.${name}`, below);
	}
}

/** Paths that were changed under members which the scenario itself does not have. */
export function addedPaths(
	changes: Readonly<Record<string, Change>>,
	document: JsonObject,
	members: readonly string[],
): string[] {
	return Object.keys(changes).filter((path) => {
		const [member = ""] = path.split(".");
		return members.includes(member) && document[member] === undefined;
	});
}

/** Members that neither the scenario nor a change of it has: what is there may still be refused for its value. */
export function missingMembers(
	changes: Readonly<Record<string, Change>>,
	document: JsonObject,
	members: readonly string[],
): string[] {
	const changed = new Set(Object.keys(changes).map((path) => path.split(".")[0]));
	return members.filter((member) => document[member] === undefined && !changed.has(member));
}

/**
 * The changes with a member set, and beside it those it cannot stand without. Taken back, it takes those along that
 * nobody gave a value of their own.
 */
export function changedWith(
	changes: Readonly<Record<string, Change>>,
	[path, value]: readonly [path: string, value: Change | undefined],
	beside: Readonly<Record<string, Change>>,
): Readonly<Record<string, Change>> {
	if (value !== undefined) return { ...beside, ...changes, [path]: value };
	const isLeft = ([other, text]: readonly [string, Change]): boolean => other !== path && beside[other] !== text;
	return Object.fromEntries(Object.entries(changes).filter(isLeft));
}

function isChange(value: unknown): value is Change {
	if (Array.isArray(value)) return value.length > 0 && value.every((each) => typeof each === "string");
	return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
