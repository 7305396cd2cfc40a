import type { Compacted } from "../store.ts";
import { rowsOf, run, type DuckDBConnection } from "./connection.ts";
import { keptSince } from "./retention.ts";
import { addRollUps, dropDayStatements } from "./roll-up.ts";

const DAY_MICROS = 86_400_000_000n;

/**
 * Third level of idempotency. On each closed day, of requests with the same kind of source, organisation and id the one
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

/**
 * The same of events that are not in the roll-ups yet, before they come to them, on days closed or not: no roll-up needs
 * to be built anew for it. Call within the transaction that rolls them up.
 */
export async function dropRepeatedOfFresh(
	connection: DuckDBConnection,
	afterSegment: bigint,
	throughSegment: bigint,
): Promise<Compacted> {
	const isFresh = `segment_no > ${afterSegment} AND segment_no <= ${throughSegment}`;
	const found = await rowsOf(
		connection,
		`SELECT epoch_us(t0) // ${DAY_MICROS} * ${DAY_MICROS}, count(*) FROM usage_request
		WHERE ${isFresh} AND (request_uuid IS NOT NULL OR request_text IS NOT NULL) GROUP BY 1 ORDER BY 1`,
	);
	let [days, dropped] = [0, 0];
	for (const [day, rows] of found) {
		const from = day as bigint;
		const parts = Math.max(1, Math.ceil(Number(rows) / SLICE_REQUESTS));
		let ofDay = 0;
		for (let part = 0; part < parts; part++) {
			const sql = repeatedSql(from, from + DAY_MICROS, part, parts, isFresh);
			const [[n = 0n] = []] = await rowsOf(connection, `DELETE FROM usage_request WHERE rowid IN (${sql})`);
			ofDay += Number(n);
		}
		dropped += ofDay;
		if (ofDay > 0) days++;
	}
	return { days, dropped };
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

const SLICE_REQUESTS = 200_000;

/** `fresh`: only ids that come among these rows are looked for, and only these rows dropped. */
function repeatedSql(from: bigint, to: bigint, part: number, parts: number, fresh?: string): string {
	const onDay = `t0 >= make_timestamp(${from}) AND t0 < make_timestamp(${to})`;
	const hash = "hash(request_uuid, request_text)";
	const inPart = parts === 1 ? "" : `AND ${hash} % ${parts} = ${part}`;
	const named = `(request_uuid IS NOT NULL OR request_text IS NOT NULL) ${inPart}`;
	const among = `AND ${hash} IN (SELECT ${hash} FROM usage_request WHERE ${fresh} AND ${onDay} AND ${named})`;
	return `SELECT row_id FROM (
		SELECT u.rowid AS row_id, u.segment_no, row_number() OVER (
			PARTITION BY s.source_kind, t.org, u.request_uuid, u.request_text ORDER BY u.segment_no, u.rowid
		) AS place
		FROM usage_request u JOIN dim_source s ON s.id = u.source_id JOIN dim_tenant t ON t.id = u.tenant_id
		WHERE ${onDay} AND ${named} ${fresh === undefined ? "" : among}
	) WHERE place > 1 ${fresh === undefined ? "" : `AND ${fresh}`}`;
}
