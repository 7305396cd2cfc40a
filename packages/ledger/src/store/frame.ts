import { crc32 } from "node:zlib";
import type { BatchColumn, ColumnBatch } from "./column-batch.ts";
import { StoreError } from "./store-error.ts";
import { COLUMN_BYTES, TABLES, type DimensionName, type TableName } from "./table.ts";

/**
 * A batch as bytes, for the spool: magic, length of the body, CRC-32 of the body, then the body: length of the head, the
 * head as JSON, and the columns as they are. A torn or changed frame is told from a whole one by length and checksum.
 */
export interface Frame {
	readonly batch: ColumnBatch;
	/** Key of the body that it came with. */
	readonly bodyKey?: string;
	/** SHA-256 of that body in hex. */
	readonly bodyHash?: string;
}

interface Head {
	readonly table: TableName;
	readonly rows: number;
	readonly dimensions: readonly (readonly [DimensionName, readonly string[]])[];
	/** For each column: whether it has validity bits, and its texts. */
	readonly columns: readonly {
		readonly name: string;
		readonly nulls: boolean;
		readonly texts?: readonly (string | null)[];
	}[];
	readonly bodyKey?: string;
	readonly bodyHash?: string;
}

export const FRAME_PREFIX = 16;

export function encodeFrame({ batch, bodyKey, bodyHash }: Frame): Buffer {
	const head: Head = {
		table: batch.table,
		rows: batch.rows,
		dimensions: [...batch.dimensions],
		columns: batch.columns.map(({ column, validity, texts }) => ({
			name: column.name,
			nulls: validity !== undefined,
			...(texts === undefined || validityIsEmpty(validity) ? {} : { texts }),
		})),
		...(bodyKey === undefined ? {} : { bodyKey }),
		...(bodyHash === undefined ? {} : { bodyHash }),
	};
	const headBytes = Buffer.from(JSON.stringify(head));
	const pieces = batch.columns.flatMap(({ validity, bytes }) => {
		if (validity === undefined) return [bytes];
		return validityIsEmpty(validity) ? [validity] : [validity, bytes];
	});
	const bodyLength = 4 + headBytes.length + pieces.reduce((sum, piece) => sum + piece.length, 0);
	const frame = Buffer.allocUnsafe(FRAME_PREFIX + bodyLength);
	frame.writeUInt32LE(MAGIC, 0);
	frame.writeUInt32LE(bodyLength, 4);
	frame.writeUInt32LE(0, 12);
	frame.writeUInt32LE(headBytes.length, FRAME_PREFIX);
	let at = FRAME_PREFIX + 4 + headBytes.copy(frame, FRAME_PREFIX + 4);
	for (const piece of pieces) {
		frame.set(piece, at);
		at += piece.length;
	}
	frame.writeUInt32LE(crc32(frame.subarray(FRAME_PREFIX)), 8);
	return frame;
}

/**
 * The frames of a segment, and how many bytes they are. What follows the last whole frame was not acknowledged, since
 * an acknowledgement waits for the whole frame to be on disk.
 */
export function decodeFrames(segment: Buffer): { readonly frames: readonly Frame[]; readonly bytes: number } {
	const frames: Frame[] = [];
	let at = 0;
	while (at + FRAME_PREFIX <= segment.length) {
		const length = segment.readUInt32LE(at + 4);
		const end = at + FRAME_PREFIX + length;
		if (segment.readUInt32LE(at) !== MAGIC || end > segment.length) break;
		const body = segment.subarray(at + FRAME_PREFIX, end);
		if (crc32(body) !== segment.readUInt32LE(at + 8)) break;
		frames.push(decodeBody(body));
		at = end;
	}
	return { frames, bytes: at };
}

const MAGIC = 0x31_47_52_46;

function decodeBody(body: Buffer): Frame {
	const headLength = body.readUInt32LE(0);
	const head = JSON.parse(body.toString("utf8", 4, 4 + headLength)) as Head;
	let at = 4 + headLength;
	const take = (length: number): Uint8Array => {
		const piece = new Uint8Array(body.subarray(at, at + length));
		at += length;
		return piece;
	};
	const columns = TABLES[head.table].columns.map((column, i): BatchColumn => {
		const written = head.columns[i];
		if (written?.name !== column.name) {
			throw new StoreError("broken-frame", `a frame of ${head.table} was written by another version of farthing`, {
				hint: "load the spool with the version that wrote it, then update",
			});
		}
		const size = head.rows * COLUMN_BYTES[column.type];
		const validity = written.nulls ? take(Math.ceil(head.rows / 64) * 8) : undefined;
		const bytes = validityIsEmpty(validity) ? new Uint8Array(size) : take(size);
		const texts = column.type === "text" ? (written.texts ?? new Array<null>(head.rows).fill(null)) : undefined;
		return {
			column,
			bytes,
			...(validity === undefined ? {} : { validity }),
			...(texts === undefined ? {} : { texts }),
		};
	});
	const batch = { table: head.table, rows: head.rows, dimensions: new Map(head.dimensions), columns };
	const { bodyKey, bodyHash } = head;
	return { batch, ...(bodyKey === undefined ? {} : { bodyKey }), ...(bodyHash === undefined ? {} : { bodyHash }) };
}

function validityIsEmpty(validity: Uint8Array | undefined): boolean {
	return validity !== undefined && validity.every((byte) => byte === 0);
}
