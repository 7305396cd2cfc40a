/** Reading members of parsed JSON of any shape. */

export type JsonMembers = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is JsonMembers {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object under a path of names; undefined where there is none. */
export function within(value: unknown, ...path: readonly string[]): JsonMembers | undefined {
	const found = path.reduce<unknown>((each, name) => (isMembers(each) ? each[name] : undefined), value);
	return isMembers(found) ? found : undefined;
}

/** A JSON text in a field, as some exports write nested objects; objects pass as they are. */
export function nested(value: unknown): JsonMembers | undefined {
	if (isMembers(value)) return value;
	if (typeof value !== "string" || !value.trimStart().startsWith("{")) return undefined;
	try {
		const read: unknown = JSON.parse(value);
		return isMembers(read) ? read : undefined;
	} catch {
		return undefined;
	}
}

/** A number, also as text; undefined where it is absent, null, empty or no number. */
export function numberIn(members: JsonMembers | undefined, ...names: readonly string[]): number | undefined {
	for (const name of names) {
		const value = members?.[name];
		if (typeof value === "number") return value;
		if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) return Number(value);
	}
	return undefined;
}

/** Text that is not empty. */
export function textIn(members: JsonMembers | undefined, ...names: readonly string[]): string | undefined {
	for (const name of names) {
		const value = members?.[name];
		if (typeof value === "string" && value !== "") return value;
		if (typeof value === "number") return String(value);
	}
	return undefined;
}

/** A copy without members that are undefined. */
export function present<T extends object>(members: T): Present<T> {
	return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
	[K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** What is wrong with a count of tokens or requests; undefined where nothing is. */
export function countFault(name: string, value: unknown): string | undefined {
	if (value === undefined || value === null) return undefined;
	const n = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
	if (typeof n === "number" && Number.isSafeInteger(n) && n >= 0) return undefined;
	return `${name} is ${JSON.stringify(value)?.slice(0, 60)}: expected a whole number from 0`;
}
