import { formatAmount, parseAmount, type Amount } from "./money.ts";
import { formatInstant, parseInstant, type Instant } from "./units.ts";

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
	readonly [name: string]: JsonValue;
}

/** One thing wrong with a record. `path` names the member, `tokens.in_total`. */
export interface RecordIssue {
	readonly code: RecordIssueCode;
	readonly path: string;
	readonly message: string;
	readonly expected: string;
}

export type RecordIssueCode =
	| "wrong-type"
	| "missing-field"
	| "unknown-field"
	| "unknown-value"
	| "not-finite"
	| "out-of-bounds"
	| "not-an-instant"
	| "not-an-amount"
	| "identity-broken"
	| "contradiction";

/** How a value is read from JSON and written to it, and the JSON Schema that says the same. Reading gathers issues. */
export interface RecordShape<T> {
	readonly schema: JsonObject;
	readonly read: (value: unknown, path: string, issues: RecordIssue[]) => T | undefined;
	readonly write: (value: T) => JsonValue;
}

export type ReadRecord<T> =
	| { readonly ok: true; readonly record: T }
	| { readonly ok: false; readonly issues: readonly RecordIssue[] };

/** A record from parsed JSON, or everything that is wrong with it. */
export function readRecord<T>(shape: RecordShape<T>, value: unknown): ReadRecord<T> {
	const issues: RecordIssue[] = [];
	const record = shape.read(value, "", issues);
	return issues.length === 0 && record !== undefined ? { ok: true, record } : { ok: false, issues };
}

type OptionalKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
/** One shape for each member, `optional` exactly where the type's member is. */
export type Members<T> = {
	readonly [K in keyof T]-?: K extends OptionalKeys<T> ? OptionalMember<Exclude<T[K], undefined>> : RecordShape<T[K]>;
};
interface OptionalMember<T> {
	readonly optional: RecordShape<T>;
}

export function optional<T>(shape: RecordShape<T>): OptionalMember<T> {
	return { optional: shape };
}

/** An object with these members and no others. A null member is one that is absent. */
export function members<T extends object>(
	description: string,
	table: Members<T>,
	check?: (record: T, path: string, issues: RecordIssue[]) => void,
): RecordShape<T> {
	type Entry = { readonly name: string; readonly shape: RecordShape<unknown>; readonly isRequired: boolean };
	const entries = Object.entries(table).map(([name, member]): Entry => {
		const held = member as RecordShape<unknown> | OptionalMember<unknown>;
		return "optional" in held
			? { name, shape: held.optional, isRequired: false }
			: { name, shape: held, isRequired: true };
	});
	const required = entries.filter(({ isRequired }) => isRequired).map(({ name }) => name);
	return {
		schema: {
			description,
			type: "object",
			properties: Object.fromEntries(
				entries.map(({ name, shape, isRequired }) => [
					name,
					isRequired ? shape.schema : { anyOf: [shape.schema, { type: "null" }] },
				]),
			),
			...(required.length === 0 ? {} : { required }),
			additionalProperties: false,
		},
		read: (value, path, issues) => {
			if (typeof value !== "object" || value === null || Array.isArray(value)) {
				return fault(issues, "wrong-type", path, `${nameOf(path)} is ${kindOf(value)}`, "an object");
			}
			const given = value as Record<string, unknown>;
			const before = issues.length;
			for (const name of Object.keys(given)) {
				if (entries.some((entry) => entry.name === name)) continue;
				fault(issues, "unknown-field", under(path, name), `${under(path, name)} is not known`, namesOf(entries));
			}
			const read: Record<string, unknown> = {};
			for (const { name, shape, isRequired } of entries) {
				const member = Object.hasOwn(given, name) ? given[name] : undefined;
				if (member !== undefined && member !== null) {
					read[name] = shape.read(member, under(path, name), issues);
				} else if (isRequired) {
					fault(issues, "missing-field", under(path, name), `${under(path, name)} is missing`, "a value");
				}
			}
			if (issues.length > before) return undefined;
			check?.(read as T, path, issues);
			return issues.length > before ? undefined : (read as T);
		},
		write: (record) => {
			const held = record as Record<string, unknown>;
			const written = entries.flatMap(({ name, shape }): [string, JsonValue][] => {
				const member = held[name];
				return member === undefined ? [] : [[name, shape.write(member)]];
			});
			return Object.fromEntries(written);
		},
	};
}

/** Text in one line, of at most `max` characters, without control characters. */
export function label(description: string, max = 256): RecordShape<string> {
	const expected = `text of 1 to ${max} characters`;
	return {
		schema: { description, type: "string", minLength: 1, maxLength: max, pattern: PRINTABLE.source },
		read: (value, path, issues) => {
			if (typeof value !== "string") {
				return fault(issues, "wrong-type", path, `${nameOf(path)} is ${kindOf(value)}`, expected);
			}
			const isShort = value.length > 0 && value.length <= max;
			if (isShort && PRINTABLE.test(value)) return value;
			const words = value.length === 0 ? "empty" : isShort ? "text with control characters" : "too long";
			return fault(issues, "out-of-bounds", path, `${nameOf(path)} is ${words}`, expected);
		},
		write: (value) => value,
	};
}

/** Free text, line breaks included. */
export function freeText(description: string, max = 4096): RecordShape<string> {
	return {
		schema: { description, type: "string", maxLength: max },
		read: (value, path, issues) =>
			typeof value === "string" && value.length <= max
				? value
				: fault(issues, "wrong-type", path, `${nameOf(path)} is ${kindOf(value)}`, `text of up to ${max} characters`),
		write: (value) => value,
	};
}

export function oneOf<const W extends string>(description: string, words: readonly W[]): RecordShape<W> {
	return {
		schema: { description, enum: words },
		read: (value, path, issues) => {
			const found = words.find((word) => word === value);
			if (found !== undefined) return found;
			return fault(
				issues,
				"unknown-value",
				path,
				`${nameOf(path)} is ${typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : kindOf(value)}`,
				words.join(", "),
			);
		},
		write: (value) => value,
	};
}

export function truth(description: string): RecordShape<boolean> {
	return {
		schema: { description, type: "boolean" },
		read: (value, path, issues) =>
			typeof value === "boolean"
				? value
				: fault(issues, "wrong-type", path, `${nameOf(path)} is ${kindOf(value)}`, "true or false"),
		write: (value) => value,
	};
}

/** A whole number from `min`, exactly representable. The brand is the caller's, by the member's name. */
export function wholeNumber<T extends number>(description: string, min = 0): RecordShape<T> {
	const expected = `a whole number from ${min} to 2^53 - 1`;
	return {
		schema: { description, type: "integer", minimum: min, maximum: Number.MAX_SAFE_INTEGER },
		read: (value, path, issues) => {
			if (typeof value !== "number") {
				return fault(issues, "wrong-type", path, `${nameOf(path)} is ${kindOf(value)}`, expected);
			}
			if (Number.isSafeInteger(value) && value >= min) return (value === 0 ? 0 : value) as T;
			const code = Number.isFinite(value) ? "out-of-bounds" : "not-finite";
			return fault(issues, code, path, `${nameOf(path)} is ${value}`, expected);
		},
		write: (value) => value,
	};
}

/** A finite number within limits, for ratios and shares. */
export function finite(description: string, min: number, max: number): RecordShape<number> {
	const expected = `a number from ${min} to ${max}`;
	return {
		schema: { description, type: "number", minimum: min, maximum: max },
		read: (value, path, issues) => {
			if (typeof value !== "number") {
				return fault(issues, "wrong-type", path, `${nameOf(path)} is ${kindOf(value)}`, expected);
			}
			if (value >= min && value <= max) return value;
			const code = Number.isFinite(value) ? "out-of-bounds" : "not-finite";
			return fault(issues, code, path, `${nameOf(path)} is ${value}`, expected);
		},
		write: (value) => value,
	};
}

export function instantOf(description: string): RecordShape<Instant> {
	const expected = "an instant such as 2026-11-28T13:00:00Z, with its zone";
	return {
		schema: { description, type: "string", format: "date-time", examples: ["2026-11-28T13:00:00Z"] },
		read: (value, path, issues) => {
			const read = typeof value === "string" ? parseInstant(value) : undefined;
			if (read !== undefined) return read;
			const got = typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : kindOf(value);
			return fault(issues, "not-an-instant", path, `${nameOf(path)} is ${got}`, expected);
		},
		write: formatInstant,
	};
}

/** Money as `{"value": "12.5", "currency": "USD"}`: a text, since binary fractions lose cents. */
export function amountOf(description: string): RecordShape<Amount> {
	const expected = 'an amount such as {"value": "12.5", "currency": "USD"}, to a billionth';
	return {
		schema: {
			description,
			type: "object",
			properties: {
				value: { type: "string", pattern: "^-?[0-9]+(\\.[0-9]{1,9})?$" },
				currency: { type: "string", pattern: CURRENCY.source },
			},
			required: ["value", "currency"],
			additionalProperties: false,
		},
		read: (given, path, issues) => {
			const { value, currency, ...rest } = (typeof given === "object" && given !== null ? given : {}) as JsonObject;
			const isNamed = typeof currency === "string" && CURRENCY.test(currency) && Object.keys(rest).length === 0;
			const isPlain = typeof value === "string" && /^-?\d{1,20}(\.\d{1,9})?$/.test(value);
			const read = isNamed && isPlain ? parseAmount(value, currency) : undefined;
			return read ?? fault(issues, "not-an-amount", path, `${nameOf(path)} is no amount`, expected);
		},
		write: (amount) => ({ value: formatAmount(amount), currency: amount.currency }),
	};
}

export function listOf<T>(item: RecordShape<T>, max = 1000): RecordShape<readonly T[]> {
	return {
		schema: { type: "array", items: item.schema, maxItems: max },
		read: (value, path, issues) => {
			if (!Array.isArray(value) || value.length > max) {
				return fault(issues, "wrong-type", path, `${nameOf(path)} is ${kindOf(value)}`, `a list of up to ${max}`);
			}
			const before = issues.length;
			const read = value.map((each, i) => item.read(each, `${path}[${i}]`, issues));
			return issues.length > before ? undefined : (read as T[]);
		},
		write: (items) => items.map(item.write),
	};
}

/** An object with free names. */
export function mapOf<T>(
	description: string,
	item: RecordShape<T>,
	max = 100,
): RecordShape<Readonly<Record<string, T>>> {
	return {
		schema: { description, type: "object", additionalProperties: item.schema, maxProperties: max },
		read: (value, path, issues) => {
			const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
			if (!isMap || Object.keys(value).length > max) {
				const got = isMap ? "too long" : kindOf(value);
				return fault(issues, "wrong-type", path, `${nameOf(path)} is ${got}`, `an object of up to ${max} members`);
			}
			const before = issues.length;
			const read = Object.entries(value).map(([name, each]) => [name, item.read(each, under(path, name), issues)]);
			return issues.length > before ? undefined : (Object.fromEntries(read) as Record<string, T>);
		},
		write: (map) => Object.fromEntries(Object.entries(map).map(([name, each]) => [name, item.write(each)])),
	};
}

/** Adds an issue; gives undefined, so that a reader can return it. */
export function fault(
	issues: RecordIssue[],
	code: RecordIssueCode,
	path: string,
	message: string,
	expected: string,
): undefined {
	issues.push({ code, path, message, expected });
	return undefined;
}

const PRINTABLE = /^[^\p{Cc}\u2028\u2029]+$/u;
const CURRENCY = /^[A-Za-z][A-Za-z0-9 _-]{2,39}$/;

function under(path: string, name: string): string {
	const short = name.length > 60 ? `${name.slice(0, 60)}…` : name;
	return path === "" ? short : `${path}.${short}`;
}

function nameOf(path: string): string {
	return path === "" ? "the record" : path;
}

function namesOf(entries: readonly { readonly name: string }[]): string {
	return `one of ${entries.map(({ name }) => name).join(", ")}`;
}

function kindOf(value: unknown): string {
	if (value === null || value === undefined) return "nothing";
	if (Array.isArray(value)) return "a list";
	return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
