import { parseInstant } from "../../records/units.ts";

/**
 * A place in a body of JSON lines, and readers of the few forms of JSON that the bulk of events is made of, straight from
 * the bytes. A reader that meets another form says so and is then anywhere: the line must be read by other means.
 */
export class JsonCursor {
	bytes: Uint8Array = new Uint8Array(0);
	/** The same bytes, to look at four of them at once. */
	view: DataView = new DataView(new ArrayBuffer(0));
	at = 0;
	private knownDay = -1;
	private knownDayMicros = 0;

	/** Goes to a place in a body. */
	moveTo(bytes: Uint8Array, at: number): void {
		if (this.bytes !== bytes) {
			this.bytes = bytes;
			this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		}
		this.at = at;
	}

	/** Spaces and tabs, as some writers put them between tokens. */
	skipBlanks(): void {
		const { bytes } = this;
		let { at } = this;
		while (bytes[at] === SPACE || bytes[at] === TAB) at++;
		this.at = at;
	}

	/** True past this byte and the blanks behind it. */
	passes(byte: number): boolean {
		if (this.bytes[this.at] !== byte) return false;
		this.at++;
		this.skipBlanks();
		return true;
	}

	/** True past `null`. */
	passesNull(): boolean {
		const { bytes, at } = this;
		if (bytes[at] !== 110 || bytes[at + 1] !== 117 || bytes[at + 2] !== 108 || bytes[at + 3] !== 108) return false;
		this.at += 4;
		this.skipBlanks();
		return true;
	}

	/** Past the end of the line, where nothing but blanks is left of it. */
	passesLineEnd(): boolean {
		this.skipBlanks();
		const { bytes } = this;
		if (bytes[this.at] === CARRIAGE_RETURN) this.at++;
		if (this.at < bytes.length && bytes[this.at] !== NEWLINE) return false;
		this.at++;
		return true;
	}

	/** Plain digits, at most 15 so that every one of them counts; -1 for any other form. */
	whole(): number {
		const { bytes } = this;
		const start = this.at;
		let at = start;
		let n = 0;
		for (let digit = digitOf(bytes[at]); digit >= 0; digit = digitOf(bytes[++at])) n = n * 10 + digit;
		const length = at - start;
		if (length === 0 || length > 15 || (length > 1 && bytes[start] === ZERO)) return -1;
		this.at = at;
		this.skipBlanks();
		return n;
	}

	/** Microseconds of `"YYYY-MM-DDTHH:MM:SS[.fraction]Z"`; -1 for any other form. */
	instant(): number {
		const { bytes, at } = this;
		if (bytes[at] !== QUOTE || bytes[at + 11] !== LETTER_T) return -1;
		if (bytes[at + 14] !== COLON || bytes[at + 17] !== COLON) return -1;
		const day = this.dayMicros(at + 1);
		const hours = pair(bytes, at + 12);
		const minutes = pair(bytes, at + 15);
		const seconds = pair(bytes, at + 18);
		if (day < 0 || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) return -1;
		let end = at + 20;
		let fraction = 0;
		if (bytes[end] === POINT) {
			const first = ++end;
			for (let digit = digitOf(bytes[end]); digit >= 0; digit = digitOf(bytes[++end])) {
				if (end - first < 6) fraction = fraction * 10 + digit;
			}
			const digits = end - first;
			if (digits === 0 || digits > 9) return -1;
			for (let i = digits; i < 6; i++) fraction *= 10;
		}
		if (bytes[end] !== LETTER_Z || bytes[end + 1] !== QUOTE) return -1;
		this.at = end + 2;
		this.skipBlanks();
		return day + ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction;
	}

	/** The end of a text of printable ASCII without escapes, at its second quote; -1 for any other form. */
	textEnd(): number {
		const { bytes, at } = this;
		if (bytes[at] !== QUOTE) return -1;
		let end = at + 1;
		for (let byte = bytes[end] as number; byte !== QUOTE; byte = bytes[++end] as number) {
			if (!(byte >= SPACE && byte <= TILDE) || byte === BACKSLASH) return -1;
		}
		return end;
	}

	/** Of events that follow each other most lie on one day. */
	private dayMicros(at: number): number {
		const { bytes } = this;
		const [a, b, c, d] = [pair(bytes, at), pair(bytes, at + 2), pair(bytes, at + 5), pair(bytes, at + 8)];
		if (a < 0 || b < 0 || c < 0 || d < 0 || bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return -1;
		const day = ((a * 100 + b) * 100 + c) * 100 + d;
		if (day === this.knownDay) return this.knownDayMicros;
		const text = String.fromCharCode(...bytes.subarray(at, at + 10));
		const start = parseInstant(`${text}T00:00:00Z`);
		if (start === undefined) return -1;
		this.knownDay = day;
		this.knownDayMicros = start;
		return start;
	}
}

/**
 * Words that may come next, told by their bytes. What followed a word last time is tried first, since a sender writes
 * its members in one order.
 */
export class Words {
	private readonly words: readonly DataView[];
	private readonly following: Uint8Array;

	/** Each of at least four characters of ASCII. */
	constructor(words: readonly string[]) {
		this.words = words.map((word) => new DataView(new TextEncoder().encode(word).buffer));
		this.following = new Uint8Array(words.length + 1);
	}

	/** Place of the word at the cursor, which is then past it and blanks; -1 where none is. `after`: the one before, -1 for none. */
	next(cursor: JsonCursor, after: number): number {
		const { following } = this;
		const guess = following[after + 1] as number;
		if (this.passes(cursor, guess)) return guess;
		for (let i = 0; i < this.words.length; i++) {
			if (!this.passes(cursor, i)) continue;
			following[after + 1] = i;
			return i;
		}
		return -1;
	}

	private passes(cursor: JsonCursor, i: number): boolean {
		const word = this.words[i] as DataView;
		const { byteLength } = word;
		if (!isSame(word, 0, byteLength, cursor.view, cursor.at)) return false;
		cursor.at += byteLength;
		cursor.skipBlanks();
		return true;
	}
}

/** Whether the same bytes, at least four, stand at a place in another view. */
export function isSame(held: DataView, start: number, length: number, view: DataView, at: number): boolean {
	if (at + length > view.byteLength) return false;
	const last = length - 4;
	// Four at once; the last four may overlap those before.
	for (let i = 0; i < last; i += 4) if (held.getInt32(start + i) !== view.getInt32(at + i)) return false;
	return held.getInt32(start + last) === view.getInt32(at + last);
}

export const OPEN = 0x7b;
export const CLOSE = 0x7d;
export const COMMA = 0x2c;
export const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const TAB = 9;
const SPACE = 0x20;
const TILDE = 0x7e;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const COLON = 0x3a;
const DASH = 0x2d;
const POINT = 0x2e;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

/** Negative where the byte is no digit. */
function digitOf(byte: number | undefined): number {
	const digit = (byte as number) - ZERO;
	return digit <= 9 ? digit : -1;
}

function pair(bytes: Uint8Array, at: number): number {
	const tens = digitOf(bytes[at]);
	const ones = digitOf(bytes[at + 1]);
	return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
}
