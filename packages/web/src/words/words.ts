/**
 * Words of the pages, by language and section. In English a section of a page is loaded with the page, those of the shell
 * with the first script. Another language is a folder beside `messages/en` with the same files, which is loaded whole
 * when it is chosen, and a line in `language.ts`; a test holds it against the English.
 */
import type { ReactNode } from "react";
import type { actuals } from "../messages/en/actuals.ts";
import type { answer } from "../messages/en/answer.ts";
import { bridge } from "../messages/en/bridge.ts";
import type { catalogue } from "../messages/en/catalogue.ts";
import type { claims } from "../messages/en/claims.ts";
import { common } from "../messages/en/common.ts";
import type { compare } from "../messages/en/compare.ts";
import type { delivered } from "../messages/en/delivered.ts";
import type { fleet } from "../messages/en/fleet.ts";
import type { frontier } from "../messages/en/frontier.ts";
import type { margin } from "../messages/en/margin.ts";
import { shell } from "../messages/en/shell.ts";
import type { start } from "../messages/en/start.ts";
import type { traffic } from "../messages/en/traffic.ts";
import type { training } from "../messages/en/training.ts";
import type { ways } from "../messages/en/ways.ts";
import type { years } from "../messages/en/years.ts";
import { filled, filledNodes, type Values, valuesIn } from "./fill.ts";
import { chosenBook, type MessageBook, useLanguage } from "./language.ts";

/** Sections and their messages: the English ones say which keys there are. */
export interface Book {
	readonly bridge: typeof bridge;
	readonly common: typeof common;
	readonly shell: typeof shell;
	readonly actuals: typeof actuals;
	readonly answer: typeof answer;
	readonly catalogue: typeof catalogue;
	readonly claims: typeof claims;
	readonly compare: typeof compare;
	readonly delivered: typeof delivered;
	readonly fleet: typeof fleet;
	readonly frontier: typeof frontier;
	readonly margin: typeof margin;
	readonly start: typeof start;
	readonly traffic: typeof traffic;
	readonly training: typeof training;
	readonly ways: typeof ways;
	readonly years: typeof years;
}

export type Section = keyof Book;

const loaded: { [S in Section]?: Book[S] } = { bridge, common, shell };

/** Called as a page is loaded, before it is drawn. */
export function addWords<S extends Section>(section: S, messages: Book[S]): void {
	(loaded as { -readonly [K in Section]?: Book[K] })[section] = messages;
	made.delete(section);
}

type Key<S extends Section> = keyof Book[S] & string;
type MessageOf<S extends Section, K extends Key<S>> = Book[S][K] & string;
/** No second argument where the message has no places. */
type Args<Message extends string, Value> = [keyof Values<Message, Value>] extends [never]
	? []
	: [values: Values<Message, Value>];

export interface Say<S extends Section> {
	<K extends Key<S>>(key: K, ...values: Args<MessageOf<S, K>, string | number>): string;
	/** With components at the places. */
	nodes<K extends Key<S>>(key: K, ...values: Args<MessageOf<S, K>, ReactNode>): ReactNode;
	/** The message for a name that is data, or the name itself where there is none. */
	named(prefix: string, name: string): string;
	/** A sentence of an answer, which is English: in the words of the message that says the same, or as it is. */
	told(prefix: string, sentence: string): string;
}

/** One function for each section, so that what is remembered for it is not made anew at every drawing. */
const made = new Map<Section, unknown>();
let madeOf: MessageBook | undefined;

export function wordsOf<S extends Section>(section: S): Say<S> {
	const book = chosenBook();
	if (book !== madeOf) made.clear();
	madeOf = book;
	const found = made.get(section) as Say<S> | undefined;
	if (found !== undefined) return found;
	const say = madeFor(section, book);
	made.set(section, say);
	return say;
}

function madeFor<S extends Section>(section: S, book: MessageBook | undefined): Say<S> {
	const english = loaded[section] as Readonly<Record<string, string>> | undefined;
	const messages = book === undefined ? english : book[section];
	if (messages === undefined) throw new Error(`the words of "${section}" are not loaded`);
	const messageOf = (key: string): string => {
		const message = messages[key];
		if (message === undefined) throw new Error(`there is no message "${section}.${key}"`);
		return message;
	};
	const say = (key: string, values?: Readonly<Record<string, string | number>>): string =>
		filled(messageOf(key), values);
	return Object.assign(say, {
		nodes: (key: string, values: Readonly<Record<string, ReactNode>> = {}) => filledNodes(messageOf(key), values),
		named: (prefix: string, name: string) => messages[`${prefix}${name}`] ?? name,
		told: (prefix: string, sentence: string) => {
			for (const [key, pattern] of Object.entries(english ?? {})) {
				const values = key.startsWith(prefix) ? valuesIn(sentence, pattern) : undefined;
				if (values !== undefined) return say(key, values);
			}
			return sentence;
		},
	}) as Say<S>;
}

export function useWords<S extends Section>(section: S): Say<S> {
	useLanguage();
	return wordsOf(section);
}
