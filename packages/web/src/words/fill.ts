/** Messages with places for values: `{name}`. */
import type { ReactNode } from "react";
import { Fragment, createElement } from "react";

/** Names of the places in a message. */
export type Places<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
	? Name | Places<Rest>
	: never;

export type Values<Message extends string, Value> = { readonly [Name in Places<Message>]: Value };

/** A message as text. Throws where a value is missing, which is a bug of the caller. */
export function filled(message: string, values: Readonly<Record<string, string | number>> = {}): string {
	return message.replace(/\{(\w+)\}/g, (_, name: string) => {
		const value = values[name];
		if (value === undefined) throw new TypeError(`message "${message}" wants a value for {${name}}`);
		return String(value);
	});
}

/** What stands at the places of a message in a text that is this message; undefined where it is another. */
export function valuesIn(text: string, message: string): Readonly<Record<string, string>> | undefined {
	const parts = message.split(/\{(\w+)\}/);
	const source = parts.map((part, i) => (i % 2 === 0 ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : "(.+)")).join("");
	const found = new RegExp(`^${source}$`).exec(text);
	if (found === null) return undefined;
	return Object.fromEntries(parts.filter((_, i) => i % 2 === 1).map((name, i) => [name, found[i + 1] as string]));
}

/** A message with components in it. */
export function filledNodes(message: string, values: Readonly<Record<string, ReactNode>>): ReactNode {
	const parts = message.split(/\{(\w+)\}/).map((part, i) => {
		if (i % 2 === 0) return part;
		if (values[part] === undefined) throw new TypeError(`message "${message}" wants a value for {${part}}`);
		return createElement(Fragment, { key: part }, values[part]);
	});
	return createElement(Fragment, null, ...parts);
}
