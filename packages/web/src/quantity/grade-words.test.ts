import { expect, it } from "vitest";
import { wordsOf } from "../words/words.ts";
import { gradeMeaning } from "./grade-words.ts";

it("a measured row that is read for a lower speed is not called interpolated", () => {
	const say = wordsOf("common");
	expect(gradeMeaning({ grade: "C", state: "interpolated" }, say)).toMatch(/interpolated/);
	expect(gradeMeaning({ grade: "C", state: "clamped" }, say)).toMatch(/slowest measured row/);
});
