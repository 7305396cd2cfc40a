/** Columns and lines over a few named places: years, stages, strategies. */
import * as Plot from "@observablehq/plot";
import { axisText, steppedTicks } from "./axis-ticks.ts";
import type { CategoryChart, CategorySeries, Point } from "./chart.ts";
import { markStyle } from "./mark-style.ts";
import { type ChartSize, letterWidth, svgText } from "./svg-plot.ts";
import { lettersWide } from "../plain-text.ts";

/** Share of the room of a place that its columns fill. */
const FILLED = 0.72;

export function categorySvg(chart: CategoryChart, size: ChartSize): string {
	const spans = columnSpans(chart);
	const [low, high] = extent(chart, spans);
	const ticks = steppedTicks(low, high, size.narrow ? 5 : 6);
	const name = (value: number): string => axisText(value, chart.unit);
	const longest = Math.max(...ticks.map((tick) => name(tick).length));
	const marginLeft = Math.max(44, longest * letterWidth(size) + 12);
	const places = chart.categories.map((_, i) => i);
	const perPlace = (size.width - marginLeft) / places.length;
	const shown = places.filter((i) => i % labelStep(chart, perPlace, size) === 0);
	const domain = [Math.min(low, ticks[0] as number), Math.max(high, ticks.at(-1) as number)];
	return svgText(size, {
		height: size.short === true ? 180 : size.narrow ? 300 : 330,
		marginLeft,
		marginRight: 10,
		marginTop: 30,
		marginBottom: 44,
		x: { type: "linear", domain: [-0.5, places.length - 0.5], axis: null },
		y: { domain, axis: null },
		marks: [
			Plot.gridY(ticks, { stroke: "var(--rule)", strokeOpacity: 1 }),
			Plot.axisY(ticks, {
				text: name,
				tickSize: 0,
				label: chart.yAxis,
				labelArrow: "none",
				labelAnchor: "top",
				labelOffset: marginLeft,
			}),
			Plot.axisX(shown, {
				text: (i: number) => chart.categories[i] as string,
				tickSize: 0,
				label: chart.xAxis,
				labelArrow: "none",
				labelAnchor: "right",
				labelOffset: 40,
			}),
			...columnMarks(spans),
			Plot.ruleY([0], { stroke: "var(--muted)" }),
			...chart.series.filter(({ mark }) => mark === "line").flatMap(lineMarks),
		],
	});
}

interface Span {
	readonly x1: number;
	readonly x2: number;
	readonly y1: number;
	readonly y2: number;
	readonly style: number;
	readonly range?: readonly [number, number];
}

/** Where each column stands; stacked ones grow away from 0, losses downwards. */
function columnSpans({ series, categories, stacked }: CategoryChart): Span[] {
	const columns = series.filter(({ mark }) => mark === "column");
	const width = stacked ? FILLED : FILLED / columns.length;
	return categories.flatMap((_, i) => {
		const reached = { above: 0, below: 0 };
		return columns.flatMap(({ values, style, ranges }, k): Span[] => {
			const value = values[i];
			if (value === undefined) return [];
			const x1 = i - FILLED / 2 + (stacked ? 0 : k * width);
			const side = value < 0 ? "below" : "above";
			const from = stacked ? reached[side] : 0;
			reached[side] = from + value;
			const range = ranges?.[i];
			return [{ x1, x2: x1 + width, y1: from, y2: from + value, style, ...(range === undefined ? {} : { range }) }];
		});
	});
}

function columnMarks(spans: readonly Span[]): Plot.Markish[] {
	const ranged = spans.filter(({ range }) => range !== undefined);
	return [
		Plot.rect(spans, {
			x1: "x1",
			x2: "x2",
			y1: "y1",
			y2: "y2",
			fill: ({ style }: Span) => markStyle(style).color,
			inset: 0.5,
		}),
		Plot.link(ranged, {
			x1: middle,
			x2: middle,
			y1: ({ range }: Span) => (range as [number, number])[0],
			y2: ({ range }: Span) => (range as [number, number])[1],
			stroke: "var(--text)",
			strokeWidth: 1.25,
		}),
	];
}

function middle({ x1, x2 }: Span): number {
	return (x1 + x2) / 2;
}

function lineMarks({ values, ranges, style }: CategorySeries): Plot.Markish[] {
	const { color, symbol, hollow, dash } = markStyle(style);
	const points = values.flatMap((y, x): Point[] => (y === undefined ? [] : [{ x, y }]));
	const band = (ranges ?? []).flatMap((range, x) =>
		range === undefined ? [] : [{ x, low: range[0], high: range[1] }],
	);
	return [
		Plot.areaY(band, { x: "x", y1: "low", y2: "high", fill: color, fillOpacity: 0.14 }),
		Plot.line(points, { x: "x", y: "y", stroke: color, strokeWidth: 2, strokeDasharray: dash }),
		Plot.dot(points, {
			x: "x",
			y: "y",
			symbol: symbol as Plot.SymbolType,
			r: 3.5,
			stroke: color,
			fill: hollow ? "var(--ground)" : color,
		}),
	];
}

function extent({ series }: CategoryChart, spans: readonly Span[]): [number, number] {
	const ends = [
		0,
		...spans.flatMap(({ y1, y2, range }) => [y1, y2, ...(range ?? [])]),
		...series
			.filter(({ mark }) => mark === "line")
			.flatMap(({ values, ranges }) => [
				...values.filter((value) => value !== undefined),
				...(ranges ?? []).flatMap((range) => range ?? []),
			]),
	];
	const [low, high] = [Math.min(...ends), Math.max(...ends)];
	return low === high ? [0, 1] : [low, high];
}

/** Every, every second, … name under the axis, so that they do not run into each other. */
function labelStep({ categories }: CategoryChart, perPlace: number, size: ChartSize): number {
	const longest = Math.max(...categories.map(lettersWide)) * letterWidth(size) + 8;
	return Math.max(1, Math.ceil(longest / perPlace));
}
