import { expect, test } from "vitest";
import { roomForText } from "./room-for-text.ts";

test("there is room for the longest text, and always for bars", () => {
	expect(roomForText([], 800)).toBe(80);
	expect(roomForText(["$1.20"], 800)).toBe(80);
	expect(roomForText(["$1.20", "$0.205 – 0.412/M tok"], 800)).toBeGreaterThan(20 * 7);
	expect(roomForText(["x".repeat(200)], 320)).toBe(144);
});

test("a long amount has room in a wider font than that of the page", () => {
	const [digit, before, after] = [13 * 0.64, 8, 4];
	expect(roomForText(["+$0.000428"], 307)).toBeGreaterThanOrEqual(10 * digit + before + after);
});
