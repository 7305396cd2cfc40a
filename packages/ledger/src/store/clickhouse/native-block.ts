import type { BatchColumn, ColumnBatch } from "../column-batch.ts";
import { COLUMN_BYTES, type Column, type ColumnType } from "../table.ts";

/**
 * Batches of one table as one block of ClickHouse's format Native: columns as they lie in memory, so that a row costs little
 * more than copying it. Nullable columns have a byte for each row before their values, 1 where there is none.
 */
export function nativeBlock(
	batches: readonly ColumnBatch[],
	segmentNo: bigint,
	dimensionIds: (batch: ColumnBatch, dimension: string) => Uint32Array,
): Buffer[] {
	const [first] = batches;
	if (first === undefined) return [];
	const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
	const columns = first.columns.flatMap(({ column }, i) => {
		const parts = batches.map(({ columns: all }) => all[i] as BatchColumn);
		return [heading(column.name, typeOf(column)), ...valuesOf(column, parts, batches, rows, dimensionIds)];
	});
	return [
		Buffer.concat([varint(first.columns.length + 2), varint(rows)]),
		heading("segment_no", "UInt64"),
		asBuffer(new BigUint64Array(rows).fill(segmentNo)),
		heading("row_no", "UInt32"),
		asBuffer(countUp(rows)),
		...columns,
	];
}

/** Earliest and latest of the batches' times, in microseconds. */
export function timeSpan(batches: readonly ColumnBatch[]): readonly [number, number] {
	let [first, last] = [Number.POSITIVE_INFINITY, 0];
	for (const { columns } of batches) {
		const bytes = columns.find(({ column }) => column.type === "ts")?.bytes;
		if (bytes === undefined) continue;
		const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
		for (let i = 0; i < words.length; i += 2) {
			const at = (words[i] as number) + (words[i + 1] as number) * 4_294_967_296;
			if (at < first) first = at;
			if (at > last) last = at;
		}
	}
	return [first, last];
}

const TYPES: Readonly<Record<ColumnType, string>> = {
	i64: "Int64",
	ts: "DateTime64(6, 'UTC')",
	i128: "Int128",
	uuid: "UUID",
	u8: "UInt8",
	f64: "Float64",
	dim: "UInt64",
	text: "String",
};

function typeOf({ type, isNullable }: Column): string {
	return isNullable ? `Nullable(${TYPES[type]})` : TYPES[type];
}

function valuesOf(
	column: Column,
	parts: readonly BatchColumn[],
	batches: readonly ColumnBatch[],
	rows: number,
	dimensionIds: (batch: ColumnBatch, dimension: string) => Uint32Array,
): Buffer[] {
	const nulls = column.isNullable ? [nullMap(parts, batches, rows)] : [];
	if (column.type === "text") {
		return [...nulls, ...parts.map((part, i) => textsOf(part, (batches[i] as ColumnBatch).rows))];
	}
	if (column.type === "dim") {
		const ids = parts.map((part, i) => idsOf(part, batches[i] as ColumnBatch, dimensionIds));
		return [...nulls, ...ids];
	}
	const width = COLUMN_BYTES[column.type];
	const values = parts.map(({ has, bytes }, i) => {
		if (has === "none") return Buffer.alloc((batches[i] as ColumnBatch).rows * width);
		return column.type === "uuid" ? halvesTurned(bytes) : asBuffer(bytes);
	});
	return [...nulls, ...values];
}

/** For each byte of eight bits, eight bytes: 0 where the bit is set, as two words. */
const ABSENT = Uint32Array.from({ length: 512 }, (_, i) => {
	const bits = i >>> (1 + (i & 1) * 4);
	return [0, 1, 2, 3].reduce((word, bit) => word | (((bits >>> bit) & 1) === 1 ? 0 : 1 << (bit * 8)), 0);
});

function nullMap(parts: readonly BatchColumn[], batches: readonly ColumnBatch[], rows: number): Buffer {
	const map = Buffer.alloc(rows);
	let at = 0;
	for (const [i, { has, validity }] of parts.entries()) {
		const n = (batches[i] as ColumnBatch).rows;
		if (has === "none") map.fill(1, at, at + n);
		if (validity !== undefined) {
			const words = new Uint32Array(Math.ceil(n / 8) * 2);
			for (let byte = 0; byte < words.length / 2; byte++) {
				const bits = (validity[byte] as number) * 2;
				words[byte * 2] = ABSENT[bits] as number;
				words[byte * 2 + 1] = ABSENT[bits + 1] as number;
			}
			map.set(new Uint8Array(words.buffer, 0, n), at);
		}
		at += n;
	}
	return map;
}

function textsOf({ has, texts }: BatchColumn, rows: number): Buffer {
	if (has === "none" || texts === undefined) return Buffer.alloc(rows);
	const target = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + (text?.length ?? 0) * 3 + 5, 0));
	let at = 0;
	for (const text of texts) {
		const length = text === null ? 0 : Buffer.byteLength(text);
		at = writeVarint(target, at, length);
		if (text !== null) at += target.write(text, at, length, "utf8");
	}
	return target.subarray(0, at);
}

/** Codes as the store's numbers: two words each. */
function idsOf(
	{ column, has, bytes }: BatchColumn,
	batch: ColumnBatch,
	dimensionIds: (batch: ColumnBatch, dimension: string) => Uint32Array,
): Buffer {
	if (has === "none") return Buffer.alloc(batch.rows * 8);
	const ids = dimensionIds(batch, column.dimension as string);
	const codes = new Uint32Array(bytes.buffer, bytes.byteOffset, batch.rows);
	const words = new Uint32Array(codes.length * 2);
	for (let row = 0; row < codes.length; row++) {
		const code = (codes[row] as number) * 2;
		words[row * 2] = ids[code] as number;
		words[row * 2 + 1] = ids[code + 1] as number;
	}
	return asBuffer(words);
}

/** ClickHouse holds the first half of a UUID first. */
function halvesTurned(bytes: Uint8Array): Buffer {
	const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
	const turned = new Uint32Array(words.length);
	for (let i = 0; i < words.length; i += 4) {
		turned[i] = words[i + 2] as number;
		turned[i + 1] = words[i + 3] as number;
		turned[i + 2] = words[i] as number;
		turned[i + 3] = words[i + 1] as number;
	}
	return asBuffer(turned);
}

function countUp(rows: number): Uint32Array {
	const numbers = new Uint32Array(rows);
	for (let row = 0; row < rows; row++) numbers[row] = row;
	return numbers;
}

function heading(name: string, type: string): Buffer {
	return Buffer.concat([varint(name.length), Buffer.from(name), varint(type.length), Buffer.from(type)]);
}

function varint(n: number): Buffer {
	const target = Buffer.alloc(5);
	return target.subarray(0, writeVarint(target, 0, n));
}

function writeVarint(target: Buffer, from: number, n: number): number {
	let [at, rest] = [from, n];
	for (; rest >= 128; rest >>>= 7) target[at++] = (rest & 127) | 128;
	target[at++] = rest;
	return at;
}

function asBuffer(view: ArrayBufferView): Buffer {
	return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
