#!/usr/bin/env node
import { existsSync, statSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);
const compiled = here("../dist/main.js");
const bundled = here("../bundle/main.js");

/** In a repository the compiled files may be newer than the bundle made from them. */
function isBundleFresh() {
	if (!existsSync(bundled)) return false;
	const made = statSync(here("../bundle/.stamp")).mtimeMs;
	return ["engine", "catalogue", "scenario", "answers", "report", "cli"].every((name) => {
		const info = here(`../../${name}/dist/.tsbuildinfo`);
		return !existsSync(info) || statSync(info).mtimeMs <= made;
	});
}

const main = isBundleFresh() ? bundled : compiled;
if (existsSync(main)) {
	const { run } = await import(main.href);
	process.exitCode = await run(process.argv.slice(2));
} else {
	process.stderr.write("farthing is not built yet: run `npm start` in the repository\n");
	process.exitCode = 70;
}
