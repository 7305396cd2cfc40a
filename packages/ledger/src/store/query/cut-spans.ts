import type { Instant } from "../../records/units.ts";
import { GRAIN_MICROS } from "./cover.ts";
import type { Dialect } from "./dialect.ts";
import type { TimeStep } from "./usage-question.ts";

export interface Cut {
	readonly table: string;
	/** Columns that every piece keeps. */
	readonly kept: readonly string[];
	/** Whole numbers that are shared among the pieces by time. */
	readonly shared: readonly string[];
	/** Bounds of the intervals, the first and the last being those of the time asked for. */
	readonly edges: readonly Instant[];
	readonly step?: TimeStep | undefined;
	/** Over `w`, to look only at some. */
	readonly where?: string;
}

/**
 * Records of a length, cut where an interval or a step ends: a relation with the columns of the table, each piece with its own
 * `t0` and `dur_us`, and `edge`, the number of its interval. A whole number is shared by time, each piece getting what the running total gains,
 * so that the pieces of a record add up to it. What lies outside of the edges is left out.
 */
export function cutSql({ table, kept, shared, edges, step, where }: Cut, dialect: Dialect): string {
	const start = dialect.micros("w.t0");
	const length = "greatest(w.dur_us, 1)";
	const [from, to] = [edges[0] as number, edges.at(-1) as number];
	const inTime = `${start} < ${to} AND ${start} + ${length} > ${from}${where === undefined ? "" : ` AND ${where}`}`;
	const unit = step === undefined ? undefined : GRAIN_MICROS[step];
	const place = (at: string): string => dialect.quotient(at, String(unit));
	const first = place(`greatest(${start}, ${from})`);
	const last = place(`(least(${start} + ${length}, ${to}) - 1)`);
	const steps = unit === undefined ? "0" : dialect.each(first, `${last} + 1`);
	const rows = `SELECT w.*, ${start} AS s0, ${length} AS len, ${steps} AS k FROM ${table} w WHERE ${inTime}`;
	const [pieceFrom, pieceTo] =
		unit === undefined
			? ["greatest(r.s0, i.s)", "least(r.s0 + r.len, i.e)"]
			: [`greatest(r.s0, i.s, r.k * ${unit})`, `least(r.s0 + r.len, i.e, (r.k + 1) * ${unit})`];
	const part = (column: string): string => {
		const until = (at: string): string => dialect.quotient(dialect.product(`r.${column}`, `(${at} - r.s0)`), "r.len");
		return `${dialect.narrow(`${until(pieceTo)} - ${until(pieceFrom)}`)} AS ${column}`;
	};
	const intervals = edges.slice(1).map((end, i) => `(${i}, ${edges[i]}, ${end})`);
	return [
		`(SELECT i.n AS edge, ${dialect.instant(pieceFrom)} AS t0,`,
		[...kept.map((column) => `r.${column}`), ...["dur_us", ...shared].map(part)].join(", "),
		`FROM (${rows}) r CROSS JOIN ${dialect.rows("i", ["n", "s", "e"], intervals)}`,
		`WHERE ${pieceFrom} < ${pieceTo}) cut`,
	].join(" ");
}
