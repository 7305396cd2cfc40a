import { rowsOf, run, type DuckDBConnection } from "./connection.ts";

const DAY_MICROS = 86_400_000_000n;

/**
 * Drops the events of whole days before an instant, and notes from when on they are kept. Call within a transaction, with
 * roll-ups up to date. Bills and prices stay: they are few, and years are compared by them.
 */
export async function dropDays(connection: DuckDBConnection, before: bigint, now: bigint): Promise<number> {
	const limit = (before / DAY_MICROS) * DAY_MICROS;
	let dropped = 0n;
	for (const table of ["usage_request", "usage_window", "capacity"]) {
		const [[n] = []] = await rowsOf(connection, `SELECT count(*) FROM ${table} WHERE t0 < make_timestamp(${limit})`);
		dropped += n as bigint;
		await run(connection, `DELETE FROM ${table} WHERE t0 < make_timestamp(${limit})`);
	}
	await run(connection, "DELETE FROM usage_minute WHERE t0 < make_timestamp($1::BIGINT)", [limit]);
	await run(connection, `INSERT INTO retention VALUES (make_timestamp(${limit}), ${dropped}, make_timestamp(${now}))`);
	return Number(dropped);
}

/** Microseconds from which on events are kept; undefined where none were ever dropped. */
export async function keptSince(connection: DuckDBConnection): Promise<number | undefined> {
	const [[since] = []] = await rowsOf(connection, "SELECT epoch_us(max(kept_since)) FROM retention");
	return typeof since === "bigint" ? Number(since) : undefined;
}
