import { open } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { StoreError } from "../store-error.ts";
import { type TornBlock, tornBlocks } from "./block-copy.ts";
import { asStoreError } from "./connection.ts";

/**
 * Mends a file whose checkpoint was cut off amid a block (see block-copy.ts). Throws `store-locked` where another process
 * has it open: to that one's checkpoint, which may be under way, this would be the fault.
 */
export async function mendCutOff(path: string): Promise<void> {
	if ((await tornBlocks(path)).length === 0) return;
	const release = await shutOutWriters(path);
	try {
		await putBack(path, await tornBlocks(path));
	} finally {
		release();
	}
}

/** For a reader that may not write. */
export async function requireMended(path: string): Promise<void> {
	if ((await tornBlocks(path)).length === 0) return;
	throw new StoreError("store-unreadable", `${path}: a checkpoint was cut off, and is to be mended`, {
		hint: "open it once to write, as farthing serve and farthing import do: it is mended from the copy beside it",
	});
}

/**
 * Takes DuckDB's lock for readers, and gives what releases it. A torn block may keep DuckDB from opening the file, in whatever
 * words, but only after it had the lock.
 */
async function shutOutWriters(path: string): Promise<() => void> {
	const instance = await DuckDBInstance.create(":memory:");
	try {
		const connection = await instance.connect();
		await connection.run(`ATTACH '${path.replaceAll("'", "''")}' AS torn (READ_ONLY)`);
	} catch (error) {
		const known = asStoreError(error, path);
		if (known instanceof StoreError && known.code === "store-locked") {
			instance.closeSync();
			throw known;
		}
	}
	return () => instance.closeSync();
}

async function putBack(path: string, torn: readonly TornBlock[]): Promise<void> {
	const file = await open(path, "r+");
	try {
		for (const { at, copy } of torn) await file.write(copy, 0, copy.length, at);
		await file.sync();
	} finally {
		await file.close();
	}
}
