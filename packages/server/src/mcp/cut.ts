/** Answers cut to what an agent can read: the first members of long lists, with how many there are in all. */

const LIST = 8;
/** Curves for charts: no reader needs their points. */
const CURVES: ReadonlySet<string> = new Set(["volumes", "defaults"]);

export function cut(of: unknown): unknown {
	if (Array.isArray(of)) return of.slice(0, LIST).map(cut);
	if (of === null || typeof of !== "object") return of;
	const members = Object.entries(of).flatMap(([name, value]): [string, unknown][] => {
		if (CURVES.has(name)) return [];
		const shown: [string, unknown] = [name, cut(value)];
		if (!Array.isArray(value) || value.length <= LIST) return [shown];
		return [shown, [`${name}_in_all`, value.length]];
	});
	return Object.fromEntries(members);
}
