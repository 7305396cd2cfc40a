import { expect, test } from "vitest";
import { nameText, namesOf, NO_NAMES } from "./names.ts";

const facts = {
	hardware: [
		{ id: "b200-sxm", name: "B200 SXM (HGX/DGX)" },
		{ id: "gb300-nvl72", name: "GB300 (NVL72)" },
		{ id: "a", name: "Twin (one)" },
		{ id: "b", name: "Twin (two)" },
	],
	models: [{ id: "deepseek-r1", name: "DeepSeek-R1 (R1-0528)" }],
	stacks: [],
	precisions: [],
	speculative: [],
};

test("names are short where that keeps them apart", () => {
	const names = namesOf(facts as never);
	expect(names.hardware).toEqual({
		"b200-sxm": "B200 SXM",
		"gb300-nvl72": "GB300 NVL72",
		a: "Twin (one)",
		b: "Twin (two)",
	});
	expect(nameText(names, "models", "deepseek-r1")).toBe("DeepSeek-R1");
});

test("what has no name stands by its id, even where the id is a word of the language", () => {
	expect(nameText(NO_NAMES, "hardware", "b200-sxm")).toBe("b200-sxm");
	expect(nameText(NO_NAMES, "hardware", "constructor")).toBe("constructor");
});
