import {
	BIGINT,
	DOUBLE,
	DuckDBDataChunk,
	HUGEINT,
	INTEGER,
	TIMESTAMP,
	UTINYINT,
	UUID,
	VARCHAR,
	type DuckDBType,
} from "@duckdb/node-api";
import bindings, { type Vector } from "@duckdb/node-bindings";
import { validityBytes, type BatchColumn, type ColumnBatch } from "../column-batch.ts";
import { COLUMN_BYTES, type ColumnType } from "../table.ts";
import type { DuckDBConnection } from "./connection.ts";

/** DuckDB's own step: a vector holds so many rows. */
const CHUNK_ROWS = 2048;

const DUCKDB_TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
	i64: BIGINT,
	ts: TIMESTAMP,
	i128: HUGEINT,
	uuid: UUID,
	u8: UTINYINT,
	f64: DOUBLE,
	dim: INTEGER,
	text: VARCHAR,
};

/**
 * Appends batches of one table by copying their columns into DuckDB's vectors: no value is made in JavaScript.
 * `dimensionIds` gives, for each dimension of the batch, the store's number for each code.
 */
export async function appendBatches(
	connection: DuckDBConnection,
	batches: readonly ColumnBatch[],
	segmentNo: bigint,
	dimensionIds: (batch: ColumnBatch, dimension: string) => Int32Array,
): Promise<void> {
	const [first] = batches;
	if (first === undefined) return;
	const appender = await connection.createAppender(first.table);
	try {
		// One chunk and its vectors serve all rows: making them anew costs more than filling them.
		const chunk = DuckDBDataChunk.create([BIGINT, ...first.columns.map(({ column }) => DUCKDB_TYPES[column.type])]);
		const vectors = first.columns.map((_, i) => bindings.data_chunk_get_vector(chunk.chunk, i + 1));
		const segmentVector = bindings.data_chunk_get_vector(chunk.chunk, 0);
		const segmentColumn = new BigInt64Array(CHUNK_ROWS).fill(segmentNo).buffer;
		for (const batch of batches) {
			const columns = batch.columns.map((column) => asStored(batch, column, dimensionIds));
			for (let from = 0; from < batch.rows; from += CHUNK_ROWS) {
				const rows = Math.min(CHUNK_ROWS, batch.rows - from);
				bindings.data_chunk_reset(chunk.chunk);
				bindings.data_chunk_set_size(chunk.chunk, rows);
				bindings.copy_data_to_vector(segmentVector, 0, segmentColumn, 0, rows * 8);
				for (let i = 0; i < columns.length; i++) {
					fillVector(vectors[i] as Vector, columns[i] as BatchColumn, from, rows);
				}
				appender.appendDataChunk(chunk);
			}
		}
		appender.flushSync();
	} finally {
		appender.closeSync();
	}
}

function fillVector(
	vector: Vector,
	{ column, has, bytes, validity, texts }: BatchColumn,
	from: number,
	rows: number,
): void {
	const width = COLUMN_BYTES[column.type];
	if (has !== "all") {
		bindings.vector_ensure_validity_writable(vector);
		// A vector begins at a multiple of 2,048 rows, so at a whole byte.
		const bits = validity ?? NO_ROW;
		const at = bits.byteOffset + (validity === undefined ? 0 : from / 8);
		bindings.copy_data_to_vector_validity(vector, 0, bits.buffer as ArrayBuffer, at, validityBytes(rows));
	}
	if (has === "none") return;
	if (width > 0) {
		const at = bytes.byteOffset + from * width;
		bindings.copy_data_to_vector(vector, 0, bytes.buffer as ArrayBuffer, at, rows * width);
	}
	if (texts === undefined) return;
	for (let row = 0; row < rows; row++) {
		const text = texts[from + row];
		if (text !== null && text !== undefined) bindings.vector_assign_string_element(vector, row, text);
	}
}

const NO_ROW = new Uint8Array(validityBytes(CHUNK_ROWS));

/** The column with the store's numbers for dimensions, and UUIDs in DuckDB's order: the top bit turned. */
function asStored(
	batch: ColumnBatch,
	stored: BatchColumn,
	dimensionIds: (batch: ColumnBatch, dimension: string) => Int32Array,
): BatchColumn {
	const { column, bytes, has } = stored;
	if (has === "none") return stored;
	if (column.type === "dim" && column.dimension !== undefined) {
		const ids = dimensionIds(batch, column.dimension);
		const codes = new Int32Array(bytes.buffer, bytes.byteOffset, batch.rows);
		const numbers = new Int32Array(codes.length);
		for (let row = 0; row < codes.length; row++) numbers[row] = ids[codes[row] as number] ?? 0;
		return { ...stored, bytes: new Uint8Array(numbers.buffer) };
	}
	if (column.type !== "uuid") return stored;
	const turned = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
	for (let at = 3; at < turned.length; at += 4) turned[at] = ((turned[at] as number) ^ 0x8000_0000) >>> 0;
	return { ...stored, bytes: new Uint8Array(turned.buffer) };
}
