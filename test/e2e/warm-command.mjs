// The built command in a process that stays: it runs one line after the other, each with its own folder and environment,
// and tells what it printed and how it ended. Requests and answers are lines of JSON over two named pipes.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [main, asked, told] = process.argv.slice(2);
const requests = fs.openSync(asked, "r");
const answers = fs.openSync(told, "w");
const printed = { 1: [], 2: [] };
const { writeSync } = fs;

/** What the command prints is kept; all else is written where it belongs. */
fs.writeSync = (descriptor, data, ...rest) => {
	const to = printed[descriptor];
	if (to === undefined) return writeSync(descriptor, data, ...rest);
	const [offset = 0, length] = typeof data === "string" ? [] : rest;
	const bytes =
		typeof data === "string" ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	const part = bytes.subarray(offset, length === undefined ? undefined : offset + length);
	to.push(Buffer.from(part));
	return part.length;
};
syncBuiltinESMExports();
for (const [descriptor, stream] of [
	[1, process.stdout],
	[2, process.stderr],
]) {
	stream.write = (data) => fs.writeSync(descriptor, data) >= 0;
}

const { run } = await import(pathToFileURL(main).href);
for (let line = nextLine(); line !== undefined; line = nextLine()) {
	const { args, cwd, env } = JSON.parse(line);
	for (const name of Object.keys(process.env)) delete process.env[name];
	Object.assign(process.env, env);
	process.chdir(cwd);
	process.exitCode = undefined;
	const code = (await run(args)) ?? process.exitCode ?? 0;
	const [stdout, stderr] = [1, 2].map((each) => Buffer.concat(printed[each].splice(0)).toString());
	writeAll(`${JSON.stringify({ code, stdout, stderr })}\n`);
}

/** Undefined when the tests have ended. */
function nextLine() {
	const parts = [];
	const chunk = Buffer.alloc(65_536);
	for (;;) {
		const count = fs.readSync(requests, chunk);
		if (count === 0) return undefined;
		parts.push(Buffer.from(chunk.subarray(0, count)));
		if (chunk[count - 1] === 0x0a) return Buffer.concat(parts).toString();
	}
}

function writeAll(text) {
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; ) at += writeSync(answers, bytes, at);
}
