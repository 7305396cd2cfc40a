import type { Instant } from "../../records/units.ts";
import { labelOf, wholeOf } from "./cell.ts";
import { cutSql } from "./cut-spans.ts";
import { Parameters, type Dialect, type Query } from "./dialect.ts";
import { intervalEdges } from "./usage-query.ts";
import type { ColumnSum } from "./usage-question.ts";

export const CAPACITY_DIMENSIONS = [
	"gpu_uuid",
	"gpu_model",
	"node",
	"gpu_cluster",
	"mig",
	"namespace",
	"deployment",
	"role",
	"hardware",
	"held",
] as const;
export type CapacityDimension = (typeof CAPACITY_DIMENSIONS)[number];

/** GPU time and energy in [from, to): of a sample that reaches out of it, or over an edge, its part by time. `held` is `true` where someone held the GPU. */
export interface CapacityQuestion {
	readonly from: Instant;
	readonly to: Instant;
	readonly by: readonly CapacityDimension[];
	readonly edges?: readonly Instant[];
}

export interface CapacitySum {
	readonly keys: Readonly<Partial<Record<CapacityDimension, string | null>>>;
	readonly from: Instant;
	readonly to: Instant;
	readonly records: bigint;
	/** `dur_us`: time of the samples; `held_us`, `busy_us`: GPU microseconds; `energy_mj`: millijoules. */
	readonly sums: Readonly<Record<CapacityColumn, ColumnSum>>;
}

export const CAPACITY_COLUMNS = ["dur_us", "held_us", "busy_us", "energy_mj"] as const;
export type CapacityColumn = (typeof CAPACITY_COLUMNS)[number];

export interface CapacityQuery extends Query {
	readonly read: (row: readonly unknown[]) => CapacitySum;
}

/** Integer sums of capacity by labels and intervals. */
export function capacityQuery(question: CapacityQuestion, dialect: Dialect): CapacityQuery {
	const parameters = new Parameters(dialect);
	const edges = intervalEdges(question);
	const inner = edges.slice(1, -1);
	const intervalOf = (at: string): string => {
		if (inner.length === 0) return "0";
		return `CASE ${inner.map((edge, i) => `WHEN ${at} < ${edge} THEN ${i}`).join(" ")} ELSE ${inner.length} END`;
	};
	const start = dialect.micros("w.t0");
	const last = `${start} + greatest(w.dur_us, 1) - 1`;
	const [from, to] = [parameters.instant(question.from), parameters.instant(question.to)];
	const isWhole = `w.t0 >= ${from} AND ${last} < ${question.to} AND ${intervalOf(start)} = ${intervalOf(last)}`;
	// Nearly all samples lie within one interval: only the others are cut.
	const relation = [
		`SELECT ${[`${intervalOf(start)} AS edge`, ...SAMPLE, ...CAPACITY_COLUMNS].join(", ")} FROM capacity w WHERE w.t0 < ${to} AND ${isWhole}`,
		`SELECT ${["edge", ...SAMPLE, ...CAPACITY_COLUMNS].join(", ")} FROM ${cutSql({ table: "capacity", kept: SAMPLE, shared: CAPACITY_COLUMNS.slice(1), edges, where: `NOT (${isWhole})` }, dialect)}`,
	];
	const labels = question.by.map((dimension) => labelSql(dimension, dialect));
	const positions = ["1", ...labels.map((_, i) => String(i + 2))];
	const sums = CAPACITY_COLUMNS.flatMap((column) => [dialect.sum(`c.${column}`), `count(c.${column})`]);
	const sql = [
		`SELECT ${["c.edge", ...labels, "count(*)", ...sums].join(", ")}`,
		`FROM (${relation.join(" UNION ALL ")}) c`,
		"JOIN dim_gpu gpu ON gpu.id = c.gpu_id LEFT JOIN dim_scope scope ON scope.id = c.scope_id",
		`GROUP BY ${positions.join(", ")} ORDER BY ${positions.join(", ")}`,
	].join("\n");
	return { sql, parameters: parameters.values, read: (row) => readSum(row, question, edges) };
}

const SAMPLE = ["gpu_id", "scope_id"] as const;

function labelSql(dimension: CapacityDimension, dialect: Dialect): string {
	if (dimension === "held") return "CASE WHEN c.scope_id IS NULL THEN 'false' ELSE 'true' END";
	const isOfHolder = ["namespace", "deployment", "role", "hardware"].includes(dimension);
	return `${isOfHolder ? "scope" : "gpu"}.${dialect.identifier(dimension)}`;
}

function readSum(row: readonly unknown[], question: CapacityQuestion, edges: readonly Instant[]): CapacitySum {
	const [interval, ...rest] = row;
	const labels = rest.slice(0, question.by.length);
	const [records, ...figures] = rest.slice(question.by.length);
	const keys = question.by.map((dimension, i) => [dimension, labelOf(labels[i])]);
	const sums = CAPACITY_COLUMNS.map((column, i) => [
		column,
		{ sum: wholeOf(figures[i * 2]), known: wholeOf(figures[i * 2 + 1]) },
	]);
	const at = Number(interval);
	return {
		keys: Object.fromEntries(keys) as CapacitySum["keys"],
		from: edges[at] as Instant,
		to: edges[at + 1] as Instant,
		records: wholeOf(records),
		sums: Object.fromEntries(sums) as CapacitySum["sums"],
	};
}
