import { join } from "node:path";
import { StoreError } from "../store-error.ts";
import { makeStoreFolder } from "../store-folder.ts";

/**
 * Keeps a second process out of a spool whose store lets several in. The lock is that of a DuckDB file in its folder, which the
 * system takes back however a process ends. Gives what releases it; throws `store-locked` where another process has it.
 */
export async function lockSpool(folder: string): Promise<() => void> {
	const { openInstance } = await import("../duckdb/connection.ts");
	makeStoreFolder(folder);
	try {
		const instance = await openInstance(join(folder, "lock.duckdb"), "64MB", 1);
		return () => instance.closeSync();
	} catch (error) {
		if (!(error instanceof StoreError) || error.code !== "store-locked") throw error;
		throw new StoreError("store-locked", `another process has the spool ${folder} open`, {
			hint: "stop the other process, or start this one in another folder: each server has a spool of its own",
			cause: error,
		});
	}
}
