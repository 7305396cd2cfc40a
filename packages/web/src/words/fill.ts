/** Messages with places for values: `{name}`. */
import type { ReactNode } from "react";
import { createElement, Fragment, isValidElement } from "react";

/** Names of the places in a message. */
export type Places<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
	? Name | Places<Rest>
	: never;

export type Values<Message extends string, Value> = { readonly [Name in Places<Message>]: Value };

/** A message as text. Throws where a value is missing, which is a bug of the caller. */
export function filled(message: string, values: Readonly<Record<string, string | number>> = {}): string {
	const parts = message.split(/\{(\w+)\}/).map((part, i) => {
		if (i % 2 === 0) return part;
		const value = values[part];
		if (value === undefined) throw new TypeError(`message "${message}" wants a value for {${part}}`);
		return String(value);
	});
	return HAN.test(message) ? spaced(parts).join("") : parts.join("");
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
	const names = message.split(/\{(\w+)\}/);
	const parts = names.map((part, i) => {
		if (i % 2 === 0) return part;
		if (values[part] === undefined) throw new TypeError(`message "${message}" wants a value for {${part}}`);
		return values[part];
	});
	const set = HAN.test(message) ? spaced(parts) : parts;
	return createElement(
		Fragment,
		null,
		...set.map((part, i) => {
			if (i % 2 === 0) return isComponent(set[i - 1]) ? stopsOf(part)[1] : part;
			const key = names[i] as string;
			const [stops] = isComponent(part) ? stopsOf(set[i + 1]) : [""];
			// No line begins with a stop, as browsers have it after what is drawn as one box.
			return stops === ""
				? createElement(Fragment, { key }, part)
				: createElement("span", { key, className: "keep" }, part, stops);
		}),
	);
}

/** A number or the like, which is short; what is an element of HTML may be a list of names. */
function isComponent(part: ReactNode): boolean {
	return isValidElement(part) && typeof part.type === "function";
}

/** The stops that a text begins with, and what comes after them. */
function stopsOf(text: ReactNode): readonly [string, ReactNode] {
	const found = typeof text === "string" ? STOPS.exec(text) : null;
	return found === null ? ["", text] : [found[0], found.input.slice(found[0].length)];
}

const STOPS = /^[.,;:)、。，；：）]+/;

/** Chinese has a blank beside words and figures of the Latin alphabet and none between its own letters, whatever is filled in. */
function spaced<Part>(parts: readonly Part[]): Part[] {
	const all = [...parts];
	for (let i = 1; i < all.length; i++) {
		const [before, after] = [all[i - 1], all[i]];
		if (typeof before !== "string" || typeof after !== "string") continue;
		const [left, right] = [before.trimEnd(), after.trimStart()];
		const isOwn = [HAN_END.test(left), HAN_START.test(right)];
		const blank =
			isOwn[0] && isOwn[1]
				? ""
				: (isOwn[0] && LATIN_START.test(right)) || (isOwn[1] && LATIN_END.test(left))
					? " "
					: undefined;
		if (blank === undefined) continue;
		all[i - 1] = `${left}${blank}` as Part;
		all[i] = right as Part;
	}
	return all;
}

const HAN = /\p{Script=Han}/u;
const HAN_START = /^\p{Script=Han}/u;
const HAN_END = /\p{Script=Han}$/u;
const LATIN_START = /^[\p{Script=Latin}\d$−-]/u;
const LATIN_END = /[\p{Script=Latin}\d%×]$/u;
