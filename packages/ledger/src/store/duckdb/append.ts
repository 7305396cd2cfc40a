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
import type { BatchColumn, ColumnBatch } from "../column-batch.ts";
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
		const types = [BIGINT, ...first.columns.map(({ column }) => DUCKDB_TYPES[column.type])];
		const segmentColumn = new BigInt64Array(CHUNK_ROWS).fill(segmentNo).buffer;
		for (const batch of batches) {
			const columns = batch.columns.map((column) => asStored(batch, column, dimensionIds));
			for (let from = 0; from < batch.rows; from += CHUNK_ROWS) {
				const rows = Math.min(CHUNK_ROWS, batch.rows - from);
				const chunk = DuckDBDataChunk.create(types, rows);
				bindings.copy_data_to_vector(vectorOf(chunk, 0), 0, segmentColumn, 0, rows * 8);
				for (const [i, column] of columns.entries()) {
					fillVector(vectorOf(chunk, i + 1), column, from, rows);
				}
				appender.appendDataChunk(chunk);
			}
		}
		appender.flushSync();
	} finally {
		appender.closeSync();
	}
}

function vectorOf(chunk: DuckDBDataChunk, i: number): Vector {
	return bindings.data_chunk_get_vector(chunk.chunk, i);
}

function fillVector(vector: Vector, stored: BatchColumn, from: number, rows: number): void {
	const { column, bytes, validity, texts } = stored;
	const width = COLUMN_BYTES[column.type];
	if (validity !== undefined) {
		bindings.vector_ensure_validity_writable(vector);
		// A vector begins at a multiple of 2,048 rows, so at a whole byte.
		const size = Math.ceil(rows / 64) * 8;
		bindings.copy_data_to_vector_validity(
			vector,
			0,
			validity.buffer as ArrayBuffer,
			validity.byteOffset + from / 8,
			Math.min(size, validity.length - from / 8),
		);
	}
	if (width > 0) {
		bindings.copy_data_to_vector(vector, 0, bytes.buffer as ArrayBuffer, bytes.byteOffset + from * width, rows * width);
	}
	if (texts === undefined) return;
	for (let row = 0; row < rows; row++) {
		const text = texts[from + row];
		if (text !== null && text !== undefined) bindings.vector_assign_string_element(vector, row, text);
	}
}

/** The column with the store's numbers for dimensions, and UUIDs in DuckDB's order: the top bit turned. */
function asStored(
	batch: ColumnBatch,
	stored: BatchColumn,
	dimensionIds: (batch: ColumnBatch, dimension: string) => Int32Array,
): BatchColumn {
	const { column, bytes } = stored;
	if (column.type === "dim" && column.dimension !== undefined) {
		const ids = dimensionIds(batch, column.dimension);
		const codes = new Int32Array(bytes.buffer, bytes.byteOffset, batch.rows);
		return { ...stored, bytes: new Uint8Array(codes.map((code) => ids[code] ?? 0).buffer) };
	}
	if (column.type !== "uuid") return stored;
	const turned = bytes.slice();
	for (let at = 15; at < turned.length; at += 16) turned[at] = (turned[at] as number) ^ 0x80;
	return { ...stored, bytes: turned };
}
