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

/** Days that the last roll-up added to. */
export async function daysOfLastBuild(servers: ClickHouseServers, since: number | undefined): Promise<DayToCompact[]> {
	const last = "SELECT argMax(build_no, commit_no) FROM roll_up WHERE is_day = 0";
	return daysOf(
		servers,
		`day IN (SELECT day FROM roll_up WHERE is_day = 1 AND build_no IN (${last})) AND toUnixTimestamp(day) * 1000000 >= ${since ?? 0}`,
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
	options: { readonly isMerging: boolean; readonly requireLock: () => Promise<void> },
): Promise<Compacted> {
	let [dropped, changed] = [0, 0];
	for (const { day, builds } of days) {
		const run = (randomBytes(8).readBigUInt64LE(0) >> 1n).toString();
		const repeated = await findRepeated(servers, day, run);
		if (repeated === 0 && !(options.isMerging && builds.length > 1)) continue;
		const without = `(segment_no, row_no) IN (SELECT segment_no, row_no FROM repeated WHERE run_no = ${run})`;
		const built = await build(servers, `${onDay("u.t0", day)} AND ${rolledOn("u.segment_no", day)} AND NOT ${without}`);
		await options.requireLock();
		const retired = builds.map((no) => [day, no] as const);
		await commitBuild(servers, await rollUpState(servers), built, { retired });
		if (repeated > 0) {
			await servers.runOnEach(
				`DELETE FROM ${localName("usage_request", layout)} WHERE ${onDay("t0", day)} AND ${without}`,
			);
			await servers.runOnEach(`TRUNCATE TABLE ${localName("repeated", layout)}`);
		}
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
		await servers.runOnce(`INSERT INTO repeated (run_no, segment_no, row_no) ${repeatedSql(day, run, part, parts)}`, {
			insert_deduplicate: 0,
		});
	}
	const [[found] = []] = await servers.rows(`SELECT count() FROM repeated WHERE run_no = ${run}`);
	return Number(found);
}

function repeatedSql(day: string, run: string, part: number, parts: number): string {
	return `SELECT ${run}, segment_no, row_no FROM (
		SELECT u.segment_no AS segment_no, u.row_no AS row_no, row_number() OVER (
			PARTITION BY source.source_kind, tenant.org, u.request_uuid, u.request_text ORDER BY g.at, u.segment_no, u.row_no
		) AS place
		FROM usage_request u JOIN dim_source source ON source.id = u.source_id JOIN dim_tenant tenant ON tenant.id = u.tenant_id
		JOIN (SELECT no, min(loaded_at) AS at FROM segment WHERE ${rolledOn("no", day)} GROUP BY no) g ON g.no = u.segment_no
		WHERE ${onDay("u.t0", day)} AND (u.request_uuid IS NOT NULL OR u.request_text IS NOT NULL)
		${parts === 1 ? "" : `AND cityHash64(ifNull(toString(u.request_uuid), ''), ifNull(u.request_text, '')) % ${parts} = ${part}`}
	) WHERE place > 1`;
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
