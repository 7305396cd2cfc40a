import { randomUUID } from "node:crypto";
import { open, readdir, readFile, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, syncFolder } from "../../folder.ts";
import { StoreError } from "../store-error.ts";
import { asFileError } from "../store-folder.ts";

const MEGABYTE = 1_048_576;
/** Bytes that may wait unless told otherwise. */
export const SPOOL_CAP_BYTES: number = 512 * MEGABYTE;

export interface SpoolOptions {
	/** Bytes of segments that may wait; beyond, nothing is accepted. */
	readonly capBytes: number;
	/** A segment is closed at this size. */
	readonly rollBytes: number;
}

export interface SealedSegment {
	readonly id: string;
	readonly path: string;
	readonly bytes: number;
}

/**
 * What was acknowledged and is not yet in the store: files of frames, in order. Frames that come while others are on
 * their way to the disk are written together, so that one `fdatasync` serves them all; each append resolves after the
 * sync that covers it. One process uses a spool, the one that holds the store.
 */
export class Spool {
	private readonly folder: string;
	private readonly options: SpoolOptions;
	private readonly sealed: SealedSegment[] = [];
	private current: OpenSegment | undefined;
	private waiting: Waiting[] = [];
	private flushing: Promise<void> | undefined;
	private nextNumber = 1;
	private heldBytes = 0;

	private constructor(folder: string, options: SpoolOptions) {
		this.folder = folder;
		this.options = options;
	}

	/** Opens a folder; what a killed process left in it is sealed and waits for the loader. */
	static async open(folder: string, options: Partial<SpoolOptions> = {}): Promise<Spool> {
		const spool = new Spool(folder, { capBytes: SPOOL_CAP_BYTES, rollBytes: 32 * MEGABYTE, ...options });
		try {
			makeFolder(folder);
			await spool.recover();
		} catch (error) {
			throw asFileError(error, folder);
		}
		return spool;
	}

	/** Bytes that wait for the store, on disk or on their way there. */
	get bytes(): number {
		return this.heldBytes;
	}

	/** Throws `spool-full` where the cap leaves no room for so many bytes. */
	requireRoom(bytes: number): void {
		if (this.heldBytes + bytes <= this.options.capBytes) return;
		throw new StoreError("spool-full", "more is waiting for the store than it takes in", {
			hint: "send again in a second; nothing of this body was kept",
		});
	}

	/** Resolves once the frame is on the disk. Throws `spool-full` or `disk-full`; then nothing of it is kept. */
	async append(frame: Uint8Array): Promise<void> {
		this.requireRoom(frame.length);
		this.heldBytes += frame.length;
		const written = new Promise<void>((resolve, reject) => this.waiting.push({ frame, resolve, reject }));
		this.flushing ??= this.flush();
		return written;
	}

	/** Segments that no longer grow, oldest first. */
	get sealedSegments(): readonly SealedSegment[] {
		return this.sealed;
	}

	/** Closes the segment that is being written, where it holds anything. */
	async seal(): Promise<void> {
		while (this.flushing !== undefined) await this.flushing;
		await this.sealCurrent();
	}

	async read({ path }: SealedSegment): Promise<Buffer> {
		return readFile(path);
	}

	/** Forgets segments that the store holds in its own file. */
	async remove(segments: readonly SealedSegment[]): Promise<void> {
		for (const segment of segments) {
			await rm(segment.path, { force: true });
			this.sealed.splice(this.sealed.indexOf(segment), 1);
			this.heldBytes -= segment.bytes;
		}
	}

	async close(): Promise<void> {
		await this.seal();
	}

	private async recover(): Promise<void> {
		const names = (await readdir(this.folder)).filter((name) => NAME.test(name)).sort();
		for (const name of names) {
			const [, number = "0", id = ""] = NAME.exec(name) ?? [];
			const path = join(this.folder, name);
			const { size } = await stat(path);
			this.nextNumber = Math.max(this.nextNumber, Number(number) + 1);
			this.sealed.push({ id, path, bytes: size });
			this.heldBytes += size;
		}
	}

	private async flush(): Promise<void> {
		while (this.waiting.length > 0) {
			const group = this.waiting;
			this.waiting = [];
			try {
				await this.write(group);
				for (const { resolve } of group) resolve();
			} catch (error) {
				for (const { frame } of group) this.heldBytes -= frame.length;
				for (const { reject } of group) reject(asFileError(error, this.folder));
			}
		}
		this.flushing = undefined;
	}

	private async write(group: readonly Waiting[]): Promise<void> {
		this.current ??= await this.begin();
		const segment = this.current;
		const frames = group.map(({ frame }) => frame);
		try {
			await writeAll(segment.file, frames);
			await segment.file.datasync();
			segment.bytes += frames.reduce((sum, frame) => sum + frame.length, 0);
		} catch (error) {
			await this.cutBack(segment);
			throw error;
		}
		if (segment.bytes >= this.options.rollBytes) await this.sealCurrent();
	}

	/** Takes out what was written in part. Where even that fails the segment is closed: its checksum tells the rest. */
	private async cutBack(segment: OpenSegment): Promise<void> {
		try {
			await segment.file.truncate(segment.bytes);
			await segment.file.datasync();
		} catch {
			await this.sealCurrent();
		}
	}

	private async begin(): Promise<OpenSegment> {
		const id = randomUUID();
		const path = join(this.folder, `${String(this.nextNumber).padStart(12, "0")}-${id}.segment`);
		const file = await open(path, "ax");
		this.nextNumber++;
		await syncFolder(this.folder);
		return { id, path, file, bytes: 0 };
	}

	private async sealCurrent(): Promise<void> {
		const segment = this.current;
		if (segment === undefined) return;
		this.current = undefined;
		await segment.file.close();
		if (segment.bytes === 0) await rm(segment.path, { force: true });
		else this.sealed.push({ id: segment.id, path: segment.path, bytes: segment.bytes });
	}
}

interface Waiting {
	readonly frame: Uint8Array;
	readonly resolve: () => void;
	readonly reject: (error: unknown) => void;
}

interface OpenSegment {
	readonly id: string;
	readonly path: string;
	readonly file: FileHandle;
	bytes: number;
}

const NAME = /^(\d{12})-([0-9a-f-]{36})\.segment$/;
/** Linux takes at most 1,024 pieces in one call. */
const PIECES = 1000;

async function writeAll(file: FileHandle, frames: readonly Uint8Array[]): Promise<void> {
	for (let from = 0; from < frames.length; from += PIECES) {
		const pieces = frames.slice(from, from + PIECES);
		const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
		const { bytesWritten } = await file.writev(pieces);
		// A disk that fills up takes a part and says so only at the next write.
		if (bytesWritten < size) await file.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
	}
}
