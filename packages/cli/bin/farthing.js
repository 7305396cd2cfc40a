#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (existsSync(main)) {
	await import(main.href);
} else {
	process.stderr.write("farthing is not built yet: run `npm start` in the repository\n");
	process.exitCode = 70;
}
