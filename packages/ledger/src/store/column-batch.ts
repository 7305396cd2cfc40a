import { COLUMN_BYTES, TABLES, type Column, type DimensionName, type TableName } from "./table.ts";

/** Rows of one table, column by column, in the very bytes that a store and the spool take over. */
export interface ColumnBatch {
	readonly table: TableName;
	readonly rows: number;
	/** Keys of each dimension; `dim` columns count from 0 in this list. */
	readonly dimensions: ReadonlyMap<DimensionName, readonly string[]>;
	readonly columns: readonly BatchColumn[];
}

export interface BatchColumn {
	readonly column: Column;
	/** Which rows have a value. */
	readonly has: Presence;
	/** Little-endian values, as many bytes as rows times width; empty for text, and where no row has a value. */
	readonly bytes: Uint8Array;
	/** One bit a row, 1 where there is a value; there where some rows have one. */
	readonly validity?: Uint8Array;
	/** There for text of which any row has a value. */
	readonly texts?: readonly (string | null)[];
}
export type Presence = "all" | "some" | "none";

/** How far a batch is filled, to go back to. */
export interface BatchMark {
	readonly rows: number;
	readonly codes: ReadonlyMap<DimensionName, number>;
}

/** Batches with rows, by table. */
export function byTable(batches: readonly ColumnBatch[]): ReadonlyMap<TableName, readonly ColumnBatch[]> {
	const tables = new Map<TableName, ColumnBatch[]>();
	for (const batch of batches) {
		if (batch.rows === 0) continue;
		const same = tables.get(batch.table);
		if (same === undefined) tables.set(batch.table, [batch]);
		else same.push(batch);
	}
	return tables;
}

/** Fills a batch row by row. Write the columns of a row, then `endRow`; what was not written is null. */
export class BatchBuilder {
	readonly table: TableName;
	readonly writers: readonly ColumnWriter[];
	rows = 0;
	capacity: number;
	/** Changes when codes are taken back: what was remembered of them is void. */
	generation = 0;
	private readonly keys = new Map<DimensionName, Map<string, number>>();

	constructor(table: TableName, capacity = 2048) {
		this.table = table;
		this.capacity = capacity;
		this.writers = TABLES[table].columns.map((column) => new ColumnWriter(column, capacity));
	}

	/** The number of a dimension's key in this batch. */
	code(dimension: DimensionName, key: string): number {
		let codes = this.keys.get(dimension);
		if (codes === undefined) {
			codes = new Map();
			this.keys.set(dimension, codes);
		}
		const known = codes.get(key);
		if (known !== undefined) return known;
		codes.set(key, codes.size);
		return codes.size - 1;
	}

	writer(name: string): ColumnWriter {
		const found = this.writers.find(({ column }) => column.name === name);
		if (found === undefined) throw new RangeError(`${this.table} has no column ${name}`);
		return found;
	}

	endRow(): void {
		this.rows++;
		if (this.rows < this.capacity) return;
		this.capacity *= 2;
		for (const writer of this.writers) writer.grow(this.capacity);
	}

	mark(): BatchMark {
		return { rows: this.rows, codes: new Map([...this.keys].map(([name, codes]) => [name, codes.size])) };
	}

	/** Takes back what came since: rows, what was written to the row that has not ended, and codes. */
	backTo({ rows, codes }: BatchMark): void {
		for (const writer of this.writers) for (let row = rows; row <= this.rows; row++) writer.clear(row);
		for (const [name, given] of this.keys) {
			const kept = codes.get(name) ?? 0;
			for (const [key, code] of given) if (code >= kept) given.delete(key);
		}
		this.rows = rows;
		this.generation++;
	}

	/** The rows so far; the builder starts anew. */
	take(): ColumnBatch {
		const { rows, table } = this;
		const columns = this.writers.map((writer) => writer.take(rows));
		const dimensions = new Map([...this.keys].map(([name, codes]) => [name, [...codes.keys()]]));
		this.keys.clear();
		this.generation++;
		this.rows = 0;
		return { table, rows, dimensions, columns };
	}
}

/** One column under construction; each row is written at most once. Whole numbers are written as two halves, since BigInt costs an allocation each. */
export class ColumnWriter {
	readonly column: Column;
	private bytes: Uint8Array;
	private words: Uint32Array;
	private doubles: Float64Array;
	private valid: Uint8Array;
	private texts: (string | null)[] = [];
	private present = 0;

	constructor(column: Column, capacity: number) {
		this.column = column;
		this.bytes = new Uint8Array(0);
		this.words = new Uint32Array(0);
		this.doubles = new Float64Array(0);
		this.valid = new Uint8Array(0);
		this.grow(capacity);
	}

	grow(capacity: number): void {
		const bytes = new Uint8Array(capacity * COLUMN_BYTES[this.column.type]);
		bytes.set(this.bytes);
		const valid = new Uint8Array(capacity);
		valid.set(this.valid);
		this.bytes = bytes;
		this.valid = valid;
		this.words = new Uint32Array(bytes.buffer, 0, bytes.length >>> 2);
		this.doubles = new Float64Array(bytes.buffer, 0, bytes.length >>> 3);
	}

	/** A whole number below 2^53, not negative. */
	whole(row: number, n: number): void {
		this.words[row * 2] = n >>> 0;
		this.words[row * 2 + 1] = (n / 4_294_967_296) >>> 0;
		this.valid[row] = 1;
		this.present++;
	}

	byte(row: number, n: number): void {
		this.bytes[row] = n;
		this.valid[row] = 1;
		this.present++;
	}

	code(row: number, n: number): void {
		this.words[row] = n;
		this.valid[row] = 1;
		this.present++;
	}

	double(row: number, n: number): void {
		this.doubles[row] = n;
		this.valid[row] = 1;
		this.present++;
	}

	text(row: number, text: string): void {
		this.texts[row] = text;
		this.valid[row] = 1;
		this.present++;
	}

	/** A signed 128-bit whole number. */
	big(row: number, n: bigint): void {
		const unsigned = BigInt.asUintN(128, n);
		for (let i = 0; i < 4; i++) this.words[row * 4 + i] = Number((unsigned >> BigInt(32 * i)) & 0xffff_ffffn);
		this.valid[row] = 1;
		this.present++;
	}

	/** Four words of a UUID, most significant first. */
	uuid(row: number, a: number, b: number, c: number, d: number): void {
		const at = row * 4;
		this.words[at] = d;
		this.words[at + 1] = c;
		this.words[at + 2] = b;
		this.words[at + 3] = a;
		this.valid[row] = 1;
		this.present++;
	}

	clear(row: number): void {
		const width = COLUMN_BYTES[this.column.type];
		this.present -= this.valid[row] as number;
		this.valid[row] = 0;
		this.bytes.fill(0, row * width, (row + 1) * width);
		this.texts.length = Math.min(this.texts.length, row);
	}

	take(rows: number): BatchColumn {
		const { column, present } = this;
		const has = present === rows ? "all" : present === 0 ? "none" : "some";
		if (has !== "all" && !column.isNullable) throw new RangeError(`${column.name} lacks a value`);
		if (has === "none") return { column, has, bytes: NO_BYTES };
		const size = rows * COLUMN_BYTES[column.type];
		const bytes = this.bytes.slice(0, size);
		const validity = has === "some" ? bitsOf(this.valid, rows) : undefined;
		const texts = column.type === "text" ? Array.from({ length: rows }, (_, i) => this.texts[i] ?? null) : undefined;
		this.bytes.fill(0, 0, size);
		this.valid.fill(0, 0, rows);
		this.present = 0;
		this.texts = [];
		return {
			column,
			has,
			bytes,
			...(validity === undefined ? {} : { validity }),
			...(texts === undefined ? {} : { texts }),
		};
	}
}

/** What a column holds of which no row has a value. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Bytes of the bits of so many rows: whole words of 64, as a vector holds them. */
export function validityBytes(rows: number): number {
	return Math.ceil(rows / 64) * 8;
}

function bitsOf(valid: Uint8Array, rows: number): Uint8Array {
	const bits = new Uint8Array(validityBytes(rows));
	for (let row = 0; row < rows; row++) {
		bits[row >>> 3] = (bits[row >>> 3] as number) | ((valid[row] as number) << (row & 7));
	}
	return bits;
}
