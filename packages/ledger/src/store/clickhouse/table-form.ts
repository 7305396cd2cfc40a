/** A table, and how a cluster keeps it. */
export interface TableForm {
	readonly name: string;
	readonly columns: string;
	readonly order: string;
	readonly partition?: string;
	/** A whole number that decides on which shard a row is; absent: the first shard holds the whole table. */
	readonly shard?: string;
	/** Rows of one key become one in time. */
	readonly isReplacing?: boolean;
	/** What is asked in the place of the table. */
	readonly view?: { readonly name: string; readonly select: string };
}

/**
 * `single`: tables of one server. `sharded`: tables of each server, `NAME_local`, behind Distributed tables that write to all
 * replicas of a shard. `replicated`: the same with tables that replicate themselves by Keeper; not tried.
 */
export type Layout =
	| { readonly kind: "single"; readonly database: string }
	| { readonly kind: "sharded" | "replicated"; readonly database: string; readonly cluster: string };

/** Blocks whose tokens a table remembers, so that one that is sent again is not stored again. */
const REMEMBERED_BLOCKS = 100_000;

/** Statements that make a table on one server; each does nothing where it is done. */
export function createStatements(form: TableForm, layout: Layout): string[] {
	const local = localName(form.name, layout);
	const statements = [
		`CREATE TABLE IF NOT EXISTS ${local} (${form.columns}) ENGINE = ${engineOf(form, local, layout)}${form.partition === undefined ? "" : ` PARTITION BY ${form.partition}`} ORDER BY (${form.order}) SETTINGS ${settingsOf(layout)}`,
	];
	if (layout.kind !== "single") {
		const target = `'${layout.cluster}', '${layout.database}', '${local}', ${form.shard ?? "0"}`;
		statements.push(
			`CREATE TABLE IF NOT EXISTS ${form.name} AS ${local} ENGINE = Distributed(${target}) SETTINGS fsync_after_insert = 1, fsync_directories = 1`,
		);
	}
	if (form.view !== undefined) {
		statements.push(`CREATE VIEW IF NOT EXISTS ${form.view.name} AS ${form.view.select} ${form.name}`);
	}
	return statements;
}

/** The table on a server itself, which is what can be changed. */
export function localName(table: string, { kind }: Layout): string {
	return kind === "single" ? table : `${table}_local`;
}

function engineOf({ isReplacing = false }: TableForm, local: string, { kind }: Layout): string {
	const family = isReplacing ? "ReplacingMergeTree" : "MergeTree";
	if (kind !== "replicated") return family;
	return `Replicated${family}('/clickhouse/tables/{shard}/{database}/${local}', '{replica}')`;
}

function settingsOf({ kind }: Layout): string {
	const window = kind === "replicated" ? "replicated_deduplication_window" : "non_replicated_deduplication_window";
	return `${window} = ${REMEMBERED_BLOCKS}, fsync_after_insert = 1, fsync_part_directory = 1`;
}
