import { existsSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeChecksum } from "../copy-checksum.ts";
import { StoreError } from "../store-error.ts";
import { makeStoreFolder } from "../store-folder.ts";
import type { ExportedTable } from "../store.ts";
import { openInstance, rowsOf, run, textOf, type DuckDBConnection } from "./connection.ts";

/**
 * Writes every table as Parquet with zstd, one file a table, into a new or empty folder. The files are written beside
 * it and take their place at the end, so that a folder that exists is a whole export.
 */
export async function writeParquet(connection: DuckDBConnection, folder: string): Promise<readonly ExportedTable[]> {
	if (existsSync(folder) && (await readdir(folder)).length > 0) throw exists(folder);
	const partial = `${folder}.part`;
	await rm(partial, { recursive: true, force: true });
	makeStoreFolder(partial);
	const tables = await rowsOf(
		connection,
		"SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' AND table_catalog = current_database() ORDER BY table_name",
	);
	const written: ExportedTable[] = [];
	// One transaction, so that all files show one moment.
	await run(connection, "BEGIN");
	try {
		for (const [name] of tables) {
			const table = textOf(name);
			const file = `${table}.parquet`;
			const target = join(partial, file).replaceAll("'", "''");
			await run(connection, `COPY ${table} TO '${target}' (FORMAT parquet, COMPRESSION zstd)`);
			const [[rows] = []] = await rowsOf(connection, `SELECT count(*) FROM ${table}`);
			written.push({ table, file, rows: Number(rows) });
		}
	} catch (error) {
		await rm(partial, { recursive: true, force: true });
		throw error;
	} finally {
		await connection.run("ROLLBACK").catch(() => undefined);
	}
	await rm(folder, { recursive: true, force: true });
	await rename(partial, folder);
	return written;
}

/** A consistent copy of the whole ledger in a new file, made whole and given its checksum before it gets its name. */
export async function copyTo(connection: DuckDBConnection, path: string): Promise<void> {
	if (existsSync(path)) throw exists(path);
	const partial = `${path}.part`;
	await copyRows(connection, partial);
	await writeChecksum(partial, path);
	await rename(partial, path);
}

/** Reads every row, whose blocks have checksums, and writes it anew with its indexes, into a file that is written over. */
export async function copyRows(connection: DuckDBConnection, partial: string): Promise<void> {
	await rm(partial, { force: true });
	const [[database] = []] = await rowsOf(connection, "SELECT current_database()");
	await run(connection, `ATTACH '${partial.replaceAll("'", "''")}' AS backup_copy`);
	try {
		await run(connection, `COPY FROM DATABASE "${textOf(database)}" TO backup_copy`);
		await run(connection, "CHECKPOINT backup_copy");
	} finally {
		await connection.run("DETACH backup_copy").catch(() => undefined);
	}
}

/** The same of a file that nothing has open. Throws where a part of it cannot be read. */
export async function copyFileRows(path: string, to: string): Promise<void> {
	const instance = await openInstance(path, "1GB");
	try {
		const connection = await instance.connect();
		try {
			await copyRows(connection, to);
		} finally {
			connection.closeSync();
		}
	} finally {
		instance.closeSync();
	}
}

function exists(path: string): StoreError {
	return new StoreError("place-taken", `${path} exists already`, { hint: "name a new place" });
}
