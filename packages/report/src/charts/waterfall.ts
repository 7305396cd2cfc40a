/** From headline to delivered cost: one bar a cause, each beginning where the one before it ends. */
import * as Plot from "@observablehq/plot";
import { dollarTick, linearTicks } from "./axis-ticks.ts";
import type { WaterfallBar, WaterfallChart } from "./chart.ts";
import { type ChartSize, letterWidth, svgText } from "./svg-plot.ts";
import { lettersWide } from "../plain-text.ts";

const MARGIN_RIGHT = 8;
const LONGEST_LABEL = 40;
/** Bold letters are wider. */
const BOLD = 1.12;

export function waterfallSvg({ bars, axis }: WaterfallChart, size: ChartSize): string {
	const highest = Math.max(...bars.map(({ from, to }) => Math.max(from, to)));
	const lowest = Math.min(0, ...bars.map(({ from, to }) => Math.min(from, to)));
	const label = (bar: WaterfallBar): string => shortened(bar.label, size.narrow ? 15 : LONGEST_LABEL);
	const longestLabel = Math.max(...bars.map((bar) => lettersWide(label(bar))));
	const marginLeft = size.narrow ? 136 : Math.max(176, longestLabel * letterWidth(size) * 0.92 + 10);
	const names = bars.map((bar, i) => `${i} ${label(bar)}`);
	const nameOf = (bar: WaterfallBar): string => names[bars.indexOf(bar)] as string;
	const links = bars
		.slice(1)
		.map((bar, i) => ({ from: names[i] as string, to: nameOf(bar), x: bar.role === "end" ? bar.to : bar.from }));
	const width = size.width - marginLeft - MARGIN_RIGHT;
	const longest = Math.max(...bars.map(({ text }) => text.length)) * letterWidth(size) * BOLD + 12;
	const right = lowest + ((highest - lowest) * width) / Math.max(width / 3, width - longest);
	return svgText(size, {
		height: bars.length * (size.short === true ? 20 : 38) + 52,
		marginLeft,
		marginRight: MARGIN_RIGHT,
		marginTop: 8,
		marginBottom: 44,
		x: {
			domain: [lowest, right],
			label: axis,
			labelAnchor: "right",
			labelArrow: "none",
			labelOffset: 40,
			ticks: linearTicks(highest, size.narrow ? 2 : 6),
			tickFormat: dollarTick,
			tickSize: 0,
			grid: true,
		},
		y: {
			domain: names,
			label: null,
			padding: 0.28,
			tickSize: 0,
			tickFormat: (name: string) => name.slice(name.indexOf(" ") + 1),
		},
		marks: [
			Plot.barX(bars, {
				y: nameOf,
				x1: (bar: WaterfallBar) => Math.min(bar.from, bar.to),
				x2: (bar: WaterfallBar) => Math.max(bar.from, bar.to),
				fill: barColor,
			}),
			Plot.link(links, { x1: "x", x2: "x", y1: "from", y2: "to", stroke: "var(--muted)", strokeDasharray: "2 2" }),
			Plot.text(bars, {
				y: nameOf,
				x: (bar: WaterfallBar) => Math.max(bar.from, bar.to),
				text: "text",
				textAnchor: "start",
				dx: 6,
				fill: "var(--text)",
				fontVariant: "tabular-nums",
				fontWeight: 600,
			}),
			Plot.ruleX([0], { stroke: "var(--muted)" }),
		],
	});
}

function barColor({ role, from, to }: WaterfallBar): string {
	if (role === "start") return "var(--neutral)";
	if (role === "end") return "var(--total)";
	return to >= from ? "var(--rise)" : "var(--fall)";
}

export function shortened(text: string, most: number): string {
	if (lettersWide(text) <= most) return text;
	const letters = Array.from(text);
	const ends = letters.map((_, i) => lettersWide(letters.slice(0, i + 1).join("")));
	return `${letters.filter((_, i) => (ends[i] as number) <= most - 1).join("")}…`;
}
