// Joins the pages: `packages/web/dist/site` for a server, with hashed names and parts loaded as they are needed, and
// `packages/web/dist/export` that opens from disk, where a page can load classic scripts and fetch nothing.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const web = join(root, "packages/web");
const dist = join(web, "dist");
const compiledCatalogue = join(root, "packages/catalogue/dist/catalogue");
const stamp = join(dist, ".stamp");
const MAIN = join(web, "src/main.tsx");
const FONT = join(root, "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2");
/** Parts of the facts as the worker names them, and the files of the compiled catalogue that hold them. */
const PARTS = {
	manifest: "manifest.json",
	facts: "facts.json",
	accuracyRuns: "accuracy.json",
	mlperf: "mlperf.json",
	mlperfTraining: "mlperf-training.json",
	trainingThroughput: "training-throughput.json",
	servingSample: "serving-sample.json",
};

/** True where the pages were joined from the sources as they are. */
export function isWebBundled() {
	return existsSync(stamp) && readFileSync(stamp, "utf8") === state();
}

export async function bundleWeb() {
	const parts = dataParts();
	const [site, disk] = [join(dist, "site.new"), join(dist, "export.new")];
	for (const folder of [site, disk]) {
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(join(folder, "assets"), { recursive: true });
		mkdirSync(join(folder, "data"), { recursive: true });
	}
	await Promise.all([bundleSite(site, parts), bundleExport(disk, parts)]);
	for (const name of ["site", "export"]) {
		rmSync(join(dist, name), { recursive: true, force: true });
		renameSync(join(dist, `${name}.new`), join(dist, name));
	}
	writeFileSync(stamp, state());
}

async function bundleSite(folder, dataFiles) {
	const data = {};
	for (const [name, text] of dataFiles) data[name] = writeHashed(folder, "data", name, "json", text);
	const constants = { FARTHING_DATA_FILES: JSON.stringify(data), FARTHING_FROM_DISK: "false" };
	const modules = { format: "esm", dir: join(folder, "assets"), ...hashedNames };
	// What the worker begins with is one file: as parts that other questions share it would be a dozen, one after the other.
	const whole = { groups: [{ name: "engine", test: /[\\/]engine[\\/]worker\.ts$/ }] };
	const { entry: worker } = await joined("engine/worker.ts", "worker", constants, { ...modules, codeSplitting: whole });
	const { entry: draws } = await joined("engine/draws-worker.ts", "draws-worker", constants, modules);
	const workerFiles = {
		FARTHING_WORKER_FILE: JSON.stringify(`assets/${worker}`),
		FARTHING_DRAWS_WORKER_FILE: JSON.stringify(`assets/${draws}`),
	};
	const { entry: start, files } = await joined("start.ts", "start", { ...constants, ...workerFiles }, modules);
	// Its own parts are asked for by the page, not when it has come itself.
	const main = files.find(({ isDynamicEntry, facadeModuleId }) => isDynamicEntry && facadeModuleId === MAIN);
	const parts = [main.fileName, ...main.imports.filter((name) => name !== start)];
	const preloads = parts.map((name) => `<link rel="modulepreload" href="assets/${name}">\n`).join("");
	writePage(folder, `${preloads}<script type="module" src="assets/${start}"></script>`);
}

async function bundleExport(folder, parts) {
	const data = {};
	for (const [name, text] of parts) {
		const script = `farthingPart(${JSON.stringify(name)},${JSON.stringify(text)})\n`;
		data[name] = writeHashed(folder, "data", name, "js", script);
	}
	const constants = { FARTHING_DATA_FILES: JSON.stringify(data), FARTHING_FROM_DISK: "true" };
	const inOne = { format: "iife", dir: join(folder, "assets"), codeSplitting: false, ...hashedNames };
	const workers = {};
	for (const [name, source] of [
		["worker", "engine/worker.ts"],
		["draws", "engine/draws-worker.ts"],
	]) {
		const { entry } = await joined(source, name, constants, inOne);
		workers[name] = readFileSync(join(folder, "assets", entry), "utf8");
		rmSync(join(folder, "assets", entry));
	}
	const worker = writeHashed(folder, "assets", "workers", "js", `var farthingWorkers=${JSON.stringify(workers)}\n`);
	const { entry: main } = await joined(
		"start.ts",
		"farthing",
		{
			...constants,
			FARTHING_WORKER_FILE: JSON.stringify(worker),
			FARTHING_DRAWS_WORKER_FILE: JSON.stringify(worker),
		},
		inOne,
	);
	writePage(folder, `<script defer src="${worker}"></script>\n<script defer src="assets/${main}"></script>`, {
		isFontInside: true,
	});
}

const hashedNames = { entryFileNames: "[name]-[hash].js", chunkFileNames: "[name]-[hash].js" };

/** Name of the file of the entry, and all files that were written. */
async function joined(source, name, constants, output) {
	const { rolldown } = await import("rolldown");
	const made = await rolldown({
		input: { [name]: join(web, "src", source) },
		platform: "browser",
		resolve: { conditionNames: ["browser", "import", "default"] },
		transform: { define: { "process.env.NODE_ENV": '"production"', ...constants }, target: "es2023" },
		// "use client" of libraries means something to servers that draw pages; here there are none.
		onLog: (level, log, tell) => {
			if (log.code !== "MODULE_LEVEL_DIRECTIVE") tell(level, log);
		},
	});
	const { output: files } = await made.write({ ...output, minify: true, sourcemap: false });
	await made.close();
	return { entry: files.find((file) => file.isEntry).fileName, files };
}

/** A page from disk may not fetch a font from a file: there it stands in the style sheet. */
function writePage(folder, scripts, { isFontInside = false } = {}) {
	const template = readFileSync(join(web, "site/index.html"), "utf8");
	const icon = writeHashed(folder, "assets", "icon", "svg", readFileSync(join(web, "site/icon.svg"), "utf8"));
	const bytes = readFileSync(FONT);
	const font = isFontInside ? undefined : writeHashed(folder, "assets", "inter", "woff2", bytes);
	const source = font === undefined ? `data:font/woff2;base64,${bytes.toString("base64")}` : basename(font);
	const face = `@font-face { font-family: "Inter Variable"; font-style: normal; font-display: swap; font-weight: 100 900; src: url("${source}") format("woff2"); }\n`;
	const style = writeHashed(folder, "assets", "farthing", "css", face + styleSheet());
	const preload =
		font === undefined ? "" : `<link rel="preload" href="${font}" as="font" type="font/woff2" crossorigin>\n`;
	const filled = { ICON: icon, STYLE: style, SCRIPTS: preload + scripts };
	writeFileSync(
		join(folder, "index.html"),
		template.replace(/%([A-Z]+)%/g, (_, name) => filled[name]),
	);
}

/** All style sheets in one: colours first, then what every page uses, then the rest by name. */
function styleSheet() {
	const first = ["styles/tokens.css", "styles/base.css"];
	const all = filesOf(join(web, "src"), ".css").map((path) =>
		path.slice(join(web, "src").length + 1).replaceAll("\\", "/"),
	);
	const order = [...first, ...all.filter((path) => !first.includes(path))];
	return order.map((path) => readFileSync(join(web, "src", path), "utf8").replace(/\/\*[\s\S]*?\*\//g, "")).join("");
}

/** Name → text of each part: the compiled catalogue, its benchmark rows by model, and the example scenarios. */
function dataParts() {
	const parts = new Map();
	for (const [name, file] of Object.entries(PARTS))
		parts.set(name, readFileSync(join(compiledCatalogue, file), "utf8"));
	const rows = JSON.parse(readFileSync(join(compiledCatalogue, "benchmarks.json"), "utf8"));
	for (const [model, part] of benchmarkParts(rows)) parts.set(`benchmarks-${model}`, JSON.stringify(part));
	parts.set("examples", JSON.stringify(exampleTexts()));
	return parts;
}

/** As `packages/web/src/engine/benchmark-parts.ts` reads them. */
export function benchmarkParts(rows) {
	const parts = new Map();
	rows.forEach((row, place) => {
		if (!parts.has(row.model)) parts.set(row.model, { places: [], rows: [] });
		const part = parts.get(row.model);
		part.places.push(place);
		part.rows.push(row);
	});
	return parts;
}

function exampleTexts() {
	const folder = join(root, "scenarios");
	const files = readdirSync(folder)
		.filter((name) => name.endsWith(".yaml"))
		.sort();
	return Object.fromEntries(
		files.map((name) => [name.replace(/\.yaml$/, ""), readFileSync(join(folder, name), "utf8")]),
	);
}

/** Path of the file relative to the folder. */
function writeHashed(folder, under, name, extension, content) {
	const hash = createHash("sha256").update(content).digest("base64url").replace(/[-_]/g, "").slice(0, 8);
	const path = `${under}/${name}-${hash}.${extension}`;
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), content);
	return path;
}

function state() {
	const hash = createHash("sha256");
	const compiled = ["engine", "catalogue", "scenario", "answers"].flatMap((name) =>
		filesOf(join(root, "packages", name, "dist"), ".js"),
	);
	const own = [...filesOf(join(web, "src"), ""), ...filesOf(join(web, "site"), ""), fileURLToPath(import.meta.url)];
	const facts = filesOf(compiledCatalogue, ".json");
	const lock = join(root, "package-lock.json");
	for (const path of [...compiled, ...own, ...facts, ...filesOf(join(root, "scenarios"), ".yaml"), lock]) {
		const { size, mtimeMs } = statSync(path);
		hash.update(`${path}\0${size}\0${mtimeMs}\n`);
	}
	return hash.digest("hex");
}

function filesOf(folder, ending) {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(ending))
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleWeb();
