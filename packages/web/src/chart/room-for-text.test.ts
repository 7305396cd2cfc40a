import { expect, test } from "vitest";
import { roomForText } from "./room-for-text.ts";

test("there is room for the longest text, and always for bars", () => {
	expect(roomForText([], 800)).toBe(80);
	expect(roomForText(["$1.20"], 800)).toBe(80);
	expect(roomForText(["$1.20", "$0.205 – 0.412/M tok"], 800)).toBeGreaterThan(20 * 7);
	expect(roomForText(["x".repeat(200)], 320)).toBe(144);
});
