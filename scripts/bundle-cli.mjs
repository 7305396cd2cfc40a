// Joins the compiled command line into few files, so that a command starts in the time Node itself takes plus little.
// Parsers, charts and the catalogue reader stay outside: they are loaded only by the commands that need them.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "packages/cli/bundle");
const stamp = join(folder, ".stamp");
const OUTSIDE = [
	/^node:/,
	"@farthing/catalogue/node",
	/^@farthing\/report/,
	/^@farthing\/ledger/,
	/^@farthing\/server/,
	"yaml",
];

/** True where the bundle was made from the compiled files as they are. */
export function isBundled() {
	return existsSync(stamp) && readFileSync(stamp, "utf8") === state();
}

export async function bundle() {
	const { rolldown } = await import("rolldown");
	const made = await rolldown({
		input: { main: join(root, "packages/cli/dist/main.js") },
		platform: "node",
		external: OUTSIDE,
		resolve: { conditionNames: ["node", "import", "default"] },
	});
	rmSync(folder, { recursive: true, force: true });
	await made.write({ dir: folder, format: "esm", minify: false, chunkFileNames: "[name].js" });
	await made.close();
	writeFileSync(stamp, state());
}

function state() {
	const hash = createHash("sha256");
	for (const name of ["engine", "catalogue", "scenario", "answers", "cli"]) {
		const dist = join(root, "packages", name, "dist");
		for (const entry of readdirSync(dist, { recursive: true, encoding: "utf8" }).sort()) {
			if (!entry.endsWith(".js")) continue;
			const { size, mtimeMs } = statSync(join(dist, entry));
			hash.update(`${name}/${entry}\0${size}\0${mtimeMs}\n`);
		}
	}
	return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isBundled()) await bundle();
