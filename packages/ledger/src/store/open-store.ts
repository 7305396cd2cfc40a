import { existsSync, readdirSync } from "node:fs";
import { chmod, copyFile, cp, rename, rm } from "node:fs/promises";
import { budgetFileOf, copyBudgets } from "../budgets/budget-file.ts";
import { ANOTHER_COPY, hasChecksum } from "./copy-checksum.ts";
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
 * Puts a backup in the place of a ledger, with the budgets and the waiting samples that lie beside it. Before it gets its
 * name its checksum is held against the one beside the backup; where there is none, every row is read and written anew.
 * Throws `place-taken` where something is there, and `store-unreadable` where the backup is at fault.
 */
export async function restoreBackup(backup: string, path: string): Promise<void> {
	const budgets = existsSync(budgetFileOf(backup)) && existsSync(budgetFileOf(path)) ? [budgetFileOf(path)] : [];
	if (/^clickhouse:/i.test(path)) {
		requireFree(budgets);
		const { ClickHouseStore } = await import("./clickhouse/clickhouse-store.ts");
		await ClickHouseStore.restore(path, backup);
		return copyBudgets(budgetFileOf(backup), budgetFileOf(path));
	}
	const beside = [".spool", ".remote-write"].map((of) => `${path}${of}`).filter((folder) => holdsFiles(folder));
	// What another ledger had acknowledged there would be loaded into this one.
	requireFree([...(existsSync(path) ? [path] : []), ...beside, ...budgets]);
	const partial = `${path}.part`;
	const anew = `${path}.anew`;
	try {
		await copyFile(backup, partial);
		// A copy may have come by ways that let everybody read it.
		await chmod(partial, 0o600);
		if (!(await hasChecksum(backup, partial))) {
			const { copyFileRows } = await import("./duckdb/copies.ts");
			await atFault(() => copyFileRows(partial, anew));
			await rename(anew, partial);
		}
		await atFault(async () => (await openStore(partial)).close());
		if (existsSync(`${backup}.remote-write`))
			await cp(`${backup}.remote-write`, `${path}.remote-write`, { recursive: true });
		copyBudgets(budgetFileOf(backup), budgetFileOf(path));
		await rename(partial, path);
	} finally {
		for (const left of [partial, anew])
			for (const of of [left, `${left}.wal`, `${left}.blocks`]) await rm(of, { force: true });
	}
}

/** The database has many words for what is damaged in a file, some of them its own faults: each says that the copy is at fault. */
async function atFault(read: () => Promise<void>): Promise<void> {
	try {
		await read();
	} catch (error) {
		const { code, message } = error as Error & { readonly code?: string };
		if (code !== undefined && code !== "store-unreadable") throw error;
		const isCut = /cut off/.test(message);
		const why = isCut
			? "cut off: it ends before what it holds does"
			: `damaged: ${message.split("\n", 1)[0]?.slice(0, 160)}`;
		throw new StoreError("store-unreadable", `the copy is ${why}`, { hint: ANOTHER_COPY, cause: error });
	}
}

function requireFree([taken]: readonly string[]): void {
	if (taken === undefined) return;
	throw new StoreError("place-taken", `${taken} exists already`, { hint: "move it away first, or name a new place" });
}

function holdsFiles(folder: string): boolean {
	return existsSync(folder) && readdirSync(folder).length > 0;
}

function wallClock(): bigint {
	return BigInt(Date.now()) * 1000n;
}
