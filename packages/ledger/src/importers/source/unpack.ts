/** Bytes as they were before compression and re-encoding: gzip and zstd are undone, UTF-16 becomes UTF-8. */
import { type Gunzip, createGunzip } from "node:zlib";
import { Decompress } from "fzstd";
import { ImportError } from "./import-error.ts";

/** What was done to a source on the way in, and whether it broke off: filled while {@link unpack} is read. */
export interface Unpacking {
	compression: "none" | "gzip" | "zstd";
	encoding: "utf-8" | "utf-16le" | "utf-16be";
	/** Set where the source ends early or is damaged: what came before it has been given out. */
	brokenOff?: string;
}

/**
 * Undoes compression (gzip, also of several members; zstd) and turns UTF-16, with a byte order mark or by its pattern of
 * zero bytes, into UTF-8 without mark. A source that ends early or is damaged gives what could be read, and says so in
 * `state.brokenOff`. Throws `unsupported-compression` for zip, bzip2, xz and lz4.
 */
export async function* unpack(
	bytes: AsyncIterable<Uint8Array>,
	file: string,
	state: Unpacking,
): AsyncGenerator<Uint8Array> {
	yield* toUtf8(decompress(bytes, file, state), state);
}

async function* decompress(
	bytes: AsyncIterable<Uint8Array>,
	file: string,
	state: Unpacking,
): AsyncGenerator<Uint8Array> {
	const { head, all } = await peek(bytes, 6);
	if (starts(head, [0x1f, 0x8b])) {
		state.compression = "gzip";
		yield* gunzip(all, state);
	} else if (starts(head, [0x28, 0xb5, 0x2f, 0xfd])) {
		state.compression = "zstd";
		yield* unzstd(all, state);
	} else {
		const known = OTHER_ARCHIVES.find(([magic]) => starts(head, magic));
		if (known !== undefined) {
			throw new ImportError(
				"unsupported-compression",
				`${file} is compressed as ${known[1]}`,
				{ file },
				{
					expected: "plain text, gzip, zstd or Parquet",
					hint: `unpack it first, or pipe it in: ${known[2]} | farthing import -`,
				},
			);
		}
		yield* all;
	}
}

const OTHER_ARCHIVES: readonly (readonly [readonly number[], string, string])[] = [
	[[0x50, 0x4b, 0x03, 0x04], "a zip archive or workbook", "unzip -p FILE"],
	[[0x42, 0x5a, 0x68], "bzip2", "bzcat FILE"],
	[[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz", "xzcat FILE"],
	[[0x04, 0x22, 0x4d, 0x18], "lz4", "lz4cat FILE"],
];

async function* gunzip(bytes: AsyncIterable<Uint8Array>, state: Unpacking): AsyncGenerator<Uint8Array> {
	const stream = createGunzip();
	const out: Uint8Array[] = [];
	const fault: { error?: Error } = {};
	stream.on("data", (chunk: Uint8Array) => out.push(chunk));
	stream.on("error", (error) => (fault.error = error));
	for await (const chunk of bytes) {
		await settled(stream, (done) => stream.write(chunk, done));
		yield* out.splice(0);
		if (fault.error !== undefined) break;
	}
	if (fault.error === undefined) {
		await new Promise<void>((resolve) => {
			stream.once("end", resolve).once("error", () => resolve());
			stream.end();
		});
	}
	yield* out.splice(0);
	if (fault.error !== undefined) state.brokenOff = `gzip: ${fault.error.message}`;
	stream.destroy();
}

/** Resolves when a write is done with, well or not. */
function settled(stream: Gunzip, write: (done: () => void) => void): Promise<void> {
	return new Promise((resolve) => {
		const finish = (): void => {
			stream.off("error", finish);
			resolve();
		};
		stream.once("error", finish);
		write(finish);
	});
}

async function* unzstd(bytes: AsyncIterable<Uint8Array>, state: Unpacking): AsyncGenerator<Uint8Array> {
	const out: Uint8Array[] = [];
	const stream = new Decompress((chunk) => out.push(chunk));
	try {
		for await (const chunk of bytes) {
			stream.push(chunk);
			yield* out.splice(0);
		}
		stream.push(new Uint8Array(0), true);
	} catch (error) {
		state.brokenOff = `zstd: ${(error as Error).message}`;
	}
	yield* out.splice(0);
}

async function* toUtf8(bytes: AsyncIterable<Uint8Array>, state: Unpacking): AsyncGenerator<Uint8Array> {
	const { head, all } = await peek(bytes, 512);
	const [encoding, mark] = encodingOf(head);
	state.encoding = encoding;
	if (encoding === "utf-8") {
		let skip = mark;
		for await (const chunk of all) {
			const from = Math.min(skip, chunk.length);
			skip -= from;
			if (from < chunk.length) yield from === 0 ? chunk : chunk.subarray(from);
		}
		return;
	}
	const decoder = new TextDecoder(encoding);
	for await (const chunk of all) {
		const text = decoder.decode(chunk, { stream: true });
		if (text !== "") yield Buffer.from(text, "utf8");
	}
	const rest = decoder.decode();
	if (rest !== "") yield Buffer.from(rest, "utf8");
}

/** The encoding and the bytes of its mark: by the mark, else by where the zero bytes stand in the first characters. */
function encodingOf(head: Uint8Array): readonly [Unpacking["encoding"], number] {
	if (starts(head, [0xef, 0xbb, 0xbf])) return ["utf-8", 3];
	if (isParquet(head)) return ["utf-8", 0];
	if (starts(head, [0xff, 0xfe])) return ["utf-16le", 2];
	if (starts(head, [0xfe, 0xff])) return ["utf-16be", 2];
	const pairs = Math.floor(head.length / 2);
	if (pairs < 4) return ["utf-8", 0];
	let even = 0;
	let odd = 0;
	for (let i = 0; i < pairs * 2; i += 2) {
		if (head[i] === 0) even++;
		if (head[i + 1] === 0) odd++;
	}
	if (odd > pairs * 0.7 && even < pairs * 0.1) return ["utf-16le", 0];
	if (even > pairs * 0.7 && odd < pairs * 0.1) return ["utf-16be", 0];
	return ["utf-8", 0];
}

/** The first `count` bytes, and everything, those included. */
export async function peek(
	bytes: AsyncIterable<Uint8Array>,
	count: number,
): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
	const iterator = bytes[Symbol.asyncIterator]();
	const taken: Uint8Array[] = [];
	let size = 0;
	while (size < count) {
		const next = await iterator.next();
		if (next.done === true) break;
		taken.push(next.value);
		size += next.value.length;
	}
	const head = Buffer.concat(taken).subarray(0, count);
	async function* all(): AsyncGenerator<Uint8Array> {
		yield* taken;
		for (;;) {
			const next = await iterator.next();
			if (next.done === true) return;
			yield next.value;
		}
	}
	return { head, all: all() };
}

/** Parquet's own mark: its bytes pass as they are. */
export function isParquet(head: Uint8Array): boolean {
	return starts(head, [0x50, 0x41, 0x52, 0x31]);
}

function starts(bytes: Uint8Array, magic: readonly number[]): boolean {
	return magic.every((byte, i) => bytes[i] === byte);
}
