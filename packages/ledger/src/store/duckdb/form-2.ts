import { inBigint, overBigint } from "./sum-columns.ts";

/**
 * The second form: sums of roll-ups in 64 bits. DuckDB unpacks numbers of 128 bits a hundred times slower, and all sums
 * but those of hostile numbers fit; one that does not stands in `*_over`, where nothing else stands. Never changed.
 */
const SUMS = [
	"in_total",
	"in_computed",
	"in_cached_local",
	"in_cached_remote",
	"in_transferred",
	"cache_write",
	"out_total",
	"out_reasoning",
	"draft_proposed",
	"draft_accepted",
	"out_context",
	"dur_us",
];
const KEYS: Readonly<Record<string, string>> = {
	usage_minute: "build_no, t0, source_id, scope_id, model_id, status, context, records",
	usage_hour: "build_no, t0, source_id, scope_id, model_id, tenant_id, status, context, records",
	usage_day: "build_no, t0, source_id, scope_id, model_id, tenant_id, status, context, records",
};

export const FORM_2: readonly string[] = Object.entries(KEYS).flatMap(([table, keys]) => [
	`CREATE TABLE ${table}_64 AS SELECT ${keys}, ${SUMS.map(
		(sum) => `${inBigint(sum)} AS ${sum}, ${sum}_known, ${overBigint(sum)} AS ${sum}_over`,
	).join(", ")} FROM ${table}`,
	`DROP TABLE ${table}`,
	`ALTER TABLE ${table}_64 RENAME TO ${table}`,
]);
