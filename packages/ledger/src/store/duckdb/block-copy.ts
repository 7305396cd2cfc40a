/**
 * DuckDB writes the blocks that hold its metadata over in place while the last checkpoint still needs them: only what is
 * free in them changes, but a process killed amid such a write leaves a block whose checksum holds no more, and with it a
 * file that cannot be read. So those blocks are copied beside the file before the next checkpoint, and put back before
 * the file is opened where that was cut off.
 */
import { existsSync } from "node:fs";
import { open, readFile, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../../folder.ts";
import { rowsOf, textOf, type DuckDBConnection } from "./connection.ts";

/** The main header and the two that tell of checkpoints; blocks follow. */
const HEADER_BYTES = 12_288;
const MAGIC = "farthing blocks 1\n";
const COUNT_BYTES = 16;

export function blockCopyOf(path: string): string {
	return `${path}.blocks`;
}

/** A block whose checksum does not hold, with the copy of it that does. */
export interface TornBlock {
	readonly id: bigint;
	readonly at: number;
	readonly copy: Buffer;
}

/**
 * Keeps the copy of one open file. Its own handle stays open until the database has closed: with the first
 * handle that a process closes on a file, the system takes away the lock that DuckDB has on it.
 */
export class BlockCopy {
	private readonly path: string;
	private readonly file: FileHandle;
	private header: Buffer = Buffer.alloc(0);
	private blockBytes = 0;
	private idsSql = "";

	private constructor(path: string, file: FileHandle) {
		this.path = path;
		this.file = file;
	}

	/** Call once the database is open. Nothing is copied yet: a ledger that is only read needs no room on the disk. */
	static async open(path: string): Promise<BlockCopy> {
		return new BlockCopy(path, await open(path, "r"));
	}

	/** Copies the blocks where a checkpoint came since; call before there can be another one. */
	async refresh(connection: DuckDBConnection): Promise<void> {
		const header = await bytesAt(this.file, 0, HEADER_BYTES);
		if (header.equals(this.header)) return;
		if (this.idsSql === "") await this.readForm(connection);
		const ids = await rowsOf(connection, this.idsSql);
		const blocks: { id: bigint; bytes: Buffer }[] = [];
		for (const [id] of ids) {
			const bytes = await bytesAt(this.file, placeOf(id as bigint, this.blockBytes), this.blockBytes);
			// What is not in the file yet belongs to no checkpoint.
			if (bytes.length === this.blockBytes) blocks.push({ id: id as bigint, bytes });
		}
		await writeCopy(blockCopyOf(this.path), header, this.blockBytes, blocks);
		this.header = header;
	}

	private async readForm(connection: DuckDBConnection): Promise<void> {
		const [[database, bytes] = []] = await rowsOf(
			connection,
			"SELECT database_name, block_size FROM pragma_database_size() WHERE database_name = current_database()",
		);
		this.blockBytes = Number(bytes);
		this.idsSql = `SELECT block_id FROM pragma_metadata_info('${textOf(database).replaceAll("'", "''")}') ORDER BY block_id`;
	}

	/** Before the database closes, which is a checkpoint where its log holds something. */
	async beforeClose(connection: DuckDBConnection): Promise<void> {
		if (existsSync(`${this.path}.wal`)) await this.refresh(connection);
	}

	/** Once the database has closed. A file that was closed whole needs no copy. */
	async close(): Promise<void> {
		await this.file.close();
		if (!existsSync(`${this.path}.wal`)) await rm(blockCopyOf(this.path), { force: true });
	}
}

/** Blocks that a checkpoint which was cut off left torn. None where the copy is of another checkpoint than the file's last. */
export async function tornBlocks(path: string): Promise<TornBlock[]> {
	const copy = await readCopy(blockCopyOf(path));
	if (copy === undefined) return [];
	const file = await open(path, "r").catch(() => undefined);
	if (file === undefined) return [];
	try {
		if (!(await bytesAt(file, 0, HEADER_BYTES)).equals(copy.header)) return [];
		const torn: TornBlock[] = [];
		for (const { id, bytes } of copy.blocks) {
			const at = placeOf(id, bytes.length);
			const found = await bytesAt(file, at, bytes.length);
			if (found.equals(bytes) || hasBlockChecksum(found) || !hasBlockChecksum(bytes)) continue;
			torn.push({ id, at, copy: bytes });
		}
		return torn;
	} finally {
		await file.close();
	}
}

/** DuckDB's own: the first 8 bytes are the XOR of the words after them, each multiplied. */
export function hasBlockChecksum(block: Buffer): boolean {
	if (block.length % 8 !== 0 || block.length === 0) return false;
	const words = new BigUint64Array(block.buffer.slice(block.byteOffset, block.byteOffset + block.length));
	let sum = 5381n;
	for (let i = 1; i < words.length; i++) sum ^= BigInt.asUintN(64, (words[i] as bigint) * 0xbf58_476d_1ce4_e5b9n);
	return words[0] === sum;
}

function placeOf(id: bigint, blockBytes: number): number {
	return HEADER_BYTES + Number(id) * blockBytes;
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
	return buffer.subarray(0, bytesRead);
}

interface Copy {
	readonly header: Buffer;
	readonly blocks: readonly { readonly id: bigint; readonly bytes: Buffer }[];
}

/** On the disk under its name, or not at all. */
async function writeCopy(file: string, header: Buffer, blockBytes: number, blocks: Copy["blocks"]): Promise<void> {
	const counts = Buffer.alloc(COUNT_BYTES);
	counts.writeBigUInt64LE(BigInt(blockBytes), 0);
	counts.writeBigUInt64LE(BigInt(blocks.length), 8);
	const parts = [Buffer.from(MAGIC), header, counts];
	for (const { id, bytes } of blocks) {
		const name = Buffer.alloc(8);
		name.writeBigUInt64LE(id);
		parts.push(name, bytes);
	}
	const draft = await open(`${file}.part`, "w", 0o600);
	try {
		await draft.writev(parts);
		await draft.datasync();
	} finally {
		await draft.close();
	}
	await rename(`${file}.part`, file);
	await syncFolder(dirname(file));
}

/** Undefined where there is none, or one that is not whole. Its blocks have checksums of their own. */
async function readCopy(file: string): Promise<Copy | undefined> {
	const content = await readFile(file).catch(() => undefined);
	const from = MAGIC.length + HEADER_BYTES + COUNT_BYTES;
	if (content === undefined || content.length < from) return undefined;
	if (content.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
	const blockBytes = Number(content.readBigUInt64LE(from - COUNT_BYTES));
	const count = Number(content.readBigUInt64LE(from - 8));
	if (content.length !== from + count * (8 + blockBytes)) return undefined;
	const blocks = Array.from({ length: count }, (_, i) => {
		const at = from + i * (8 + blockBytes);
		return { id: content.readBigUInt64LE(at), bytes: content.subarray(at + 8, at + 8 + blockBytes) };
	});
	return { header: content.subarray(MAGIC.length, MAGIC.length + HEADER_BYTES), blocks };
}
