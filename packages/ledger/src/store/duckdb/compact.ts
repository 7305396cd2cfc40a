import type { Compacted } from "../store.ts";
import { rowsOf, run, type DuckDBConnection } from "./connection.ts";
import { keptSince } from "./retention.ts";
import { addRollUps, dropDayStatements } from "./roll-up.ts";

const DAY_MICROS = 86_400_000_000n;

/**
 * Third level of idempotency. On each closed day, of requests with the same kind of source and the same id the one
 * stored first stays. Where some were dropped, or a day was rolled up in several builds, its roll-ups are built anew
 * from the events. Days whose events are no longer kept are left as they are.
 */
export async function compactDays(
	connection: DuckDBConnection,
	before: bigint,
	throughSegment: bigint,
	inTransaction: (work: () => Promise<void>) => Promise<void>,
): Promise<Compacted> {
	const since = await keptSince(connection);
	const limit = (before / DAY_MICROS) * DAY_MICROS;
	const found = await rowsOf(
		connection,
		`SELECT epoch_us(t0), count(DISTINCT build_no) FROM usage_day
		WHERE t0 < make_timestamp(${limit}) AND t0 >= make_timestamp(${since ?? 0}) GROUP BY t0 ORDER BY t0`,
	);
	let dropped = 0;
	let days = 0;
	for (const [day, builds] of found) {
		const from = day as bigint;
		const to = from + DAY_MICROS;
		const repeated = await countRepeated(connection, from, to);
		if (repeated === 0 && builds === 1n) continue;
		await inTransaction(async () => {
			if (repeated > 0) await run(connection, `DELETE FROM usage_request WHERE rowid IN (${repeatedSql(from, to)})`);
			for (const statement of dropDayStatements(from, to)) await run(connection, statement);
			const scope = { buildNo: throughSegment, afterSegment: 0n, throughSegment, from, to };
			await addRollUps(connection, scope);
		});
		dropped += repeated;
		days++;
	}
	return { days, dropped };
}

async function countRepeated(connection: DuckDBConnection, from: bigint, to: bigint): Promise<number> {
	const [[n] = []] = await rowsOf(connection, `SELECT count(*) FROM (${repeatedSql(from, to)})`);
	return Number(n);
}

function repeatedSql(from: bigint, to: bigint): string {
	return `SELECT row_id FROM (
		SELECT u.rowid AS row_id, row_number() OVER (
			PARTITION BY s.source_kind, u.request_uuid, u.request_text ORDER BY u.segment_no, u.rowid
		) AS place
		FROM usage_request u JOIN dim_source s ON s.id = u.source_id
		WHERE u.t0 >= make_timestamp(${from}) AND u.t0 < make_timestamp(${to})
		AND (u.request_uuid IS NOT NULL OR u.request_text IS NOT NULL)
	) WHERE place > 1`;
}
