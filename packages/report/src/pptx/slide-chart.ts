/** Charts of a report as charts of PowerPoint, with their data sheet: they can be edited, and their numbers read. */
import type { ChartName, ChartOptions, Slide } from "./library.ts";
import { formatQuantity } from "@farthing/engine";
import type { CategoryChart, CategorySeries, TornadoChart, VolumeChart, WaterfallChart } from "../charts/chart.ts";
import { lightPalette } from "../charts/mark-style.ts";
import { plainText } from "../plain-text.ts";
import type { Chart, Figure } from "../report-model.ts";
import { FONT, MUTED } from "./slide-text.ts";

export interface Place {
	readonly x: number;
	readonly y: number;
	readonly w: number;
	readonly h: number;
}

type Data = { name: string; labels: string[]; values: number[] };

/** False where PowerPoint has no such chart: its table then stands for it. */
export function addChart(slide: Slide, { chart, alternative }: Figure, place: Place): boolean {
	const options = { ...COMMON, ...place, altText: plainText(alternative) };
	switch (chart.kind) {
		case "category":
			addCategory(slide, chart, options);
			return true;
		case "waterfall":
			addWaterfall(slide, chart, options);
			return true;
		case "tornado":
			addTornado(slide, chart, options);
			return true;
		case "volumes":
			addVolumes(slide, chart, options);
			return true;
		case "frontier":
			return false;
	}
}

/** Whether a kind of chart is drawn. */
export function hasChart({ kind }: Chart): boolean {
	return kind !== "frontier";
}

type Options = ChartOptions;

const COMMON = {
	catAxisLabelFontFace: FONT,
	catAxisLabelFontSize: 11,
	catAxisLabelColor: MUTED,
	valAxisLabelFontFace: FONT,
	valAxisLabelFontSize: 11,
	valAxisLabelColor: MUTED,
	valGridLine: { color: lightPalette.rule.slice(1), size: 0.75 },
	catGridLine: { style: "none" },
	valAxisLineShow: false,
	legendFontFace: FONT,
	legendFontSize: 11,
	legendColor: MUTED,
	legendPos: "t",
	showValAxisTitle: true,
	valAxisTitleFontFace: FONT,
	valAxisTitleFontSize: 10,
	valAxisTitleColor: MUTED,
} as const;

function color(style: number): string {
	return (lightPalette.series[style % lightPalette.series.length] as string).slice(1);
}

function addCategory(slide: Slide, chart: CategoryChart, options: Options): void {
	const columns = chart.series.filter(({ mark }) => mark === "column");
	const lines = chart.series.filter(({ mark }) => mark === "line").flatMap(withRange);
	const data = (series: readonly CategorySeries[]): Data[] => series.map((each) => dataOf(chart, each));
	const bars: ChartOptions = {
		barDir: "col",
		barGrouping: chart.stacked ? "stacked" : "clustered",
		barGapWidthPct: 45,
		chartColors: columns.map(({ style }) => color(style)),
	};
	const strokes: ChartOptions = {
		chartColors: lines.map(({ style }) => color(style)),
		lineSize: 2,
		lineDataSymbol: chart.categories.length > 20 ? "none" : "circle",
	};
	const shared: Options = {
		...options,
		...axis(chart.unit, chart.yAxis),
		showLegend: columns.length + lines.length > 1,
		catAxisLabelPos: "low",
		displayBlanksAs: "gap",
		...(chart.categories.length > 20 ? { catAxisLabelFrequency: "12" } : {}),
	};
	if (lines.length === 0) slide.addChart("bar", data(columns), { ...shared, ...bars });
	else if (columns.length === 0) slide.addChart("line", data(lines), { ...shared, ...strokes });
	else
		slide.addChart(
			[
				{ type: "bar" as ChartName, data: data(columns), options: bars },
				{ type: "line" as ChartName, data: data(lines), options: strokes },
			],
			// data of several kinds stand with their kinds
			undefined as unknown as Data[],
			shared,
		);
}

/** A line alone takes its P10 and P90 beside it; among several they would hide each other. */
function withRange(series: CategorySeries, _: number, all: readonly CategorySeries[]): CategorySeries[] {
	const { ranges, name } = series;
	if (ranges === undefined || all.length > 1) return [series];
	const end = (label: string, k: 0 | 1, style: number): CategorySeries => ({
		name: `${name}, ${label}`,
		mark: "line",
		style,
		values: ranges.map((range) => range?.[k]),
	});
	return [end("P90", 1, 6), { ...series, name: `${name}, P50` }, end("P10", 0, 5)];
}

function dataOf({ categories }: CategoryChart, { name, values }: CategorySeries): Data {
	// what has no value is left out of the data sheet
	return { name, labels: [...categories], values: values.map((value) => value ?? (null as unknown as number)) };
}

/** Each bar stands on one without a colour; the numbers stand with the names. */
function addWaterfall(slide: Slide, { bars, axis: title }: WaterfallChart, options: Options): void {
	const labels = bars.map(({ label, text }) => `${label}: ${text}`).reverse();
	const part = (name: string, of: (bar: WaterfallChart["bars"][number]) => number): Data => ({
		name,
		labels,
		values: bars.map(of).reverse(),
	});
	const size = ({ from, to }: { from: number; to: number }): number => Math.abs(to - from);
	const data = [
		part("base", ({ from, to }) => Math.min(from, to)),
		part("total", (bar) => (bar.role === "step" ? 0 : size(bar))),
		part("adds", (bar) => (bar.role === "step" && bar.to >= bar.from ? size(bar) : 0)),
		part("takes off", (bar) => (bar.role === "step" && bar.to < bar.from ? size(bar) : 0)),
	];
	slide.addChart("bar", data, {
		...options,
		...axis("USD/Mtok", title),
		barDir: "bar",
		barGrouping: "stacked",
		barGapWidthPct: 40,
		chartColors: ["FFFFFF", lightPalette.total.slice(1), lightPalette.rise.slice(1), lightPalette.fall.slice(1)],
		showLegend: false,
	});
}

/** How far each end lies from the number itself. */
function addTornado(slide: Slide, { bars, central, unit, axis: title }: TornadoChart, options: Options): void {
	const labels = bars.map(({ label, lowText, highText }) => `${label}: ${lowText} to ${highText}`).reverse();
	const ends = (name: string, of: (bar: TornadoChart["bars"][number]) => number): Data => ({
		name,
		labels,
		values: bars.map((bar) => of(bar) - central).reverse(),
	});
	slide.addChart(
		"bar",
		[ends("input at its low end", ({ atLow }) => atLow), ends("input at its high end", ({ atHigh }) => atHigh)],
		{
			...options,
			...axis(unit, `${title}: distance from ${formatQuantity(central, unit)}`),
			barDir: "bar",
			barGrouping: "clustered",
			barOverlapPct: 100,
			barGapWidthPct: 40,
			chartColors: [color(1), color(0)],
			showLegend: true,
			catAxisLabelPos: "low",
		},
	);
}

/** Volumes are evenly spaced in their logarithm, so that places one beside the other make a logarithmic axis. */
function addVolumes(slide: Slide, { curves, yAxis }: VolumeChart, options: Options): void {
	const named = curves.filter(({ letter }) => letter !== undefined);
	const labels = (named[0]?.points ?? []).map(({ x }) => formatQuantity(x, "tok/day"));
	const data = named.map(
		({ letter, points }): Data => ({ name: letter as string, labels, values: points.map(({ y }) => y) }),
	);
	slide.addChart("line", data, {
		...options,
		...axis("USD/Mtok", yAxis),
		valAxisLogScaleBase: 10,
		lineSize: 2,
		lineDataSymbol: "none",
		chartColors: named.map(({ style }) => color(style ?? 0)),
		showLegend: named.length > 1,
		catAxisLabelFrequency: String(Math.max(1, Math.ceil(labels.length / 8))),
	});
}

function axis(unit: string, title: string): ChartOptions {
	return { valAxisTitle: title, valAxisLabelFormatCode: formatCode(unit) };
}

/** Excel's own codes: millions as M where the numbers are sums of money. */
function formatCode(unit: string): string {
	if (unit === "USD") return '[>=1000000]$0.0,,"M";[<=-1000000]-$0.0,,"M";$#,##0';
	if (unit.startsWith("USD")) return "$#,##0.00";
	if (unit === "fraction") return "0%";
	return "#,##0";
}
