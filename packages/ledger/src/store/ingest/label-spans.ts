import type { BatchBuilder } from "../column-batch.ts";
import type { DimensionName } from "../table.ts";
import { CLOSE, isSame, NEWLINE, type JsonCursor } from "./json-cursor.ts";

/** The key of a dimension from the parsed object of its labels; undefined where the shapes must decide. */
export type KeyOfLabels = (labels: unknown) => string | undefined;

/** Objects that are remembered; labels repeat, and a million different ones must not fill the memory. */
const MOST_SPANS = 65_536;
const MOST_BYTES = 16 * 1_048_576;
/** Of one object, so that the search for its end does not go on through the lines after it. */
const MOST_LENGTH = 4096;
/** Places that are looked at: a sender who makes hashes meet pays for parsing, and nobody for the search. */
const MOST_STEPS = 8;

/**
 * Codes of a dimension by the bytes of the object that names its labels, `{"team":"a","key":"b"}`. An object whose bytes
 * came before is not parsed: the same bytes are the same labels. The first time JSON.parse and the shape decide.
 */
export class LabelSpans {
	private readonly batch: BatchBuilder;
	private readonly dimension: DimensionName;
	private readonly keyOf: KeyOfLabels;
	private slots = new Int32Array(1024).fill(-1);
	private held = new DataView(new ArrayBuffer(65_536));
	private heldBytes = 0;
	private spans: LabelSpan[] = [];
	private last: LabelSpan | undefined;

	constructor(batch: BatchBuilder, dimension: DimensionName, keyOf: KeyOfLabels) {
		this.batch = batch;
		this.dimension = dimension;
		this.keyOf = keyOf;
	}

	/** The object at the cursor, which is then past it; undefined where the shapes must decide. */
	next(cursor: JsonCursor): LabelSpan | undefined {
		const { view, at } = cursor;
		const { last } = this;
		if (last !== undefined && isSame(this.held, last.start, last.length, view, at)) return passed(cursor, last);
		// To the first closing brace: what is nested, or has one in a text, is then no JSON and decided by the shapes.
		const limit = Math.min(view.byteLength, at + MOST_LENGTH) - 4;
		let hash = 0;
		let end = at;
		for (; end <= limit; end += 4) {
			const four = view.getInt32(end);
			if (hasClose(four)) break;
			hash = Math.imul(hash ^ four, 0x9e3779b1);
			hash ^= hash >>> 15;
		}
		const { bytes } = cursor;
		for (const most = Math.min(end + 4, bytes.length); end < most && bytes[end] !== CLOSE; end++) {
			hash = Math.imul(hash ^ (bytes[end] as number), 0x01000193);
		}
		if (bytes[end] !== CLOSE || end - at < 3) return undefined;
		const span = this.find(cursor, end + 1, hash ^ (hash >>> 15));
		if (span === undefined) return undefined;
		this.last = span;
		return passed(cursor, span);
	}

	/** The code of an object in the batch. */
	codeOf(span: LabelSpan): number {
		const { batch } = this;
		if (span.generation !== batch.generation) {
			span.code = batch.code(this.dimension, span.key);
			span.generation = batch.generation;
		}
		return span.code;
	}

	private find(cursor: JsonCursor, end: number, hash: number): LabelSpan | undefined {
		const { slots, spans, held } = this;
		const { view, at } = cursor;
		const mask = slots.length - 1;
		for (let step = 0; step < MOST_STEPS; step++) {
			const place = slots[(hash + step) & mask] as number;
			if (place < 0) break;
			const span = spans[place] as LabelSpan;
			if (span.hash === hash && isSame(held, span.start, span.length, view, at)) return span;
		}
		return this.learn(cursor.bytes.subarray(at, end), hash);
	}

	private learn(text: Uint8Array, hash: number): LabelSpan | undefined {
		// A line ends at every newline, also where JSON would allow one.
		if (text.includes(NEWLINE)) return undefined;
		const key = keyOfText(Buffer.from(text).toString(), this.keyOf);
		if (key === undefined) return undefined;
		const { length } = text;
		if (this.spans.length === MOST_SPANS || this.heldBytes + length > MOST_BYTES) this.forget();
		while (this.heldBytes + length > this.held.byteLength) this.grow();
		const span: LabelSpan = { key, hash, start: this.heldBytes, length, code: 0, generation: -1 };
		new Uint8Array(this.held.buffer).set(text, this.heldBytes);
		this.heldBytes += length;
		this.spans.push(span);
		if (this.spans.length * 2 > this.slots.length) this.widen();
		else this.place(this.spans.length - 1);
		return span;
	}

	/** Where all places are taken the span takes that of an older one, which is learned anew when it comes again. */
	private place(i: number): void {
		const { hash } = this.spans[i] as LabelSpan;
		const { slots } = this;
		const mask = slots.length - 1;
		let step = 0;
		while (step < MOST_STEPS && (slots[(hash + step) & mask] as number) >= 0) step++;
		slots[(hash + (step % MOST_STEPS)) & mask] = i;
	}

	private widen(): void {
		this.slots = new Int32Array(this.slots.length * 2).fill(-1);
		for (let i = 0; i < this.spans.length; i++) this.place(i);
	}

	private grow(): void {
		const grown = new Uint8Array(this.held.byteLength * 2);
		grown.set(new Uint8Array(this.held.buffer));
		this.held = new DataView(grown.buffer);
	}

	private forget(): void {
		this.slots.fill(-1);
		this.spans = [];
		this.heldBytes = 0;
		this.last = undefined;
	}
}

/** An object of labels that came before. */
export interface LabelSpan {
	readonly key: string;
	readonly hash: number;
	/** Where its bytes are held. */
	readonly start: number;
	readonly length: number;
	code: number;
	/** Of the batch that the code belongs to. */
	generation: number;
}

/** Whether one of four bytes is a closing brace: a byte that becomes zero borrows from its highest bit. */
function hasClose(four: number): boolean {
	const zeroed = four ^ 0x7d7d7d7d;
	return ((zeroed - 0x01010101) & ~zeroed & 0x80808080) !== 0;
}

function passed(cursor: JsonCursor, span: LabelSpan): LabelSpan {
	cursor.at += span.length;
	cursor.skipBlanks();
	return span;
}

function keyOfText(text: string, keyOf: KeyOfLabels): string | undefined {
	let labels: unknown;
	try {
		labels = JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
	return keyOf(labels);
}
