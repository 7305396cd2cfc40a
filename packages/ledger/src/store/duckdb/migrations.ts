import { StoreError } from "../store-error.ts";
import { rowsOf, run, type DuckDBConnection } from "./connection.ts";
import { FORM_1 } from "./form-1.ts";
import { FORM_2 } from "./form-2.ts";

/**
 * Steps that bring a file to the present form. A step is never changed once released; another is added. Each runs in
 * one transaction that also notes it, and a checkpoint follows at once, since DuckDB has lost data where its log held
 * changes of form (duckdb#25928, #25395).
 */
export const STEPS: readonly (readonly string[])[] = [FORM_1, FORM_2];

/** Brings the file up to date. `beforeCheckpoint` runs before each checkpoint. Throws `store-too-new` where a later farthing wrote it. */
export async function migrate(
	connection: DuckDBConnection,
	now: () => bigint,
	beforeCheckpoint: () => Promise<void>,
): Promise<void> {
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
		for (const statement of statements) await run(connection, statement);
		await run(connection, `INSERT INTO migration VALUES (${found + i + 1}, make_timestamp(${now()}))`);
		await run(connection, "COMMIT");
		await beforeCheckpoint();
		await run(connection, "CHECKPOINT");
	}
}
