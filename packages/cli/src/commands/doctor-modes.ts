/** Whether others on this machine can read or change what a server keeps. */
import { readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { auditFolderOf } from "@farthing/ledger/audit";
import { budgetFileOf } from "@farthing/ledger/budgets";
import type { DoctorCheck } from "./doctor.ts";

/** Files, and folders of files; those that are not there are left out. */
export interface KeptPlaces {
	readonly ledger?: string;
	readonly keys?: string;
	readonly backups?: string;
}

const NAMED = 5;

/** A group may be let in to read, as who gives a service its own group does. */
export async function modesCheck(places: KeptPlaces): Promise<DoctorCheck[]> {
	const paths = await placesOf(places);
	if (process.platform === "win32" || paths.length === 0) return [];
	const name = "file modes";
	const found = paths.flatMap(filesIn);
	const read = found.filter(({ mode }) => (mode & 0o004) !== 0);
	const written = found.filter(({ mode }) => (mode & 0o022) !== 0);
	const loose = [...new Set([...read, ...written].map(({ path }) => path))];
	if (loose.length === 0) return [{ name, state: "ok", detail: `no other user reaches ${found.length} files` }];
	const may = [told("read", read), told("write to", written)].filter((text) => text !== undefined).join(", ");
	const fix = `chmod o-rwx,g-w ${loose.length > NAMED ? `-R ${paths.join(" ")}` : loose.join(" ")}`;
	return [{ name, state: "warning", detail: `others on this machine may ${may}`, fix }];
}

async function placesOf({ ledger, keys, backups }: KeptPlaces): Promise<string[]> {
	const ofLedger = ledger === undefined ? [] : await besideLedger(ledger);
	const ofKeys = keys === undefined ? [] : [keys, auditFolderOf(keys)];
	const all = [...ofLedger, ...ofKeys, ...(backups === undefined ? [] : [backups])];
	return [...new Set(all)].filter((path) => found(path) !== undefined);
}

async function besideLedger(ledger: string): Promise<string[]> {
	const { storeFileOf } = await import("@farthing/ledger/store");
	const spool = await spoolOf(ledger);
	if (spool === undefined) return [];
	const file = storeFileOf(ledger);
	const ofFile = file === undefined ? [] : [file, `${file}.wal`, `${file}.blocks`, `${file}.remote-write`];
	return [...ofFile, spool, budgetFileOf(ledger), auditFolderOf(ledger)];
}

/** Where a ledger's events wait; undefined where its name is none, which is told elsewhere. */
export async function spoolOf(ledger: string): Promise<string | undefined> {
	const { spoolFolderOf, StoreError } = await import("@farthing/ledger/store");
	try {
		return spoolFolderOf(ledger);
	} catch (error) {
		if (error instanceof StoreError) return undefined;
		throw error;
	}
}

interface FoundFile {
	readonly path: string;
	readonly mode: number;
}

/** Nobody reaches what lies in a folder that is closed to them. */
function filesIn(path: string): FoundFile[] {
	const stat = found(path);
	if (stat === undefined) return [];
	if (!stat.isDirectory()) return [{ path, mode: stat.mode }];
	const isClosed = (stat.mode & 0o003) === 0 && (stat.mode & 0o020) === 0;
	return isClosed ? [] : readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

function found(path: string): Stats | undefined {
	return statSync(path, { throwIfNoEntry: false });
}

function told(doing: string, files: readonly FoundFile[]): string | undefined {
	if (files.length === 0) return undefined;
	const named = files.slice(0, NAMED).map(({ path }) => path);
	const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : "";
	return `${doing} ${named.join(" and ")}${more}`;
}
