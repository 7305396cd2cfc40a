/** Reading and writing files: clear errors, no half-written results. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { FarthingError } from "@farthing/answers";

const LARGEST_TEXT = 64 * 1024 * 1024;

/** Text of a file, or of standard input for `-`. Exit 2 names what is wrong. */
export function readText(path: string, what: string): string {
	if (path === "-") return decoded(readFileSync(0), "standard input");
	let size: number;
	try {
		const stat = statSync(path);
		if (stat.isDirectory())
			throw new FarthingError(2, "not-a-file", `${path} is a folder`, { file: path, expected: what });
		size = stat.size;
	} catch (error) {
		throw error instanceof FarthingError ? error : unreadable(path, what, error);
	}
	if (size > LARGEST_TEXT) {
		throw new FarthingError(2, "file-too-large", `${path} holds ${Math.round(size / 1e6)} MB`, {
			file: path,
			expected: `${what} of at most ${LARGEST_TEXT / 1024 / 1024} MB`,
		});
	}
	try {
		return decoded(readFileSync(path), path);
	} catch (error) {
		throw error instanceof FarthingError ? error : unreadable(path, what, error);
	}
}

/** Writes by rename, so that a reader sees the old file or the new one. */
export function writeWhole(path: string, text: string): void {
	const folder = dirname(path);
	const draft = join(folder, `.${basename(path)}.${process.pid}.tmp`);
	try {
		mkdirSync(folder, { recursive: true });
		writeFileSync(draft, text);
		renameSync(draft, path);
	} catch (error) {
		rmSync(draft, { force: true });
		throw new FarthingError(2, "cannot-write", `cannot write ${path}: ${(error as Error).message}`, {
			file: path,
			expected: "a path that can be written",
		});
	}
}

function decoded(bytes: Buffer, path: string): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw new FarthingError(2, "not-text", `${path} is not UTF-8 text`, {
			file: path,
			line: 1,
			column: 1,
			expected: "UTF-8 text",
		});
	}
}

function unreadable(path: string, what: string, error: unknown): FarthingError {
	const { code } = error as NodeJS.ErrnoException;
	const message = code === "ENOENT" ? `no file ${path}` : `cannot read ${path}: ${(error as Error).message}`;
	return new FarthingError(2, code === "ENOENT" ? "no-such-file" : "cannot-read", message, {
		file: path,
		expected: what,
	});
}
