/** Folders, made where there are none. */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

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

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT" || code === "ENOTDIR") return false;
		throw error;
	}
}
