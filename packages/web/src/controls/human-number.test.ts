import { expect, test } from "vitest";
import { centralNumber, roundedText } from "./human-number.ts";

test.each([
	["5B", 5e9],
	["4B to 9B", 6e9],
	["32k", 32_000],
	[2, 2],
	["any", undefined],
	[true, undefined],
])("%s is at %s", (value, number) => {
	const found = centralNumber(value);
	if (number === undefined) expect(found).toBeUndefined();
	else expect(found).toBeCloseTo(number, 3);
});

test.each([
	[5e9, "5B"],
	[1.234e9, "1.2B"],
	[999_999, "1M"],
	[340e6, "340M"],
	[1.3, "1.3"],
])("%s is written %s", (value, text) => expect(roundedText(value)).toBe(text));
