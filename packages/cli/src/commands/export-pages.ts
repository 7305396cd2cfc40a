/** `farthing serve --export DIR`: the pages as files that open from disk. The folder is replaced whole or not at all. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { FarthingError } from "@farthing/answers";
import { makeFolder } from "@farthing/ledger/folder";
import { exportFolder } from "@farthing/server";

/** Path of the page to open. */
export function exportPages(to: string): string {
	const from = exportFolder();
	if (from === undefined) {
		throw new FarthingError(3, "no-pages", "the pages of this installation were not joined", {
			expected: "packages/web/dist/export",
			hint: "npm run build",
		});
	}
	const folder = resolve(to);
	requireOwn(folder, to);
	const made = `${folder}.new-${process.pid}`;
	const old = `${folder}.old-${process.pid}`;
	try {
		makeFolder(dirname(folder));
		cpSync(from, made, { recursive: true });
		if (existsSync(folder)) renameSync(folder, old);
		renameSync(made, folder);
	} catch (error) {
		if (!existsSync(folder) && existsSync(old)) renameSync(old, folder);
		throw new FarthingError(2, "cannot-write", `cannot write ${to}: ${(error as Error).message}`, {
			field: "--export",
			expected: "a folder that can be written",
		});
	} finally {
		rmSync(made, { recursive: true, force: true });
		rmSync(old, { recursive: true, force: true });
	}
	return join(folder, "index.html");
}

/** Only an empty folder or an earlier export is written over. */
function requireOwn(folder: string, named: string): void {
	if (!existsSync(folder)) return;
	const where = { field: "--export", expected: "a new folder, an empty one, or an earlier export" };
	if (!statSync(folder).isDirectory()) throw new FarthingError(2, "not-a-folder", `${named} is a file`, where);
	if (readdirSync(folder).length === 0) return;
	const page = join(folder, "index.html");
	if (existsSync(page) && readFileSync(page, "utf8").includes("<title>farthing</title>")) return;
	throw new FarthingError(2, "folder-in-use", `${named} holds other files, which an export would replace`, {
		...where,
		hint: `--export ${join(named, "farthing")}`,
	});
}
