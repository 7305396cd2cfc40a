/** Lines of a source of bytes, one at a time, none longer than a limit. */

/** The longest line or JSON value that is held in memory: longer ones are set aside unread. */
export const LONGEST_RECORD: number = 64 * 1024 * 1024;

export interface TextLine {
	/** From 1. */
	readonly line: number;
	readonly text: string;
	/** Why the line cannot be read: too long, or bytes that are no UTF-8. `text` is then its readable beginning. */
	readonly fault?: string;
	/** True for a last line without its end: the file may be cut short in it. */
	readonly isUnfinished?: boolean;
}

/** Lines without their ends (LF or CRLF); an unfinished last line counts. */
export async function* textLines(
	bytes: AsyncIterable<Uint8Array>,
	longest: number = LONGEST_RECORD,
): AsyncGenerator<TextLine> {
	const pending = new PendingBytes(longest);
	let line = 1;
	for await (const chunk of bytes) {
		let from = 0;
		for (let end = chunk.indexOf(10, from); end >= 0; end = chunk.indexOf(10, from)) {
			pending.add(chunk.subarray(from, end));
			yield pending.take(line++);
			from = end + 1;
		}
		pending.add(chunk.subarray(from));
	}
	if (pending.size > 0) yield { ...pending.take(line), isUnfinished: true };
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of UTF-8 bytes, or undefined where they are none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
	try {
		return strictUtf8.decode(bytes);
	} catch {
		return undefined;
	}
}

/** The readable beginning of bytes of any kind, to show in a quarantine file. */
export function beginning(bytes: Uint8Array, length = 200): string {
	return Buffer.from(bytes.subarray(0, length)).toString("utf8");
}

class PendingBytes {
	size = 0;
	private readonly longest: number;
	private parts: Uint8Array[] = [];
	private held = 0;

	constructor(longest: number) {
		this.longest = longest;
	}

	add(part: Uint8Array): void {
		if (part.length === 0) return;
		this.size += part.length;
		if (this.held >= this.longest) return;
		// A copy: the chunk that it is cut from may be large, and would be kept alive by it.
		const kept = Uint8Array.prototype.slice.call(part, 0, this.longest - this.held + 1);
		this.parts.push(kept);
		this.held += kept.length;
		if (this.held > this.longest) {
			this.parts = [kept.subarray(0, 200)];
		}
	}

	take(line: number): TextLine {
		const all = this.parts.length === 1 ? (this.parts[0] as Uint8Array) : Buffer.concat(this.parts);
		const { size } = this;
		this.parts = [];
		this.size = 0;
		this.held = 0;
		if (size > this.longest) {
			const fault = `a line of ${size} bytes is longer than the ${this.longest} that are read at once`;
			return { line, text: beginning(all), fault };
		}
		const bytes = all.at(-1) === 13 ? all.subarray(0, -1) : all;
		const text = utf8Text(bytes);
		if (text !== undefined) return { line, text };
		return { line, text: beginning(bytes), fault: "bytes that are not UTF-8: the line is in another encoding" };
	}
}
