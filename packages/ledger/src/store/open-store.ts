import { existsSync } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { StoreError } from "./store-error.ts";
import type { LedgerStore, StoreOptions } from "./store.ts";

/**
 * Opens a store by its URL: `duckdb:PATH` or a path alone, or `clickhouse://USER@HOST:PORT/DATABASE`. Throws StoreError `unknown-store` for a scheme that no
 * store has, and what the store has to say otherwise. The database is loaded only now.
 */
export async function openStore(url: string, options: Partial<StoreOptions> = {}): Promise<LedgerStore> {
	const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
	const settings: StoreOptions = { memory: "1GB", now: wallClock, bodyKeyDays: 7, ...options };
	if (scheme === "clickhouse") {
		const { ClickHouseStore } = await import("./clickhouse/clickhouse-store.ts");
		return ClickHouseStore.open(url, settings);
	}
	if (scheme !== undefined && scheme !== "duckdb" && scheme.length > 1) {
		throw new StoreError("unknown-store", `no store goes by ${scheme}:`, {
			hint: "write duckdb:PATH or the path of a file alone, or clickhouse://USER@HOST:PORT/DATABASE",
		});
	}
	const { DuckDbStore } = await import("./duckdb/duckdb-store.ts");
	return DuckDbStore.open(url.replace(/^duckdb:(\/\/(?=\/))?/i, ""), settings);
}

/**
 * Puts a backup in the place of a ledger. The copy is opened once before it gets its name, so that what is restored can
 * be read. Throws `place-taken` where something is there, and what opening says where the backup is at fault.
 */
export async function restoreBackup(backup: string, path: string): Promise<void> {
	if (/^clickhouse:/i.test(path)) {
		const { ClickHouseStore } = await import("./clickhouse/clickhouse-store.ts");
		return ClickHouseStore.restore(path, backup);
	}
	if (existsSync(path)) {
		throw new StoreError("place-taken", `${path} exists already`, { hint: "move it away first, or name a new place" });
	}
	const partial = `${path}.part`;
	try {
		await copyFile(backup, partial);
		await (await openStore(partial)).close();
		await rename(partial, path);
	} finally {
		await rm(partial, { force: true });
	}
}

function wallClock(): bigint {
	return BigInt(Date.now()) * 1000n;
}
