/** Cost against the speed a user sees: one mark for each measured row, nothing between or beyond them. */
import * as Plot from "@observablehq/plot";
import { dollarTick, linearTicks, logTicks, roundedLogRange } from "./axis-ticks.ts";
import type { FrontierChart, Point } from "./chart.ts";
import { markStyle } from "./mark-style.ts";
import { type ChartSize, svgText } from "./svg-plot.ts";

export function frontierSvg(chart: FrontierChart, size: ChartSize): string {
	const points = chart.series.flatMap((series) => series.points);
	const ys = points.map(({ y }) => y);
	const [low, high] = roundedLogRange(Math.min(...ys), Math.max(...ys));
	const xHigh = Math.max(...points.map(({ x }) => x), chart.limit?.x ?? 0) * 1.04;
	return svgText(size, {
		height: size.narrow ? 400 : 470,
		marginLeft: 52,
		marginRight: 14,
		marginTop: 44,
		marginBottom: 46,
		x: { domain: [0, xHigh], label: chart.xAxis, labelAnchor: "right", labelArrow: "none", labelOffset: 42, ticks: linearTicks(xHigh, size.narrow ? 4 : 8), tickFormat: (x: number) => String(x), tickSize: 4 },
		y: { type: "log", domain: [low, high], label: chart.yAxis, labelArrow: "none", labelOffset: 52, ticks: logTicks(low, high, size.narrow ? 8 : 10), tickFormat: dollarTick, tickSize: 0, grid: true },
		marks: [
			Plot.line(chart.envelope, { x: "x", y: "y", curve: "step-before", stroke: "var(--text)", strokeWidth: 1.25, strokeOpacity: 0.75 }),
			...chart.series.map((series) => marksOf(series.points, series.style, size)),
			...limitMarks(chart),
			...chosenMarks(chart),
		],
	});
}

function marksOf(points: FrontierChart["series"][number]["points"], index: number, size: ChartSize): Plot.Markish {
	const { color, symbol, hollow } = markStyle(index);
	return Plot.dot(points, {
		x: "x",
		y: "y",
		symbol: symbol as Plot.SymbolType,
		r: size.narrow ? 3.2 : 4,
		stroke: hollow ? color : "var(--ground)",
		strokeWidth: hollow ? 1.5 : 0.5,
		fill: hollow ? "var(--ground)" : color,
		...(size.narrow ? {} : { title: "title" }),
	});
}

function limitMarks({ limit }: FrontierChart): Plot.Markish[] {
	if (limit === undefined) return [];
	return [
		Plot.ruleX([limit.x], { stroke: "var(--text)", strokeDasharray: "5 3", strokeWidth: 1.5 }),
		Plot.text([limit.x], { x: (x: number) => x, frameAnchor: "top", text: () => limit.label, textAnchor: "start", dx: 5, dy: 3, fill: "var(--text)", stroke: "var(--ground)", strokeWidth: 4 }),
	];
}

function chosenMarks({ chosen }: FrontierChart): Plot.Markish[] {
	if (chosen === undefined) return [];
	const at: readonly Point[] = [chosen];
	return [
		Plot.dot(at, { x: "x", y: "y", r: 9, stroke: "var(--text)", strokeWidth: 1.75 }),
		Plot.text(at, { x: "x", y: "y", text: () => chosen.label, textAnchor: "start", dx: 13, dy: -11, fill: "var(--text)", fontWeight: 600, stroke: "var(--ground)", strokeWidth: 4 }),
	];
}
