import { SUMMED_COLUMNS } from "../query/usage-question.ts";

/**
 * Roll-ups: minutes without tenants for operations, hours and days with tenants for charging, and latency buckets by
 * hour. Rows are only added, one set for each build, and add up; `build_no` tells them apart.
 */
export function rollUpTables(): string[] {
	const sums = SUMMED_COLUMNS.flatMap((column) => [`${column} HUGEINT`, `${column}_known BIGINT NOT NULL`]).join(", ");
	const keys =
		"build_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, source_id INTEGER NOT NULL, scope_id INTEGER NOT NULL, model_id INTEGER NOT NULL";
	const tail = `status UTINYINT, context UTINYINT, records BIGINT NOT NULL, ${sums}`;
	return [
		`CREATE TABLE usage_minute (${keys}, ${tail})`,
		`CREATE TABLE usage_hour (${keys}, tenant_id INTEGER NOT NULL, ${tail})`,
		`CREATE TABLE usage_day (${keys}, tenant_id INTEGER NOT NULL, ${tail})`,
		`CREATE TABLE latency_hour (${keys}, metric UTINYINT NOT NULL, bucket INTEGER NOT NULL, n BIGINT NOT NULL)`,
		`CREATE TABLE roll_up (build_no BIGINT NOT NULL, through_segment BIGINT NOT NULL, built_at TIMESTAMP NOT NULL)`,
	];
}
