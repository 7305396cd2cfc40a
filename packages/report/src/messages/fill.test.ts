import { expect, test } from "vitest";
import { plainText } from "../plain-text.ts";
import { en } from "./en.ts";
import { fill, fillCount, joined } from "./fill.ts";

test("values stand where the message names them", () => {
	expect(plainText(fill("{a} and {b}, {a}", { a: "x", b: ["y", "z"] }))).toBe("x and yz, x");
});

test("a value too few or too many is a bug", () => {
	expect(() => fill("{a}")).toThrow(/\{a\}/);
	expect(() => fill("a", { b: "x" })).toThrow(/\{b\}/);
});

test("one and other", () => {
	expect(plainText(fillCount(en.gpus, 1, "1"))).toBe("1 GPU");
	expect(plainText(fillCount(en.gpus, 8, "8"))).toBe("8 GPUs");
});

test("lists", () => {
	expect(plainText(joined([["a"]], en.list))).toBe("a");
	expect(plainText(joined([["a"], ["b"]], en.list))).toBe("a and b");
	expect(plainText(joined([["a"], ["b"], ["c"]], en.list))).toBe("a, b and c");
});
