import { randomBytes } from "node:crypto";
import { bucketSql } from "../query/latency-bucket.ts";
import { contextSql } from "../query/usage-query.ts";
import { SUMMED_COLUMNS } from "../query/usage-question.ts";
import { LATENCY_COLUMNS } from "../table.ts";
import type { ClickHouseServers } from "./connection.ts";
import { clickHouseDialect } from "./dialect.ts";
import { SETTLED_AFTER, type RollUpState } from "./roll-up-state.ts";

/** Rows of a build are in the tables before it counts; one that was broken off never does, and its number is of no other. */
export interface Build {
	readonly no: string;
	readonly days: readonly string[];
}

/** Built in one go, not sent again where an answer is lost: another build takes its place. */
const BUILDING = { insert_deduplicate: 0, max_bytes_before_external_group_by: 536_870_912 };

/** Writes the roll-ups of the events that a condition on `u` chooses. */
export async function build(servers: ClickHouseServers, condition: string): Promise<Build> {
	const no = (randomBytes(8).readBigUInt64LE(0) >> 1n).toString();
	for (const statement of statements(no, condition)) await servers.runOnce(statement, BUILDING);
	const days = await servers.rows(`SELECT DISTINCT toDate(t0) FROM usage_day WHERE build_no = ${no} ORDER BY 1`);
	return { no, days: days.map(([day]) => String(day)) };
}

/** Makes builds count, and others count no longer: one block, so all of it at once. */
export async function commitBuild(
	servers: ClickHouseServers,
	state: RollUpState,
	built: Build,
	more: { readonly segments?: readonly string[]; readonly retired?: readonly (readonly [string, string])[] },
): Promise<void> {
	const commit = state.commit + 1n;
	const row = (build_no: string, isDay: number, segment: string, day: string, isRetired: number): string =>
		`(${commit}, ${build_no}, ${isDay}, ${segment}, '${day}', ${isRetired})`;
	const rows = [
		...(more.segments ?? []).map((segment) => row(built.no, 0, segment, "1970-01-01", 0)),
		...built.days.map((day) => row(built.no, 1, "0", day, 0)),
		...(more.retired ?? []).map(([day, no]) => row(no, 1, "0", day, 1)),
	];
	const settled = more.segments === undefined ? "toDateTime64(0, 6, 'UTC')" : `now64(6, 'UTC') - ${SETTLED_AFTER}`;
	await servers.runOnce(
		`INSERT INTO roll_up (commit_no, build_no, is_day, segment_no, day, is_retired, settled_before)
		SELECT c1, c2, c3, c4, c5, c6, ${settled} FROM values('c1 UInt64, c2 UInt64, c3 UInt8, c4 UInt64, c5 Date, c6 UInt8', ${rows.join(", ")})`,
		{ insert_deduplicate: 0, max_insert_block_size: rows.length + 1, max_block_size: rows.length + 1 },
	);
}

function statements(no: string, condition: string): string[] {
	return [
		fromEvents("usage_minute", "toStartOfMinute", false, no, condition),
		fromEvents("usage_hour", "toStartOfHour", true, no, condition),
		...LATENCY_COLUMNS.map((column, metric) => latency(column, metric, no, condition)),
		fromHours(no),
	];
}

const DIMENSIONS = "JOIN dim_source source ON source.id = u.source_id JOIN dim_scope scope ON scope.id = u.scope_id";

/** Labels that roll-ups drop are dropped before summing: a second sum would cost as much as the first. */
function fromEvents(table: string, step: string, isByTenant: boolean, no: string, condition: string): string {
	const keys = [
		["t0", `${step}(u.t0)`],
		["source_id", "source.reduced_id"],
		["scope_id", "scope.reduced_id"],
		["model_id", "u.model_id"],
		...(isByTenant ? [["tenant_id", "u.tenant_id"]] : []),
		["status", "u.status"],
		["context", contextSql("u.in_total")],
	] as const;
	const sums = SUMMED_COLUMNS.flatMap((column) => {
		const isProduct = column === "out_context";
		const value = isProduct ? clickHouseDialect.product("u.out_total", "u.in_total") : `u.${column}`;
		return [clickHouseDialect.sum(value), `count(${isProduct ? "u.out_total + u.in_total" : value})`];
	});
	return [
		`INSERT INTO ${table} (${["build_no", ...keys.map(([name]) => name), "records", ...sumColumns()].join(", ")})`,
		`SELECT ${[no, ...keys.map(([, sql]) => sql), "count()", ...sums].join(", ")}`,
		`FROM usage_request u ${DIMENSIONS} WHERE ${condition} GROUP BY ${keys.map((_, i) => i + 2).join(", ")}`,
	].join(" ");
}

function fromHours(no: string): string {
	const keys = ["source_id", "scope_id", "model_id", "tenant_id", "status", "context"];
	return [
		`INSERT INTO usage_day (${["build_no", "t0", ...keys, "records", ...sumColumns()].join(", ")})`,
		`SELECT ${[no, "toStartOfDay(t0)", ...keys, "sum(records)", ...sumColumns().map((column) => `sum(${column})`)].join(", ")}`,
		`FROM usage_hour WHERE build_no = ${no} GROUP BY ${[2, ...keys.map((_, i) => i + 3)].join(", ")}`,
	].join(" ");
}

function latency(column: string, metric: number, no: string, condition: string): string {
	return [
		"INSERT INTO latency_hour (build_no, t0, source_id, scope_id, model_id, metric, bucket, n)",
		`SELECT ${no}, toStartOfHour(u.t0), source.reduced_id, scope.reduced_id, u.model_id, ${metric}, ${bucketSql(`u.${column}`, clickHouseDialect)}, count()`,
		`FROM usage_request u ${DIMENSIONS} WHERE u.${column} IS NOT NULL AND ${condition} GROUP BY 2, 3, 4, 5, 7`,
	].join(" ");
}

function sumColumns(): string[] {
	return SUMMED_COLUMNS.flatMap((column) => [column, `${column}_known`]);
}
