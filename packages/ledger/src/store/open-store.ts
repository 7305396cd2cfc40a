import { existsSync, readdirSync } from "node:fs";
import { copyFile, cp, rename, rm } from "node:fs/promises";
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
	const beside = [".spool", ".remote-write"].map((of) => `${path}${of}`).filter((folder) => holdsFiles(folder));
	// What another ledger had acknowledged there would be loaded into this one.
	for (const taken of [...(existsSync(path) ? [path] : []), ...beside]) {
		throw new StoreError("place-taken", `${taken} exists already`, { hint: "move it away first, or name a new place" });
	}
	const partial = `${path}.part`;
	try {
		await copyFile(backup, partial);
		await (await openStore(partial)).close();
		if (existsSync(`${backup}.remote-write`))
			await cp(`${backup}.remote-write`, `${path}.remote-write`, { recursive: true });
		await rename(partial, path);
	} finally {
		await rm(partial, { force: true });
	}
}

function holdsFiles(folder: string): boolean {
	return existsSync(folder) && readdirSync(folder).length > 0;
}

function wallClock(): bigint {
	return BigInt(Date.now()) * 1000n;
}
