// The boundaries that oxlint cannot express: which package may import which, banned forms in the pure packages,
// and machine paths in tracked files. Prints file:line: message and exits with 1 where it finds any.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { blank } from "./blank-source.mjs";

/** Package folder → our packages that it may import, and those it may know the types of alone; `npm: false` bans every other package too. */
export const arrows = {
	engine: { ours: [], npm: false },
	catalogue: { ours: ["engine"] },
	scenario: { ours: ["engine"] },
	answers: { ours: ["engine", "catalogue", "scenario"] },
	web: { ours: ["engine", "catalogue", "scenario", "answers"], types: ["ledger"] },
	report: { ours: ["engine", "catalogue", "answers", "ledger"] },
	ledger: { ours: ["engine"] },
	server: { ours: ["engine", "catalogue", "scenario", "answers", "report", "ledger", "web"] },
	cli: { ours: ["engine", "catalogue", "scenario", "answers", "report", "ledger", "server"] },
};
/** Packages that run in a browser: nothing of Node is there. */
const browserPackages = ["web"];
const purePackages = ["engine", "catalogue", "scenario", "answers"];
/** Folders without input or output in packages that have it elsewhere. */
const pureFolders = ["packages/ledger/src/records/", "packages/ledger/src/attribution/"];
const filesWithInput = ["node", "in-use", "signed"].map((name) => `packages/catalogue/src/${name}.ts`);
const testOnlyPackages = ["vitest", "fast-check", "ajv"];

/** Findings in one file: `{line, message}` each. `path` is relative to the repository, with forward slashes. */
export function checkFile(path, text) {
	return [...checkMachinePaths(text), ...checkSource(path, text), ...checkManifest(path, text)];
}

export function listImports(text) {
	const { code, withStrings } = blank(text);
	const pattern = /\b(?:from|import|require)\s*\(?\s*(["'])([^"']*)\1/g;
	return [...code.matchAll(pattern)].map((match) => {
		const start = match.index + match[0].length - 1 - match[2].length;
		return { specifier: withStrings.slice(start, start + match[2].length), line: lineAt(text, match.index) };
	});
}

function checkSource(path, text) {
	const [, name, file] = /^packages\/([^/]+)\/src\/(.+\.[cm]?[jt]sx?)$/.exec(path) ?? [];
	if (name === undefined) return [];
	const isTest = /\.test(-d)?\.ts$/.test(file);
	const findings = listImports(text).flatMap(({ specifier, line }) => {
		const isOfTypes = arrows[name]?.types?.some((known) => specifier === `@farthing/${known}`) === true;
		if (isOfTypes && isTypeImport(text, specifier)) return [];
		const message = importFault(path, name, specifier, isTest);
		return message === undefined ? [] : [{ line, message }];
	});
	return isTest ? findings : [...findings, ...checkForms(name, text)];
}

/** Nothing of such an import is left in what runs. */
function isTypeImport(text, specifier) {
	const { withStrings } = blank(text);
	const imports = [...withStrings.matchAll(/\bimport\s+(type\s)?[^;"']*?\bfrom\s*"([^"]*)"/g)];
	const own = imports.filter(([, , from]) => from === specifier);
	return own.length > 0 && own.every(([, type]) => type !== undefined);
}

function importFault(path, name, specifier, isTest) {
	const arrow = arrows[name];
	if (arrow === undefined) return `package "${name}" has no arrows: add it to scripts/lint-boundaries.mjs`;
	if (specifier.startsWith(".")) return relativeFault(path, name, specifier);
	if (specifier.startsWith("node:")) {
		const isPure = purePackages.includes(name) || pureFolders.some((folder) => path.startsWith(folder));
		const mayRead = isTest || !isPure || filesWithInput.includes(path);
		if (browserPackages.includes(name) && !isTest) return `${name} runs in a browser: ${specifier} is not there`;
		return mayRead ? undefined : `${name} does no input or output: ${specifier} is not for it`;
	}
	if (browserPackages.includes(name) && !isTest && /^@farthing\/catalogue\/(?:node|in-use|signed)$/.test(specifier)) {
		return `${name} runs in a browser: ${specifier} reads files`;
	}
	const ours = /^@farthing\/([^/]+)/.exec(specifier)?.[1] ?? (/^farthing(\/|$)/.test(specifier) ? "cli" : undefined);
	if (ours !== undefined) {
		return ours === name || arrow.ours.includes(ours) ? undefined : `${name} may not import ${ours}`;
	}
	if (isTest && testOnlyPackages.some((known) => specifier === known || specifier.startsWith(`${known}/`)))
		return undefined;
	if (testOnlyPackages.includes(specifier)) return `${specifier} is for tests only`;
	return arrow.npm === false ? `${name} has no dependencies: ${specifier} is not for it` : undefined;
}

function relativeFault(path, name, specifier) {
	const target = posix.join(posix.dirname(path), specifier);
	if (!target.startsWith(`packages/${name}/`)) return `${specifier} leaves the package: import it by its name`;
	if (/\/dist\//.test(target)) return `${specifier} is a compiled file: import its source`;
	return /\.[cm]?[jt]sx?$|\.json$/.test(specifier) ? undefined : `${specifier} lacks its extension`;
}

function checkForms(name, text) {
	if (!purePackages.includes(name)) return [];
	const { code } = blank(text);
	const clock = find(code, /\bnew\s+Date\s*(\(\s*\)|(?=[;,)\]}]))/g, "new Date() reads the clock: pass the date in");
	if (name !== "engine") return clock;
	return [...clock, ...powers(code), ...find(code, /\*\*=/g, "**= differs between engines: use src/numerics")];
}

/** `2 ** 32` is folded once; a power of anything else may differ in its last digit from engine to engine. */
function powers(code) {
	const number = /^-?\d[\d_]*(\.\d+)?(e[+-]?\d+)?$/i;
	return [...code.matchAll(/([\w$.)\]]*)\s*\*\*(?!=)\s*([-\w$.([]*)/g)]
		.filter(([, base, exponent]) => !number.test(base) || !number.test(exponent))
		.map((match) => ({ line: lineAt(code, match.index), message: "** differs between engines: use src/numerics" }));
}

function checkManifest(path, text) {
	const name = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
	if (name === undefined) return [];
	const { dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = JSON.parse(text);
	const all = Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies });
	return all.flatMap(([dependency, version]) => {
		const line = lineAt(text, text.indexOf(`"${dependency}"`));
		const fault = importFault(path, name, dependency, false);
		const loose = /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) ? undefined : `${dependency} is not pinned: ${version}`;
		return [fault, loose].filter((message) => message !== undefined).map((message) => ({ line, message }));
	});
}

/** An absolute path of the machine on which a file was written means nothing on another. */
function checkMachinePaths(text) {
	const folders = ["work", "tmp", "root", "home"].join("|");
	const pattern = new RegExp(`(?<![\\w.~$)}*/-])/(?:${folders})/[\\w.$]`, "g");
	return [...text.matchAll(pattern)].map((match) => ({
		line: lineAt(text, match.index),
		message: `path of one machine: ${/^\S{1,60}/.exec(text.slice(match.index))[0]}`,
	}));
}

function find(code, pattern, message) {
	return [...code.matchAll(pattern)].map((match) => ({ line: lineAt(code, match.index), message }));
}

function lineAt(text, index) {
	let line = 1;
	for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1)) line++;
	return line;
}

function trackedFiles(root) {
	const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
	try {
		const listed = execFileSync("git", args, { cwd: root, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
		return [...new Set(listed.toString("utf8").split("\0"))].filter(
			(path) => path !== "" && existsSync(join(root, path)),
		);
	} catch {
		return walk(root, "");
	}
}

/** Without git: everything but what git would ignore. */
function walk(root, folder) {
	const skipped = new Set(["node_modules", "dist", "out", "coverage", ".git", ".farthing", "screenshots"]);
	return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
		const path = posix.join(folder, entry.name);
		if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(root, path);
		return entry.isFile() ? [path] : [];
	});
}

function checkAll(root) {
	return trackedFiles(root).flatMap((path) => {
		const bytes = readFileSync(join(root, path));
		if (bytes.includes(0)) return [];
		return checkFile(path, bytes.toString("utf8")).map(({ line, message }) => `${path}:${line}: ${message}`);
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const findings = checkAll(fileURLToPath(new URL("..", import.meta.url)));
	for (const finding of findings) console.log(finding);
	if (findings.length > 0) process.exitCode = 1;
}
