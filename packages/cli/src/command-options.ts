/** What commands have in common: where they print, their usual flags, and flags from the members of a question. */
import type { Member, Members } from "@farthing/answers";
import { flagOf } from "@farthing/answers";
import { type Command, Option } from "commander";
import { printText } from "./print.ts";

export interface Outcome {
	exitCode: number;
}

/** Help goes where answers go; what is wrong is told by who runs the command. */
export const OUTPUT = { writeOut: (text: string): void => printText(text), writeErr: (): void => undefined };

export function common(command: Command, output = "write the result with its graph to a file (- for stdout)"): Command {
	return command
		.option("--json", "print one JSON object")
		.option("-o, --output <file>", output)
		.option("--as-of <date>", "count ages of facts at this date")
		.option("--seed <n>", "seed of the draws")
		.option("--quiet", "no notes on stderr")
		.option("--language <tag>", LANGUAGE_HELP)
		.option("--no-color", "plain text")
		.exitOverride()
		.configureOutput(OUTPUT);
}

const LANGUAGE_HELP = "en or zh: what is printed for people";

export const list = (value: string, before: string[] | undefined): string[] => [
	...(before ?? []),
	...value.split(",").map((each) => each.trim()),
];

export function withMembers(command: Command, members: Members): Command {
	for (const [name, member] of Object.entries(members))
		if (member.isPositional !== true) command.addOption(optionOf(name, member));
	return command;
}

function optionOf(name: string, { kind, says, takes = "value", of, otherwise, isRequired }: Member): Option {
	const option = new Option(kind === "switch" ? flagOf(name) : `${flagOf(name)} <${takes}>`, says);
	if (isRequired === true) option.makeOptionMandatory();
	if (of !== undefined) option.choices([...of]);
	if (otherwise !== undefined) option.default(otherwise);
	if (kind === "names" || kind === "files") option.argParser(list);
	if (kind === "settings")
		option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
	return option;
}
