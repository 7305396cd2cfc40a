/**
 * A member of a question: what it is called, what it takes and what stands where it is left out. One table of them
 * ({@link ./question-members.ts}) makes the flags of the command line, the queries and bodies of HTTP, the tools for
 * agents, and the command that a page shows beside a chart.
 */

/** A file as it was given: its name for messages, and what it holds. */
export interface GivenFile {
	readonly name: string;
	readonly text: string;
}

/** Name of what came on standard input. */
export const STANDARD_INPUT = "standard input";

export type MemberKind =
	/** A number with a unit, or words such as `1.85 to 2.60`. */
	| "quantity"
	/** A whole number above 0. */
	| "count"
	| "number"
	| "date"
	/** One name or a short text. */
	| "text"
	/** One of `of`. */
	| "choice"
	| "on-off"
	/** There or not. */
	| "switch"
	/** Names, separated by commas where they are one text. */
	| "names"
	/** `member=value`, any number of them. */
	| "settings"
	/** A file on the command line, its text elsewhere. */
	| "file"
	| "files";

export interface Member<Kind extends MemberKind = MemberKind> {
	readonly kind: Kind;
	readonly says: string;
	/** What stands for the value in help: `price`. */
	readonly takes?: string;
	/** Of a quantity or number: what a bare number is in. */
	readonly unit?: string;
	readonly of?: readonly string[];
	/** What stands where it is left out. */
	readonly otherwise?: string;
	readonly isRequired?: boolean;
	/** Given without the name of a flag, in the order of the table. */
	readonly isPositional?: boolean;
}

export type WordValue = string | boolean | readonly string[] | GivenFile | readonly GivenFile[];

type KindOf<V> = V extends boolean
	? "switch"
	: V extends string
		? "quantity" | "count" | "number" | "date" | "text" | "choice" | "on-off"
		: V extends readonly string[]
			? "names" | "settings"
			: V extends GivenFile
				? "file"
				: "files";

/** A member for each word of a question, and of the kind that the word has. */
export type MembersOf<Words> = {
	readonly [Name in keyof Words]-?: Member<KindOf<Exclude<Words[Name], undefined>>>;
};

export type Members = Readonly<Record<string, Member>>;

/** Words of a question as its members hold them. */
export type Words = Readonly<Record<string, WordValue | undefined>>;

/** `tokensPerSecond` as `--tokens-per-second`. */
export function flagOf(name: string): string {
	return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `tokensPerSecond` as `tokens_per_second`, as JSON and queries have it. */
export function jsonNameOf(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The words that a table knows and that are there, with what stands for those left out. */
export function wordsOf<W>(members: MembersOf<W>, given: object): W {
	const all = given as Readonly<Record<string, WordValue | undefined>>;
	const named = Object.entries(members as Members).map(([name, { otherwise }]) => [name, all[name] ?? otherwise]);
	return Object.fromEntries(named.filter(([, value]) => value !== undefined)) as W;
}
