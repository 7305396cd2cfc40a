import type { Dialect } from "../query/dialect.ts";

/** Values go to the server beside the text, each with its type: `{p1:Int64}`. */
export const clickHouseDialect: Dialect = {
	parameter: (n, type) => `{p${n}:${type === "i64" ? "Int64" : "String"}}`,
	identifier: (name) => `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``,
	instant: (micros) => `fromUnixTimestamp64Micro(toInt64(${micros}), 'UTC')`,
	micros: (instant) => `toUnixTimestamp64Micro(${instant})`,
	stepOf: (instant, micros) => `toInt32(intDiv(toUnixTimestamp64Micro(${instant}), ${micros}))`,
	sum: (expression) => `sum(toInt128(${expression}))`,
	narrow: (whole) => `accurateCast(${whole}, 'Nullable(Int64)')`,
	product: (a, b) => `(toInt128(${a}) * toInt128(${b}))`,
	quotient: (a, b) => `intDivOrNull(${a}, ${b})`,
	each: (from, to) => `arrayJoin(range(toInt64(${from}), toInt64(${to})))`,
	rows: (name, columns, rows) =>
		`values('${columns.map((column) => `${column} Int64`).join(", ")}', ${rows.join(", ")}) AS ${name}`,
	rowNumber: "row_no",
	startsWith: (text, start) => `startsWith(${text}, ${start})`,
	binaryLogarithm: (whole) => `toInt32(floor(log2(${whole})))`,
	// Both branches of a CASE may be computed, also where the number of bits makes no sense.
	shiftRight: (whole, bits) => `bitShiftRight(${whole}, greatest(${bits}, 0))`,
	// Nothing is kept: a question is one query, and in a cluster every join within it goes out to every server.
	rolledUpSum: (column) => `coalesce(sum(${column}), 0)`,
	rolledUp: (column) => column,
};
