// Joins the compiled command line into few files, so that a command starts in the time Node itself takes plus little.
// Parsers and the catalogue reader stay outside: they are loaded only by the commands that need them. Reports are joined
// too, with the threads that make PDF and workbooks: each of them would have a thousand files to find first.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "packages/cli/bundle");
const stamp = join(folder, ".stamp");
const THREADS = ["pdf/pdf-worker", "workbook/workbook-worker"];
const OUTSIDE = [
	/^node:/,
	/^@farthing\/catalogue\/(?:node|in-use|signed)$/,
	/^@farthing\/ledger/,
	/^@farthing\/server/,
	/^@myriaddreamin\//,
	/^yaml$/,
];

/** True where the bundle was made from the compiled files as they are. */
export function isBundled() {
	return existsSync(stamp) && readFileSync(stamp, "utf8") === state();
}

export async function bundle() {
	const { rolldown } = await import("rolldown");
	const made = await rolldown({
		input: {
			main: join(root, "packages/cli/dist/main.js"),
			...Object.fromEntries(THREADS.map((path) => [basename(path), join(root, `packages/report/dist/${path}.js`)])),
		},
		platform: "node",
		external: isOutside,
		resolve: { conditionNames: ["node", "import", "default"] },
	});
	rmSync(folder, { recursive: true, force: true });
	const { output } = await made.write({ dir: folder, format: "esm", minify: false, chunkFileNames: "[name].js" });
	await made.close();
	writeFileSync(join(folder, "LICENSES.txt"), licences(output.flatMap(({ moduleIds = [] }) => moduleIds)));
	writeFileSync(stamp, state());
}

/** Reports take one function of the ledger, which is not worth loading all of it. */
function isOutside(id, importer) {
	if (id === "@farthing/ledger" && importer?.startsWith(join(root, "packages/report/"))) return false;
	return OUTSIDE.some((pattern) => pattern.test(id));
}

/** Licences of what was joined, which must go where its code goes. */
function licences(files) {
	const folders = new Set(
		files.flatMap((file) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0] ?? []),
	);
	const texts = [...folders]
		.sort((a, b) => (a < b ? -1 : 1))
		.map((path) => {
			const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
			const file = readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
			const text = file === undefined ? "" : `\n${readFileSync(join(path, file), "utf8").trim()}\n`;
			return `${name} ${version}, ${license}\n${text}`;
		});
	return texts.join(`\n${"-".repeat(80)}\n\n`);
}

function state() {
	const hash = createHash("sha256");
	for (const name of ["engine", "catalogue", "scenario", "answers", "report", "cli"]) {
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
