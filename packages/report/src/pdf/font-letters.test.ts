import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pathOf } from "../package-folder.ts";
import { lettersOf } from "./font-letters.ts";
import { fontOfWoff } from "./woff.ts";

const inter = lettersOf(readFileSync(pathOf("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf")));
const unifontex = lettersOf(
	fontOfWoff(readFileSync(pathOf("@fontsource/unifontex/files/unifontex-latin-400-normal.woff"))),
);

function missing(has: (codePoint: number) => boolean, text: string): string {
	return Array.from(text)
		.filter((letter) => !has(letter.codePointAt(0) as number))
		.join("");
}

it("tells the letters of a font with both kinds of table", () => {
	expect(missing(inter, "Cost $1.95 … Ωmega Привет é − × ≤ №")).toBe("");
	expect(missing(inter, "A 数据 🚀 ع")).toBe("数据🚀ع");
	expect(missing(unifontex, "A 数据中心 日本語 한국어 हिन्दी ไทย 🚀 😀")).toBe("");
	expect(missing(unifontex, "\u{20000}\u{2a6d6}")).toBe("\u{20000}\u{2a6d6}");
	expect([inter(0xffff), inter(0x110000)]).toEqual([false, false]);
});

it("refuses what has no such table", () => {
	const none = Buffer.alloc(12);
	expect(() => lettersOf(none)).toThrow(RangeError);
});
