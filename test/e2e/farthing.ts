/** The built command line in folders of its own: what a user runs, and what it leaves behind. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { afterAll, expect, vi } from "vitest";
import { mayBeWarm, runWarm } from "./warm.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export const root: string = fileURLToPath(new URL("../..", import.meta.url));
export const bin: string = join(root, "packages/cli/bin/farthing.js");

if (!existsSync(join(root, "packages/cli/dist/main.js"))) throw new Error("not built: run npm run build first");

export interface Run {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface RunOptions {
	readonly cwd?: string;
	readonly input?: string | Uint8Array;
	readonly env?: Readonly<Record<string, string>>;
	/** In a process of its own even where it need not be. */
	readonly isOwn?: boolean;
}

/**
 * Runs `farthing` with these arguments; a text is split at spaces. No variable of the tester's shell reaches it. Commands
 * that answer and end run in a process that stays (`warm.ts`).
 */
export function farthing(args: string | readonly string[], options: RunOptions = {}): Run {
	const list = typeof args === "string" ? args.split(" ").filter((word) => word !== "") : [...args];
	const [cwd, env] = [options.cwd ?? shared(), { ...cleanEnvironment(), ...options.env }];
	if (options.input === undefined && options.isOwn !== true && mayBeWarm(list, env)) return runWarm(list, cwd, env);
	const { status, stdout, stderr, error } = spawnSync(process.execPath, [bin, ...list], {
		cwd,
		input: options.input ?? "",
		env,
		encoding: "utf8",
		timeout: 60_000,
		maxBuffer: 256 * 1024 * 1024,
	});
	if (error !== undefined) throw error;
	return { code: status, stdout, stderr };
}

export function cleanEnvironment(): NodeJS.ProcessEnv {
	const kept = Object.entries(process.env).filter(
		([name]) => !/^(?:FARTHING_|NO_COLOR$|FORCE_COLOR$|NODE_|VITEST)/.test(name),
	);
	// whatever facts the tester has installed: tests ask those of this repository
	return { ...Object.fromEntries(kept), FARTHING_CATALOGUE: "built-in" };
}

/** Folders of one test file, removed when it ends. */
const made: string[] = [];
afterAll(() => {
	for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A new folder with these files; `scenarios` copies the examples of the repository. */
export function folderWith(
	files: Readonly<Record<string, string | Uint8Array>> = {},
	options: { scenarios?: boolean } = {},
): string {
	const folder = mkdtempSync(join(tmpdir(), "farthing-e2e-"));
	made.push(folder);
	for (const [name, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), content);
	}
	if (options.scenarios === true) cpSync(join(root, "scenarios"), join(folder, "scenarios"), { recursive: true });
	return folder;
}

/** A folder with the example scenarios, for runs that do not look at what is left behind. */
let common: string | undefined;
export function shared(): string {
	common ??= folderWith({}, { scenarios: true });
	return common;
}

/** Every file under a folder with its content, to see that nothing changed. */
export function contentOf(folder: string): Record<string, string> {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
	return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "base64")]));
}

/** Whatever JSON holds: tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

/** The envelope on standard output of a run that must end well. */
export function answerOf(args: string | readonly string[], options: RunOptions = {}): Json {
	const run = farthing(args, options);
	expect(run.stderr, `farthing ${String(args)}`).toBe("");
	expect(run.code).toBe(0);
	return JSON.parse(run.stdout) as Json;
}

export function resultOf(args: string | readonly string[], options: RunOptions = {}): Json {
	return answerOf(args, options)["result"] as Json;
}

const schema: object = JSON.parse(readFileSync(join(root, "packages/answers/schema/result.v1.json"), "utf8")) as Record<
	string,
	unknown
>;
let published: ValidateFunction | undefined;

/** What a program reads is as the published schema says. */
export function expectPublishedShape(text: string): void {
	published ??= new Ajv2020({ strict: false, allErrors: true }).compile(schema);
	published(JSON.parse(text));
	expect(published.errors ?? []).toEqual([]);
}

const TRACE = /^\s+at .+[:(]|node:internal|\.js:\d+|Error: /m;

/** A failed run as it must look to a person: nothing on stdout, one clear error on stderr, no trace. */
export function refusal(args: string | readonly string[], code: number, options: RunOptions = {}): string {
	const run = farthing(args, options);
	const told = `farthing ${String(args)}\n${run.stdout}${run.stderr}`;
	expect(run.code, told).toBe(code);
	expect(run.stdout, told).toBe("");
	expect(run.stderr, told).toMatch(/^error: /);
	expect(run.stderr, told).not.toMatch(TRACE);
	return run.stderr;
}

/** The same run with `--json`: one object on stdout, nothing on stderr. */
export function refusalJson(args: string | readonly string[], code: number, options: RunOptions = {}): Json {
	const list = typeof args === "string" ? args.split(" ").filter((word) => word !== "") : [...args];
	const run = farthing([...list, "--json"], options);
	const told = `farthing ${list.join(" ")} --json\n${run.stdout}${run.stderr}`;
	expect(run.code, told).toBe(code);
	expect(run.stderr, told).toBe("");
	expect(run.stdout, told).not.toMatch(TRACE);
	const answer = JSON.parse(run.stdout) as Json;
	expect(Object.keys(answer).sort()).toEqual(["error", "schema"]);
	expect(answer["schema"]).toBe("farthing/1");
	const error = answer["error"] as Json;
	expect(error["code"]).toMatch(/^[a-z][a-z-]+$/);
	expect(typeof error["message"]).toBe("string");
	const allowed = ["code", "message", "file", "line", "column", "expected", "hint", "nearest", "field"];
	expect(Object.keys(error).filter((key) => !allowed.includes(key))).toEqual([]);
	return error;
}
