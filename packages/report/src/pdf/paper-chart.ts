/** A chart as SVG for paper: the light palette in place of the page's variables, one font. */
import { chartSvg } from "../charts/draw.ts";
import { lightPalette } from "../charts/mark-style.ts";
import { swatchSvg } from "../charts/swatch.ts";
import type { Chart, Look, Swatch } from "../report-model.ts";

/** Width at which letters of 12.5 pixels come out as those of a table. */
export const PAPER = { width: 760, fontSize: 12.5, narrow: false } as const;
/** The same for a chart on half of the page. */
const HALF = { width: 372, fontSize: 12.5, narrow: true, short: true } as const;
export const PAPER_FONT = "Inter";
/** For letters that the first one lacks; ours has those of GB 2312. */
export const CHINESE_FONT = "Noto Sans SC";

export function paperChart(chart: Chart, fonts: readonly string[], look: Look = {}, isHalf = false): string {
	return onPaper(chartSvg(chart, isHalf ? HALF : PAPER), fonts, look);
}

export function paperSwatch(swatch: Swatch, look: Look = {}): string {
	return onPaper(swatchSvg(swatch), [PAPER_FONT], look);
}

function onPaper(svg: string, fonts: readonly string[], { accent }: Look): string {
	const { series, ...named } = lightPalette;
	const colors = new Map<string, string>([
		...Object.entries(named).map(([name, color]) => [name, color] as const),
		...series.map((color, i) => [`series-${i}`, color] as const),
		...(accent === undefined ? [] : ([["total", accent]] as const)),
	]);
	return svg
		.replace(/var\(--([\w-]+)\)/g, (whole, name: string) => colors.get(name) ?? whole)
		.replaceAll("currentColor", lightPalette.muted)
		.replace(/^<svg /, `<svg xmlns="http://www.w3.org/2000/svg" font-family="${fonts.join(", ")}" `);
}
