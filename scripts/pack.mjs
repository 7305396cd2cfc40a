// npm run pack -- FOLDER: what people install, as two tarballs. `farthing` holds the command with all that it is made of;
// `@farthing/engine` stands alone. Our other packages are no names of a registry: their compiled files go into `farthing`
// under parts/, where each import of them by name becomes one by place. What they import of others, `farthing` asks for.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix, relative, sep } from "node:path";
import process from "node:process";
import { main, npm, root, SetupError, setup } from "./setup.mjs";

/** Ours that go into `farthing`. The pages are joined files: nothing that they were made from is asked for. */
const PARTS = ["answers", "catalogue", "ledger", "report", "scenario", "server", "web"];
const JOINED = ["web"];
const AT_ROOT = ["LICENSE", "NOTICE", "CHANGELOG.md", "README.md"];

/** Writes both tarballs into a folder; gives their paths. */
export async function pack(into) {
	const stage = mkdtempSync(join(tmpdir(), "farthing-stage-"));
	mkdirSync(into, { recursive: true });
	try {
		const made = [];
		for (const folder of [stageEngine(join(stage, "engine")), stageFarthing(join(stage, "farthing"))]) {
			const printed = await npm(["pack", folder, "--json", "--pack-destination", into, "--loglevel=error"], stage);
			made.push(join(into, JSON.parse(printed)[0].filename));
		}
		return made;
	} finally {
		rmSync(stage, { recursive: true, force: true });
	}
}

function stageEngine(to) {
	const manifest = manifestOf("engine");
	copyPart("engine", to, (file) => (name) => fail(`${file} imports ${name}`));
	cpSync(join(root, "LICENSE"), join(to, "LICENSE"));
	cpSync(join(root, "packages/engine/README.md"), join(to, "README.md"));
	writeJson(join(to, "package.json"), { ...manifest, exports: withoutSources(manifest.exports) });
	return to;
}

function stageFarthing(to) {
	const manifest = manifestOf("cli");
	const place = (file) => (specifier) => placeOf(specifier, posixPath(relative(to, file)));
	for (const name of PARTS) {
		const part = manifestOf(name);
		copyPart(name, join(to, "parts", name), place);
		// A name of its own, so that what it finds by name it finds here.
		writeJson(join(to, "parts", name, "package.json"), {
			name: part.name,
			version: part.version,
			license: part.license,
			type: part.type,
			...(part.sideEffects === undefined ? {} : { sideEffects: part.sideEffects }),
		});
	}
	copyPart("cli", to, place);
	for (const name of AT_ROOT) cpSync(join(root, name), join(to, name));
	for (const name of ["scenarios", "catalogue"]) cpSync(join(root, name), join(to, name), { recursive: true });
	const { private: _private, devDependencies: _dev, scripts: _scripts, ...kept } = manifest;
	writeJson(join(to, "package.json"), {
		...kept,
		exports: { ...withoutSources(manifest.exports), ...partExports() },
		files: [...AT_ROOT, "bin", "bundle", "catalogue", "dist", "parts", "scenarios"],
		sideEffects: false,
		dependencies: dependencies(),
	});
	return to;
}

/** Compiled files and data of one package, without the maps to sources that are not there. */
function copyPart(name, to, place) {
	const from = join(root, "packages", name);
	for (const listed of manifestOf(name).files.filter((each) => !each.startsWith("!"))) {
		const isJoined = JOINED.includes(name) || !["dist", "bundle"].includes(listed);
		for (const file of filesUnder(join(from, listed))) {
			const target = join(to, listed, file);
			if (/\.tsbuildinfo$|\.compiled$|\.[jt]s\.map$/.test(file)) continue;
			mkdirSync(dirname(target), { recursive: true });
			if (/\.(?:js|d\.ts)$/.test(file) && !isJoined) {
				const text = readFileSync(join(from, listed, file), "utf8");
				writeFileSync(target, replaced(text, place(target)));
			} else cpSync(join(from, listed, file), target);
		}
	}
}

/** Every text that is the name of one of our parts becomes its place. */
function replaced(text, place) {
	return text
		.replace(/^\/\/# sourceMappingURL=.*\n?/gm, "")
		.replace(/(["'])(@farthing\/(?!engine\1)[\w./-]+)\1/g, (_, quote, name) => `${quote}${place(name)}${quote}`);
}

/** Place of an export of a part, seen from a file; both are paths in the package. */
function placeOf(specifier, from) {
	const [, name, rest] = /^@farthing\/([\w-]+)(?:\/(.+))?$/.exec(specifier);
	if (!PARTS.includes(name)) throw new SetupError(`${from} imports ${specifier}, which is not packed`);
	const target = targetOf(manifestOf(name).exports, rest, specifier);
	const path = posix.relative(posix.dirname(from), posix.join("parts", name, target));
	return path.startsWith(".") ? path : `./${path}`;
}

function targetOf(exports, rest, specifier) {
	const key = rest === undefined ? "." : `./${rest}`;
	const exact = exports[key];
	if (exact !== undefined) return typeof exact === "string" ? exact : exact.default;
	const pattern = Object.keys(exports).find((each) => each.endsWith("/*") && key.startsWith(each.slice(0, -1)));
	if (pattern === undefined) throw new SetupError(`${specifier} is no export`);
	return exports[pattern].replace("*", key.slice(pattern.length - 1));
}

/** `farthing/ledger/store` for `@farthing/ledger/store`, and so on: whatever a part exports. */
function partExports() {
	const all = PARTS.filter((name) => !JOINED.includes(name)).flatMap((name) =>
		Object.entries(manifestOf(name).exports).flatMap(([key, target]) => {
			if (key === "./package.json") return [];
			const moved = (path) => `./${posix.join("parts", name, path)}`;
			const targets =
				typeof target === "string"
					? moved(target)
					: Object.fromEntries(
							Object.entries(withoutSource(target)).map(([condition, path]) => [condition, moved(path)]),
						);
			return [[`./${posix.join(name, key)}`, targets]];
		}),
	);
	return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What all of it asks for, each in one version: the lock file of the repository holds no second. */
function dependencies() {
	const found = new Map();
	for (const name of [...PARTS.filter((each) => !JOINED.includes(each)), "cli"]) {
		for (const [dependency, version] of Object.entries(manifestOf(name).dependencies ?? {})) {
			if (dependency.startsWith("@farthing/") && dependency !== "@farthing/engine") continue;
			const before = found.get(dependency) ?? version;
			if (before !== version) throw new SetupError(`${dependency} is wanted as ${before} and as ${version}`);
			found.set(dependency, version);
		}
	}
	return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutSources(exports) {
	return Object.fromEntries(
		Object.entries(exports).map(([key, target]) => [key, typeof target === "string" ? target : withoutSource(target)]),
	);
}

function withoutSource({ "@farthing/source": _source, ...kept }) {
	return kept;
}

function manifestOf(name) {
	return JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
}

function filesUnder(folder) {
	if (!existsSync(folder)) throw new SetupError(`${folder} is missing: npm run build`);
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.map((entry) => posixPath(relative(folder, join(entry.parentPath ?? entry.path, entry.name))))
		.sort((a, b) => (a < b ? -1 : 1));
}

function posixPath(path) {
	return path.split(sep).join("/");
}

function writeJson(path, value) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, `${JSON.stringify(value, null, "\t")}\n`);
}

function fail(message) {
	throw new SetupError(message);
}

if (process.argv[1] === import.meta.filename) {
	await main(async () => {
		await setup();
		for (const file of await pack(process.argv[2] ?? join(root, "out"))) console.log(file);
		return 0;
	});
}
