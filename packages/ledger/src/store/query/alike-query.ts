/** Requests without an id that look like ones of another file: nothing tells whether they are the same. */
import { MICROS_PER_HOUR } from "../../records/units.ts";
import type { Dialect, Query } from "./dialect.ts";
import { Parameters } from "./dialect.ts";
import { slicesOf } from "./slices.ts";

export interface AlikeQuestion {
	/** What the segments of the file are named after: see SegmentWriter. */
	readonly file: string;
	/** Files that are not compared with, such as those that are asked for themselves. */
	readonly without: readonly string[];
}

/** How many requests of the file equal one of another file in start, length, labels, status and tokens. */
export async function countAlike(
	ask: (query: Query) => Promise<readonly (readonly unknown[])[]>,
	{ file, without }: AlikeQuestion,
	dialect: Dialect,
): Promise<number> {
	const hours = new Parameters(dialect);
	const found = await ask({
		sql: `SELECT ${dialect.stepOf("t0", MICROS_PER_HOUR)} AS hour, count(*) FROM usage_request
			WHERE segment_no IN (${segments([file], "any", hours, dialect)}) AND ${WITHOUT_ID} GROUP BY 1 ORDER BY 1`,
		parameters: hours.values,
	});
	let alike = 0;
	for (const [first, last] of slicesOf(found.map(([hour, n]) => [BigInt(Number(hour)), BigInt(Number(n))] as const))) {
		const parameters = new Parameters(dialect);
		const from = parameters.instant(Number(first) * MICROS_PER_HOUR);
		const to = parameters.instant(Number(last + 1n) * MICROS_PER_HOUR);
		const within = `t0 >= ${from} AND t0 < ${to} AND ${WITHOUT_ID}`;
		const own = segments([file], "any", parameters, dialect);
		const others = segments([file, ...without], "none", parameters, dialect);
		const sql = `SELECT count(*) FROM usage_request WHERE ${within} AND segment_no IN (${own}) AND (${EQUAL}) IN (
			SELECT ${EQUAL} FROM usage_request WHERE ${within} AND segment_no IN (${others}))`;
		const [[n] = []] = await ask({ sql, parameters: parameters.values });
		alike += Number(n);
	}
	return alike;
}

const WITHOUT_ID = "request_uuid IS NULL AND request_text IS NULL";

/** A number that no count is stands for what is not known, since nothing is equal to null. */
const EQUAL = [
	"t0, dur_us, source_id, scope_id, model_id, tenant_id",
	...["status", "in_total", "out_total"].map((column) => `coalesce(${column}, -1)`),
].join(", ");

function segments(files: readonly string[], of: "any" | "none", parameters: Parameters, dialect: Dialect): string {
	const begins = files.map((file) => dialect.startsWith("id", parameters.text(`${file}:`))).join(" OR ");
	return `SELECT no FROM segment WHERE ${of === "any" ? begins : `NOT (${begins})`}`;
}
