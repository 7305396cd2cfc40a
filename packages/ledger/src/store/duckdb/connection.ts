import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import {
	DuckDBInstance,
	type DuckDBConnection,
	type DuckDBPreparedStatement,
	type DuckDBValue,
} from "@duckdb/node-api";
import { StoreError, type StoreErrorCode } from "../store-error.ts";

export type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
/** What a query gives for a cell: whole numbers of 64 bits and more come as BigInt. */
export type Cell = DuckDBValue;

/** Opens the file, or throws a StoreError that says what stands in the way. */
export async function openInstance(
	path: string,
	memory: string,
	threads?: number,
	log: string = "64MB",
): Promise<DuckDBInstance> {
	await requireDatabase(path);
	try {
		return await DuckDBInstance.create(path, {
			memory_limit: memory,
			checkpoint_threshold: log,
			...(threads === undefined ? {} : { threads: String(threads) }),
		});
	} catch (error) {
		throw asStoreError(error, path);
	}
}

/**
 * DuckDB opens a table such as a CSV as a view in memory, where what is stored is lost: only its own files will do. It does
 * not open an empty one, which a kill leaves that comes while a ledger is made: nothing is in it, and it makes room.
 */
export async function requireDatabase(path: string): Promise<void> {
	if (path.startsWith(":")) return;
	const head = await headOf(path);
	if (head === undefined || head.toString("latin1", 8, 12) === "DUCK") return;
	if (head.length === 0 && !existsSync(`${path}.wal`)) return rm(path);
	throw new StoreError("store-unreadable", "the file is no ledger", {
		hint: "restore a backup, or name another place with --store",
	});
}

/** The first bytes of a file, fewer where it is shorter; undefined where there is none to read. */
async function headOf(path: string): Promise<Buffer | undefined> {
	const file = await open(path).catch(() => undefined);
	try {
		const read = await file?.read(Buffer.alloc(12), 0, 12, 0).catch(() => undefined);
		return read?.buffer.subarray(0, read.bytesRead);
	} finally {
		await file?.close();
	}
}

/** Rows of a query as arrays of cells. */
export async function rowsOf(
	connection: DuckDBConnection,
	sql: string,
	parameters: readonly Cell[] = [],
): Promise<Cell[][]> {
	try {
		const reader = await connection.runAndReadAll(sql, [...parameters]);
		return reader.getRows();
	} catch (error) {
		throw asStoreError(error, "the store");
	}
}

/** The same in parts, as they come: what is read is not held. */
export async function* partsOf(
	connection: DuckDBConnection,
	sql: string,
	parameters: readonly Cell[] = [],
): AsyncGenerator<Cell[][]> {
	try {
		const result = await connection.stream(sql, [...parameters]);
		yield* result.yieldRows();
	} catch (error) {
		throw asStoreError(error, "the store");
	}
}

export async function run(connection: DuckDBConnection, sql: string, parameters: readonly Cell[] = []): Promise<void> {
	try {
		await connection.run(sql, [...parameters]);
	} catch (error) {
		throw asStoreError(error, "the store");
	}
}

/** A statement that is parsed once, for what runs with every segment. */
export class Statement {
	private readonly connection: DuckDBConnection;
	private readonly sql: string;
	private prepared: DuckDBPreparedStatement | undefined;

	constructor(connection: DuckDBConnection, sql: string) {
		this.connection = connection;
		this.sql = sql;
	}

	async rows(parameters: readonly Cell[]): Promise<Cell[][]> {
		try {
			this.prepared ??= await this.connection.prepare(this.sql);
			this.prepared.bind([...parameters]);
			return (await this.prepared.runAndReadAll()).getRows();
		} catch (error) {
			throw asStoreError(error, "the store");
		}
	}

	/** Before its connection closes. */
	close(): void {
		this.prepared?.destroySync();
		this.prepared = undefined;
	}
}

/** The text of a cell that holds one. */
export function textOf(cell: Cell | undefined): string {
	if (typeof cell === "string") return cell;
	throw new StoreError("store-unreadable", "the ledger holds no text where one belongs");
}

/** DuckDB tells its errors in words alone. What is not one of ours to explain is passed on as it is. */
export function asStoreError(error: unknown, path: string): unknown {
	const words = error instanceof Error ? error.message : String(error);
	const found = SYMPTOMS.find(({ pattern }) => pattern.test(words));
	if (found === undefined) return error;
	return new StoreError(found.code, `${path}: ${found.message}`, { hint: found.hint, cause: error });
}

interface Symptom {
	readonly pattern: RegExp;
	readonly code: StoreErrorCode;
	readonly message: string;
	readonly hint: string;
}

const SYMPTOMS: readonly Symptom[] = [
	{
		pattern: /could not set lock/i,
		code: "store-locked",
		message: "another process has the ledger open",
		hint: "stop the other process, or send to it over HTTP: one process writes, and reads, a DuckDB file",
	},
	{
		pattern: /no space left|disk (is )?full|could not write all bytes|failed to offload|max_temp_directory_size/i,
		code: "disk-full",
		message: "the disk is full; what was not acknowledged was not stored",
		hint: "make room, then send again: nothing stored is lost or half-written",
	},
	{
		pattern: /permission denied|read-only/i,
		code: "store-read-only",
		message: "the ledger's file or folder cannot be written to",
		hint: "give this user the right to write, or name another place with --store",
	},
	{
		pattern: /could not read enough bytes/i,
		code: "store-unreadable",
		message: "the file is cut off: it ends before what it holds does",
		hint: "restore a backup, or name another place with --store",
	},
	{
		pattern: /not a valid DuckDB database|is a directory|corrupt|checksum/i,
		code: "store-unreadable",
		message: "the file is no ledger that can be read",
		hint: "restore a backup, or name another place with --store",
	},
	{
		pattern: /no such file or directory/i,
		code: "store-unreadable",
		message: "the folder of the ledger does not exist",
		hint: "make the folder, or name another place with --store",
	},
	{
		pattern: /storage version|newer version of DuckDB|older version of DuckDB/i,
		code: "store-too-new",
		message: "the file was written by another version of DuckDB",
		hint: "export it to Parquet with the version that wrote it, then import",
	},
];
