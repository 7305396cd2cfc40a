import { TOKEN_CLASSES } from "../records/token-classes.ts";

/**
 * The tables of events, one description for the batch in memory, the frame in the spool and the columns of a store.
 * Events are only ever added. Texts that repeat are held once in a dimension and referred to by a number.
 */
export interface Table {
	readonly name: TableName;
	readonly columns: readonly Column[];
}

export type TableName = "usage_request" | "usage_window" | "capacity" | "price" | "charge";

export interface Column {
	readonly name: string;
	readonly type: ColumnType;
	/** The dimension that a `dim` column refers to. */
	readonly dimension?: DimensionName;
	readonly isNullable: boolean;
}

/** `i64` and `ts` (microseconds) hold 8 bytes, `i128` and `uuid` 16, `u8` 1, `f64` 8, `dim` 4; `text` is free. */
export type ColumnType = "i64" | "ts" | "i128" | "uuid" | "u8" | "f64" | "dim" | "text";

export const COLUMN_BYTES: Readonly<Record<ColumnType, number>> = {
	i64: 8,
	ts: 8,
	i128: 16,
	uuid: 16,
	u8: 1,
	f64: 8,
	dim: 4,
	text: 0,
};

export type DimensionName = "source" | "scope" | "model" | "tenant" | "gpu";

/** Members of each dimension, in the order of its key. An absent member is the empty text. */
export const DIMENSIONS: Readonly<Record<DimensionName, readonly string[]>> = {
	source: ["adapter", "adapter_version", "source_kind", "instance", "incarnation"],
	scope: ["cluster", "namespace", "pod", "role", "deployment", "dp_rank", "hardware"],
	model: ["served", "model", "precision", "lora", "tier"],
	tenant: ["org", "team", "user", "key"],
	gpu: ["gpu_uuid", "gpu_model", "node", "gpu_cluster", "mig"],
};

/** Members that roll-ups drop, since there are too many of them or they say little about cost. */
export const DROPPED_BY_ROLL_UPS: Readonly<Record<DimensionName, readonly string[]>> = {
	source: ["instance", "incarnation"],
	scope: ["pod", "dp_rank"],
	model: [],
	tenant: [],
	gpu: [],
};

/** Between the members of a key; no label may hold it. */
export const KEY_SEPARATOR = "\u0000";

export const TOKEN_COLUMNS: readonly string[] = TOKEN_CLASSES;
export const LATENCY_COLUMNS: readonly string[] = ["ttft_us", "itl_us", "tpot_us", "e2e_us"];

export const TABLES: Readonly<Record<TableName, Table>> = {
	usage_request: {
		name: "usage_request",
		columns: [
			column("t0", "ts"),
			column("dur_us", "i64"),
			dimension("source"),
			dimension("scope"),
			dimension("model"),
			dimension("tenant"),
			nullable("request_uuid", "uuid"),
			nullable("request_text", "text"),
			nullable("status", "u8"),
			...TOKEN_COLUMNS.map((name) => nullable(name, "i64")),
			...LATENCY_COLUMNS.map((name) => nullable(name, "i64")),
			nullable("more", "text"),
		],
	},
	usage_window: {
		name: "usage_window",
		columns: [
			column("t0", "ts"),
			column("dur_us", "i64"),
			dimension("source"),
			dimension("scope"),
			dimension("model"),
			dimension("tenant"),
			...TOKEN_COLUMNS.map((name) => nullable(name, "i64")),
			nullable("finished", "i64"),
			nullable("aborted", "i64"),
			nullable("errored", "i64"),
			nullable("coverage", "f64"),
			nullable("resets", "i64"),
			nullable("gaps", "i64"),
			nullable("more", "text"),
		],
	},
	capacity: {
		name: "capacity",
		columns: [
			column("t0", "ts"),
			column("dur_us", "i64"),
			dimension("source"),
			dimension("gpu"),
			{ ...dimension("scope"), isNullable: true },
			nullable("held_us", "i64"),
			nullable("busy_us", "i64"),
			nullable("energy_mj", "i64"),
			nullable("power_valid", "u8"),
			column("more", "text"),
		],
	},
	price: {
		name: "price",
		columns: [column("price_id", "text"), column("valid_from", "ts"), column("record", "text")],
	},
	charge: {
		name: "charge",
		columns: [
			column("t0", "ts"),
			column("t1", "ts"),
			column("billing_t0", "ts"),
			column("currency", "text"),
			column("billed_nano", "i128"),
			column("effective_nano", "i128"),
			column("category", "text"),
			column("record", "text"),
		],
	},
};

function column(name: string, type: ColumnType): Column {
	return { name, type, isNullable: false };
}

function nullable(name: string, type: ColumnType): Column {
	return { name, type, isNullable: true };
}

function dimension(name: DimensionName): Column {
	return { name: `${name}_id`, type: "dim", dimension: name, isNullable: false };
}
