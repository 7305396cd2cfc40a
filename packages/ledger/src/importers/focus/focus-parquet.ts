/** FOCUS bills in Parquet, read by DuckDB a batch at a time; every column becomes text and goes the way of CSV. */
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, ImportContext, Source } from "../importer.ts";
import { ImportError } from "../source/import-error.ts";
import { isParquet } from "../source/unpack.ts";
import { FocusReader } from "./focus.ts";

export const focusParquet: Importer = {
	kind: "focus-parquet",
	title: "a bill in FOCUS, in Parquet",
	detect: ({ bytes }: Head) => (isParquet(bytes) ? 0.98 : 0),
	read,
};

async function* read(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	const { path } = source;
	if (path === undefined) {
		throw new ImportError(
			"unreadable-file",
			"Parquet is read from a file, not from standard input",
			{ file: source.name },
			{
				expected: "the path of a file that is not packed",
			},
		);
	}
	const { DuckDBInstance } = await import("@duckdb/node-api");
	const database = await DuckDBInstance.create(":memory:", { memory_limit: "300MB", threads: "2" });
	const connection = await database.connect();
	try {
		const columns = await connection.runAndReadAll("DESCRIBE SELECT * FROM read_parquet($1)", [path]);
		const described = columns.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
		if (!described.some(({ name }) => name === "BilledCost")) {
			throw new ImportError("unknown-format", `${source.name} is Parquet, but no FOCUS bill: it has no BilledCost`, {
				file: source.name,
			});
		}
		const reader = new FocusReader(
			described.map(({ name }) => name),
			context,
		);
		yield* reader.heading();
		const result = await connection.stream(`SELECT ${described.map(textOf).join(", ")} FROM read_parquet($1)`, [path]);
		let row = 0;
		for (
			let chunk = await result.fetchChunk();
			chunk !== null && chunk.rowCount > 0;
			chunk = await result.fetchChunk()
		) {
			for (const cells of chunk.getRows())
				yield* reader.row(
					cells.map((cell) => (typeof cell === "string" ? cell : "")),
					++row,
				);
		}
		yield* reader.end();
	} catch (error) {
		if (error instanceof ImportError) throw error;
		yield { kind: "quarantine", reason: `not readable as Parquet: ${(error as Error).message.split("\n")[0]}` };
	} finally {
		connection.closeSync();
		database.closeSync();
	}
}

/** Times as Unix microseconds, since text would depend on the session's zone; maps and structures as JSON. */
function textOf({ name, type }: { readonly name: string; readonly type: string }): string {
	const column = `"${name.replaceAll('"', '""')}"`;
	if (type.startsWith("TIMESTAMP")) return `CAST(epoch_us(${column}) AS VARCHAR)`;
	if (/^(MAP|STRUCT|JSON)|\[\]$/.test(type)) return `CAST(to_json(${column}) AS VARCHAR)`;
	return `CAST(${column} AS VARCHAR)`;
}
