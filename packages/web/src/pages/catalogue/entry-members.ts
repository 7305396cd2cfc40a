/** What an entry says beside its figures, as lines of path and text. */

/** Figures stand in a table of their own. */
export function membersOf(entry: unknown): [path: string, value: string][] {
	return leavesOf(entry, "");
}

function leavesOf(value: unknown, path: string): [string, string][] {
	if (value === null || value === undefined) return [];
	if (typeof value !== "object") return [[path, String(value as string | number | boolean)]];
	if (isFigure(value)) return [];
	if (Array.isArray(value) && value.every((each) => typeof each !== "object"))
		return value.length === 0 ? [] : [[path, value.join(", ")]];
	return Object.entries(value).flatMap(([name, below]) => leavesOf(below, path === "" ? name : `${path}.${name}`));
}

function isFigure(value: object): boolean {
	return "value" in value && "unit" in value && "confidence" in value;
}
