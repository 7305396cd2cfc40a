/** Delivered cost along daily volume, both axes logarithmic: which deployment is the cheapest where. */
import * as Plot from "@observablehq/plot";
import { countTick, dollarTick, logTicks, roundedLogRange } from "./axis-ticks.ts";
import type { VolumeChart, VolumeCurve } from "./chart.ts";
import { markStyle } from "./mark-style.ts";
import { type ChartSize, svgText } from "./svg-plot.ts";

const MARGIN_LEFT = 52;
const MARGIN_RIGHT = 14;

export function volumesSvg(chart: VolumeChart, size: ChartSize): string {
	const xs = chart.curves.flatMap(({ points }) => points.map(({ x }) => x));
	const ys = [...chart.curves.flatMap(({ points }) => points.map(({ y }) => y)), ...chart.levels.map(({ y }) => y)];
	const x: readonly [number, number] = [Math.min(...xs), Math.max(...xs)];
	const [low, high] = roundedLogRange(Math.min(...ys), Math.max(...ys));
	return svgText(size, {
		height: size.narrow ? 420 : 480,
		marginLeft: MARGIN_LEFT,
		marginRight: MARGIN_RIGHT,
		marginTop: 70,
		marginBottom: 46,
		x: { type: "log", domain: [...x], label: chart.xAxis, labelAnchor: "right", labelArrow: "none", labelOffset: 42, ticks: logTicks(x[0], x[1], 7), tickFormat: countTick, tickSize: 4 },
		y: { type: "log", domain: [low, high], label: chart.yAxis, labelArrow: "none", labelOffset: 52, ticks: logTicks(low, high, size.narrow ? 8 : 11), tickFormat: dollarTick, tickSize: 0, grid: true },
		marks: [
			...levelMarks(chart),
			...chart.curves.filter(({ style }) => style === undefined).map(faintLine),
			...chart.curves.filter(({ style }) => style !== undefined).map(line),
			...crossoverMarks(chart, x, size),
			...hereMarks(chart, x),
		],
	});
}

function line({ points, style }: VolumeCurve): Plot.Markish {
	const { color, dash } = markStyle(style as number);
	return Plot.line(points, { x: "x", y: "y", stroke: color, strokeWidth: 2.5, ...(dash === "none" ? {} : { strokeDasharray: dash }) });
}

function faintLine({ points }: VolumeCurve): Plot.Markish {
	return Plot.line(points, { x: "x", y: "y", stroke: "var(--neutral)", strokeWidth: 1 });
}

function levelMarks({ levels }: VolumeChart): Plot.Markish[] {
	return levels.flatMap(({ y, label }, i) => [
		Plot.ruleY([y], { stroke: "var(--muted)", strokeDasharray: "1 3", strokeWidth: 2 }),
		Plot.text([y], { y: (value: number) => value, frameAnchor: "right", text: () => label, textAnchor: "end", dx: -4, dy: i === 0 ? 10 : -9, fill: "var(--muted)", stroke: "var(--ground)", strokeWidth: 4 }),
	]);
}

/** A rule at each crossover with its volume, and between the rules the letter of the cheapest curve. */
function crossoverMarks({ crossovers, regions }: VolumeChart, [low, high]: readonly [number, number], size: ChartSize): Plot.Markish[] {
	const edges = [low, ...crossovers.map(({ x }) => x), high];
	const letters = regions.map((letter, i) => ({ letter, x: Math.sqrt((edges[i] as number) * (edges[i + 1] as number)) }));
	const px = (x: number): number => ((size.width - MARGIN_LEFT - MARGIN_RIGHT) * Math.log(x / low)) / Math.log(high / low);
	const lanes = stagger(crossovers.map(({ x, label }) => ({ at: px(x), width: label.length * size.fontSize * 0.62 + 8 })));
	const right = size.width - MARGIN_LEFT - MARGIN_RIGHT;
	return [
		Plot.ruleX(crossovers, { x: "x", stroke: "var(--text)", strokeDasharray: "5 3", strokeWidth: 1.25 }),
		...crossovers.map(({ x, label }, i) => {
			const half = (label.length * size.fontSize * 0.62) / 2;
			const shift = Math.min(0, right - px(x) - half) + Math.max(0, half - px(x) - MARGIN_LEFT);
			return Plot.text([x], { x: (value: number) => value, frameAnchor: "top", text: () => label, dx: shift, dy: -14 - 15 * (lanes[i] as number), fill: "var(--text)", fontVariant: "tabular-nums" });
		}),
		Plot.text(letters, { x: "x", frameAnchor: "top", text: "letter", dy: 12, fill: "var(--text)", fontWeight: 700, fontSize: size.fontSize + 2, stroke: "var(--ground)", strokeWidth: 4 }),
	];
}

function hereMarks({ here }: VolumeChart, [low, high]: readonly [number, number]): Plot.Markish[] {
	if (here === undefined || here.x < low || here.x > high) return [];
	const left = Math.log(here.x / low) > 0.6 * Math.log(high / low);
	return [
		Plot.dot([here], { x: "x", y: "y", r: 6, fill: "var(--text)", stroke: "var(--ground)", strokeWidth: 2 }),
		Plot.text([here], { x: "x", y: "y", text: () => here.label, textAnchor: left ? "end" : "start", dx: left ? -11 : 11, dy: -12, fill: "var(--text)", fontWeight: 600, stroke: "var(--ground)", strokeWidth: 4 }),
	];
}

/** The lowest lane in which each label has room, from left to right. */
function stagger(labels: readonly { readonly at: number; readonly width: number }[]): number[] {
	const ends: number[] = [];
	return labels.map(({ at, width }) => {
		const free = ends.findIndex((end) => end <= at - width / 2);
		const lane = free === -1 ? ends.length : free;
		ends[lane] = at + width / 2;
		return lane;
	});
}
