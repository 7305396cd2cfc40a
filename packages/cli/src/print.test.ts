import { describe, expect, it } from "vitest";
import { oneLine, padded, textTable } from "./print.ts";

describe("what is printed for people", () => {
	it("spells control characters out, so that a name cannot steer the terminal or add lines", () => {
		expect(oneLine("a\u001b[31mred\nline\ttab\u202e")).toBe("a\\u001b[31mred\\nline\\ttab\\u202e");
		expect(oneLine("plain – text, µ and 😀")).toBe("plain – text, µ and 😀");
	});

	it("counts a spelt cell as wide as it is", () => {
		const lines = textTable(
			["name", "n"],
			[
				["\u001b[2Jx", "1"],
				["longer than that", "2"],
			],
			[1],
		).split("\n");
		expect(lines[1]).toBe("\\u001b[2Jx        1");
		expect(lines[2]).toBe("longer than that  2");
	});

	it("counts Chinese letters as two columns", () => {
		const lines = textTable(
			["名字", "n"],
			[
				["利用率，给定", "1"],
				["abc", "2"],
			],
			[1],
		).split("\n");
		expect(lines.slice(1)).toEqual(["利用率，给定  1", "abc           2"]);
		expect(padded("宣传口径", 10)).toBe("宣传口径  ");
	});
});
