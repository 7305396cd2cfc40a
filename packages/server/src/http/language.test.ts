import { expect, it } from "vitest";
import { acceptedLanguage } from "./language.ts";

it("takes the language of the highest weight that there is, and English where there is none", () => {
	const chosen: readonly (readonly [string | undefined, string])[] = [
		[undefined, "en"],
		["", "en"],
		["zh", "zh"],
		["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
		["ZH-hans-CN", "zh"],
		["en-GB, zh;q=0.9", "en"],
		["fr, zh;q=0.3, en;q=0.2", "zh"],
		["zh;q=0.2, en;q=0.20", "zh"],
		["en;q=0.2, zh;q=0.21", "zh"],
		["zh;q=0", "en"],
		["zh;q=0, *", "en"],
		["*, zh;q=0.5", "en"],
		["tlh", "en"],
		["zh;q=2", "en"],
		["; ,,=zh", "en"],
		[`${"a,".repeat(600)}zh`, "en"],
	];
	for (const [header, language] of chosen) expect(acceptedLanguage(header), header).toBe(language);
});
