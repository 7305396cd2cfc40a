import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LANGUAGES } from "@farthing/answers";
import { expect, it } from "vitest";
import { builtInTemplate } from "../node.ts";
import { packageFolder } from "../package-folder.ts";
import { lettersOf } from "../pdf/font-letters.ts";
import { fontOfWoff } from "../pdf/woff.ts";
import { labelIn, WORDS_ZH } from "./labels.ts";
import { messagesOf } from "./messages-of.ts";

const en = textsOf(messagesOf("en"));
const zh = textsOf(messagesOf("zh"));

/** Names that an answer says in English itself: only another language has them. */
const OF_THE_ANSWER = /^pack\.(?:bridge\.causes|money\.items|rack\.leftOut)\./;

/** Every text by its path. */
function textsOf(of: object, at = ""): Map<string, string> {
	return new Map(
		Object.entries(of).flatMap(([key, value]: [string, unknown]) =>
			typeof value === "string" ? [[`${at}${key}`, value] as const] : [...textsOf(value as object, `${at}${key}.`)],
		),
	);
}

function placesOf(text = ""): string[] {
	return [...text.matchAll(/\{(\w+)\}/g)].map(([, place]) => place as string).sort();
}

it("has every text in both languages, those that the types leave open too", () => {
	expect([...zh.keys()].filter((path) => !OF_THE_ANSWER.test(path)).sort()).toEqual([...en.keys()].sort());
});

it("has the same places for values in both, and words in each", () => {
	for (const [path, text] of en) {
		if (/\.(?:one|other)$/.test(path)) continue;
		expect(new Set(placesOf(zh.get(path))), path).toEqual(new Set(placesOf(text)));
		expect(zh.get(path), path).not.toBe("");
	}
});

it("knows labels of inputs in Chinese, with what stands in them, and leaves those as they are that it does not know", () => {
	for (const [english, chinese] of WORDS_ZH) {
		expect(placesOf(chinese), english).toEqual(placesOf(english));
		const value = english.includes("({") ? "7" : "7 (x)";
		expect(labelIn("zh", english.replace(/\{\w+\}/g, value)), english).toBe(chinese.replace(/\{\w+\}/g, value));
		expect(labelIn("en", english)).toBe(english);
	}
	expect(labelIn("zh", "measured throughput, b200-sxm sglang fp8 TP8, concurrency 4")).toBe(
		"实测吞吐量，b200-sxm sglang fp8 TP8，并发 4",
	);
	expect(labelIn("zh", "a label of tomorrow")).toBe("a label of tomorrow");
});

it("says in Chinese what has words in English", () => {
	const names = /\{\w+\}|\b(?:P10|P50|P90|P99|IRR|TCO|TTFT|API|tCO2|token|zh|farthing why)\b/g;
	const letters = (text: string): string => text.replace(names, "").replace(/[^\p{L}]/gu, "");
	const wordless = [...zh].filter(([, text]) => !/\p{Script=Han}/u.test(text) && letters(text) !== "");
	expect(wordless.map(([path, text]) => [path, text])).toEqual([["frontier.columns.ttft", "TTFT，s"]]);
});

it("has templates of the same pages and blocks in each language", () => {
	const shape = (text: string): string => text.replace(/^# .*$/gm, "#");
	for (const name of ["board", "technical"]) {
		for (const language of LANGUAGES)
			expect(shape(builtInTemplate(name, language)), `${name} ${language}`).toBe(shape(builtInTemplate(name)));
		expect(builtInTemplate(name, "zh")).not.toBe(builtInTemplate(name));
	}
});

it("is set in a font that has each of its letters, in both weights", () => {
	const labels = WORDS_ZH.map(([, chinese]) => chinese);
	const words = [...zh.values(), ...labels, builtInTemplate("board", "zh"), builtInTemplate("technical", "zh")].join(
		"",
	);
	const chinese = [...new Set(words.match(/[\p{Script=Han}\u3000-\u303f\uff01-\uff5e]/gu))];
	expect(chinese.length).toBeGreaterThan(300);
	for (const style of ["Regular", "SemiBold"]) {
		const has = lettersOf(fontOfWoff(readFileSync(join(packageFolder(), "fonts", `NotoSansSC-${style}.woff`))));
		expect(chinese.filter((letter) => !has(letter.codePointAt(0) as number))).toEqual([]);
	}
});
