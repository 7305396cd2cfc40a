/** What each input alone does to a number: one bar an input, from its low to its high end, around the number itself. */
import * as Plot from "@observablehq/plot";
import { axisText, steppedTicks } from "./axis-ticks.ts";
import type { TornadoChart } from "./chart.ts";
import { markStyle } from "./mark-style.ts";
import { type ChartSize, letterWidth, svgText } from "./svg-plot.ts";
import { shortened } from "./waterfall.ts";
import { lettersWide } from "../plain-text.ts";

/** Places in the order of mark styles, for the legend. */
export const TORNADO_STYLES = { low: 1, high: 0 } as const;

type Bar = TornadoChart["bars"][number];

export function tornadoSvg({ bars, central, axis, unit }: TornadoChart, size: ChartSize): string {
	const most = size.narrow ? 18 : 44;
	const names = bars.map(({ label }, i) => `${i} ${shortened(label, most)}`);
	const longest = Math.max(...names.map((name) => lettersWide(name) - 2));
	const marginLeft = Math.min(size.width * 0.42, longest * letterWidth(size) * 0.86 + 14);
	const ends = [central, ...bars.flatMap(({ atLow, atHigh }) => [atLow, atHigh])];
	const [low, high] = [Math.min(...ends), Math.max(...ends)];
	const room = textRoom(bars, size);
	const width = size.width - marginLeft;
	const pad = ((high - low || 1) * room) / Math.max(width / 4, width - 2 * room);
	const nameOf = (bar: Bar): string => names[bars.indexOf(bar)] as string;
	const ticks = steppedTicks(low, high, size.narrow ? 3 : 6);
	return svgText(size, {
		height: bars.length * 30 + 56,
		marginLeft,
		marginRight: 4,
		marginTop: 8,
		marginBottom: 44,
		x: {
			domain: [low - pad, high + pad],
			label: axis,
			labelAnchor: "right",
			labelArrow: "none",
			labelOffset: 40,
			ticks,
			tickFormat: (value: number) => axisText(value, unit),
			tickSize: 0,
			grid: true,
		},
		y: {
			domain: names,
			label: null,
			padding: 0.3,
			tickSize: 0,
			tickFormat: (name: string) => name.replace(/^\d+ /, ""),
		},
		marks: [
			Plot.barX(bars, { y: nameOf, x1: () => central, x2: "atLow", fill: markStyle(TORNADO_STYLES.low).color }),
			Plot.barX(bars, { y: nameOf, x1: () => central, x2: "atHigh", fill: markStyle(TORNADO_STYLES.high).color }),
			Plot.ruleX([central], { stroke: "var(--text)" }),
			endText(bars, nameOf, "left"),
			endText(bars, nameOf, "right"),
		],
	});
}

/** The number at either end, outside the bar. */
function endText(bars: readonly Bar[], nameOf: (bar: Bar) => string, side: "left" | "right"): Plot.Markish {
	const isLowLeft = ({ atLow, atHigh }: Bar): boolean => atLow <= atHigh;
	const left = side === "left";
	return Plot.text(bars, {
		y: nameOf,
		x: ({ atLow, atHigh }: Bar) => (left ? Math.min(atLow, atHigh) : Math.max(atLow, atHigh)),
		text: (bar: Bar) => (isLowLeft(bar) === left ? bar.lowText : bar.highText),
		textAnchor: left ? "end" : "start",
		dx: left ? -5 : 5,
		fill: "var(--text)",
		fontVariant: "tabular-nums",
	});
}

function textRoom(bars: readonly Bar[], size: ChartSize): number {
	return (
		Math.max(...bars.flatMap(({ lowText, highText }) => [lowText.length, highText.length])) * letterWidth(size) + 8
	);
}
