/** `farthing catalog update`, `rollback`, `sign` and `new-key`: newer facts from a signed file, and back. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CatalogueEffect, DiffResult } from "@farthing/answers";
import { answerDiff, catalogueEffect, envelope, FarthingError, soundResult } from "@farthing/answers";
import type { Catalogue, CatalogueFiles, FigureChange } from "@farthing/catalogue";
import { CatalogueError, figureChanges, issueText } from "@farthing/catalogue";
import {
	catalogueInUse,
	dataFolder,
	filesInUse,
	installCatalogue,
	rollBackCatalogue,
} from "@farthing/catalogue/in-use";
import type { CatalogueStore } from "@farthing/catalogue/node";
import { newSigningKey, openSignedCatalogue, SignedCatalogueError, signCatalogue } from "@farthing/catalogue/signed";
import { fetchedText, isUrl } from "../catalogue-url.ts";
import { auditFolderOf } from "@farthing/ledger/audit";
import { makeFolder } from "@farthing/ledger/folder";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver, inCatalogueWords, questionContext, savedResult } from "../context.ts";
import { FILE_KINDS, givenFile, readText, writeOutput, writeWhole } from "../files.ts";
import { auditedAt } from "../ledger-file.ts";
import { copiedText, newKeyText, rolledBackText, signedText, updateText } from "../show/catalog-update.ts";
import { catalogueFolder } from "./catalog.ts";
import { soundCatalogue } from "./sound-catalogue.ts";

export interface UpdateFlags extends CommonFlags {
	readonly trust: string;
	readonly dryRun?: boolean;
	readonly against?: readonly string[];
	readonly allowOlder?: boolean;
}

export interface CatalogueUpdated {
	readonly from: CatalogueName;
	readonly to: CatalogueName;
	readonly signed_by: string;
	/** False with `--dry-run`, and where it is in use already. */
	readonly installed: boolean;
	/** Where it lies now. */
	readonly folder?: string;
	readonly changes: readonly FigureChange[];
	/** What the changes do to each saved result. */
	readonly effects: readonly CatalogueEffect[];
	/** What they do to each scenario, planned with both. */
	readonly replanned: DiffResult["diffs"];
}

export interface CatalogueName {
	readonly version: string;
	readonly release_date: string;
	readonly hash: string;
}

export async function runUpdate(from: string, flags: UpdateFlags): Promise<void> {
	const trusted = readText(flags.trust, "public keys that are trusted, as PEM");
	const text = isUrl(from) ? await fetchedText(from) : readText(from, "a signed catalogue");
	const { files, signedBy } = inSignedWords(() => openSignedCatalogue(text, trusted), from);
	const next = validated(files, from);
	const store = catalogueStore();
	const current = store.catalogue();
	refuseAhead(next, from);
	if (flags.allowOlder !== true) refuseOlder(next, current, from);
	const isNew = next.hash !== current.hash;
	const changes = figureChanges(current, next);
	const { effects, replanned } = against(flags, changes, store, next);
	const installed = isNew && flags.dryRun !== true;
	const told = { from: versionOf(current), source: from, signed_by: signedBy };
	const folder = installed ? await installedAt(next, text, told) : undefined;
	const result: CatalogueUpdated = {
		from: nameOf(current),
		to: nameOf(next),
		signed_by: signedBy,
		installed,
		...(folder === undefined ? {} : { folder }),
		changes,
		effects,
		replanned,
	};
	const asked = { from, trust: flags.trust, against: flags.against, dryRun: flags.dryRun };
	deliver(envelope(askingOf("catalog update", asked, flags, store), result, []), flags, updateText);
}

/** Needs no catalogue that can be read: it is the way out where there is none. */
export async function runRollback(flags: CommonFlags & { readonly to?: string }): Promise<void> {
	const change = { action: "catalog.rolled-back", of: flags.to ?? "the one before", log: auditFolder() } as const;
	const id = await auditedAt(
		dataFolder(),
		change,
		async () => inCatalogueWords(() => rollBackCatalogue(flags.to)),
		(now) => ({ now }),
	);
	const { store, folder } = inCatalogueWords(() => catalogueInUse({ ...process.env, FARTHING_CATALOGUE: id }));
	const { version, releaseDate, hash } = store.manifest();
	const now = { version, release_date: releaseDate, hash };
	const result = { id, ...now, ...(folder === undefined ? {} : { folder }) };
	deliver(envelope(askingOf("catalog rollback", { to: flags.to }, flags, store), result, []), flags, rolledBackText);
}

export function runSign(folder: string, flags: CommonFlags & { readonly key: string }): void {
	const { output, ...shown } = flags;
	if (output === undefined) {
		throw new FarthingError(2, "missing-argument", "sign needs the name of the file to write", {
			field: "-o",
			expected: "a file",
			hint: "-o catalogue.json",
		});
	}
	const files = catalogueFolder(folder);
	const catalogue = validated(files, folder);
	const key = readText(flags.key, "a private key of ed25519, as PEM");
	writeOutput(
		output,
		inSignedWords(() => signCatalogue(files, key), flags.key),
	);
	const result = { file: output, ...nameOf(catalogue) };
	deliver(envelope(askingOf("catalog sign", { folder }, shown, catalogueStore()), result, []), shown, signedText);
}

/** The facts in use, to be changed, signed and taken into use. */
export function runCopy(folder: string, flags: CommonFlags): void {
	if (existsSync(folder)) {
		throw new FarthingError(2, "place-taken", `${folder} is there already`, {
			file: folder,
			expected: "the name of a new folder",
		});
	}
	const files = inCatalogueWords(() => filesInUse());
	for (const [path, text] of files) writeWhole(join(folder, path), text);
	const result = { folder, files: files.size };
	deliver(envelope(askingOf("catalog copy", { folder }, flags, catalogueStore()), result, []), flags, copiedText);
}

/** Two new files, the private one for its owner alone. */
export function runNewKey(name: string, flags: CommonFlags): void {
	const [secret, open] = [`${name}.pem`, `${name}.pub.pem`];
	const taken = [secret, open].find((file) => existsSync(file));
	if (taken !== undefined) {
		throw new FarthingError(2, "file-exists", `${taken} is there already: a key is not written over`, {
			file: taken,
			expected: "a name without files",
		});
	}
	const { privatePem, publicPem } = newSigningKey();
	for (const [file, text, mode] of [
		[secret, privatePem, 0o600],
		[open, publicPem, 0o644],
	] as const) {
		try {
			writeFileSync(file, text, { mode, flag: "wx" });
		} catch (error) {
			throw cannotWrite(file, error as Error);
		}
	}
	const result = { private: secret, public: open };
	deliver(envelope(askingOf("catalog new-key", { name }, flags, catalogueStore()), result, []), flags, newKeyText);
}

async function installedAt(next: Catalogue, signed: string, detail: Readonly<Record<string, string>>): Promise<string> {
	const change = { action: "catalog.updated", of: versionOf(next), detail, log: auditFolder() } as const;
	try {
		return await auditedAt(dataFolder(), change, async () =>
			inCatalogueWords(() => installCatalogue(next, signed, makeFolder)),
		);
	} catch (error) {
		if (error instanceof FarthingError && error.code !== "log-unwritable") throw error;
		throw cannotWrite("the data folder", error as Error);
	}
}

/** Who took which facts into use, beside them. */
function auditFolder(): string {
	return auditFolderOf(join(dataFolder(), "catalogues"));
}

function versionOf({ version, hash }: Catalogue): string {
	return `${version}+${hash.slice(0, 12)}`;
}

/** As `catalog validate` does, claims included: a catalogue with an issue is not taken. */
function validated(files: CatalogueFiles, from: string): Catalogue {
	try {
		return soundCatalogue(files);
	} catch (error) {
		if (!(error instanceof CatalogueError)) throw error;
		const [first] = error.issues;
		const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : "";
		throw new FarthingError(
			2,
			"invalid-catalogue",
			`its facts have an issue: ${first === undefined ? "" : issueText(first)}${more}`,
			{ file: from, expected: "facts that farthing catalog validate finds nothing wrong with" },
		);
	}
}

/** Ages would be negative, and each one published until that day would be refused as older. */
function refuseAhead(next: Catalogue, from: string): void {
	// It is tomorrow already in half of the world.
	const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
	if (next.releaseDate <= tomorrow) return;
	const message = `it says that it was released on ${next.releaseDate}, and that day is yet to come`;
	throw new FarthingError(2, "future-catalogue", message, {
		file: from,
		field: "released",
		expected: `a day up to ${tomorrow}`,
		hint: "mend `released` in catalogue.yaml and sign it anew, or set the clock of this machine",
	});
}

/** Else whoever holds an old file could bring old prices back. */
function refuseOlder(next: Catalogue, current: Catalogue, from: string): void {
	const isSameDay = next.releaseDate === current.releaseDate;
	if (next.releaseDate > current.releaseDate) return;
	if (isSameDay && byVersion(next.version, current.version) >= 0) return;
	throw new FarthingError(
		2,
		"older-catalogue",
		isSameDay
			? `it is version ${next.version}, the one in use ${current.version}, both released on ${next.releaseDate}`
			: `it was released on ${next.releaseDate}, the one in use on ${current.releaseDate}`,
		{ file: from, expected: "a catalogue that is not older", hint: "farthing catalog rollback, or --allow-older" },
	);
}

/** Numbers between points are compared as numbers: 2026.11.10 comes after 2026.11.9. */
function byVersion(a: string, b: string): number {
	return a.localeCompare(b, "en", { numeric: true });
}

function against(
	flags: UpdateFlags,
	changes: readonly FigureChange[],
	store: CatalogueStore,
	next: Catalogue,
): Pick<CatalogueUpdated, "effects" | "replanned"> {
	const named = flags.against ?? [];
	const results = named.filter((file) => file.endsWith(".json"));
	const scenarios = named.filter((file) => !file.endsWith(".json"));
	const effects = results.map((file) =>
		catalogueEffect(file, soundResult(savedResult(file), file), store.catalogue(), next, changes),
	);
	const contexts = { before: questionContext(flags, store), after: questionContext(flags, storeOfOne(next)) };
	const pairs = scenarios.map((file) => {
		const of = { kind: "scenario", file: givenFile(file, FILE_KINDS.scenarioOrResult) } as const;
		return { before: of, after: of, contexts };
	});
	return { effects, replanned: answerDiff(pairs, {}, contexts.before).result.diffs };
}

function storeOfOne(catalogue: Catalogue): CatalogueStore {
	return {
		manifest: () => catalogue,
		facts: () => catalogue,
		benchmarks: () => catalogue.benchmarks,
		accuracyRuns: () => catalogue.accuracyRuns,
		mlperf: () => catalogue.mlperf,
		mlperfTraining: () => catalogue.mlperfTraining,
		trainingThroughput: () => catalogue.trainingThroughput,
		servingSample: () => catalogue.servingSample,
		catalogue: () => catalogue,
	};
}

function nameOf({ version, releaseDate, hash }: Catalogue): CatalogueName {
	return { version, release_date: releaseDate, hash };
}

function inSignedWords<T>(work: () => T, file: string): T {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof SignedCatalogueError)) throw error;
		const { code, message, expected, hint } = error;
		throw new FarthingError(2, code, message, { file, expected, hint });
	}
}

function cannotWrite(file: string, error: Error): FarthingError {
	return new FarthingError(2, "cannot-write", `cannot write ${file}: ${error.message}`, {
		expected: "a place that can be written",
		hint: "FARTHING_DATA names another folder for installed catalogues",
	});
}
