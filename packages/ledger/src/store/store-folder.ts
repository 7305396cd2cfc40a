import { dirname, join } from "node:path";
import { makeFolder } from "../folder.ts";
import { readPlace } from "./clickhouse/place.ts";
import { StoreError } from "./store-error.ts";

/** The file of a store that is one; undefined of others. */
export function storeFileOf(url: string): string | undefined {
	const path = url.replace(/^duckdb:(\/\/(?=\/))?/i, "");
	return /^[a-z][a-z0-9+.-]+:/i.test(path) ? undefined : path;
}

/** What is kept beside a store's file; of a ClickHouse ledger in `.farthing`, here. */
export function besideStore(url: string, suffix: string): string {
	const file = storeFileOf(url);
	if (file !== undefined) return `${file}${suffix}`;
	const { nodes, database } = readPlace(url);
	const host = (nodes[0] ?? "").replace(/^https?:\/\//, "").replaceAll(/[^A-Za-z0-9.-]/g, "-");
	return join(".farthing", `${host}-${database}${suffix}`);
}

/** Makes the folder of a store that is a file. Throws StoreError where that cannot be. */
export function makeFolderOf(url: string): void {
	const path = storeFileOf(url);
	if (path !== undefined) makeStoreFolder(dirname(path));
}

export function makeStoreFolder(folder: string): void {
	try {
		makeFolder(folder);
	} catch (error) {
		throw asFileError(error, folder);
	}
}

/** What the system says of a file or folder, where it is one of ours to explain. */
export function asFileError(error: unknown, path: string): unknown {
	const code = (error as { code?: string }).code ?? "";
	if (FULL.has(code)) {
		return new StoreError("disk-full", `${path}: the disk is full`, {
			hint: "make room, then send again: nothing of this body was kept",
			cause: error,
		});
	}
	if (!UNWRITABLE.has(code)) return error;
	return new StoreError("store-read-only", `${path} cannot be written to`, {
		hint: "give this user the right to write, or name another place with --store",
		cause: error,
	});
}

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
/** ENOENT: a file system such as /proc takes no new folders, and says that there is none. */
const UNWRITABLE: ReadonlySet<string> = new Set(["EACCES", "EROFS", "EPERM", "EEXIST", "ENOTDIR", "ENOENT"]);
