import type { TableForm } from "./table-form.ts";

const DAYS = "toYYYYMM(t0)";
const EVENT = "segment_no UInt64, row_no UInt32, t0 DateTime64(6, 'UTC')";
const LABELS = "source_id UInt64, scope_id UInt64, model_id UInt64, tenant_id UInt64";
const TOKENS =
	"in_total Nullable(Int64), in_computed Nullable(Int64), in_cached_local Nullable(Int64), in_cached_remote Nullable(Int64), in_transferred Nullable(Int64), cache_write Nullable(Int64), out_total Nullable(Int64), out_reasoning Nullable(Int64), draft_proposed Nullable(Int64), draft_accepted Nullable(Int64)";
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
]
	.map((sum) => `${sum} Nullable(Int128), ${sum}_known Int64`)
	.join(", ");
const ROLL_UP = "build_no UInt64, t0 DateTime64(6, 'UTC')";
const AT = "DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')";

/**
 * The first form of a ClickHouse ledger. Never changed: later forms are steps of their own in `migrations.ts`. A test holds
 * what all steps together give against `table.ts`.
 *
 * `dim_*` may hold a combination of labels twice, since several servers write: a view of the name without `_row` gives each
 * once. A row of an event is known by its segment and its place in it. Rows of roll-ups count where `roll_up` says so,
 * day by day: `is_day` rows name the builds of a day, the others the segments that a build holds.
 */
export const FORM_1: readonly TableForm[] = [
	dimension("source", ["adapter", "adapter_version", "source_kind", "instance", "incarnation"]),
	dimension("scope", ["cluster", "namespace", "pod", "role", "deployment", "dp_rank", "hardware"]),
	dimension("model", ["served", "model", "precision", "lora", "tier"]),
	dimension("tenant", ["org", "team", "user", "key"]),
	dimension("gpu", ["gpu_uuid", "gpu_model", "node", "gpu_cluster", "mig"]),
	{
		name: "usage_request",
		columns: `${EVENT}, dur_us Int64, ${LABELS}, request_uuid Nullable(UUID), request_text Nullable(String), status Nullable(UInt8), ${TOKENS}, ttft_us Nullable(Int64), itl_us Nullable(Int64), tpot_us Nullable(Int64), e2e_us Nullable(Int64), more Nullable(String)`,
		partition: DAYS,
		order: "toStartOfHour(t0), model_id, tenant_id, t0",
		// Requests of one id lie together, so that a server finds by itself those that came twice.
		shard:
			"cityHash64(ifNull(toString(request_uuid), ''), ifNull(request_text, ''), if(request_uuid IS NULL AND request_text IS NULL, row_no, 0))",
	},
	{
		name: "usage_window",
		columns: `${EVENT}, dur_us Int64, ${LABELS}, ${TOKENS}, finished Nullable(Int64), aborted Nullable(Int64), errored Nullable(Int64), coverage Nullable(Float64), resets Nullable(Int64), gaps Nullable(Int64), more Nullable(String)`,
		partition: DAYS,
		order: "toStartOfHour(t0), model_id, t0",
		shard: "cityHash64(source_id, scope_id, model_id, t0)",
	},
	{
		name: "capacity",
		columns: `${EVENT}, dur_us Int64, source_id UInt64, gpu_id UInt64, scope_id Nullable(UInt64), held_us Nullable(Int64), busy_us Nullable(Int64), energy_mj Nullable(Int64), power_valid Nullable(UInt8), more String`,
		partition: DAYS,
		order: "toStartOfHour(t0), gpu_id, t0",
		shard: "cityHash64(gpu_id, t0)",
	},
	{
		name: "price",
		columns: "segment_no UInt64, row_no UInt32, price_id String, valid_from DateTime64(6, 'UTC'), record String",
		order: "valid_from, price_id",
	},
	{
		name: "charge",
		columns:
			"segment_no UInt64, row_no UInt32, t0 DateTime64(6, 'UTC'), t1 DateTime64(6, 'UTC'), billing_t0 DateTime64(6, 'UTC'), currency String, billed_nano Int128, effective_nano Int128, category String, record String",
		order: "t0",
	},
	{
		name: "segment",
		columns: `no UInt64, id String, origin String, row_count Int64, byte_count Int64, loaded_at ${AT}`,
		partition: "toYYYYMM(loaded_at)",
		order: "id",
	},
	{
		name: "ingest_body",
		columns: `body_key String, body_hash String, segment_no UInt64, loaded_at ${AT}`,
		partition: "toYYYYMM(loaded_at)",
		order: "loaded_at",
	},
	{
		name: "usage_minute",
		columns: `${ROLL_UP}, source_id UInt64, scope_id UInt64, model_id UInt64, status Nullable(UInt8), context Nullable(UInt8), records Int64, ${SUMS}`,
		partition: DAYS,
		order: "t0, model_id",
		shard: "cityHash64(source_id, scope_id, model_id, t0)",
	},
	{
		name: "usage_hour",
		columns: `${ROLL_UP}, ${LABELS}, status Nullable(UInt8), context Nullable(UInt8), records Int64, ${SUMS}`,
		partition: DAYS,
		order: "t0, model_id, tenant_id",
		shard: "cityHash64(scope_id, model_id, tenant_id, t0)",
	},
	{
		name: "usage_day",
		columns: `${ROLL_UP}, ${LABELS}, status Nullable(UInt8), context Nullable(UInt8), records Int64, ${SUMS}`,
		partition: DAYS,
		order: "t0, model_id, tenant_id",
		shard: "cityHash64(scope_id, model_id, tenant_id, t0)",
	},
	{
		name: "latency_hour",
		columns: `${ROLL_UP}, source_id UInt64, scope_id UInt64, model_id UInt64, metric UInt8, bucket Int64, n Int64`,
		partition: DAYS,
		order: "metric, t0, model_id",
		shard: "cityHash64(source_id, scope_id, model_id, t0)",
	},
	{
		name: "roll_up",
		columns: `commit_no UInt64, build_no UInt64, is_day UInt8, segment_no UInt64, day Date, is_retired UInt8, settled_before DateTime64(6, 'UTC'), built_at ${AT}`,
		order: "is_day, commit_no",
	},
	{ name: "repeated", columns: "run_no UInt64, segment_no UInt64, row_no UInt32", order: "run_no" },
	{
		name: "retention",
		columns: `kept_since DateTime64(6, 'UTC'), dropped Int64, dropped_at ${AT}`,
		order: "kept_since",
	},
];

function dimension(name: string, members: readonly string[]): TableForm {
	const texts = members.map((member) => `\`${member}\` Nullable(String)`).join(", ");
	return {
		name: `dim_${name}_row`,
		columns: `id UInt64, reduced_id UInt64, ${texts}`,
		order: "id",
		isReplacing: true,
		view: { name: `dim_${name}`, select: "SELECT DISTINCT * FROM" },
	};
}
