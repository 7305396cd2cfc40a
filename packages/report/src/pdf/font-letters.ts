/**
 * Which letters a font has: its table `cmap`, in the two forms that Unicode fonts have, 4 for the first 65,536 letters and 12
 * for all (OpenType 1.9, "cmap").
 */

export type Letters = (codePoint: number) => boolean;

/** Throws `RangeError` where a file has no such table. */
export function lettersOf(font: Buffer): Letters {
	const at = tableOf(font, "cmap");
	const count = font.readUInt16BE(at + 2);
	const subtables = Array.from({ length: count }, (_, i) => at + font.readUInt32BE(at + 4 + 8 * i + 4));
	const letters = subtables.flatMap((subtable) => readSubtable(font, subtable) ?? []);
	if (letters.length === 0) throw new RangeError("a font without letters by Unicode");
	return (codePoint) => letters.some((has) => has(codePoint));
}

function tableOf(font: Buffer, tag: string): number {
	for (let i = 0; i < font.readUInt16BE(4); i++) {
		const entry = 12 + 16 * i;
		if (font.toString("latin1", entry, entry + 4) === tag) return font.readUInt32BE(entry + 8);
	}
	throw new RangeError(`a font without a table ${tag}`);
}

function readSubtable(font: Buffer, at: number): Letters | undefined {
	const format = font.readUInt16BE(at);
	if (format === 4) return segments(font, at);
	return format === 12 ? groups(font, at) : undefined;
}

/** Segments of consecutive letters; glyph 0 is the box. */
function segments(font: Buffer, at: number): Letters {
	const count = font.readUInt16BE(at + 6) / 2;
	const [ends, starts, deltas, offsets] = [14, 16 + 2 * count, 16 + 4 * count, 16 + 6 * count].map(
		(from) => at + from,
	) as [number, number, number, number];
	return (codePoint) => {
		const i = firstFrom(count, (k) => font.readUInt16BE(ends + 2 * k) >= codePoint);
		if (codePoint > 0xffff || i === count || font.readUInt16BE(starts + 2 * i) > codePoint) return false;
		const offset = font.readUInt16BE(offsets + 2 * i);
		const delta = font.readUInt16BE(deltas + 2 * i);
		if (offset === 0) return ((codePoint + delta) & 0xffff) !== 0;
		const place = offsets + 2 * i + offset + 2 * (codePoint - font.readUInt16BE(starts + 2 * i));
		return font.readUInt16BE(place) !== 0;
	};
}

function groups(font: Buffer, at: number): Letters {
	const count = font.readUInt32BE(at + 12);
	const group = (i: number): number => at + 16 + 12 * i;
	return (codePoint) => {
		const i = firstFrom(count, (k) => font.readUInt32BE(group(k) + 4) >= codePoint);
		if (i === count) return false;
		const start = font.readUInt32BE(group(i));
		return start <= codePoint && font.readUInt32BE(group(i) + 8) + codePoint - start !== 0;
	};
}

/** The first of `count` places from which on something holds; `count` where it holds nowhere. */
function firstFrom(count: number, holds: (place: number) => boolean): number {
	let [low, high] = [0, count];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(middle)) high = middle;
		else low = middle + 1;
	}
	return low;
}
