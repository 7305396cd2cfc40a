import type { Instant } from "../../records/units.ts";
import { LATENCY_METRICS, type LatencyMetric } from "../../records/usage.ts";
import { LATENCY_COLUMNS } from "../table.ts";
import { labelOf, wholeOf } from "./cell.ts";
import { cover } from "./cover.ts";
import { Parameters, type Dialect, type Query } from "./dialect.ts";
import { bucketSql } from "./latency-bucket.ts";
import type { UsageSources } from "./usage-query.ts";

/** How requests of [from, to) are spread over latencies. */
export interface LatencyQuestion {
	readonly from: Instant;
	readonly to: Instant;
	readonly metric: LatencyMetric;
	readonly by: readonly LatencyDimension[];
	readonly detail?: "auto" | "raw";
}
export type LatencyDimension = "served" | "model" | "deployment" | "hardware" | "source_kind";

export interface LatencySpread {
	readonly keys: Readonly<Partial<Record<LatencyDimension, string | null>>>;
	/** Observations by bucket: see `quantileOfBuckets`. */
	readonly counts: ReadonlyMap<number, bigint>;
}

export interface LatencyQuery extends Query {
	/** The earliest instant from which events older than the roll-ups are read; absent where none are. */
	readonly rawFrom: number | undefined;
	readonly read: (rows: readonly (readonly unknown[])[]) => LatencySpread[];
}

/** Counts by latency bucket and labels: from the hours of the roll-up, and from events at the ends. */
export function latencyQuery(question: LatencyQuestion, sources: UsageSources, dialect: Dialect): LatencyQuery {
	const parameters = new Parameters(dialect);
	const metric = LATENCY_METRICS.indexOf(question.metric);
	const column = LATENCY_COLUMNS[metric] as string;
	const { from, to, by } = question;
	const raw = (piece: { from: number; to: number }, segments: string): string =>
		[
			`SELECT source_id, scope_id, model_id, ${bucketSql(column, dialect)} AS bucket, count(*) AS n FROM usage_request`,
			`WHERE ${column} IS NOT NULL AND t0 >= ${parameters.instant(piece.from)} AND t0 < ${parameters.instant(piece.to)}${segments} GROUP BY 1, 2, 3, 4`,
		].join(" ");
	const rolledUp = question.detail === "raw" ? undefined : sources.rolledUp;
	const pieces = rolledUp === undefined ? [{ grain: "raw", from, to } as const] : cover(from, to, ["hour"]);
	const rawFrom = pieces.find(({ grain }) => grain === "raw")?.from;
	const relations =
		rolledUp === undefined
			? [raw({ from, to }, "")]
			: [
					...pieces.map((piece) =>
						piece.grain === "raw"
							? raw(piece, ` AND ${rolledUp.held(parameters)}`)
							: `SELECT source_id, scope_id, model_id, bucket, n FROM latency_hour WHERE metric = ${metric} AND t0 >= ${parameters.instant(piece.from)} AND t0 < ${parameters.instant(piece.to)}${rolledUp.rows === undefined ? "" : ` AND ${rolledUp.rows}`}`,
					),
					raw({ from, to }, ` AND ${rolledUp.after(parameters)}`),
				];
	const labels = by.map((dimension) => `${TABLES[dimension]}.${dialect.identifier(dimension)}`);
	const positions = ["1", ...labels.map((_, i) => String(i + 2))];
	const sql = [
		`SELECT ${["p.bucket", ...labels, dialect.sum("p.n")].join(", ")} FROM (${relations.join(" UNION ALL ")}) p`,
		"JOIN dim_source source ON source.id = p.source_id JOIN dim_scope scope ON scope.id = p.scope_id",
		`JOIN dim_model model ON model.id = p.model_id GROUP BY ${positions.join(", ")} ORDER BY ${positions.join(", ")}`,
	].join("\n");
	return { sql, parameters: parameters.values, rawFrom, read: (rows) => readSpreads(rows, by) };
}

const TABLES: Readonly<Record<LatencyDimension, string>> = {
	served: "model",
	model: "model",
	deployment: "scope",
	hardware: "scope",
	source_kind: "source",
};

function readSpreads(rows: readonly (readonly unknown[])[], by: readonly LatencyDimension[]): LatencySpread[] {
	const spreads = new Map<string, { keys: LatencySpread["keys"]; counts: Map<number, bigint> }>();
	for (const [bucket, ...rest] of rows) {
		const labels = rest.slice(0, by.length).map(labelOf);
		const name = JSON.stringify(labels);
		const keys = Object.fromEntries(by.map((dimension, i) => [dimension, labels[i] ?? null]));
		const spread = spreads.get(name) ?? { keys, counts: new Map<number, bigint>() };
		spread.counts.set(Number(bucket), wholeOf(rest[by.length]));
		spreads.set(name, spread);
	}
	return [...spreads.values()];
}
