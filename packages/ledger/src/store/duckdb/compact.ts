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
	const days = found.map(([day, builds]) => ({ day: day as bigint, isMerged: builds === 1n }));
	return dropOfDays(connection, days, throughSegment, inTransaction);
}

/** The same at once, of the days that the last roll-up added to; their roll-ups are built anew only where requests were dropped. */
export async function dropRepeatedOfLastBuild(
	connection: DuckDBConnection,
	throughSegment: bigint,
	inTransaction: (work: () => Promise<void>) => Promise<void>,
): Promise<Compacted> {
	const since = await keptSince(connection);
	const found = await rowsOf(
		connection,
		`SELECT epoch_us(t0) FROM usage_day WHERE t0 >= make_timestamp(${since ?? 0})
		GROUP BY t0 HAVING max(build_no) = ${throughSegment} ORDER BY t0`,
	);
	const days = found.map(([day]) => ({ day: day as bigint, isMerged: true }));
	return dropOfDays(connection, days, throughSegment, inTransaction);
}

async function dropOfDays(
	connection: DuckDBConnection,
	days: readonly { readonly day: bigint; readonly isMerged: boolean }[],
	throughSegment: bigint,
	inTransaction: (work: () => Promise<void>) => Promise<void>,
): Promise<Compacted> {
	let dropped = 0;
	let changed = 0;
	for (const { day: from, isMerged } of days) {
		const to = from + DAY_MICROS;
		const repeated = await repeatedSlices(connection, from, to);
		if (repeated.count === 0 && isMerged) continue;
		await inTransaction(async () => {
			for (const sql of repeated.slices) await run(connection, `DELETE FROM usage_request WHERE rowid IN (${sql})`);
			for (const statement of dropDayStatements(from, to)) await run(connection, statement);
			const scope = { buildNo: throughSegment, afterSegment: 0n, throughSegment, from, to };
			await addRollUps(connection, scope);
		});
		dropped += repeated.count;
		changed++;
	}
	return { days: changed, dropped };
}

/** A day's ids are looked through some at a time, by their hash, so that a day of any size takes little memory. */
async function repeatedSlices(
	connection: DuckDBConnection,
	from: bigint,
	to: bigint,
): Promise<{ readonly count: number; readonly slices: readonly string[] }> {
	const [[rows] = []] = await rowsOf(
		connection,
		`SELECT count(*) FROM usage_request WHERE t0 >= make_timestamp(${from}) AND t0 < make_timestamp(${to})`,
	);
	const parts = Math.max(1, Math.ceil(Number(rows) / SLICE_REQUESTS));
	let count = 0;
	const slices: string[] = [];
	for (let part = 0; part < parts; part++) {
		const sql = repeatedSql(from, to, part, parts);
		const [[n] = []] = await rowsOf(connection, `SELECT count(*) FROM (${sql})`);
		if (n === 0n) continue;
		count += Number(n);
		slices.push(sql);
	}
	return { count, slices };
}

const SLICE_REQUESTS = 500_000;

function repeatedSql(from: bigint, to: bigint, part: number, parts: number): string {
	return `SELECT row_id FROM (
		SELECT u.rowid AS row_id, row_number() OVER (
			PARTITION BY s.source_kind, u.request_uuid, u.request_text ORDER BY u.segment_no, u.rowid
		) AS place
		FROM usage_request u JOIN dim_source s ON s.id = u.source_id
		WHERE u.t0 >= make_timestamp(${from}) AND u.t0 < make_timestamp(${to})
		AND (u.request_uuid IS NOT NULL OR u.request_text IS NOT NULL)
		${parts === 1 ? "" : `AND hash(u.request_uuid, u.request_text) % ${parts} = ${part}`}
	) WHERE place > 1`;
}
