/** Cost against the speed a user sees: one mark for each measured row, nothing between or beyond them. */
import * as Plot from "@observablehq/plot";
import { linearTicks } from "./axis-ticks.ts";
import type { FrontierChart, FrontierPoint, Point } from "./chart.ts";
import { dollarAxis } from "./dollar-axis.ts";
import { markStyle } from "./mark-style.ts";
import { type ChartSize, svgText } from "./svg-plot.ts";

export function frontierSvg(chart: FrontierChart, size: ChartSize): string {
	const points = chart.series.flatMap((series) => series.points);
	const axis = dollarAxis(
		points.map(({ y }) => y),
		chart.yAxis,
		size,
	);
	const xHigh = Math.max(...points.map(({ x }) => x), chart.limit?.x ?? 0) * 1.04;
	return svgText(size, {
		height: size.narrow ? 400 : 470,
		marginLeft: axis.marginLeft,
		marginRight: 14,
		marginTop: 44,
		marginBottom: 46,
		insetBottom: 8,
		x: {
			domain: [0, xHigh],
			label: chart.xAxis,
			labelAnchor: "right",
			labelArrow: "none",
			labelOffset: 42,
			ticks: linearTicks(xHigh, size.narrow ? 4 : 8),
			tickFormat: (x: number) => String(x),
			tickSize: 4,
		},
		y: { type: "log", domain: [...axis.domain], axis: null },
		marks: [
			...axis.marks,
			Plot.line(chart.envelope, {
				x: "x",
				y: "y",
				curve: "step-before",
				stroke: "var(--text)",
				strokeWidth: 1.25,
				strokeOpacity: 0.75,
			}),
			...chart.series.map((series) => marksOf(series.points, series.style, size)),
			...limitMarks(chart),
			...chosenMarks(chart),
		],
	});
}

function marksOf(points: readonly FrontierPoint[], index: number, size: ChartSize): Plot.Markish {
	const { color, symbol, hollow } = markStyle(index);
	const common = { x: "x", y: "y", symbol: symbol as Plot.SymbolType, ...(size.narrow ? {} : { title: "title" }) };
	const radius = size.narrow ? 3.2 : 4;
	return [
		Plot.dot(
			points.filter(({ kept }) => !kept),
			{ ...common, r: radius * 0.7, stroke: color, strokeWidth: 1.25 },
		),
		Plot.dot(
			points.filter(({ kept }) => kept),
			{
				...common,
				r: radius,
				stroke: hollow ? color : "var(--ground)",
				strokeWidth: hollow ? 1.5 : 0.5,
				fill: hollow ? "var(--ground)" : color,
			},
		),
	];
}

function limitMarks({ limit }: FrontierChart): Plot.Markish[] {
	if (limit === undefined) return [];
	return [
		Plot.ruleX([limit.x], { stroke: "var(--text)", strokeDasharray: "5 3", strokeWidth: 1.5 }),
		Plot.text([limit.x], {
			x: (x: number) => x,
			frameAnchor: "top",
			text: () => limit.label,
			textAnchor: "start",
			lineAnchor: "bottom",
			dx: -4,
			dy: -5,
			fill: "var(--text)",
		}),
	];
}

function chosenMarks({ chosen }: FrontierChart): Plot.Markish[] {
	if (chosen === undefined) return [];
	const at: readonly Point[] = [chosen];
	return [Plot.dot(at, { x: "x", y: "y", r: 9, stroke: "var(--text)", strokeWidth: 1.75 })];
}
