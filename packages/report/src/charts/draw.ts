import type { Chart } from "../report-model.ts";
import { categorySvg } from "./category-chart.ts";
import { frontierSvg } from "./frontier-scatter.ts";
import type { ChartSize } from "./svg-plot.ts";
import { tornadoSvg } from "./tornado-chart.ts";
import { volumesSvg } from "./volume-lines.ts";
import { waterfallSvg } from "./waterfall.ts";

/** A chart as SVG text. Colours are CSS variables of the page, see {@link Palette}. */
export function chartSvg(chart: Chart, size: ChartSize): string {
	switch (chart.kind) {
		case "waterfall":
			return waterfallSvg(chart, size);
		case "frontier":
			return frontierSvg(chart, size);
		case "volumes":
			return volumesSvg(chart, size);
		case "category":
			return categorySvg(chart, size);
		case "tornado":
			return tornadoSvg(chart, size);
	}
}
