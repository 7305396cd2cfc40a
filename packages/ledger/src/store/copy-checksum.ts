/** What tells that a copy of a ledger is as it was written: its SHA-256 in a file beside it, as `sha256sum -c` reads it. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rename, stat } from "node:fs/promises";
import { basename } from "node:path";
import { StoreError } from "./store-error.ts";

export function checksumFileOf(copy: string): string {
	return `${copy}.sha256`;
}

export async function sha256Of(file: string): Promise<string> {
	const hash = createHash("sha256");
	for await (const part of createReadStream(file, { highWaterMark: 1_048_576 })) hash.update(part as Buffer);
	return hash.digest("hex");
}

/** Of `written`, which is to be named `copy`: both are on the disk when this is done. */
export async function writeChecksum(written: string, copy: string): Promise<void> {
	const sum = await sha256Of(written);
	await sync(written);
	const file = checksumFileOf(copy);
	const draft = await open(`${file}.tmp`, "w", 0o600);
	try {
		await draft.writeFile(`${sum}  ${basename(copy)}\n`);
		await draft.sync();
	} finally {
		await draft.close();
	}
	await rename(`${file}.tmp`, file);
}

/** Until it is on the disk. */
export async function sync(path: string): Promise<void> {
	const file = await open(path, "r+");
	try {
		await file.sync();
	} finally {
		await file.close();
	}
}

/**
 * Whether a checksum stands beside `copy`, and `bytes`, a file with its content, has it. Throws StoreError
 * `store-unreadable` where it has another.
 */
export async function hasChecksum(copy: string, bytes: string): Promise<boolean> {
	const file = checksumFileOf(copy);
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
		throw error;
	}
	const expected = /^([0-9a-f]{64})(?:\s|$)/i.exec(text)?.[1]?.toLowerCase();
	if (expected === undefined) {
		throw new StoreError("store-unreadable", `${file} holds no SHA-256`, {
			hint: `take another copy, or remove ${file}: then every row of the copy is read instead`,
		});
	}
	const found = await sha256Of(bytes);
	if (found === expected) return true;
	const { size } = await stat(bytes);
	throw new StoreError(
		"store-unreadable",
		`the copy is damaged: SHA-256 of its ${size} bytes is ${found.slice(0, 12)}…, ${file} says ${expected.slice(0, 12)}…`,
		{ hint: ANOTHER_COPY },
	);
}

export const ANOTHER_COPY = "take another copy: what is in this one cannot be relied on";
