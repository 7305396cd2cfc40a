// Checks catalogue/ and writes it as JSON beside the compiled loader, split so that a command reads only what it needs.
// Runs after `tsc -b`. Does nothing where neither the facts nor the loader changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const loader = join(root, "packages/catalogue/dist");
const output = join(loader, "catalogue");
/** Not .js: of what a source was compiled to, only what has a source is kept. */
const PARTS = "parts.mjs";
const stamp = join(output, ".stamp");

const { readCatalogueFolder } = await import(new URL("../packages/catalogue/dist/node.js", import.meta.url));
const files = readCatalogueFolder(join(root, "catalogue"));
const state = stateOf(files);
if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) process.exit();

const { CatalogueError, COMPILED_FILES, compileCatalogue, issueText, loadCatalogue } = await import(
	new URL("../packages/catalogue/dist/index.js", import.meta.url)
);
try {
	write(new Map([...compileCatalogue(loadCatalogue(files)), [PARTS, partsModule()]]));
} catch (error) {
	if (!(error instanceof CatalogueError)) throw error;
	for (const issue of error.issues) process.stderr.write(`catalogue/${issueText(issue)}\n`);
	process.exitCode = 1;
}

function write(compiled) {
	mkdirSync(output, { recursive: true });
	for (const name of readdirSync(output)) if (!compiled.has(name)) rmSync(join(output, name));
	for (const [name, text] of compiled) {
		const path = join(output, name);
		writeFileSync(`${path}.new`, text);
		renameSync(`${path}.new`, path);
		console.log(`${name.padEnd(16)} ${(text.length / 1024).toFixed(0).padStart(6)} kB`);
	}
	writeFileSync(stamp, state);
}

/** All parts as one module, for bundlers of programs that run where there is no disk; Node reads the files themselves. */
function partsModule() {
	const parts = Object.entries(COMPILED_FILES);
	const imports = parts.map(([name, file]) => `import ${name} from "./${file}" with { type: "json" };`);
	return `${imports.join("\n")}\nexport const parts = { ${parts.map(([name]) => name).join(", ")} };\n`;
}

/** What the result depends on: the facts, and the compiled code of the loader and of what it imports. */
function stateOf(texts) {
	const hash = createHash("sha256");
	for (const [path, text] of texts) hash.update(`${path}\0${text}\0`);
	const engine = join(root, "packages/engine/dist/model/hash.js");
	const code = readdirSync(loader).filter((name) => name.endsWith(".js"));
	hash.update(`${PARTS}\0${partsModule}`);
	for (const path of [...code.sort().map((name) => join(loader, name)), engine]) {
		if (existsSync(path)) hash.update(`${basename(path)}\0${readFileSync(path, "utf8")}\0`);
	}
	return hash.digest("hex");
}
