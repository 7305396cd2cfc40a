import { StoreError } from "../store-error.ts";
import { DIMENSIONS, TABLES, type Column, type ColumnType, type DimensionName } from "../table.ts";
import { rowsOf, run, type DuckDBConnection } from "./connection.ts";
import { rollUpTables } from "./roll-up-tables.ts";

/**
 * Steps that bring a file to the present form. A step is never changed once released; another is added. Each runs in
 * one transaction that also notes it, and a checkpoint follows at once, since DuckDB has lost data where its log held
 * changes of form (duckdb#25928, #25395).
 */
const STEPS: readonly (() => readonly string[])[] = [
	() => [
		...Object.entries(DIMENSIONS).map(([name, members]) => dimensionTable(name as DimensionName, members)),
		...Object.values(TABLES).map(({ name, columns }) => eventTable(name, columns)),
		`CREATE TABLE segment (no BIGINT NOT NULL, id VARCHAR NOT NULL, origin VARCHAR NOT NULL, row_count BIGINT NOT NULL, byte_count BIGINT NOT NULL, loaded_at TIMESTAMP NOT NULL)`,
		`CREATE TABLE ingest_body (body_key VARCHAR NOT NULL, body_hash VARCHAR NOT NULL, segment_no BIGINT NOT NULL, loaded_at TIMESTAMP NOT NULL)`,
		...rollUpTables(),
		`CREATE TABLE retention (kept_since TIMESTAMP NOT NULL, dropped BIGINT NOT NULL, dropped_at TIMESTAMP NOT NULL)`,
	],
];

/** Brings the file up to date. Throws `store-too-new` where a later farthing wrote it. */
export async function migrate(connection: DuckDBConnection, now: () => bigint): Promise<void> {
	await run(
		connection,
		"CREATE TABLE IF NOT EXISTS migration (version INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL)",
	);
	const [[version = 0] = []] = await rowsOf(connection, "SELECT coalesce(max(version), 0)::INTEGER FROM migration");
	const found = Number(version);
	if (found > STEPS.length) {
		throw new StoreError("store-too-new", `the ledger has form ${found}, this farthing knows ${STEPS.length}`, {
			hint: "use the farthing that wrote it, or a later one",
		});
	}
	for (const [i, statements] of STEPS.slice(found).entries()) {
		await run(connection, "BEGIN");
		for (const statement of statements()) await run(connection, statement);
		await run(connection, `INSERT INTO migration VALUES (${found + i + 1}, make_timestamp(${now()}))`);
		await run(connection, "COMMIT");
		await run(connection, "CHECKPOINT");
	}
}

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
	i64: "BIGINT",
	ts: "TIMESTAMP",
	i128: "HUGEINT",
	uuid: "UUID",
	u8: "UTINYINT",
	f64: "DOUBLE",
	dim: "INTEGER",
	text: "VARCHAR",
};

function eventTable(name: string, columns: readonly Column[]): string {
	const defined = columns.map((c) => `${c.name} ${SQL_TYPES[c.type]}${c.isNullable ? "" : " NOT NULL"}`);
	return `CREATE TABLE ${name} (segment_no BIGINT NOT NULL, ${defined.join(", ")})`;
}

function dimensionTable(name: DimensionName, members: readonly string[]): string {
	return `CREATE TABLE dim_${name} (id INTEGER NOT NULL, reduced_id INTEGER NOT NULL, ${members.map((member) => `"${member}" VARCHAR`).join(", ")})`;
}
