/** A trace file that the reader picked, read ahead of the simulator piece by piece. It never leaves the browser. */
import type { Trace, TraceAccount } from "@farthing/answers";
import { A_TRACE, FarthingError, traceIntake } from "@farthing/answers";

export interface PickedTrace extends Trace {
	/** Reads until so many requests can be pulled, or all that are left. */
	readAhead(requests: number): Promise<void>;
	/** Share of the file that was read. */
	readonly share: number;
}

/** What is read of a file: a Blob has it. */
export interface PickedFile {
	readonly name: string;
	readonly size: number;
	stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** A longer line is no request: it would fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Throws exit 2 where there is no line, or the first is of no known layout. */
export async function pickedTrace(file: PickedFile): Promise<PickedTrace> {
	const intake = traceIntake(file.name);
	const state: { read: number; brokenOff?: string; isUnfinished?: boolean } = { read: 0 };
	const pieces = linesOf(file, state);
	const readAhead = async (wanted: number): Promise<void> => {
		while (intake.ready < wanted) {
			const piece = await pieces.next();
			if (piece.done === true) {
				intake.end();
				return;
			}
			for (const line of piece.value) intake.take(line);
		}
	};
	await readAhead(1);
	return {
		name: file.name,
		layout: intake.layout(),
		readAhead,
		pull: () => intake.pull(),
		get share() {
			return file.size === 0 ? 1 : Math.min(1, state.read / file.size);
		},
		account: (): TraceAccount => {
			const { read: _, ...end } = state;
			return intake.account(end);
		},
	};
}

interface Reading {
	read: number;
	brokenOff?: string;
	isUnfinished?: boolean;
}

async function* linesOf(file: PickedFile, state: Reading): AsyncGenerator<readonly string[]> {
	const [first, bytes] = await opened(file, state);
	const decoder = new TextDecoder(encodingOf(first));
	let rest = "";
	try {
		for await (const piece of each(bytes)) {
			const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
			rest = lines.pop() as string;
			// What is cut here is no line any more, and goes to quarantine as one.
			if (rest.length > LONGEST_LINE) rest = `${rest.slice(0, 200)}… (a line of more than ${LONGEST_LINE} characters)`;
			yield lines;
		}
	} catch (error) {
		state.brokenOff = `it cannot be read on: ${(error as Error).message}`;
	}
	rest += decoder.decode();
	if (rest === "") return;
	state.isUnfinished = true;
	yield [rest];
}

/** The text of a file, unpacked where it is packed, with its first bytes. */
async function opened(file: PickedFile, state: Reading): Promise<[Uint8Array, ReadableStream<Uint8Array>]> {
	const packed = counted(file.stream(), state);
	const [head, whole] = await peeked(packed);
	if (startsWith(head, ZSTD)) {
		throw new FarthingError(
			2,
			"unsupported-compression",
			`${file.name} is packed with zstd, which browsers do not undo`,
			{
				file: file.name,
				expected: `${A_TRACE}; as text or gzip`,
				hint: `unzstd ${file.name}`,
			},
		);
	}
	if (!startsWith(head, GZIP)) return [head, whole];
	return peeked(whole.pipeThrough(new DecompressionStream("gzip")));
}

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
	return mark.every((byte, i) => bytes[i] === byte);
}

function encodingOf(head: Uint8Array): string {
	if (startsWith(head, [0xff, 0xfe])) return "utf-16le";
	return startsWith(head, [0xfe, 0xff]) ? "utf-16be" : "utf-8";
}

type Bytes = Uint8Array<ArrayBuffer>;

function counted(stream: ReadableStream<Bytes>, state: Reading): ReadableStream<Bytes> {
	return stream.pipeThrough(
		new TransformStream<Bytes, Bytes>({
			transform(piece, controller) {
				state.read += piece.length;
				controller.enqueue(piece);
			},
		}),
	);
}

/** The first piece, and the stream with it in front. */
async function peeked(stream: ReadableStream<Bytes>): Promise<[Bytes, ReadableStream<Bytes>]> {
	const reader = stream.getReader();
	const first = await reader.read();
	const whole = new ReadableStream<Bytes>({
		start(controller) {
			if (first.value !== undefined) controller.enqueue(first.value);
		},
		async pull(controller) {
			const { value, done } = await reader.read();
			if (done) controller.close();
			else controller.enqueue(value);
		},
	});
	return [first.value ?? new Uint8Array(), whole];
}

/** Streams cannot be walked by themselves in every browser. */
async function* each(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
	const reader = stream.getReader();
	for (;;) {
		const { value, done } = await reader.read();
		if (done) return;
		yield value;
	}
}
