/** The command that asks the same question, as one would type it in a shell. */
import type { Asking } from "../envelope.ts";
import {
	CHECK_MEMBERS,
	CLAIM_MEMBERS,
	COMMON_MEMBERS,
	COMPARE_MEMBERS,
	DIFF_MEMBERS,
	FRONTIER_MEMBERS,
	PLAN_MEMBERS,
	PREDICT_MEMBERS,
	PRICE_MEMBERS,
	SENSITIVITY_MEMBERS,
	SIMULATE_MEMBERS,
	TRAIN_MEMBERS,
} from "./question-members.ts";
import { flagOf, type GivenFile, type Member, type Members, type Words, type WordValue } from "./member.ts";

const subject: Member<"file"> = { kind: "file", takes: "file", says: "a scenario or result", isPositional: true };
const node: Member<"text"> = { kind: "text", takes: "node", says: "which number", isPositional: true };

export type CommandName =
	| "price"
	| "frontier"
	| "plan"
	| "simulate"
	| "compare"
	| "claim"
	| "train"
	| "predict"
	| "why"
	| "sensitivity"
	| "check"
	| "diff";

/** Members of each command that asks a question, with those that stand without a flag. */
export const COMMAND_MEMBERS: Readonly<Record<CommandName, Members>> = {
	price: PRICE_MEMBERS,
	frontier: FRONTIER_MEMBERS,
	plan: PLAN_MEMBERS,
	simulate: SIMULATE_MEMBERS,
	compare: COMPARE_MEMBERS,
	claim: CLAIM_MEMBERS,
	train: TRAIN_MEMBERS,
	predict: PREDICT_MEMBERS,
	why: { node, result: subject },
	sensitivity: { scenario: subject, ...SENSITIVITY_MEMBERS },
	check: { scenario: subject, ...CHECK_MEMBERS },
	diff: { before: subject, after: subject, ...DIFF_MEMBERS },
};

/**
 * `farthing frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50`. Files stand by their names. What is left out
 * anyway, and words that the command does not know, are left out here.
 */
export function commandLine(command: CommandName, words: object): string {
	const all = words as Words;
	const members: Members = { ...COMMAND_MEMBERS[command], ...COMMON_MEMBERS };
	const given = Object.entries(members).flatMap(([name, member]) => {
		const value = all[name];
		return value === undefined || value === member.otherwise ? [] : [{ name, member, value }];
	});
	const positional = given.filter(({ member }) => member.isPositional === true);
	const flags = given.filter(({ member }) => member.isPositional !== true);
	return [
		"farthing",
		command,
		...positional.map(({ value }) => quoted(positionalText(value))),
		...flags.flatMap(({ name, member, value }) => flagWords(flagOf(name), member, value)),
	].join(" ");
}

/** The same with date and seed, where they are others than one has anyway. */
export function asTyped(command: CommandName, words: object, asking: Asking, scenarioAsOf?: string): Asking {
	const { asOf, seed, catalogue } = asking;
	const dated = asOf === (scenarioAsOf ?? catalogue.releaseDate) ? {} : { asOf };
	const drawn = seed === 1 ? {} : { seed: String(seed) };
	return { ...asking, commandLine: commandLine(command, { ...words, ...dated, ...drawn }) };
}

function flagWords(flag: string, { kind }: Member, value: WordValue): string[] {
	if (typeof value === "boolean") return value ? [flag] : [];
	if (typeof value === "string") return [valued(flag, value)];
	if (!Array.isArray(value)) return [valued(flag, (value as GivenFile).name)];
	const texts = value.map((each: string | GivenFile) => (typeof each === "string" ? each : each.name));
	if (texts.length === 0) return [];
	return kind === "names" ? [valued(flag, texts.join(","))] : texts.map((text) => valued(flag, text));
}

/** A value that begins with a dash would be read as a flag. */
function valued(flag: string, text: string): string {
	return text.startsWith("-") && text !== "-" ? `${flag}=${quoted(text)}` : `${flag} ${quoted(text)}`;
}

function positionalText(value: WordValue): string {
	const text = typeof value === "string" ? value : (value as GivenFile).name;
	return text.startsWith("-") && text !== "-" ? `./${text}` : text;
}

/** For a POSIX shell. */
function quoted(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
