import { contextSql } from "../query/usage-query.ts";
import { SUMMED_COLUMNS } from "../query/usage-question.ts";
import { duckDbDialect } from "../query/dialect.ts";
import { bucketSql } from "../query/latency-bucket.ts";
import { LATENCY_COLUMNS } from "../table.ts";

/** Which events enter a build: those of some segments, or of one day of already built ones. */
export interface RollUpScope {
	readonly buildNo: bigint;
	readonly afterSegment: bigint;
	readonly throughSegment: bigint;
	/** Microseconds; absent: any time. */
	readonly from?: bigint;
	readonly to?: bigint;
}

/** Statements that add the roll-up of some events, in order: days are summed from the hours just added. */
export function rollUpStatements(scope: RollUpScope): string[] {
	return [
		`INSERT INTO usage_minute ${fromEvents("minute", false, scope)}`,
		`INSERT INTO usage_hour ${fromEvents("hour", true, scope)}`,
		`INSERT INTO usage_day ${fromHours(scope)}`,
		...LATENCY_COLUMNS.map((column, metric) => `INSERT INTO latency_hour ${latency(column, metric, scope)}`),
	];
}

/** Statements that take the roll-ups of one day out, before it is built anew. */
export function dropDayStatements(from: bigint, to: bigint): string[] {
	return ["usage_minute", "usage_hour", "usage_day", "latency_hour"].map(
		(table) => `DELETE FROM ${table} WHERE t0 >= make_timestamp(${from}) AND t0 < make_timestamp(${to})`,
	);
}

function fromEvents(step: "minute" | "hour", isByTenant: boolean, scope: RollUpScope): string {
	const keys = ["t0", "source_id", "scope_id", "model_id", ...(isByTenant ? ["tenant_id"] : []), "status", "context"];
	const sums = SUMMED_COLUMNS.flatMap((column) => {
		const value = column === "out_context" ? duckDbDialect.product("out_total", "in_total") : column;
		const known = column === "out_context" ? "out_total + in_total" : column;
		return [`${duckDbDialect.sum(value)} AS ${column}`, `count(${known}) AS ${column}_known`];
	});
	const inner = [
		`SELECT date_trunc('${step}', t0) AS t0, source_id, scope_id, model_id${isByTenant ? ", tenant_id" : ""}, status,`,
		`${contextSql("in_total")} AS context, count(*) AS records, ${sums.join(", ")}`,
		`FROM usage_request WHERE ${condition(scope)} GROUP BY ALL`,
	].join(" ");
	return reduced(keys, inner, scope);
}

/** Second step: the numbers of labels that roll-ups drop become those of what is left. */
function reduced(keys: readonly string[], inner: string, { buildNo }: RollUpScope): string {
	const columns = keys.map((key) =>
		key === "source_id" ? "source.reduced_id" : key === "scope_id" ? "scope.reduced_id" : `p.${key}`,
	);
	const sums = SUMMED_COLUMNS.flatMap((column) => [duckDbDialect.sum(`p.${column}`), `sum(p.${column}_known)::BIGINT`]);
	return [
		`SELECT ${buildNo}, ${columns.join(", ")}, sum(p.records)::BIGINT, ${sums.join(", ")} FROM (${inner}) p`,
		"JOIN dim_source source ON source.id = p.source_id JOIN dim_scope scope ON scope.id = p.scope_id",
		`GROUP BY ${columns.join(", ")}`,
	].join(" ");
}

function fromHours({ buildNo, from, to }: RollUpScope): string {
	const keys = "source_id, scope_id, model_id, tenant_id, status, context";
	const sums = SUMMED_COLUMNS.flatMap((column) => [duckDbDialect.sum(column), `sum(${column}_known)::BIGINT`]);
	return [
		`SELECT ${buildNo}, date_trunc('day', t0), ${keys}, sum(records)::BIGINT, ${sums.join(", ")}`,
		`FROM usage_hour WHERE ${[`build_no = ${buildNo}`, ...within(from, to)].join(" AND ")} GROUP BY date_trunc('day', t0), ${keys}`,
	].join(" ");
}

function latency(column: string, metric: number, scope: RollUpScope): string {
	return [
		`SELECT ${scope.buildNo}, p.t0, source.reduced_id, scope.reduced_id, p.model_id, ${metric}, p.bucket, sum(p.n)::BIGINT`,
		`FROM (SELECT date_trunc('hour', t0) AS t0, source_id, scope_id, model_id, ${bucketSql(column, duckDbDialect)} AS bucket,`,
		`count(*) AS n FROM usage_request WHERE ${column} IS NOT NULL AND ${condition(scope)} GROUP BY ALL) p`,
		"JOIN dim_source source ON source.id = p.source_id JOIN dim_scope scope ON scope.id = p.scope_id",
		"GROUP BY p.t0, source.reduced_id, scope.reduced_id, p.model_id, p.bucket",
	].join(" ");
}

function condition({ afterSegment, throughSegment, from, to }: RollUpScope): string {
	return [`segment_no > ${afterSegment}`, `segment_no <= ${throughSegment}`, ...within(from, to)].join(" AND ");
}

function within(from: bigint | undefined, to: bigint | undefined): string[] {
	return [
		...(from === undefined ? [] : [`t0 >= make_timestamp(${from})`]),
		...(to === undefined ? [] : [`t0 < make_timestamp(${to})`]),
	];
}
