/** Charts of a report as charts of PowerPoint, with their data sheet: they can be edited, and their numbers read. */
import type { ChartName, ChartOptions, Slide } from "./library.ts";
import type { CategoryChart, CategorySeries, TornadoChart, VolumeChart, WaterfallChart } from "../charts/chart.ts";
import { lightPalette, type MarkStyle, markStyle } from "../charts/mark-style.ts";
import type { Messages } from "../messages/en.ts";
import { fill } from "../messages/fill.ts";
import { plainText } from "../plain-text.ts";
import type { Chart, Figure } from "../report-model.ts";
import { quantityText } from "../show-number.ts";
import { FONT, MUTED } from "./slide-text.ts";

export interface Place {
	readonly x: number;
	readonly y: number;
	readonly w: number;
	readonly h: number;
}

export interface ChartLook {
	readonly accent: string;
	readonly words: Messages["pack"];
}

type Data = { name: string; labels: string[]; values: number[] };

/** False where PowerPoint has no such chart: its table then stands for it. */
export function addChart(slide: Slide, { chart, alternative }: Figure, look: ChartLook, place: Place): boolean {
	const options = { ...COMMON, ...place, altText: plainText(alternative) };
	switch (chart.kind) {
		case "category":
			addCategory(slide, chart, options);
			return true;
		case "waterfall":
			addWaterfall(slide, chart, look, options);
			return true;
		case "tornado":
			addTornado(slide, chart, look.words, options);
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
	return (lightPalette.series[markStyle(style).place] as string).slice(1);
}

function addCategory(slide: Slide, chart: CategoryChart, options: Options): void {
	const columns = chart.series.filter(({ mark }) => mark === "column");
	const lines = chart.series.filter(({ mark }) => mark === "line").flatMap(withRange);
	const many = chart.categories.length > MANY;
	const bars: Kind = {
		type: "bar",
		data: columns.map((each) => dataOf(chart, each)),
		options: {
			barDir: "col",
			barGrouping: chart.stacked ? "stacked" : "clustered",
			barGapWidthPct: 45,
			chartColors: columns.map(({ style }) => color(style)),
		},
	};
	const strokes = lines.map((each, i) => stroke(each.style, dataOf(chart, each), columns.length + i, many));
	addKinds(slide, columns.length === 0 ? strokes : [bars, ...strokes], {
		...options,
		...axis(chart.unit, chart.yAxis, largest(chart.series.flatMap(({ values }) => values))),
		showLegend: columns.length + lines.length > 1,
		catAxisLabelPos: "low",
		displayBlanksAs: "gap",
		...(many ? { catAxisLabelFrequency: "1" } : {}),
	});
}

interface Kind {
	readonly type: "bar" | "line";
	readonly data: Data[];
	readonly options: ChartOptions;
}

/** Kinds of series in one chart, over the same axes. */
function addKinds(slide: Slide, kinds: readonly Kind[], options: Options): void {
	const multiple = kinds.map(({ type, ...rest }) => ({ type: type as ChartName, ...rest }));
	// data of several kinds stand with their kinds
	slide.addChart(multiple, undefined as unknown as Data[], options);
}

/**
 * A line of its own kind, so that it has its own dash and mark. `place`: among all series of the chart; the library takes the
 * colour of the mark from there, and any colour at all where the list is shorter.
 */
function stroke(style: number, data: Data, place: number, bare: boolean): Kind {
	const { symbol, dash } = markStyle(style);
	return {
		type: "line",
		data: [data],
		options: {
			chartColors: Array.from({ length: place + 1 }, () => color(style)),
			lineSize: 2,
			lineDash: DASHES[dash] as NonNullable<ChartOptions["lineDash"]>,
			lineDataSymbol: (bare ? "none" : MARKS[symbol]) as NonNullable<ChartOptions["lineDataSymbol"]>,
			lineDataSymbolSize: 7,
		},
	};
}

const DASHES: Readonly<Record<MarkStyle["dash"], string>> = {
	none: "solid",
	"7 3": "dash",
	"2 3": "sysDot",
	"9 3 2 3": "dashDot",
	"12 4": "lgDash",
	"4 2": "sysDash",
};

const MARKS: Readonly<Record<MarkStyle["symbol"], string>> = {
	circle: "circle",
	square: "square",
	triangle: "triangle",
	diamond: "diamond",
	star: "star",
	cross: "x",
	wye: "plus",
	hexagon: "dot",
};

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
	// of many months each twelfth is named: not every program leaves names out where they would touch
	const labels = categories.map((label, i) => (categories.length <= MANY || i % 12 === 0 ? label : ""));
	// what has no value is left out of the data sheet
	return { name, labels, values: values.map((value) => value ?? (null as unknown as number)) };
}

const MANY = 20;

/** Each bar stands on one without a colour; the numbers stand with the names. */
function addWaterfall(
	slide: Slide,
	{ bars, axis: title }: WaterfallChart,
	{ accent, words }: ChartLook,
	options: Options,
): void {
	const names = words.slides.chart;
	const labels = bars.map(({ label, text }) => `${label}: ${text}`).reverse();
	const part = (name: string, of: (bar: WaterfallChart["bars"][number]) => number): Data => ({
		name,
		labels,
		values: bars.map(of).reverse(),
	});
	const size = ({ from, to }: { from: number; to: number }): number => Math.abs(to - from);
	const data = [
		part(names.base, ({ from, to }) => Math.min(from, to)),
		part(names.total, (bar) => (bar.role === "step" ? 0 : size(bar))),
		part(names.adds, (bar) => (bar.role === "step" && bar.to >= bar.from ? size(bar) : 0)),
		part(names.takesOff, (bar) => (bar.role === "step" && bar.to < bar.from ? size(bar) : 0)),
	];
	slide.addChart("bar", data, {
		...options,
		...axis("USD/Mtok", title, 0),
		barDir: "bar",
		barGrouping: "stacked",
		barGapWidthPct: 40,
		chartColors: ["transparent", accent, lightPalette.rise.slice(1), lightPalette.fall.slice(1)],
		showLegend: false,
	});
}

/** How far each end lies from the number itself. */
function addTornado(
	slide: Slide,
	{ bars, central, unit, axis: title }: TornadoChart,
	words: ChartLook["words"],
	options: Options,
): void {
	const { span, distance } = words.slides.chart;
	const { low, high } = words.risk.tornadoLegend;
	const labels = bars
		.map(({ label, lowText, highText }) => plainText(fill(span, { label, low: lowText, high: highText })))
		.reverse();
	const ends = (name: string, of: (bar: TornadoChart["bars"][number]) => number): Data => ({
		name,
		labels,
		values: bars.map((bar) => of(bar) - central).reverse(),
	});
	slide.addChart("bar", [ends(low, ({ atLow }) => atLow), ends(high, ({ atHigh }) => atHigh)], {
		...options,
		...axis(
			unit,
			plainText(fill(distance, { title, central: quantityText(central, unit) })),
			largest(bars.flatMap(({ atLow, atHigh }) => [atLow - central, atHigh - central])),
		),
		barDir: "bar",
		barGrouping: "clustered",
		barOverlapPct: 100,
		barGapWidthPct: 40,
		chartColors: [color(1), color(0)],
		showLegend: true,
		catAxisLabelPos: "low",
	});
}

/** Volumes are evenly spaced in their logarithm, so that places one beside the other make a logarithmic axis. */
function addVolumes(slide: Slide, { curves, yAxis }: VolumeChart, options: Options): void {
	const named = curves.filter(({ letter }) => letter !== undefined);
	const labels = (named[0]?.points ?? []).map(({ x }) => quantityText(x, "tok/day"));
	const strokes = named.map(({ letter, points, style = 0 }, i) =>
		stroke(style, { name: letter as string, labels, values: points.map(({ y }) => y) }, i, true),
	);
	addKinds(slide, strokes, {
		...options,
		...axis("USD/Mtok", yAxis, 0),
		valAxisLogScaleBase: 10,
		showLegend: named.length > 1,
		catAxisLabelFrequency: String(Math.max(1, Math.ceil(labels.length / 8))),
	});
}

function axis(unit: string, title: string, most: number): ChartOptions {
	return { valAxisTitle: title, valAxisLabelFormatCode: formatCode(unit, most) };
}

function largest(values: readonly (number | null | undefined)[]): number {
	return values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
}

/** Excel's own codes: sums of money in thousands of thousands, as far as the largest number of the chart goes. */
function formatCode(unit: string, most: number): string {
	if (unit === "USD") {
		const scale = Math.max(0, Math.min(4, Math.floor(Math.log10(most || 1) / 3)));
		if (scale < 2) return '$#,##0;"−"$#,##0';
		const number = `$0.0${",".repeat(scale)}"${" kMBT"[scale]}"`;
		return `${number};"−"${number};$0`;
	}
	if (unit.startsWith("USD")) return '$#,##0.00;"−"$#,##0.00';
	if (unit === "fraction") return "0%";
	return "#,##0";
}
