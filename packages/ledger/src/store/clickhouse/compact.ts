import { randomBytes } from "node:crypto";
import type { Compacted } from "../store.ts";
import type { ClickHouseServers } from "./connection.ts";
import { build, commitBuild } from "./roll-up.ts";
import { liveBuilds, rollUpState } from "./roll-up-state.ts";
import { localName, type Layout } from "./table-form.ts";

const SLICE_REQUESTS = 500_000;
const ROLL_UPS = ["usage_minute", "usage_hour", "usage_day", "latency_hour"];

export interface DayToCompact {
	readonly day: string;
	/** Builds whose rows count for the day. */
	readonly builds: readonly string[];
}

/** Days of the roll-ups that are before a time and have events yet, in order. */
export async function daysBefore(
	servers: ClickHouseServers,
	limit: number,
	since: number | undefined,
): Promise<DayToCompact[]> {
	return daysOf(
		servers,
		`toUnixTimestamp(day) * 1000000 < ${limit} AND toUnixTimestamp(day) * 1000000 >= ${since ?? 0}`,
	);
}

/**
 * Third level of idempotency: on each day, of requests with the same kind of source, organisation and id the one stored first stays.
 * The day's roll-ups are built anew without the others and take the place of the old ones at once; only then are the others
 * deleted. Where that is broken off they are found again the next time.
 */
export async function compactDays(
	servers: ClickHouseServers,
	layout: Layout,
	days: readonly DayToCompact[],
	requireLock: () => Promise<void>,
): Promise<Compacted> {
	let [dropped, changed] = [0, 0];
	for (const { day, builds } of days) {
		const run = runNumber();
		const repeated = await findRepeated(servers, day, run);
		if (repeated === 0 && builds.length <= 1) continue;
		const without = notedUnder(run);
		const built = await build(servers, `${onDay("u.t0", day)} AND ${rolledOn("u.segment_no", day)} AND NOT ${without}`);
		await requireLock();
		const retired = builds.map((no) => [day, no] as const);
		await commitBuild(servers, await rollUpState(servers), built, { retired });
		if (repeated > 0) await dropNoted(servers, layout, [day], run);
		for (const table of ROLL_UPS) {
			await servers.runOnEach(
				`DELETE FROM ${localName(table, layout)} WHERE ${onDay("t0", day)} AND build_no IN (${builds.join(", ")})`,
			);
		}
		dropped += repeated;
		changed++;
	}
	return { days: changed, dropped };
}

/**
 * The same of segments that are not in the roll-ups yet, before they come to them, on days closed or not: what is rolled up
 * stays, and nothing of it is built anew. Where it is broken off, the next roll-up goes on with it.
 */
export async function dropRepeatedOfFresh(
	servers: ClickHouseServers,
	layout: Layout,
	fresh: readonly string[],
	requireLock: () => Promise<void>,
): Promise<Compacted> {
	const run = runNumber();
	const counts = await servers.rows(
		`SELECT toString(toDate(t0)), count() FROM usage_request WHERE segment_no IN (${fresh.join(", ")}) AND ${HAS_ID} GROUP BY 1 ORDER BY 1`,
	);
	for (const [day, rows] of counts) {
		const parts = Math.max(1, Math.ceil(Number(rows) / SLICE_REQUESTS));
		for (let part = 0; part < parts; part++)
			await noteRepeated(servers, repeatedSql(String(day), run, part, parts, fresh.join(", ")));
	}
	const noted = await servers.rows(
		`SELECT toString(toDate(t0)), count() FROM usage_request WHERE segment_no IN (${fresh.join(", ")}) AND ${notedUnder(run)} GROUP BY 1`,
	);
	if (noted.length === 0) return { days: 0, dropped: 0 };
	await requireLock();
	await dropNoted(
		servers,
		layout,
		noted.map(([day]) => String(day)),
		run,
	);
	return { days: noted.length, dropped: noted.reduce((sum, [, rows]) => sum + Number(rows), 0) };
}

async function dropNoted(
	servers: ClickHouseServers,
	layout: Layout,
	days: readonly string[],
	run: string,
): Promise<void> {
	const onDays = days.map((day) => `(${onDay("t0", day)})`).join(" OR ");
	const table = localName("usage_request", layout);
	await servers.runOnEach(`DELETE FROM ${table} WHERE (${onDays}) AND ${notedUnder(run)}`);
	await servers.runOnEach(`TRUNCATE TABLE ${localName("repeated", layout)}`);
}

function notedUnder(run: string): string {
	return `(segment_no, row_no) IN (SELECT segment_no, row_no FROM repeated WHERE run_no = ${run})`;
}

function runNumber(): string {
	return (randomBytes(8).readBigUInt64LE(0) >> 1n).toString();
}

async function daysOf(servers: ClickHouseServers, condition: string): Promise<DayToCompact[]> {
	const { commit } = await rollUpState(servers);
	const rows = await servers.rows(
		`SELECT toString(day), arrayMap(no -> toString(no), groupArray(build_no)) FROM (${liveBuilds(commit)}) WHERE ${condition} GROUP BY day ORDER BY day`,
	);
	return rows.map(([day, builds]) => ({ day: day as string, builds: builds as unknown as string[] }));
}

/** Notes the day's repeated requests under a number, and gives how many; some at a time, by the hash of their ids. */
async function findRepeated(servers: ClickHouseServers, day: string, run: string): Promise<number> {
	const [[rows] = []] = await servers.rows(`SELECT count() FROM usage_request WHERE ${onDay("t0", day)}`);
	const parts = Math.max(1, Math.ceil(Number(rows) / SLICE_REQUESTS));
	for (let part = 0; part < parts; part++) {
		await noteRepeated(servers, repeatedSql(day, run, part, parts));
	}
	const [[found] = []] = await servers.rows(`SELECT count() FROM repeated WHERE run_no = ${run}`);
	return Number(found);
}

async function noteRepeated(servers: ClickHouseServers, sql: string): Promise<void> {
	await servers.runOnce(`INSERT INTO repeated (run_no, segment_no, row_no) ${sql}`, { insert_deduplicate: 0 });
}

const HAS_ID = "(request_uuid IS NOT NULL OR request_text IS NOT NULL)";
const ID = "(ifNull(request_uuid, toUUID('00000000-0000-0000-0000-000000000000')), ifNull(request_text, ''))";

/** `fresh`: segments whose ids alone are looked for, and whose rows alone are dropped. */
function repeatedSql(day: string, run: string, part: number, parts: number, fresh?: string): string {
	const slice =
		parts === 1
			? ""
			: `AND cityHash64(ifNull(toString(request_uuid), ''), ifNull(request_text, '')) % ${parts} = ${part}`;
	const ids = `SELECT ${ID} FROM usage_request WHERE ${onDay("t0", day)} AND segment_no IN (${fresh}) AND ${HAS_ID} ${slice}`;
	const [segments, isFresh, among] =
		fresh === undefined
			? [rolledOn("no", day), "1", ""]
			: [`(${rolledOn("no", day)} OR no IN (${fresh}))`, `u.segment_no IN (${fresh})`, `AND ${ID} IN (${ids})`];
	return `SELECT ${run}, segment_no, row_no FROM (
		SELECT u.segment_no AS segment_no, u.row_no AS row_no, ${isFresh} AS is_fresh, row_number() OVER (
			PARTITION BY source.source_kind, tenant.org, u.request_uuid, u.request_text ORDER BY is_fresh, g.at, u.segment_no, u.row_no
		) AS place
		FROM usage_request u JOIN dim_source source ON source.id = u.source_id JOIN dim_tenant tenant ON tenant.id = u.tenant_id
		JOIN (SELECT no, min(loaded_at) AS at FROM segment WHERE ${segments} GROUP BY no) g ON g.no = u.segment_no
		WHERE ${onDay("u.t0", day)} AND ${HAS_ID} ${slice} ${among}
	) WHERE place > 1 AND is_fresh`;
}

function onDay(column: string, day: string): string {
	const at = `toDateTime64('${day} 00:00:00', 6, 'UTC')`;
	return `${column} >= ${at} AND ${column} < ${at} + INTERVAL 1 DAY`;
}

/** Segments with requests on the day that the roll-ups hold. */
function rolledOn(column: string, day: string): string {
	const onTheDay = `SELECT DISTINCT segment_no FROM usage_request WHERE ${onDay("t0", day)}`;
	return `${column} IN (SELECT segment_no FROM roll_up WHERE is_day = 0 AND segment_no IN (${onTheDay}))`;
}
