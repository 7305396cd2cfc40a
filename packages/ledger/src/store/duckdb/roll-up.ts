import { contextSql } from "../query/usage-query.ts";
import { SUMMED_COLUMNS } from "../query/usage-question.ts";
import { duckDbDialect } from "../query/dialect.ts";
import { bucketSql } from "../query/latency-bucket.ts";
import { slicesOf } from "../query/slices.ts";
import { LATENCY_COLUMNS } from "../table.ts";
import { rowsOf, run, type DuckDBConnection } from "./connection.ts";
import { inBigint, overBigint } from "./sum-columns.ts";

/** Which events enter a build: those of some segments, or of one day of already built ones. */
export interface RollUpScope {
	readonly buildNo: bigint;
	readonly afterSegment: bigint;
	readonly throughSegment: bigint;
	/** Microseconds; absent: any time. */
	readonly from?: bigint;
	readonly to?: bigint;
}

/** Adds the roll-ups of some events, some hours at a time, so that the sums under way stay within memory. */
export async function addRollUps(connection: DuckDBConnection, scope: RollUpScope): Promise<void> {
	const hours = await rowsOf(
		connection,
		`SELECT epoch_us(t0) // ${HOUR_MICROS}, count(*) FROM usage_request WHERE ${condition(scope)} GROUP BY 1 ORDER BY 1`,
	);
	const counts = hours.map(([hour, events]) => [hour, events] as [bigint, bigint]);
	for (const [first, last] of slicesOf(counts)) {
		const slice = { ...scope, from: first * HOUR_MICROS, to: (last + 1n) * HOUR_MICROS };
		for (const statement of hourStatements(slice)) await run(connection, statement);
	}
	for (const day of new Set(counts.map(([hour]) => hour / 24n))) {
		const from = day * DAY_MICROS;
		await run(connection, `INSERT INTO usage_day ${fromHours({ ...scope, from, to: from + DAY_MICROS })}`);
	}
}

const HOUR_MICROS = 3_600_000_000n;
const DAY_MICROS = 24n * HOUR_MICROS;

function hourStatements(scope: RollUpScope): string[] {
	return [
		`INSERT INTO usage_minute ${fromEvents("minute", false, scope)}`,
		`INSERT INTO usage_hour ${fromEvents("hour", true, scope)}`,
		...LATENCY_COLUMNS.map((column, metric) => `INSERT INTO latency_hour ${latency(column, metric, scope)}`),
	];
}

/** Statements that take the roll-ups of one day out, before it is built anew. */
export function dropDayStatements(from: bigint, to: bigint): string[] {
	return ["usage_minute", "usage_hour", "usage_day", "latency_hour"].map(
		(table) => `DELETE FROM ${table} WHERE t0 >= make_timestamp(${from}) AND t0 < make_timestamp(${to})`,
	);
}

/** Labels that roll-ups drop are dropped before summing: a second sum would cost as much as the first. */
function fromEvents(step: "minute" | "hour", isByTenant: boolean, scope: RollUpScope): string {
	const keys = [
		`date_trunc('${step}', u.t0)`,
		"source.reduced_id",
		"scope.reduced_id",
		"u.model_id",
		...(isByTenant ? ["u.tenant_id"] : []),
		"u.status",
		contextSql("u.in_total"),
	];
	const sums = SUMMED_COLUMNS.map((column) => {
		const value = column === "out_context" ? duckDbDialect.product("u.out_total", "u.in_total") : `u.${column}`;
		const known = column === "out_context" ? "u.out_total + u.in_total" : `u.${column}`;
		return [column, duckDbDialect.sum(value), `count(${known})`] as const;
	});
	const named = keys.map((key, i) => `${key} AS k${i}`);
	const inner = [
		`SELECT ${[...named, "count(*) AS records", ...sums.map(([column, sum, known]) => `${sum} AS ${column}, ${known} AS ${column}_known`)].join(", ")}`,
		"FROM usage_request u JOIN dim_source source ON source.id = u.source_id JOIN dim_scope scope ON scope.id = u.scope_id",
		`WHERE ${condition(scope)} GROUP BY ${keys.map((_, i) => i + 1).join(", ")}`,
	].join(" ");
	return `SELECT ${[scope.buildNo, ...keys.map((_, i) => `k${i}`), "records", ...storedSums()].join(", ")} FROM (${inner})`;
}

function fromHours({ buildNo, from, to }: RollUpScope): string {
	const keys = "source_id, scope_id, model_id, tenant_id, status, context";
	const sums = SUMMED_COLUMNS.map((column) =>
		[
			`CASE WHEN count(${column}) + count(${column}_over) > 0 THEN`,
			`coalesce(${duckDbDialect.sum(column)}, 0) + coalesce(${duckDbDialect.sum(`${column}_over`)}, 0) END AS ${column},`,
			`sum(${column}_known)::BIGINT AS ${column}_known`,
		].join(" "),
	);
	const inner = [
		`SELECT date_trunc('day', t0) AS t0, ${keys}, sum(records)::BIGINT AS records, ${sums.join(", ")}`,
		`FROM usage_hour WHERE ${[`build_no = ${buildNo}`, ...within(from, to)].join(" AND ")} GROUP BY date_trunc('day', t0), ${keys}`,
	].join(" ");
	return `SELECT ${[buildNo, "t0", keys, "records", ...storedSums()].join(", ")} FROM (${inner})`;
}

/** Each sum in 64 bits, or else in the column for those that are over; and how many events know it. */
function storedSums(): string[] {
	return SUMMED_COLUMNS.map((column) => `${inBigint(column)}, ${column}_known, ${overBigint(column)}`);
}

function latency(column: string, metric: number, scope: RollUpScope): string {
	return [
		`SELECT ${scope.buildNo}, date_trunc('hour', u.t0), source.reduced_id, scope.reduced_id, u.model_id, ${metric},`,
		`${bucketSql(`u.${column}`, duckDbDialect)}, count(*) FROM usage_request u`,
		"JOIN dim_source source ON source.id = u.source_id JOIN dim_scope scope ON scope.id = u.scope_id",
		`WHERE u.${column} IS NOT NULL AND ${condition(scope)} GROUP BY 2, 3, 4, 5, 7`,
	].join(" ");
}

function condition({ afterSegment, throughSegment, from, to }: RollUpScope): string {
	return [`segment_no > ${afterSegment}`, `segment_no <= ${throughSegment}`, ...within(from, to)].join(" AND ");
}

function within(from: bigint | undefined, to: bigint | undefined, table = ""): string[] {
	return [
		...(from === undefined ? [] : [`${table}t0 >= make_timestamp(${from})`]),
		...(to === undefined ? [] : [`${table}t0 < make_timestamp(${to})`]),
	];
}
