/** The command that gives the same answer on the command line. */
import { flagOf, SCENARIO_PATHS } from "@farthing/answers";
import type { AppState, Change } from "./app-state.ts";

/** Members of a scenario that a flag stands for. */
const FLAGS: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries(SCENARIO_PATHS).map(([word, path]) => [path, flagOf(word)]),
);

/** `farthing COMMAND scenarios/NAME.yaml --demand 8B`; members without a flag go into a file that is saved first. */
export function scenarioCommand(
	state: AppState,
	command = "plan",
	more: readonly string[] = [],
	/** Whether the command has a flag; `plan` has all. */
	hasFlag: (flag: string) => boolean = () => true,
): string {
	const { base, text, changes } = state;
	const entries = Object.entries(changes);
	const isFile =
		text !== undefined ||
		entries.some(([path]) => {
			const flag = FLAGS[path];
			return flag === undefined || !hasFlag(flag);
		});
	const file = isFile ? savedFile(state) : `${EXAMPLES}${base}.yaml`;
	const flags = isFile ? [] : entries.flatMap(([path, value]) => [FLAGS[path] as string, flagText(value)]);
	return ["npx farthing", command, file, ...flags, ...more].join(" ");
}

/** Name under which a scenario is saved for the command. */
export const SAVED_FILE = "scenario.yaml";
const EXAMPLES = "scenarios/";

/** Where the command reads it, from the folder that commands of examples run in: changes stand beside their example. */
function savedFile({ text }: Pick<AppState, "text">): string {
	return text === undefined ? `${EXAMPLES}${SAVED_FILE}` : SAVED_FILE;
}

/** The file that a command reads and that is to be saved first; undefined where it reads an example as it is. */
export function fileToSave(command: string, state: Pick<AppState, "text">): string | undefined {
	const file = savedFile(state);
	return command.split(" ").includes(file) ? file : undefined;
}

/** The scenario as a file: the text of one's own, or the changes over an example beside it. */
export function scenarioFile({ base, changes }: AppState): string {
	const tree: Tree = {};
	for (const [path, value] of Object.entries(changes)) place(tree, path.split("."), value);
	return [`extends: ${base}.yaml`, ...yamlLines(tree, "")].join("\n") + "\n";
}

interface Tree {
	[name: string]: Tree | Change;
}

function place(tree: Tree, [name, ...rest]: readonly string[], value: Change): void {
	if (name === undefined) return;
	if (rest.length === 0) tree[name] = value;
	else {
		const below = tree[name];
		const next: Tree = isTree(below) ? below : {};
		tree[name] = next;
		place(next, rest, value);
	}
}

function yamlLines(tree: Tree, indent: string): string[] {
	return Object.entries(tree).flatMap(([name, value]) =>
		isTree(value)
			? [`${indent}${name}:`, ...yamlLines(value, `${indent}  `)]
			: [`${indent}${name}: ${typeof value === "object" ? `[${value.map(scalar).join(", ")}]` : scalar(value)}`],
	);
}

function scalar(value: string | number | boolean): string {
	return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function isTree(value: Tree | Change | undefined): value is Tree {
	return typeof value === "object" && !Array.isArray(value);
}

function flagText(value: Change): string {
	if (typeof value === "boolean") return value ? "on" : "off";
	const text = typeof value === "object" ? value.join(",") : String(value);
	return /^[\w.,%+-]+$/.test(text) ? text : `"${text}"`;
}
