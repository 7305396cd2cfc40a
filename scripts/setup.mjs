// Brings a clone to the state in which everything runs: dependencies, compiled packages, compiled catalogue.
// Uses nothing but Node, since it runs before anything is installed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isBundled } from "./bundle-cli.mjs";
import { isWebBundled } from "./bundle-web.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
const catalogueCompiler = join(root, "scripts/compile-catalogue.mjs");
const cliBundler = join(root, "scripts/bundle-cli.mjs");
const webBundler = join(root, "scripts/bundle-web.mjs");
const catalogueStamp = join(root, "packages/catalogue/dist/.compiled");

/** Installs, compiles and checks whatever is not up to date; throws SetupError with what the failing step printed. */
export async function setup({ log = console.log } = {}) {
	checkNode();
	if (!isInstalled(root)) await step("installed", log, () => install(root));
	await step("compiled", log, () => compile());
	if (existsSync(catalogueCompiler) && !isCatalogueCompiled()) {
		await step("catalogue compiled", log, () => compileCatalogue());
	}
	if (!isBundled()) await step("command joined", log, () => run(process.execPath, [cliBundler]));
	if (!isWebBundled()) await step("pages joined", log, () => run(process.execPath, [webBundler]));
}

export class SetupError extends Error {}

/** True where npm's own record of what it installed agrees with the lock file of that folder. */
export function isInstalled(folder) {
	const installed = readLock(join(folder, "node_modules/.package-lock.json"));
	const wanted = readLock(join(folder, "package-lock.json"));
	if (wanted === undefined) throw new SetupError(`${join(folder, "package-lock.json")} is missing`);
	if (installed === undefined) return false;
	return Object.entries(wanted).every(([path, entry]) => {
		const isNeeded = path.startsWith("node_modules/") || path.includes("/node_modules/");
		return !isNeeded || entry.optional || isSamePackage(entry, installed[path]);
	});
}

export function install(folder) {
	return npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], folder);
}

/** Runs a command and gives back what it printed; throws SetupError with that output when it fails. */
export function run(command, args, cwd = root) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		child.stdout.on("data", (chunk) => (output += chunk));
		child.stderr.on("data", (chunk) => (output += chunk));
		child.on("error", (cause) => reject(new SetupError(`${command} did not start: ${cause.message}`, { cause })));
		child.on("close", (code, signal) => {
			if (code === 0) return resolve(output);
			reject(
				new SetupError(`${firstLines(output, 60)}\n✗ ${[command, ...args].join(" ")} ended with ${signal ?? code}`),
			);
		});
	});
}

/** Runs a command on this terminal; resolves to its exit code. Ctrl-C reaches the command, which ends by itself. */
export function runHere(command, args, options = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
		const ignoreInterrupt = () => {};
		const passTermination = () => child.kill("SIGTERM");
		process.on("SIGINT", ignoreInterrupt);
		process.on("SIGTERM", passTermination);
		child.on("error", reject);
		child.on("close", (code, signal) => {
			process.off("SIGINT", ignoreInterrupt);
			process.off("SIGTERM", passTermination);
			resolve(code ?? (signal === "SIGINT" ? 130 : 143));
		});
	});
}

/** Runs the body of a script: a SetupError becomes its message and exit code 1, other errors stay as they are. */
export async function main(body) {
	try {
		process.exitCode = await body();
	} catch (error) {
		if (!(error instanceof SetupError)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exitCode = 1;
	}
}

export async function step(label, log, work) {
	const start = performance.now();
	await work();
	log(`✓ ${label.padEnd(20)} ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

function firstLines(text, count) {
	const lines = text.trim().split("\n");
	return lines.length <= count
		? lines.join("\n")
		: [...lines.slice(0, count), `… ${lines.length - count} more lines`].join("\n");
}

function checkNode() {
	const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	const wanted = engines.node.replace(/^>=/, "").split(".").map(Number);
	const found = process.versions.node.split(".").map(Number);
	const isOld = found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1]);
	if (isOld)
		throw new SetupError(`farthing needs Node ${wanted.join(".")} or newer; this is Node ${process.versions.node}`);
}

function readLock(path) {
	return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined;
}

function isSamePackage(wanted, found) {
	if (found === undefined) return false;
	return wanted.link ? found.link === true : found.version === wanted.version && found.integrity === wanted.integrity;
}

export function npm(args, folder) {
	const npmScript = process.env.npm_execpath;
	if (npmScript?.endsWith(".js")) return run(process.execPath, [npmScript, ...args], folder);
	return process.platform === "win32" ? run("cmd.exe", ["/c", "npm", ...args], folder) : run("npm", args, folder);
}

function compile() {
	dropOrphans();
	return run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"]);
}

/** A compiled file whose source was removed would still be importable: remove it too. */
function dropOrphans() {
	for (const name of readdirSync(join(root, "packages"))) {
		const dist = join(root, "packages", name, "dist");
		// The compiler writes no code of the pages: what is there was joined.
		if (name === "web") continue;
		for (const file of listFiles(dist).filter((path) => path.endsWith(".js"))) {
			const source = join(root, "packages", name, "src", file.slice(dist.length + 1).replace(/\.js$/, ".ts"));
			if (existsSync(source)) continue;
			const base = file.replace(/\.js$/, "");
			for (const suffix of [".js", ".js.map", ".d.ts", ".d.ts.map"]) rmSync(base + suffix, { force: true });
		}
	}
}

async function compileCatalogue() {
	const output = await run(process.execPath, [catalogueCompiler]);
	mkdirSync(dirname(catalogueStamp), { recursive: true });
	writeFileSync(catalogueStamp, catalogueState());
	return output;
}

function isCatalogueCompiled() {
	return existsSync(catalogueStamp) && readFileSync(catalogueStamp, "utf8") === catalogueState();
}

/** Names, sizes and times of all that goes into the compiled catalogue, and the names of what came out. */
function catalogueState() {
	const compiled = ["engine", "catalogue"].flatMap((name) => listFiles(join(root, "packages", name, "dist")));
	const inputs = [
		...listFiles(join(root, "catalogue")),
		catalogueCompiler,
		...compiled.filter((p) => p.endsWith(".js")),
	];
	const hash = createHash("sha256");
	for (const path of inputs) {
		const { size, mtimeMs } = statSync(path);
		hash.update(`${path}\0${size}\0${mtimeMs}\n`);
	}
	for (const path of compiled.filter((p) => /\.(?:json|mjs)$/.test(p)))
		hash.update(`${path}\0${statSync(path).size}\n`);
	return hash.digest("hex");
}

function listFiles(folder) {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(() => setup());
