import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { makeFolder } from "../../folder.ts";
import { ANOTHER_COPY, sha256Of, sync } from "../copy-checksum.ts";
import { StoreError } from "../store-error.ts";
import type { ExportedTable } from "../store.ts";
import type { ClickHouseServers } from "./connection.ts";
import { allForms, FORM } from "./migrations.ts";
import { liveBuilds, rollUpState } from "./roll-up-state.ts";

/**
 * Writes every table as a file into a new or empty folder: `Parquet` for others, `Native` for a copy that can be put back. It
 * takes the place at the end, so that a folder that exists is whole. Of events it holds the segments that were in the store when
 * it began, so that loading may go on; call it with the lock, so that nothing is dropped meanwhile.
 */
export async function writeTables(
	servers: ClickHouseServers,
	folder: string,
	format: "Parquet" | "Native",
): Promise<readonly ExportedTable[]> {
	if (existsSync(folder) && (await readdir(folder)).length > 0) {
		throw new StoreError("place-taken", `${folder} exists already`, { hint: "name a new place" });
	}
	const partial = `${folder}.part`;
	await rm(partial, { recursive: true, force: true });
	makeFolder(partial);
	try {
		const written: ExportedTable[] = [];
		const moment = await momentOf(servers);
		for (const { name, view } of allForms()) {
			const table = format === "Parquet" ? (view?.name ?? name) : name;
			const file = `${table}.${format.toLowerCase()}`;
			const from = `FROM ${table} WHERE ${moment(name)}`;
			const columns = format === "Parquet" ? await parquetColumns(servers, table) : "*";
			const bytes = await servers.bytes(`SELECT ${columns} ${from} FORMAT ${format}`);
			await pipeline(bytes, createWriteStream(join(partial, file)));
			const [[rows] = []] = await servers.rows(`SELECT count() ${from}`);
			written.push({ table, file, rows: Number(rows) });
		}
		if (format === "Native") await writeManifest(partial, written);
		await rm(folder, { recursive: true, force: true });
		await rename(partial, folder);
		return written;
	} catch (error) {
		await rm(partial, { recursive: true, force: true });
		throw error;
	}
}

/** The last file, with the checksum of each other. */
async function writeManifest(folder: string, written: readonly ExportedTable[]): Promise<void> {
	const tables: CopiedTable[] = [];
	for (const each of written) {
		await sync(join(folder, each.file));
		tables.push({ ...each, sha256: await sha256Of(join(folder, each.file)) });
	}
	await writeFile(join(folder, MANIFEST), JSON.stringify({ form: FORM, tables }));
	await sync(join(folder, MANIFEST));
}

interface CopiedTable extends ExportedTable {
	/** Absent in copies of earlier releases. */
	readonly sha256?: string;
}

/** What a backup holds, or a StoreError `store-unreadable` where the folder is none. */
export async function readManifest(folder: string): Promise<readonly CopiedTable[]> {
	const text = await readFile(join(folder, MANIFEST), "utf8").catch(() => "{}");
	const { form, tables } = manifestIn(text);
	if (form === undefined || tables === undefined) {
		throw new StoreError("store-unreadable", `${folder} is no backup of a ClickHouse ledger`, {
			hint: "name a folder that farthing ledger backup has written with --store clickhouse://…",
		});
	}
	if (form === FORM) {
		await requireSound(folder, tables);
		return tables;
	}
	throw new StoreError("store-too-new", `the backup has form ${form}, this farthing knows ${FORM}`, {
		hint: "restore it with the farthing that wrote it, then update",
	});
}

function manifestIn(text: string): { readonly form?: number; readonly tables?: readonly CopiedTable[] } {
	try {
		return JSON.parse(text) as ReturnType<typeof manifestIn>;
	} catch {
		return {};
	}
}

async function requireSound(folder: string, tables: readonly CopiedTable[]): Promise<void> {
	for (const { file, sha256 } of tables) {
		const isThere = existsSync(join(folder, file));
		if (isThere && (sha256 === undefined || (await sha256Of(join(folder, file))) === sha256)) continue;
		const what = isThere ? `${file} has not the SHA-256 that ${MANIFEST} says` : `${file} is missing`;
		throw new StoreError("store-unreadable", `the copy is damaged: ${what}`, { hint: ANOTHER_COPY });
	}
}

/** Fills empty tables from a backup, the registry of segments last; throws where a table does not get all its rows. */
export async function fillTables(
	servers: ClickHouseServers,
	folder: string,
	copied: readonly ExportedTable[],
): Promise<void> {
	const tables = copied.filter(({ table }) => table !== "migration");
	const order = (name: string): number => (name === "segment" ? 1 : 0);
	for (const { table, file, rows } of [...tables].sort((a, b) => order(a.table) - order(b.table))) {
		if (rows === 0) continue;
		const pieces = createReadStream(join(folder, file), { highWaterMark: 1_048_576 });
		await servers.sendStream(`INSERT INTO ${table} FORMAT Native`, pieces, { insert_deduplicate: 0 });
		const [[found] = []] = await servers.rows(`SELECT count() FROM ${table}`);
		if (Number(found) < rows) {
			throw new StoreError("store-unreadable", `${file} gave ${String(found)} rows of ${rows}`, {
				hint: "take another backup: this one is at fault",
			});
		}
	}
}

const MANIFEST = "ledger.json";

/** Rows of one moment, as a condition by table. */
async function momentOf(servers: ClickHouseServers): Promise<(table: string) => string> {
	const [[now] = []] = await servers.rows("SELECT toUnixTimestamp64Micro(now64(6, 'UTC'))");
	const before = `loaded_at <= fromUnixTimestamp64Micro(toInt64(${now}), 'UTC')`;
	const { commit } = await rollUpState(servers);
	return (table) => {
		if (table === "segment") return before;
		if (BY_SEGMENT.includes(table)) return `segment_no IN (SELECT no FROM segment WHERE ${before})`;
		if (BY_BUILD.includes(table)) return `(toDate(t0), build_no) IN (${liveBuilds(commit)})`;
		return "1 = 1";
	};
}

const BY_SEGMENT = ["usage_request", "usage_window", "capacity", "price", "charge", "ingest_body"];
const BY_BUILD = ["usage_minute", "usage_hour", "usage_day", "latency_hour"];

/** Whole numbers of 128 bits have no type in Parquet: they are written as decimals without places. */
async function parquetColumns(servers: ClickHouseServers, table: string): Promise<string> {
	const columns = await servers.rows(
		`SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '${table}' ORDER BY position`,
	);
	return columns
		.map(([name, type]) => {
			const column = `\`${String(name)}\``;
			return String(type).includes("Int128") ? `toDecimal128(${column}, 0) AS ${column}` : column;
		})
		.join(", ");
}
