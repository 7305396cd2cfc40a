/**
 * Windows and samples of a file that came before from another one, as where a file was encoded anew, has grown or was cut
 * short. They bear no id: what they say is their identity.
 */
import { MICROS_PER_HOUR } from "../../records/units.ts";
import { TABLES } from "../table.ts";
import type { AlikeQuestion } from "./alike-query.ts";
import type { Dialect, Query } from "./dialect.ts";
import { Parameters } from "./dialect.ts";
import { slicesOf } from "./slices.ts";

export type SameTable = "usage_window" | "capacity";

export interface Same {
	/** Dropped, since an equal one came before. */
	readonly windows: number;
	readonly samples: number;
	/** Windows that equal one of another file and name nothing that tells one engine from the next: kept. */
	readonly suspected: number;
}

/** `remove` deletes the rows that a query names by segment and place, and gives how many. */
export async function dropSameOf(
	ask: (query: Query) => Promise<readonly (readonly unknown[])[]>,
	remove: (table: SameTable, rows: Query) => Promise<number>,
	question: AlikeQuestion,
	dialect: Dialect,
): Promise<Same> {
	const dropped = { usage_window: 0, capacity: 0 };
	let suspected = 0;
	for (const table of ["usage_window", "capacity"] as const) {
		const parameters = new Parameters(dialect);
		const own = dialect.startsWith("id", parameters.text(`${question.file}:`));
		const hours = await ask({
			sql: `SELECT ${dialect.stepOf("t0", MICROS_PER_HOUR)} AS hour, count(*) FROM ${table}
				WHERE segment_no IN (SELECT no FROM segment WHERE ${own}) GROUP BY 1 ORDER BY 1`,
			parameters: parameters.values,
		});
		const counted = hours.map(([hour, n]) => [BigInt(Number(hour)), BigInt(Number(n))] as const);
		for (const slice of slicesOf(counted)) {
			if (table === "usage_window") {
				const { sql, parameters: values } = sameQuery(table, slice, question, false, dialect);
				const [[n] = []] = await ask({ sql: `SELECT count(*) FROM (${sql}) rows_kept`, parameters: values });
				suspected += Number(n);
			}
			dropped[table] += await remove(table, sameQuery(table, slice, question, true, dialect));
		}
	}
	return { windows: dropped.usage_window, samples: dropped.capacity, suspected };
}

/**
 * Rows of the file, by `segment_no` and `row_no`, that equal rows of other files in every column: of equal rows there stay as
 * many as the file with most of them has, since within one file they are records of their own.
 */
function sameQuery(
	table: SameTable,
	[first, last]: readonly [bigint, bigint],
	{ file, without }: AlikeQuestion,
	isIdentified: boolean,
	dialect: Dialect,
): Query {
	const parameters = new Parameters(dialect);
	const isOwn = dialect.startsWith("g.id", parameters.text(`${file}:`));
	const columns = TABLES[table].columns.filter(({ name }) => name !== "source_id").map(({ name }) => name);
	const keys = [...columns, ...SOURCE].join(", ");
	const from = parameters.instant(Number(first) * MICROS_PER_HOUR);
	const to = parameters.instant(Number(last + 1n) * MICROS_PER_HOUR);
	const left = without.map((each) => `AND NOT ${dialect.startsWith("g.id", parameters.text(`${each}:`))}`).join(" ");
	const rows = `SELECT u.segment_no AS segment_no, u.${dialect.rowNumber} AS row_no, ${isOwn} AS is_own,
		${columns.map((name) => `u.${name} AS ${name}`).join(", ")},
		source.adapter AS adapter, source.adapter_version AS adapter_version, source.source_kind AS source_kind,
		nullif(source.instance, g.origin) AS instance, source.incarnation AS incarnation
		FROM ${table} u JOIN dim_source source ON source.id = u.source_id
		JOIN (SELECT no, min(id) AS id, min(origin) AS origin FROM segment GROUP BY no) g ON g.no = u.segment_no
		WHERE u.t0 >= ${from} AND u.t0 < ${to} ${left}`;
	const placed = `SELECT *, row_number() OVER (PARTITION BY is_own, ${keys} ORDER BY segment_no, row_no) AS place,
		sum(CASE WHEN is_own THEN 0 ELSE 1 END) OVER (PARTITION BY ${keys}) AS others FROM (${rows}) same_rows`;
	const which = table === "capacity" ? "" : `AND ${isIdentified ? "" : "NOT "}(${IDENTIFIED})`;
	return {
		sql: `SELECT segment_no, row_no FROM (${placed}) same_placed WHERE is_own AND place <= others ${which}`,
		parameters: parameters.values,
	};
}

/** Of the source all but the name of the file, where that stands for an engine: the same file may come under another name. */
const SOURCE = ["adapter", "adapter_version", "source_kind", "instance", "incarnation"] as const;

/**
 * Two engines that say no name, or two accounts, can count the same tokens in the same hour. What cannot be equal by chance: a
 * name of the engine or of who asked, the time of a run, latencies summed to the microsecond.
 */
const IDENTIFIED = `source_kind = 'benchmark' OR instance IS NOT NULL
	OR scope_id IN (SELECT id FROM dim_scope WHERE coalesce(cluster, pod, deployment) IS NOT NULL)
	OR tenant_id IN (SELECT id FROM dim_tenant WHERE coalesce(org, team, "user", "key") IS NOT NULL)
	OR coalesce(more, '') LIKE '%"latency":%'`;
