#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (existsSync(main)) {
	const { run } = await import(main.href);
	process.exitCode = await run(process.argv.slice(2));
} else {
	process.stderr.write("farthing is not built yet: run `npm start` in the repository\n");
	process.exitCode = 70;
}
