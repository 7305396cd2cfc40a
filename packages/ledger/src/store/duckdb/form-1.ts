/**
 * The first form of the file. Never changed: later forms are steps of their own in `migrations.ts`. A test holds what all
 * steps together give against `table.ts`.
 *
 * `dim_*` hold each combination of labels once; `reduced_id` is the combination without what roll-ups drop. Roll-ups are
 * minutes without tenants for operations, hours and days with tenants for charging, and latency buckets by hour; their
 * rows are only added, one set for each build, and add up.
 */
export const FORM_1: readonly string[] = [
	`CREATE TABLE dim_source (
		id INTEGER NOT NULL, reduced_id INTEGER NOT NULL, adapter VARCHAR, adapter_version VARCHAR,
		source_kind VARCHAR, instance VARCHAR, incarnation VARCHAR
	)`,
	`CREATE TABLE dim_scope (
		id INTEGER NOT NULL, reduced_id INTEGER NOT NULL, cluster VARCHAR, namespace VARCHAR, pod VARCHAR,
		role VARCHAR, deployment VARCHAR, dp_rank VARCHAR, hardware VARCHAR
	)`,
	`CREATE TABLE dim_model (
		id INTEGER NOT NULL, reduced_id INTEGER NOT NULL, served VARCHAR, model VARCHAR, precision VARCHAR,
		lora VARCHAR, tier VARCHAR
	)`,
	`CREATE TABLE dim_tenant (
		id INTEGER NOT NULL, reduced_id INTEGER NOT NULL, org VARCHAR, team VARCHAR, "user" VARCHAR,
		"key" VARCHAR
	)`,
	`CREATE TABLE dim_gpu (
		id INTEGER NOT NULL, reduced_id INTEGER NOT NULL, gpu_uuid VARCHAR, gpu_model VARCHAR, node VARCHAR,
		gpu_cluster VARCHAR, mig VARCHAR
	)`,
	`CREATE TABLE usage_request (
		segment_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, dur_us BIGINT NOT NULL,
		source_id INTEGER NOT NULL, scope_id INTEGER NOT NULL, model_id INTEGER NOT NULL,
		tenant_id INTEGER NOT NULL, request_uuid UUID, request_text VARCHAR, status UTINYINT,
		in_total BIGINT, in_computed BIGINT, in_cached_local BIGINT, in_cached_remote BIGINT,
		in_transferred BIGINT, cache_write BIGINT, out_total BIGINT, out_reasoning BIGINT,
		draft_proposed BIGINT, draft_accepted BIGINT, ttft_us BIGINT, itl_us BIGINT, tpot_us BIGINT,
		e2e_us BIGINT, more VARCHAR
	)`,
	`CREATE TABLE usage_window (
		segment_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, dur_us BIGINT NOT NULL,
		source_id INTEGER NOT NULL, scope_id INTEGER NOT NULL, model_id INTEGER NOT NULL,
		tenant_id INTEGER NOT NULL, in_total BIGINT, in_computed BIGINT, in_cached_local BIGINT,
		in_cached_remote BIGINT, in_transferred BIGINT, cache_write BIGINT, out_total BIGINT,
		out_reasoning BIGINT, draft_proposed BIGINT, draft_accepted BIGINT, finished BIGINT, aborted BIGINT,
		errored BIGINT, coverage DOUBLE, resets BIGINT, gaps BIGINT, more VARCHAR
	)`,
	`CREATE TABLE capacity (
		segment_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, dur_us BIGINT NOT NULL,
		source_id INTEGER NOT NULL, gpu_id INTEGER NOT NULL, scope_id INTEGER, held_us BIGINT,
		busy_us BIGINT, energy_mj BIGINT, power_valid UTINYINT, more VARCHAR NOT NULL
	)`,
	`CREATE TABLE price (
		segment_no BIGINT NOT NULL, price_id VARCHAR NOT NULL, valid_from TIMESTAMP NOT NULL,
		record VARCHAR NOT NULL
	)`,
	`CREATE TABLE charge (
		segment_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, t1 TIMESTAMP NOT NULL,
		billing_t0 TIMESTAMP NOT NULL, currency VARCHAR NOT NULL, billed_nano HUGEINT NOT NULL,
		effective_nano HUGEINT NOT NULL, category VARCHAR NOT NULL, record VARCHAR NOT NULL
	)`,
	`CREATE TABLE segment (
		no BIGINT NOT NULL, id VARCHAR NOT NULL, origin VARCHAR NOT NULL, row_count BIGINT NOT NULL,
		byte_count BIGINT NOT NULL, loaded_at TIMESTAMP NOT NULL
	)`,
	`CREATE TABLE ingest_body (
		body_key VARCHAR NOT NULL, body_hash VARCHAR NOT NULL, segment_no BIGINT NOT NULL,
		loaded_at TIMESTAMP NOT NULL
	)`,
	`CREATE TABLE usage_minute (
		build_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, source_id INTEGER NOT NULL,
		scope_id INTEGER NOT NULL, model_id INTEGER NOT NULL, status UTINYINT, context UTINYINT,
		records BIGINT NOT NULL, in_total HUGEINT, in_total_known BIGINT NOT NULL, in_computed HUGEINT,
		in_computed_known BIGINT NOT NULL, in_cached_local HUGEINT, in_cached_local_known BIGINT NOT NULL,
		in_cached_remote HUGEINT, in_cached_remote_known BIGINT NOT NULL, in_transferred HUGEINT,
		in_transferred_known BIGINT NOT NULL, cache_write HUGEINT, cache_write_known BIGINT NOT NULL,
		out_total HUGEINT, out_total_known BIGINT NOT NULL, out_reasoning HUGEINT,
		out_reasoning_known BIGINT NOT NULL, draft_proposed HUGEINT, draft_proposed_known BIGINT NOT NULL,
		draft_accepted HUGEINT, draft_accepted_known BIGINT NOT NULL, out_context HUGEINT,
		out_context_known BIGINT NOT NULL, dur_us HUGEINT, dur_us_known BIGINT NOT NULL
	)`,
	`CREATE TABLE usage_hour (
		build_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, source_id INTEGER NOT NULL,
		scope_id INTEGER NOT NULL, model_id INTEGER NOT NULL, tenant_id INTEGER NOT NULL, status UTINYINT,
		context UTINYINT, records BIGINT NOT NULL, in_total HUGEINT, in_total_known BIGINT NOT NULL,
		in_computed HUGEINT, in_computed_known BIGINT NOT NULL, in_cached_local HUGEINT,
		in_cached_local_known BIGINT NOT NULL, in_cached_remote HUGEINT,
		in_cached_remote_known BIGINT NOT NULL, in_transferred HUGEINT, in_transferred_known BIGINT NOT NULL,
		cache_write HUGEINT, cache_write_known BIGINT NOT NULL, out_total HUGEINT,
		out_total_known BIGINT NOT NULL, out_reasoning HUGEINT, out_reasoning_known BIGINT NOT NULL,
		draft_proposed HUGEINT, draft_proposed_known BIGINT NOT NULL, draft_accepted HUGEINT,
		draft_accepted_known BIGINT NOT NULL, out_context HUGEINT, out_context_known BIGINT NOT NULL,
		dur_us HUGEINT, dur_us_known BIGINT NOT NULL
	)`,
	`CREATE TABLE usage_day (
		build_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, source_id INTEGER NOT NULL,
		scope_id INTEGER NOT NULL, model_id INTEGER NOT NULL, tenant_id INTEGER NOT NULL, status UTINYINT,
		context UTINYINT, records BIGINT NOT NULL, in_total HUGEINT, in_total_known BIGINT NOT NULL,
		in_computed HUGEINT, in_computed_known BIGINT NOT NULL, in_cached_local HUGEINT,
		in_cached_local_known BIGINT NOT NULL, in_cached_remote HUGEINT,
		in_cached_remote_known BIGINT NOT NULL, in_transferred HUGEINT, in_transferred_known BIGINT NOT NULL,
		cache_write HUGEINT, cache_write_known BIGINT NOT NULL, out_total HUGEINT,
		out_total_known BIGINT NOT NULL, out_reasoning HUGEINT, out_reasoning_known BIGINT NOT NULL,
		draft_proposed HUGEINT, draft_proposed_known BIGINT NOT NULL, draft_accepted HUGEINT,
		draft_accepted_known BIGINT NOT NULL, out_context HUGEINT, out_context_known BIGINT NOT NULL,
		dur_us HUGEINT, dur_us_known BIGINT NOT NULL
	)`,
	`CREATE TABLE latency_hour (
		build_no BIGINT NOT NULL, t0 TIMESTAMP NOT NULL, source_id INTEGER NOT NULL,
		scope_id INTEGER NOT NULL, model_id INTEGER NOT NULL, metric UTINYINT NOT NULL,
		bucket INTEGER NOT NULL, n BIGINT NOT NULL
	)`,
	`CREATE TABLE roll_up (
		build_no BIGINT NOT NULL, through_segment BIGINT NOT NULL, built_at TIMESTAMP NOT NULL
	)`,
	`CREATE TABLE retention (
		kept_since TIMESTAMP NOT NULL, dropped BIGINT NOT NULL, dropped_at TIMESTAMP NOT NULL
	)`,
];
