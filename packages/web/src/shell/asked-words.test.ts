import { expect, it } from "vitest";
import { wordsOf } from "../words/words.ts";
import { askedLine, rangeText } from "./asked-words.ts";

const question = {
	model: "DeepSeek R1",
	input: 8192,
	output: 1024,
	speed: 30,
	ttft: "5 s",
	tier: "own_neocloud",
	date: "2026-11-22",
};

it("says model, demand, lengths, peak, limits, prices and day", () => {
	expect(askedLine({ ...question, demand: "4B to 7B", peak: 2 }, wordsOf("common"))).toBe(
		"DeepSeek R1 · 4B to 7B tokens a day · 8192 tokens in, 1024 out · peak 2 times the mean · at least 30 tok/s/user · TTFT at most 5 s · prices of a neocloud that owns · facts as of 2026-11-22",
	);
});

it.each(["5B", "5B tok/day", "5B/day", "5B tokens per day"])("%s a day is said once", (demand) => {
	expect(askedLine({ ...question, demand }, wordsOf("common"))).toContain(" · 5B tokens a day · ");
});

it("a limit that is lifted is said, what is not asked is left out", () => {
	const line = askedLine({ ...question, speed: "any", ttft: "any" }, wordsOf("common"));
	expect(line).toContain("at any speed · any TTFT");
	expect(line).not.toContain("a day");
});

it("a range is known as one", () => {
	expect(rangeText("4B to 7B", wordsOf("common"))).toBe("4B to 7B");
	for (const value of ["5B", 5e9, undefined]) expect(rangeText(value, wordsOf("common"))).toBeUndefined();
});

it("what is looked at alone stands before the day", () => {
	const line = askedLine({ ...question, most: "$0.30/M tok", only: ["GB300", "NVFP4"] }, wordsOf("common"));
	expect(line).toMatch(/at most \$0\.30\/M tok · .* · GB300 · NVFP4 · facts as of/);
});
