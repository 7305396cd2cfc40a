/** A font from its WOFF 1.0 wrapping (W3C Recommendation, 2012): tables in the same order, each unpacked. */
import { inflateSync } from "node:zlib";

const HEAD = 44;
const ENTRY = 20;

/** Throws `RangeError` or what zlib throws where the bytes are no WOFF file. */
export function fontOfWoff(woff: Buffer): Buffer {
	if (woff.toString("latin1", 0, 4) !== "wOFF") throw new RangeError("not a WOFF file");
	const count = woff.readUInt16BE(12);
	const tables = Array.from({ length: count }, (_, i) => tableAt(woff, HEAD + ENTRY * i));
	const parts: Buffer[] = [directory(woff.readUInt32BE(4), tables), ...tables.map(({ data }) => padded(data))];
	return Buffer.concat(parts);
}

interface FontTable {
	readonly tag: number;
	readonly checksum: number;
	readonly data: Buffer;
}

function tableAt(woff: Buffer, at: number): FontTable {
	const [offset, packed, length] = [woff.readUInt32BE(at + 4), woff.readUInt32BE(at + 8), woff.readUInt32BE(at + 12)];
	const raw = woff.subarray(offset, offset + packed);
	return {
		tag: woff.readUInt32BE(at),
		checksum: woff.readUInt32BE(at + 16),
		data: packed < length ? inflateSync(raw) : raw,
	};
}

/** Head of an sfnt file and its list of tables. */
function directory(flavor: number, tables: readonly FontTable[]): Buffer {
	const out = Buffer.alloc(12 + 16 * tables.length);
	const power = Math.floor(Math.log2(tables.length));
	const range = 16 * 2 ** power;
	out.writeUInt32BE(flavor, 0);
	out.writeUInt16BE(tables.length, 4);
	out.writeUInt16BE(range, 6);
	out.writeUInt16BE(power, 8);
	out.writeUInt16BE(16 * tables.length - range, 10);
	let place = out.length;
	for (const [i, { tag, checksum, data }] of tables.entries()) {
		const at = 12 + 16 * i;
		out.writeUInt32BE(tag, at);
		out.writeUInt32BE(checksum, at + 4);
		out.writeUInt32BE(place, at + 8);
		out.writeUInt32BE(data.length, at + 12);
		place += padded(data).length;
	}
	return out;
}

function padded(data: Buffer): Buffer {
	const more = (4 - (data.length % 4)) % 4;
	return more === 0 ? data : Buffer.concat([data, Buffer.alloc(more)]);
}
