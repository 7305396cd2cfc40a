import { describe, expect, test } from "vitest";
import { darkSigns, lightSigns } from "../html/style-sheet.ts";
import { darkPalette, lightPalette } from "./mark-style.ts";

describe.each([
	["light", lightPalette, lightSigns],
	["dark", darkPalette, darkSigns],
] as const)("%s", (_, palette, signs) => {
	test("text has a contrast of 4.5 or more", () => {
		for (const color of [palette.text, palette.muted, palette.total])
			expect(contrast(color, palette.ground)).toBeGreaterThanOrEqual(4.5);
		for (const { ground, text } of Object.values(signs)) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
	});

	test("marks have a contrast of 3 or more", () => {
		const marks = [palette.neutral, palette.rise, palette.fall, palette.total, ...palette.series];
		for (const color of marks) expect(contrast(color, palette.ground), color).toBeGreaterThanOrEqual(3);
	});
});

/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
	const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
	return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
	const [r, g, b] = [1, 3, 5].map((i) => {
		const share = Number.parseInt(color.slice(i, i + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
