import { expect, test } from "vitest";
import { textWidth } from "./text-width.ts";

test("letters of Chinese and its stops take the room of two", () => {
	expect(textWidth("Shared, credits")).toBe(15);
	expect(textWidth("共享、抵扣")).toBe(10);
	expect(textWidth("N+1 备用")).toBe(8);
	expect(textWidth("−$1.20–2.40")).toBe(11);
});
