/** Members of two scenario files that differ, by path, as they were written. */
import type { JsonValue, Scenario } from "@farthing/scenario";

export interface MemberChange {
	readonly path: string;
	/** Absent where the file said nothing. */
	readonly before?: string;
	readonly after?: string;
}

/** In the order of the first file, then of the second; names and notes of the file itself left out. */
export function memberChanges(before: Scenario, after: Scenario): readonly MemberChange[] {
	const [a, b] = [leaves(before.document), leaves(after.document)];
	const paths = [...new Set([...a.keys(), ...b.keys()])].filter((path) => !SAYS_NOTHING.has(path));
	return paths.flatMap((path): MemberChange[] => {
		const [was, is] = [a.get(path), b.get(path)];
		if (was === is) return [];
		return [{ path, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
	});
}

const SAYS_NOTHING: ReadonlySet<string> = new Set(["name", "owner", "version"]);

function leaves(of: JsonValue, path = ""): Map<string, string> {
	if (typeof of !== "object" || of === null) return new Map([[path, String(of)]]);
	const entries = Array.isArray(of)
		? of.map((each, i) => [`${path}[${i}]`, each as JsonValue] as const)
		: Object.entries(of).map(([name, each]) => [path === "" ? name : `${path}.${name}`, each as JsonValue] as const);
	return new Map(entries.flatMap(([at, each]) => [...leaves(each, at)]));
}
