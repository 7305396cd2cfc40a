/**
 * The catalogue in use: the one that came with farthing, or a newer one that was installed into the user's own data
 * folder. Each installed one lies there in a folder named by its hash, as the signed file it came in and compiled;
 * `in-use.json` names the one in use and those before it.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { compileCatalogue } from "./compile.ts";
import { COMPILED_FILES } from "./compiled.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CatalogueFiles } from "./load.ts";
import type { CatalogueStore } from "./node.ts";
import { openCatalogue, openCompiledCatalogue, readCatalogueFolder } from "./node.ts";
import { filesOfSigned } from "./signed.ts";

export interface InUse {
	/** First 12 digits of its hash; absent: the one that came with farthing. */
	readonly id?: string;
	/** Where it lies. */
	readonly folder?: string;
	readonly store: CatalogueStore;
}

/** FARTHING_CATALOGUE names an installed catalogue by its id, or is `built-in`. */
export interface Environment {
	readonly [name: string]: string | undefined;
}

/** What is wrong with the data folder, in words; `hint` says what to do. */
export class CatalogueInUseError extends Error {
	readonly code: "no-such-catalogue" | "unreadable-catalogue" | "nothing-before";
	readonly hint: string;

	constructor(code: CatalogueInUseError["code"], message: string, hint: string) {
		super(message);
		this.name = "CatalogueInUseError";
		this.code = code;
		this.hint = hint;
	}
}

/** FARTHING_DATA, else where programs of this system keep data of a user. */
export function dataFolder(environment: Environment = process.env, platform: string = process.platform): string {
	const given = environment["FARTHING_DATA"];
	if (given !== undefined && given !== "") return given;
	if (platform === "win32") return join(environment["LOCALAPPDATA"] ?? join(homedir(), "AppData/Local"), "farthing");
	if (platform === "darwin") return join(homedir(), "Library/Application Support/farthing");
	return join(environment["XDG_DATA_HOME"] || join(homedir(), ".local/share"), "farthing");
}

export function catalogueInUse(environment: Environment = process.env): InUse {
	const asked = environment["FARTHING_CATALOGUE"];
	if (asked === "built-in") return { store: openCatalogue() };
	const data = dataFolder(environment);
	const id = asked === undefined || asked === "" ? pointerOf(data)?.id : asked;
	if (id === undefined || id === BUILT_IN) return { store: openCatalogue() };
	const folder = folderOf(data, id);
	if (!existsSync(join(folder, COMPILED_FILES.manifest))) {
		const where = asked === undefined ? join(data, POINTER) : "FARTHING_CATALOGUE";
		throw new CatalogueInUseError(
			"no-such-catalogue",
			`${where} names the catalogue "${id}", which is not in ${data}`,
			"farthing catalog rollback --to built-in",
		);
	}
	requireWhole(folder);
	return { id, folder, store: openCompiledCatalogue(folder) };
}

/** The facts in use as people edit them: texts of YAML and CSV by path. */
export function filesInUse(environment: Environment = process.env): CatalogueFiles {
	const { folder } = catalogueInUse(environment);
	if (folder !== undefined) return filesOfSigned(readFileSync(join(folder, SIGNED), "utf8"));
	return readCatalogueFolder(fileURLToPath(new URL("../../../catalogue/", import.meta.url)));
}

/**
 * Puts a catalogue into the data folder and into use; gives its folder. The signed file is kept beside it. `makeFolder`
 * makes one with those above it.
 */
export function installCatalogue(
	catalogue: Catalogue,
	signed: string,
	makeFolder: (folder: string) => void,
	environment: Environment = process.env,
): string {
	const data = dataFolder(environment);
	const id = catalogue.hash.slice(0, 12);
	const folder = folderOf(data, id);
	const draft = `${folder}.${process.pid}.tmp`;
	rmSync(draft, { recursive: true, force: true });
	makeFolder(draft);
	const files = [...compileCatalogue(catalogue), [SIGNED, signed] as const];
	const sums = files.map(([name, text]) => `${sha256(text)}  ${name}\n`).join("");
	for (const [name, text] of [...files, [SUMS, sums], [FORM_FILE, `${FORM}\n`]] as const)
		writeFileSync(join(draft, name), text);
	rmSync(folder, { recursive: true, force: true });
	renameSync(draft, folder);
	const { id: current = BUILT_IN, before = [] } = pointerOf(data) ?? {};
	if (current !== id) point(data, { id, before: [current, ...before.filter((each) => each !== id)] });
	return folder;
}

/** Back to the one before, or to one that is named; gives its id. Throws CatalogueInUseError. */
export function rollBackCatalogue(to: string | undefined, environment: Environment = process.env): string {
	const data = dataFolder(environment);
	const { id: current = BUILT_IN, before = [] } = pointerOf(data) ?? {};
	const [id, ...rest] = to === undefined ? before : [to, ...before.filter((each) => each !== to)];
	if (id === undefined || id === current) {
		const what = id === undefined ? "no catalogue was in use before this one" : `${id} is in use already`;
		throw new CatalogueInUseError("nothing-before", what, "farthing doctor");
	}
	if (id !== BUILT_IN && !existsSync(join(folderOf(data, id), COMPILED_FILES.manifest))) {
		const known = [BUILT_IN, ...before.filter((each) => each !== BUILT_IN)].join(", ");
		throw new CatalogueInUseError("no-such-catalogue", `no catalogue "${id}" in ${data}`, `one of: ${known}`);
	}
	if (id !== BUILT_IN) requireWhole(folderOf(data, id));
	point(data, { id, before: to === undefined ? rest : [current, ...rest] });
	return id;
}

export const BUILT_IN = "built-in";
const POINTER = "in-use.json";
const SIGNED = "signed.json";
const FORM_FILE = "form";
/** SHA-256 of each file as it was installed, as `sha256sum -c` reads it. */
const SUMS = "sha256";
/** Names and order of the compiled parts; a farthing that has others does not read these. */
const FORM = `2 ${Object.values(COMPILED_FILES).join(" ")}`;

interface Pointer {
	readonly id: string;
	readonly before: readonly string[];
}

function folderOf(data: string, id: string): string {
	if (!/^[0-9a-f]{12}$/.test(id)) {
		const what = `"${id}" names no catalogue: ids are 12 hexadecimal digits`;
		throw new CatalogueInUseError("no-such-catalogue", what, "farthing catalog rollback --to built-in");
	}
	return join(data, "catalogues", id);
}

/** All at once, which takes milliseconds: whoever edits facts here has no signature for them. */
function requireWhole(folder: string): void {
	const anew = `farthing catalog rollback --to built-in, then farthing catalog update ${join(folder, SIGNED)} --trust KEY`;
	if (formOf(folder) !== FORM) {
		const what = `the catalogue in ${folder} was compiled by another farthing`;
		throw new CatalogueInUseError("unreadable-catalogue", what, anew);
	}
	const names = [...Object.values(COMPILED_FILES), SIGNED];
	const sums = new Map(
		textOr(join(folder, SUMS), "")
			.split("\n")
			.map((line) => [line.slice(66), line.slice(0, 64)]),
	);
	const changed = names.find((name) => {
		const path = join(folder, name);
		return !existsSync(path) || sha256(readFileSync(path)) !== sums.get(name);
	});
	if (changed === undefined) return;
	const what = `${join(folder, changed)} is not as it was installed: its SHA-256 is not the one in ${SUMS}`;
	throw new CatalogueInUseError("unreadable-catalogue", what, anew);
}

function sha256(content: string | Uint8Array): string {
	return createHash("sha256").update(content).digest("hex");
}

function textOr(path: string, other: string): string {
	return existsSync(path) ? readFileSync(path, "utf8") : other;
}

function formOf(folder: string): string {
	return textOr(join(folder, FORM_FILE), "").trim();
}

function pointerOf(data: string): Pointer | undefined {
	const path = join(data, POINTER);
	if (!existsSync(path)) return undefined;
	try {
		const { id, before } = JSON.parse(readFileSync(path, "utf8")) as Partial<Pointer>;
		if (typeof id === "string" && Array.isArray(before) && before.every((each) => typeof each === "string"))
			return { id, before };
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
	const hint = `remove ${path}: the catalogue that came with farthing is used then`;
	throw new CatalogueInUseError("unreadable-catalogue", `${path} does not say which catalogue is in use`, hint);
}

function point(data: string, pointer: Pointer): void {
	const path = join(data, POINTER);
	writeFileSync(`${path}.${process.pid}.tmp`, `${JSON.stringify(pointer)}\n`);
	renameSync(`${path}.${process.pid}.tmp`, path);
}
