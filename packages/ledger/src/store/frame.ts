import { crc32 } from "node:zlib";
import { NO_BYTES, validityBytes, type BatchColumn, type ColumnBatch, type Presence } from "./column-batch.ts";
import { StoreError } from "./store-error.ts";
import { COLUMN_BYTES, TABLES, type DimensionName, type TableName } from "./table.ts";

/**
 * Batches as bytes, for the spool: magic, length of the body, CRC-32 of the body, then the body: length of the head, the
 * head as JSON, and the columns as they are. A frame is what is acknowledged as one, so it is there whole or not at
 * all: a torn or changed one is told by length and checksum.
 */
export interface Frame {
	readonly batches: readonly ColumnBatch[];
	/** The bodies that it holds. */
	readonly bodies?: readonly BodyId[];
}

export interface BodyId {
	/** Key under which it was sent. */
	readonly key: string;
	/** SHA-256 of its bytes. */
	readonly hash: string;
}

export const FRAME_PREFIX = 16;

export function encodeFrame({ batches, bodies }: Frame): Buffer {
	const head: Head = {
		batches: batches.map(batchHead),
		...(bodies === undefined ? {} : { bodies }),
	};
	const headBytes = Buffer.from(JSON.stringify(head));
	const pieces = batches.flatMap(({ columns }) => columns.flatMap(piecesOf));
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
		const end = at + FRAME_PREFIX + segment.readUInt32LE(at + 4);
		if (segment.readUInt32LE(at) !== MAGIC || end > segment.length) break;
		const body = segment.subarray(at + FRAME_PREFIX, end);
		if (crc32(body) !== segment.readUInt32LE(at + 8)) break;
		frames.push(decodeBody(body));
		at = end;
	}
	return { frames, bytes: at };
}

interface Head {
	readonly batches: readonly BatchHead[];
	readonly bodies?: readonly BodyId[];
}

interface BatchHead {
	readonly table: TableName;
	readonly rows: number;
	readonly dimensions: readonly (readonly [DimensionName, readonly string[]])[];
	/** For each column: which rows have a value, and its texts. */
	readonly columns: readonly ColumnHead[];
}

interface ColumnHead {
	readonly name: string;
	readonly has: Presence;
	readonly texts?: readonly (string | null)[];
}

const MAGIC = 0x31_47_52_46;

function batchHead({ table, rows, dimensions, columns }: ColumnBatch): BatchHead {
	return {
		table,
		rows,
		dimensions: [...dimensions],
		columns: columns.map(({ column: { name }, has, texts }) => ({
			name,
			has,
			...(texts === undefined ? {} : { texts }),
		})),
	};
}

function piecesOf({ validity, bytes }: BatchColumn): Uint8Array[] {
	return validity === undefined ? [bytes] : [validity, bytes];
}

function decodeBody(body: Buffer): Frame {
	const headLength = body.readUInt32LE(0);
	const { batches, ...rest } = JSON.parse(body.toString("utf8", 4, 4 + headLength)) as Head;
	let at = 4 + headLength;
	const take = (length: number): Uint8Array => {
		// A copy, so that it begins where numbers of any width may begin.
		const piece = new Uint8Array(body.subarray(at, at + length));
		at += length;
		return piece;
	};
	return { batches: batches.map((head) => decodeBatch(head, take)), ...rest };
}

function decodeBatch(
	{ table, rows, dimensions, columns }: BatchHead,
	take: (length: number) => Uint8Array,
): ColumnBatch {
	const decoded = TABLES[table].columns.map((column, i): BatchColumn => {
		const head = columns[i];
		if (head?.name !== column.name) {
			throw new StoreError("broken-frame", `a frame of ${table} was written by another version of farthing`, {
				hint: "load the spool with the version that wrote it, then update",
			});
		}
		const { has, texts } = head;
		const validity = has === "some" ? take(validityBytes(rows)) : undefined;
		const bytes = has === "none" ? NO_BYTES : take(rows * COLUMN_BYTES[column.type]);
		return {
			column,
			has,
			bytes,
			...(validity === undefined ? {} : { validity }),
			...(texts === undefined ? {} : { texts }),
		};
	});
	return { table, rows, dimensions: new Map(dimensions), columns: decoded };
}
