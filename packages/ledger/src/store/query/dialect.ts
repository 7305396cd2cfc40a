/** A query with its parameters, which never become a part of the text. */
export interface Query {
	readonly sql: string;
	readonly parameters: readonly QueryParameter[];
	/** Statements that come first, on the connection of the query, which is then closed. */
	readonly before?: readonly string[];
}
export type QueryParameter =
	| { readonly type: "i64"; readonly value: bigint }
	| { readonly type: "text"; readonly value: string };

/** What differs between the stores' SQL. Everything else is written once. */
export interface Dialect {
	/** Place of the n-th parameter, counted from 1. */
	readonly parameter: (n: number, type: QueryParameter["type"]) => string;
	readonly identifier: (name: string) => string;
	/** A point in time from whole microseconds since 1970. */
	readonly instant: (micros: string) => string;
	/** Whole microseconds since 1970 of a point in time. */
	readonly micros: (instant: string) => string;
	/** How many whole steps of so many microseconds, at least a minute, lie between 1970 and a point in time. */
	readonly stepOf: (instant: string, micros: number) => string;
	/** Sum of whole numbers without overflow; null where there is none. */
	readonly sum: (expression: string) => string;
	/** A whole number in 64 bits, which is read faster; an error where it does not fit. */
	readonly narrow: (whole: string) => string;
	/** Product of whole numbers without overflow. */
	readonly product: (a: string, b: string) => string;
	/** Whole part of a quotient; null where the divisor is. */
	readonly quotient: (a: string, b: string) => string;
	/** A row for each whole number from the first up to the second, not included. */
	readonly each: (from: string, to: string) => string;
	/** A relation of rows of plain numbers, `(1, 2)`. */
	readonly rows: (name: string, columns: readonly string[], rows: readonly string[]) => string;
	/** The column that, with the segment, names a row. */
	readonly rowNumber: string;
	readonly startsWith: (text: string, start: string) => string;
	/** Number of bits before the highest one that is set: floor of the binary logarithm. */
	readonly binaryLogarithm: (whole: string) => string;
	readonly shiftRight: (whole: string, bits: string) => string;
	/**
	 * A statement that keeps a relation for the connection; there where a store sums into an array by small numbers that it
	 * knows the range of, as it does of a table that is kept. Time is then cut into pieces, since its numbers are large.
	 */
	readonly keep?: (name: string, select: string) => string;
	/** Sum of a column of a roll-up; zero where nothing is known. */
	readonly rolledUpSum: (column: string) => string;
	/** The sum in one row of a roll-up; null where nothing is known. */
	readonly rolledUp: (column: string) => string;
}

export const duckDbDialect: Dialect = {
	parameter: (n, type) => `$${n}::${type === "i64" ? "BIGINT" : "VARCHAR"}`,
	identifier: (name) => `"${name.replaceAll('"', '""')}"`,
	instant: (micros) => `make_timestamp(${micros})`,
	micros: (instant) => `epoch_us(${instant})`,
	stepOf: (instant, micros) => `(epoch_us(${instant}) // ${micros})::INTEGER`,
	sum: (expression) => `sum(${expression})::HUGEINT`,
	narrow: (whole) => `CAST(${whole} AS BIGINT)`,
	product: (a, b) => `(${a}::HUGEINT * ${b})`,
	quotient: (a, b) => `(${a} // ${b})`,
	each: (from, to) => `unnest(range(${from}, ${to}))`,
	rows: (name, columns, rows) => `(VALUES ${rows.join(", ")}) AS ${name}(${columns.join(", ")})`,
	rowNumber: "rowid",
	startsWith: (text, start) => `starts_with(${text}, ${start})`,
	binaryLogarithm: (whole) => `floor(log2(${whole}))::INTEGER`,
	shiftRight: (whole, bits) => `(${whole} >> ${bits})`,
	keep: (name, select) => `CREATE TEMP TABLE ${name} AS ${select}`,
	// Sums that 64 bits do not hold stand in a column of their own: see the second form of the file.
	rolledUpSum: (column) => `(coalesce(sum(${column})::HUGEINT, 0) + coalesce(sum(${column}_over)::HUGEINT, 0))`,
	rolledUp: (column) => `coalesce(${column}, ${column}_over)`,
};

/** Collects parameters while a text is written. */
export class Parameters {
	readonly values: QueryParameter[] = [];
	private readonly dialect: Dialect;

	constructor(dialect: Dialect) {
		this.dialect = dialect;
	}

	whole(value: number | bigint): string {
		this.values.push({ type: "i64", value: BigInt(value) });
		return this.dialect.parameter(this.values.length, "i64");
	}

	instant(micros: number): string {
		return this.dialect.instant(this.whole(micros));
	}

	text(value: string): string {
		this.values.push({ type: "text", value });
		return this.dialect.parameter(this.values.length, "text");
	}
}
