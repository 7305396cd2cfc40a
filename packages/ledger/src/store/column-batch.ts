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
	/** Little-endian values, as many bytes as rows times width; empty for text. */
	readonly bytes: Uint8Array;
	/** One bit a row, 1 where there is a value; absent where every row has one. */
	readonly validity?: Uint8Array;
	readonly texts?: readonly (string | null)[];
}

/** Fills a batch row by row. Write the columns of a row, then `endRow`; what was not written is null. */
export class BatchBuilder {
	readonly table: TableName;
	readonly writers: readonly ColumnWriter[];
	rows = 0;
	capacity: number;
	/** Changes when codes begin anew: what was remembered of them is void. */
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

	/** Takes back all rows from this one on, and what was written to the row that has not ended. */
	truncate(rows: number): void {
		for (const writer of this.writers) for (let row = rows; row <= this.rows; row++) writer.clear(row);
		this.rows = rows;
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
		this.present -= this.valid[row] as number;
		this.valid[row] = 0;
		this.texts.length = Math.min(this.texts.length, row);
	}

	take(rows: number): BatchColumn {
		const width = COLUMN_BYTES[this.column.type];
		const validity = this.takeValidity(rows);
		const bytes = this.bytes.slice(0, rows * width);
		const texts =
			this.column.type === "text" ? Array.from({ length: rows }, (_, i) => this.texts[i] ?? null) : undefined;
		this.bytes.fill(0, 0, rows * width);
		this.texts = [];
		return {
			column: this.column,
			bytes,
			...(validity === undefined ? {} : { validity }),
			...(texts === undefined ? {} : { texts }),
		};
	}

	private takeValidity(rows: number): Uint8Array | undefined {
		const { present } = this;
		this.present = 0;
		if (present < rows && !this.column.isNullable) throw new RangeError(`${this.column.name} lacks a value`);
		const bits = present < rows ? new Uint8Array(Math.ceil(rows / 64) * 8) : undefined;
		if (bits !== undefined && present > 0) {
			for (let row = 0; row < rows; row++) {
				if (this.valid[row] === 1) bits[row >>> 3] = (bits[row >>> 3] as number) | (1 << (row & 7));
			}
		}
		this.valid.fill(0, 0, rows);
		return bits;
	}
}
