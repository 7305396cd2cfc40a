/** The command that gives the same answer on the command line. */
import { flagOf, SCENARIO_PATHS } from "@farthing/answers";
import type { JsonObject, JsonValue } from "@farthing/scenario";
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
	const isFile = entries.some(([path]) => {
		const flag = FLAGS[path];
		return flag === undefined || !hasFlag(flag);
	});
	const file = isFile || text !== undefined ? savedFile(state) : `${EXAMPLES}${base}.yaml`;
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

/**
 * The scenario as a file: changes over an example beside it; a text of one's own as it is where the command says what was
 * changed by flags, else all that it says with the changes.
 */
export function scenarioFile(
	{ base, text, changes }: Pick<AppState, "base" | "text" | "changes">,
	command: string,
	/** The scenario as plain data, changes applied. */
	document: JsonObject,
): string {
	if (text === undefined) return yamlText({ extends: `${base}.yaml`, ...treeOf(changes) });
	const words = command.split(" ");
	const isSaid = Object.keys(changes).every((path) => words.includes(FLAGS[path] ?? ""));
	return isSaid ? text : yamlText(document);
}

function treeOf(changes: AppState["changes"]): JsonObject {
	const nothing: JsonObject = {};
	return Object.entries(changes).reduce((tree, [path, value]) => placed(tree, path.split("."), value), nothing);
}

function placed(tree: JsonObject, [name, ...rest]: readonly string[], value: Change): JsonObject {
	if (name === undefined) return tree;
	if (rest.length === 0) return { ...tree, [name]: value };
	const within = tree[name];
	return { ...tree, [name]: placed(isMap(within) ? within : {}, rest, value) };
}

function yamlText(of: JsonObject): string {
	return `${mapLines(of).join("\n")}\n`;
}

function mapLines(of: JsonObject): string[] {
	return Object.entries(of).flatMap(([name, value]) => {
		const key = /^[a-z]\w*$/i.test(name) ? name : JSON.stringify(name);
		const flow = flowText(value);
		return flow === undefined ? [`${key}:`, ...below(value).map((line) => `  ${line}`)] : [`${key}: ${flow}`];
	});
}

function below(value: JsonValue): string[] {
	if (isMap(value)) return mapLines(value);
	const items: readonly JsonValue[] = Array.isArray(value) ? value : [];
	return items.flatMap((item) => {
		const flow = flowText(item);
		if (flow !== undefined) return [`- ${flow}`];
		return below(item).map((line, i) => `${i === 0 ? "-" : " "} ${line}`);
	});
}

/** On one line; undefined for what takes several. A text in quotes is the same in JSON and YAML. */
function flowText(value: JsonValue): string | undefined {
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	if (Object.keys(value).length === 0) return JSON.stringify(value);
	if (!Array.isArray(value)) return undefined;
	const items = (value as readonly JsonValue[]).map((item) =>
		typeof item === "object" ? undefined : JSON.stringify(item),
	);
	return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
}

function isMap(value: JsonValue | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function flagText(value: Change): string {
	if (typeof value === "boolean") return value ? "on" : "off";
	const text = typeof value === "object" ? value.join(",") : String(value);
	return /^[\w.,%+-]+$/.test(text) ? text : `"${text}"`;
}
