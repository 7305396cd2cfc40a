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
export function modesCheck(places: KeptPlaces): DoctorCheck[] {
	const paths = placesOf(places);
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

function placesOf({ ledger, keys, backups }: KeptPlaces): string[] {
	const file = ledger?.replace(/^duckdb:(\/\/(?=\/))?/i, "");
	const isFile = file !== undefined && !/^[a-z][a-z0-9+.-]+:/i.test(file);
	const ofLedger = isFile
		? [file, `${file}.wal`, `${file}.spool`, `${file}.remote-write`, budgetFileOf(file), auditFolderOf(file)]
		: [];
	const ofKeys = keys === undefined ? [] : [keys, auditFolderOf(keys)];
	const all = [...ofLedger, ...ofKeys, ...(backups === undefined ? [] : [backups])];
	return [...new Set(all)].filter((path) => found(path) !== undefined);
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
