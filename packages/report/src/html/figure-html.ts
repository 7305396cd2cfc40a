import { chartSvg } from "../charts/draw.ts";
import { NARROW, WIDE } from "../charts/svg-plot.ts";
import { swatchSvg } from "../charts/swatch.ts";
import type { Messages } from "../messages/en.ts";
import { plainText } from "../plain-text.ts";
import type { Figure, LegendEntry } from "../report-model.ts";
import { escapeHtml } from "./escape.ts";
import { tableHtml } from "./table-html.ts";
import { textHtml } from "./text-html.ts";

/** A chart in two sizes of which the page shows one, the finding as its caption, and the values behind it. */
export function figureHtml({ id, caption, alternative, chart, legend, table }: Figure, messages: Messages): string {
	return [
		`<figure id="${id}">`,
		`<figcaption>${textHtml(caption)}</figcaption>`,
		...(legend.length === 0 ? [] : [legendHtml(legend)]),
		`<div class="chart" role="img" aria-label="${escapeHtml(plainText(alternative))}">`,
		`<div class="wide-chart">${chartSvg(chart, WIDE)}</div>`,
		`<div class="narrow-chart">${chartSvg(chart, NARROW)}</div>`,
		`</div>`,
		foldedHtml(`${messages.table}`, tableHtml(table)),
		`</figure>`,
	].join("\n");
}

export function foldedHtml(summary: string, content: string): string {
	return `<details>\n<summary>${escapeHtml(summary)}</summary>\n${content}\n</details>`;
}

function legendHtml(legend: readonly LegendEntry[]): string {
	const items = legend.map(
		({ swatch, text }) => `<li><span class="swatch">${swatchSvg(swatch)}</span><span>${textHtml(text)}</span></li>`,
	);
	return `<ul class="legend">${items.join("")}</ul>`;
}
