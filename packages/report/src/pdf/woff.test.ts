import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { fontOfWoff } from "./woff.ts";

const folder = dirname(createRequire(import.meta.url).resolve("@fontsource/noto-sans-math/package.json"));
const woff = readFileSync(join(folder, "files/noto-sans-math-latin-400-normal.woff"));

/** Sum of a table as 32-bit words, as OpenType defines it. */
function checksum(data: Buffer): number {
	const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
	let sum = 0;
	for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
	return sum;
}

it("unpacks each table to the length and checksum that the file states, and finds the one for mathematics", () => {
	const font = fontOfWoff(woff);
	const count = font.readUInt16BE(4);
	expect(count).toBe(woff.readUInt16BE(12));
	const tags = Array.from({ length: count }, (_, i) => {
		const at = 12 + 16 * i;
		const [stated, offset, length] = [font.readUInt32BE(at + 4), font.readUInt32BE(at + 8), font.readUInt32BE(at + 12)];
		const tag = font.toString("latin1", at, at + 4);
		const data = Buffer.from(font.subarray(offset, offset + length));
		// the head is summed with its own sum of the whole file left out
		if (tag === "head") data.writeUInt32BE(0, 8);
		expect(checksum(data), tag).toBe(stated);
		return tag;
	});
	expect(tags).toContain("MATH");
});

it("refuses what is no WOFF file", () => {
	expect(() => fontOfWoff(Buffer.from("wOF2 and more"))).toThrow(RangeError);
});
