import type { Span, Text } from "../report-model.ts";

export type Plural = { readonly one: string; readonly other: string };
export type Values = Readonly<Record<string, Span | Text>>;

/** A message with its values in place. Throws where message and values do not fit, which is a bug of the caller. */
export function fill(message: string, values: Values = {}): Text {
	const used = new Set<string>();
	const parts = message.split(/\{(\w+)\}/).map((part, i): Text => {
		if (i % 2 === 0) return part === "" ? [] : [part];
		const value = values[part];
		if (value === undefined) throw new TypeError(`message "${message}" wants a value for {${part}}`);
		used.add(part);
		return isText(value) ? value : [value];
	});
	const unused = Object.keys(values).filter((name) => !used.has(name));
	if (unused.length > 0) throw new TypeError(`message "${message}" has no place for {${unused.join("}, {")}}`);
	return parts.flat();
}

/** `one` where the count is 1, else `other`; `{count}` is filled in where the message names it. */
export function fillCount(message: Plural, count: number, shown: Span, values: Values = {}): Text {
	const chosen = count === 1 ? message.one : message.other;
	return fill(chosen, chosen.includes("{count}") ? { ...values, count: shown } : values);
}

/** "a, b and c". */
export function joined(items: readonly Text[], words: { readonly comma: string; readonly and: string }): Text {
	return items.flatMap((item, i): Text => {
		if (i === 0) return item;
		return [i === items.length - 1 ? words.and : words.comma, ...item];
	});
}

function isText(value: Span | Text): value is Text {
	return Array.isArray(value);
}
