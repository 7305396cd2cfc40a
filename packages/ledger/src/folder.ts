/** Folders, made where there are none. */
import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";

/**
 * One after the other from the one that is there: where a file system refuses new folders, `recursive` tries for ever.
 * `mode`: of those that are made.
 */
export function makeFolder(folder: string, mode?: number): void {
	if (isFolder(folder)) return;
	if (dirname(folder) !== folder) makeFolder(dirname(folder), mode);
	try {
		mkdirSync(folder, mode);
	} catch (error) {
		// Another run may have made it meanwhile.
		if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !isFolder(folder)) throw error;
	}
}

/** The name of a new file is on the disk when its folder is. Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
	if (process.platform === "win32") return;
	const handle = await open(folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** The same for what must be done before the next line. */
export function syncFolderSync(folder: string): void {
	if (process.platform === "win32") return;
	const descriptor = openSync(folder, "r");
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT" || code === "ENOTDIR") return false;
		throw error;
	}
}
