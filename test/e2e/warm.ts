/**
 * Command lines in one process that stays, since most of what a short one takes is starting Node, reading the catalogue
 * and running code that is not yet compiled. For commands that answer a question and end; `help.test.ts` holds
 * some against processes of their own.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import type { Run } from "./farthing.ts";

/** Those that keep nothing open once they have answered and listen to nothing. */
const ANSWERING: ReadonlySet<string> = new Set([
	..."price frontier plan compare why sensitivity diff check claim predict train shape simulate report catalog".split(
		" ",
	),
	..."import actuals ledger budget audit example --help --version help".split(" "),
]);

/** A process settles its language when it starts. */
export function mayBeWarm(args: readonly string[], env: NodeJS.ProcessEnv): boolean {
	const [command = ""] = args;
	if (args.includes("-") || args.includes("--language") || env["FARTHING_LANGUAGE"] !== undefined) return false;
	return ANSWERING.has(command);
}

interface Warm {
	readonly child: ChildProcess;
	readonly folder: string;
	readonly requests: number;
	readonly answers: number;
}

let warm: Warm | undefined;

afterAll(() => {
	if (warm === undefined) return;
	closeSync(warm.requests);
	closeSync(warm.answers);
	warm.child.kill();
	rmSync(warm.folder, { recursive: true, force: true });
	warm = undefined;
});

export function runWarm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Run {
	warm ??= started();
	writeAll(warm.requests, `${JSON.stringify({ args, cwd, env })}\n`);
	return JSON.parse(answered(warm.answers, args)) as Run;
}

function started(): Warm {
	const folder = mkdtempSync(join(tmpdir(), "farthing-warm-"));
	const [asked, told] = ["asked", "told"].map((name) => join(folder, name)) as [string, string];
	execFileSync("mkfifo", [asked, told]);
	const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
	const main = here("../../packages/cli/bundle/main.js");
	const child = spawn(process.execPath, [here("warm-command.mjs"), main, asked, told], {
		stdio: ["ignore", "inherit", "inherit"],
		env: { PATH: process.env["PATH"] },
	});
	child.unref();
	// Each waits until the other side is open too.
	return { child, folder, requests: openSync(asked, "w"), answers: openSync(told, "r") };
}

function answered(from: number, args: readonly string[]): string {
	const parts: Buffer[] = [];
	const chunk = Buffer.alloc(1 << 20);
	for (;;) {
		const count = readSync(from, chunk);
		if (count === 0) throw new Error(`the process of the command ended in: farthing ${args.join(" ")}`);
		parts.push(Buffer.from(chunk.subarray(0, count)));
		if (chunk[count - 1] === 0x0a) return Buffer.concat(parts).toString();
	}
}

function writeAll(to: number, text: string): void {
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at);
}
