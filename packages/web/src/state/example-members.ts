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

function isChange(value: unknown): value is Change {
	if (Array.isArray(value)) return value.length > 0 && value.every((each) => typeof each === "string");
	return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
