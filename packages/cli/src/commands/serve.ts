import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { choiceFlag, countFlag, FarthingError } from "@farthing/answers";
import { catalogueInUse } from "@farthing/catalogue/in-use";
import { auditFolderOf } from "@farthing/ledger/audit";
import type { Access, ListenOptions, Scope, ScrapeConfig, SignOnConfig, StoredKey } from "@farthing/server";
import {
	isLoopbackAddress,
	KeyFileError,
	keyFileText,
	keysInFile,
	listen,
	LOOPBACK,
	newKey,
	parseKeyFile,
	parseScrapeConfig,
	parseSignOnConfig,
	ScrapeConfigError,
	SignOnConfigError,
	SCOPES,
} from "@farthing/server";
import { storeName } from "../command-text.ts";
import { catalogueStore, inCatalogueWords } from "../context.ts";
import { readText, writeOwn } from "../files.ts";
import { auditedAt, beginningIn, inLedgerWords, makingOwnFiles } from "../ledger-file.ts";
import { calibrationsOfFiles, modelledRunsOf, ratesOf } from "./actuals.ts";
import { printErrorLine, printText } from "../print.ts";
import { exportPages } from "./export-pages.ts";

export interface ServeFlags {
	readonly port: string;
	readonly listen?: string;
	readonly keys?: string;
	readonly signOn?: string;
	readonly audit?: string;
	readonly ledger?: string;
	readonly scrapes?: string;
	readonly packs?: string;
	readonly packFormats?: readonly string[];
	readonly retain?: string;
	readonly backups?: string;
	readonly keepBackups?: string;
	readonly rates?: string;
	readonly calibration?: readonly string[];
	readonly threads: string;
	readonly addKey?: string;
	readonly tenant: string;
	readonly scopes?: readonly string[];
	readonly revokeKey?: string;
	readonly export?: string;
	readonly quiet?: boolean;
}

/** Ends when the process is told to, after every open request was answered. */
export async function runServe(flags: ServeFlags): Promise<void> {
	if (flags.addKey !== undefined) return addKey(flags, flags.addKey);
	if (flags.revokeKey !== undefined) return revokeKey(flags, flags.revokeKey);
	if (flags.export !== undefined) return printText(`the pages: ${exportPages(flags.export)}`);
	return makingOwnFiles(() => served(flags));
}

async function served(flags: ServeFlags): Promise<void> {
	// What is wrong with installed facts is told before threads open them.
	catalogueStore();
	const address = flags.listen ?? LOOPBACK;
	const access = accessOf(flags, address);
	const signOn = signOnOf(flags);
	const scrapes = scrapesOf(flags);
	const retainDays = retainDaysOf(flags);
	const asked = {
		port: portOf(flags.port),
		address,
		access,
		...(signOn === undefined ? {} : { signOn, sessions: await sessionsOf(flags) }),
		...auditOf(flags),
		...(await packsOf(flags)),
		threads: countFlag("--threads", flags.threads),
		warn: (message: string) => printErrorLine(`warning: ${message}`),
		...(scrapes === undefined ? {} : { scrapes }),
		...(retainDays === undefined ? {} : { retainDays }),
		...backupsOf(flags),
		...(flags.ledger === undefined
			? {}
			: { ledger: flags.ledger, beside: await besideOf(flags), besideFlags: besideFlags(flags.ledger, flags) }),
	};
	for (const { message } of flags.ledger === undefined ? [] : beginningIn(flags.ledger))
		printErrorLine(`warning: ${message}`);
	const server = await listen(asked).catch((error: NodeJS.ErrnoException) => {
		if (error instanceof SignOnConfigError) {
			throw new FarthingError(2, "cannot-write", error.message, { field: error.field, file: asked.sessions });
		}
		throw cannotListen(inLedgerWords(error, flags.ledger), flags.port, address);
	});
	printText(`the pages: ${server.url}/`);
	printText(`farthing answers at ${server.url}/v1 (what it takes: ${server.url}/v1/openapi.json)`);
	if (flags.ledger !== undefined) printText(`events go to ${flags.ledger} by ${server.url}/v1/ingest/usage`);
	if (flags.quiet !== true) {
		for (const note of installedNote()) printErrorLine(note);
		printErrorLine("note: Ctrl-C ends it");
	}
	await told();
	await server.stop().catch((error: Error) => {
		throw inLedgerWords(error, flags.ledger);
	});
}

const PORT = 8417;

/** After the first run: the pages on the usual port, or on any that is free, until the process is told to end. */
export async function leavePagesOpen(): Promise<void> {
	const server = await listen({ port: PORT }).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "EADDRINUSE") throw error;
		return listen({ port: 0 });
	});
	printText(`\n  The pages are open at ${server.url}/ (Ctrl-C ends them)`);
	await told();
	await server.stop();
}

/** The pages have their facts inside: what was installed since is answered over HTTP alone. */
function installedNote(): string[] {
	const { id, store } = inCatalogueWords(() => catalogueInUse());
	if (id === undefined) return [];
	return [`note: /v1 answers with catalogue ${store.manifest().version}; the pages compute with that of this farthing`];
}

function backupsOf({ backups, keepBackups, ledger }: ServeFlags): Pick<ListenOptions, "backups"> {
	const given = backups === undefined ? (keepBackups === undefined ? undefined : "--keep-backups") : "--backups";
	if (given === undefined) return {};
	if (backups === undefined || ledger === undefined) {
		throw new FarthingError(
			2,
			"missing-field",
			`${given} is about copies of a ledger: it needs --ledger and --backups`,
			{
				field: given,
				expected: "a folder for copies of a ledger given with --ledger",
				hint: "farthing serve --ledger .farthing/ledger.duckdb --backups backups",
			},
		);
	}
	const keep = keepBackups === undefined ? {} : { keep: countFlag("--keep-backups", keepBackups) };
	return { backups: { folder: backups, ...keep } };
}

function retainDaysOf({ retain, ledger }: ServeFlags): number | undefined {
	if (retain === undefined) return undefined;
	const place = { field: "--retain", expected: "whole days such as 90d, of a ledger given with --ledger" };
	const hint = "farthing serve --ledger .farthing/ledger.duckdb --retain 90d";
	if (ledger === undefined) {
		throw new FarthingError(2, "missing-field", "--retain drops old events of a ledger: it needs --ledger", {
			...place,
			hint,
		});
	}
	if (/^[1-9]\d{0,4}d$/.test(retain)) return Number.parseInt(retain, 10);
	throw new FarthingError(2, "wrong-type", `--retain takes a number of days, not "${retain}"`, { ...place, hint });
}

async function besideOf({ rates, calibration }: ServeFlags): Promise<NonNullable<ListenOptions["beside"]>> {
	const store = catalogueStore();
	return {
		modelledRuns: modelledRunsOf(store, store.manifest().releaseDate),
		...(rates === undefined ? {} : { rates: ratesOf(rates) }),
		...(calibration === undefined ? {} : { calibrations: await calibrationsOfFiles(calibration) }),
	};
}

/** By paths that hold wherever the command is given on this machine; of a URL without what is secret in it. */
function besideFlags(ledger: string, { rates, calibration = [] }: ServeFlags): readonly string[] {
	return [
		"--store",
		placeOf(ledger),
		...(rates === undefined ? [] : ["--rates", resolve(rates)]),
		...calibration.flatMap((file) => ["--calibration", resolve(file)]),
	];
}

function placeOf(ledger: string): string {
	return ledger.includes("://") ? storeName(ledger) : resolve(ledger);
}

function scrapesOf({ scrapes: file, ledger }: ServeFlags): ScrapeConfig | undefined {
	if (file === undefined) return undefined;
	if (ledger === undefined) {
		throw new FarthingError(2, "missing-field", "scrapes go into a ledger: --scrapes needs --ledger", {
			field: "--ledger",
			expected: "the ledger to write to",
			hint: `farthing serve --ledger .farthing/ledger.duckdb --scrapes ${file}`,
		});
	}
	try {
		return parseScrapeConfig(readText(file, "a list of scrapes"), file);
	} catch (error) {
		if (!(error instanceof ScrapeConfigError)) throw error;
		const expected =
			'{"version": 1, "allow": ["10.0.0.0/8"], "scrapes": [{"job": "vllm", "targets": ["http://…/metrics"]}]}';
		throw new FarthingError(2, "malformed-scrapes", error.message, { file, field: "--scrapes", expected });
	}
}

function accessOf(flags: ServeFlags, address: string): Access {
	if (flags.keys !== undefined) return keyedAccess(flags.keys);
	if (flags.signOn !== undefined) return { kind: "keys", keys: [] };
	if (isLoopbackAddress(address)) return { kind: "single-user" };
	throw new FarthingError(
		2,
		"missing-field",
		`beyond loopback anybody can ask: --listen ${address} needs --keys or --sign-on`,
		{
			field: "--keys",
			expected: "a file of API keys, or of an identity provider",
			hint: "farthing serve --keys keys.json --add-key NAME --scopes read",
		},
	);
}

/** Read anew when the file changes: a key that is revoked is of no use from then on. */
function keyedAccess(file: string): Access {
	const keys = keysInFile(file, {
		read: () => storedKeys(file),
		now: () => performance.now(),
		told: (message) => printErrorLine(`keys: ${message}`),
	});
	return {
		kind: "keys",
		get keys() {
			return keys();
		},
	};
}

function signOnOf({ signOn: file }: ServeFlags): SignOnConfig | undefined {
	if (file === undefined) return undefined;
	const places = {
		variable: (name: string) => process.env[name],
		file: (path: string) => readText(path, "the secret of a client"),
	};
	try {
		return parseSignOnConfig(readText(file, "an identity provider"), file, places);
	} catch (error) {
		if (!(error instanceof SignOnConfigError)) throw error;
		const expected = "issuer, client_id, public_url and roles: see docs/server.md";
		throw new FarthingError(2, "malformed-sign-on", error.message, { file, field: error.field, expected });
	}
}

/** Packs of closed months, with the rates and benchmarks that actuals of this server have. */
async function packsOf(flags: ServeFlags): Promise<Pick<ListenOptions, "packs">> {
	const { packs: folder, ledger, rates, calibration } = flags;
	if (folder === undefined) return {};
	if (ledger === undefined) {
		throw new FarthingError(2, "missing-field", "packs are of a ledger: --packs needs --ledger", {
			field: "--ledger",
			expected: "the ledger that they are of",
			hint: `farthing serve --ledger .farthing/ledger.duckdb --packs ${folder}`,
		});
	}
	const { packsOnThread } = await import("../pack-thread.ts");
	const { formatsNamed } = await import("@farthing/report/node");
	const formats = formatsNamed(flags.packFormats ?? ["html", "pdf", "csv", "md"]).filter((each) => each !== "xlsx");
	const asked = {
		template: "monthly",
		output: folder,
		keep: folder,
		store: ledger,
		...(rates === undefined ? {} : { rates }),
		...(calibration === undefined ? {} : { calibration }),
	};
	return {
		packs: {
			folder,
			make: (reads) => packsOnThread({ folder, formats, flags: asked }, reads),
		},
	};
}

/** Named, else beside what the server keeps. */
function auditOf({ audit, ledger, keys, signOn }: ServeFlags): { readonly audit?: string } {
	const beside = ledger ?? keys ?? signOn;
	if (audit !== undefined) return { audit };
	return beside === undefined ? {} : { audit: auditFolderOf(beside) };
}

/** Beside what the server keeps. */
async function sessionsOf({ ledger, keys, signOn }: ServeFlags): Promise<string> {
	const { storeFileOf } = await import("@farthing/ledger/store");
	const file = ledger === undefined ? undefined : storeFileOf(ledger);
	return `${file ?? keys ?? signOn ?? join(".farthing", "server")}.sessions`;
}

async function addKey(flags: ServeFlags, id: string): Promise<void> {
	const file = keyFileNamed(flags);
	const scopes = (flags.scopes ?? []).map((each) => choiceFlag<Scope>("--scopes", each, SCOPES));
	if (scopes.length === 0) {
		const where = { field: "--scopes", expected: SCOPES.join(", "), hint: "--scopes read" };
		throw new FarthingError(2, "missing-field", "a key needs to be allowed something", where);
	}
	const keys = existsSync(file) ? storedKeys(file) : [];
	if (keys.some((key) => key.id === id)) {
		throw new FarthingError(2, "repeated-id", `${file} has a key "${id}" already`, { field: "--add-key" });
	}
	for (const [field, name] of [
		["--add-key", id],
		["--tenant", flags.tenant],
	] as const) {
		if (/^[\w-]{1,64}$/.test(name)) continue;
		const expected = "up to 64 letters, digits, - and _";
		throw new FarthingError(2, "wrong-type", `${field} cannot be "${name.slice(0, 80)}"`, { field, expected });
	}
	const made = newKey({ id, tenant: flags.tenant, scopes, created: new Date().toISOString() });
	const detail = { scopes, file };
	const change = { action: "key.made", of: id, tenant: flags.tenant, log: flags.audit, detail } as const;
	await auditedAt(file, change, async () => writeOwn(file, keyFileText([...keys, made.stored])));
	printText(made.secret);
	printErrorLine("note: this is shown once; the file holds only its hash");
}

async function revokeKey(flags: ServeFlags, id: string): Promise<void> {
	const file = keyFileNamed(flags);
	const keys = storedKeys(file);
	const known = keys.find((key) => key.id === id);
	if (known === undefined) {
		const nearest = keys.map((key) => key.id);
		throw new FarthingError(3, "unknown-key", `${file} has no key "${id}"`, { field: "--revoke-key", nearest });
	}
	const revoked = new Date().toISOString();
	const change = { action: "key.revoked", of: id, tenant: known.tenant, log: flags.audit, detail: { file } } as const;
	await auditedAt(file, change, async () =>
		writeOwn(file, keyFileText(keys.map((key) => (key.id === id ? { revoked, ...key } : key)))),
	);
	printText(`revoked ${id}: a server that runs refuses it within a second`);
}

function keyFileNamed({ keys }: ServeFlags): string {
	if (keys !== undefined) return keys;
	throw new FarthingError(2, "missing-field", "keys stand in a file: name it with --keys", {
		field: "--keys",
		expected: "a file of API keys",
		hint: "--keys keys.json",
	});
}

function storedKeys(file: string): StoredKey[] {
	try {
		return parseKeyFile(readText(file, "a file of API keys"), file);
	} catch (error) {
		if (!(error instanceof KeyFileError)) throw error;
		const expected = "a file that --add-key wrote";
		throw new FarthingError(2, "malformed-keys", error.message, { file, field: "--keys", expected });
	}
}

function portOf(text: string): number {
	const port = Number(text);
	if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text.trim() !== "") return port;
	throw new FarthingError(2, "wrong-type", `--port takes a whole number from 0 to 65535, not "${text}"`, {
		field: "--port",
		expected: "a port",
		hint: "--port 8417",
	});
}

function cannotListen(error: NodeJS.ErrnoException | FarthingError, port: string, address: string): unknown {
	if (error instanceof FarthingError) return error;
	const reasons: Readonly<Record<string, string>> = {
		EADDRINUSE: "another program listens there",
		EACCES: "this user may not listen there",
		EADDRNOTAVAIL: "this machine has no such address",
		ENOTFOUND: "there is no such address",
	};
	const reason = reasons[error.code ?? ""];
	if (reason === undefined) return error;
	const [field, hint] = error.code === "EADDRINUSE" ? ["--port", "--port 0"] : ["--listen", `--listen ${LOOPBACK}`];
	return new FarthingError(2, "cannot-listen", `cannot listen on ${address} port ${port}: ${reason}`, { field, hint });
}

/** Resolves when somebody presses Ctrl-C or the process is told to end. */
function told(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
	});
}
