/** Just enough of the ZIP format to look into an XLSX file, or change a part of it, without the library that wrote it. */
import { inflateRawSync } from "node:zlib";

/** Parts of an archive by path, in its order. */
export function readZip(bytes: Uint8Array): Map<string, Buffer> {
	const buffer = Buffer.from(bytes);
	const end = buffer.lastIndexOf("PK\x05\x06", undefined, "latin1");
	const entries = new Map<string, Buffer>();
	let at = buffer.readUInt32LE(end + 16);
	for (let n = buffer.readUInt16LE(end + 10); n > 0; n--) {
		const [method, size, local] = [
			buffer.readUInt16LE(at + 10),
			buffer.readUInt32LE(at + 20),
			buffer.readUInt32LE(at + 42),
		];
		const [name, extra, comment] = [
			buffer.readUInt16LE(at + 28),
			buffer.readUInt16LE(at + 30),
			buffer.readUInt16LE(at + 32),
		];
		const start = local + 30 + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28);
		const data = buffer.subarray(start, start + size);
		entries.set(buffer.toString("utf8", at + 46, at + 46 + name), method === 0 ? data : inflateRawSync(data));
		at += 46 + name + extra + comment;
	}
	return entries;
}

/** An archive of parts as they are, not compressed. */
export function writeZip(entries: ReadonlyMap<string, Buffer>): Uint8Array {
	const files: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const [path, data] of entries) {
		const name = Buffer.from(path);
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(33, 8);
		common.writeUInt32LE(checksum(data), 10);
		common.writeUInt32LE(data.length, 14);
		common.writeUInt32LE(data.length, 18);
		common.writeUInt16LE(name.length, 22);
		files.push(Buffer.from("PK\x03\x04", "latin1"), common, name, data);
		const rest = Buffer.alloc(14);
		rest.writeUInt32LE(offset, 10);
		directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, rest, name);
		offset += 30 + name.length + data.length;
	}
	const listed = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.write("PK\x05\x06", "latin1");
	end.writeUInt16LE(entries.size, 8);
	end.writeUInt16LE(entries.size, 10);
	end.writeUInt32LE(listed.length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...files, listed, end]);
}

/** CRC-32 of ISO 3309. */
function checksum(data: Uint8Array): number {
	let sum = 0xffffffff;
	for (const byte of data) sum = (TABLE[(sum ^ byte) & 0xff] as number) ^ (sum >>> 8);
	return (sum ^ 0xffffffff) >>> 0;
}

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, n) => {
	let sum = n;
	for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
	return sum;
});
