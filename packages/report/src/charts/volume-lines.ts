/** Delivered cost along daily volume, both axes logarithmic: which deployment is the cheapest where. */
import * as Plot from "@observablehq/plot";
import { countTick, logTicks } from "./axis-ticks.ts";
import type { VolumeChart, VolumeCurve } from "./chart.ts";
import { type DollarAxis, dollarAxis } from "./dollar-axis.ts";
import { markStyle } from "./mark-style.ts";
import { type ChartSize, letterWidth, svgText } from "./svg-plot.ts";
import { lettersWide } from "../plain-text.ts";

const MARGIN_RIGHT = 14;
const MARGIN_BOTTOM = 46;
const INSET_BOTTOM = 8;
/** Height of a line of labels above the axes. */
const LANE = 16;

export function volumesSvg(chart: VolumeChart, size: ChartSize): string {
	const frame = frameOf(chart, size);
	const { low, high } = frame;
	return svgText(size, {
		height: frame.height,
		marginLeft: frame.axis.marginLeft,
		marginRight: MARGIN_RIGHT,
		marginTop: frame.marginTop,
		marginBottom: MARGIN_BOTTOM,
		insetBottom: INSET_BOTTOM,
		x: {
			type: "log",
			domain: [low, high],
			label: chart.xAxis,
			labelAnchor: "right",
			labelArrow: "none",
			labelOffset: 42,
			ticks: logTicks(low, high, 7),
			tickFormat: countTick,
			tickSize: 4,
		},
		y: { type: "log", domain: [...frame.axis.domain], axis: null },
		marks: [
			...frame.axis.marks,
			...levelRules(chart),
			...chart.curves.filter(({ style }) => style === undefined).map(faintLine),
			...chart.curves.filter(({ style }) => style !== undefined).map(line),
			...crossoverMarks(chart, frame),
			...levelNames(chart, frame),
			...hereMarks(chart, frame),
		],
	});
}

/** Where things come to stand, in pixels from the upper left corner of the axes. */
interface Frame {
	readonly axis: DollarAxis;
	readonly low: number;
	readonly high: number;
	readonly height: number;
	readonly width: number;
	readonly marginTop: number;
	/** Width of a letter, about. */
	readonly letter: number;
	/** Both ends and the crossovers between them. */
	readonly edges: readonly number[];
	/** Line above the axes in which each crossover is named. */
	readonly lanes: readonly number[];
	readonly px: (volume: number) => number;
	readonly py: (cost: number) => number;
	readonly bottom: number;
}

function frameOf(chart: VolumeChart, size: ChartSize): Frame {
	const { curves, levels, crossovers } = chart;
	const xs = curves.flatMap(({ points }) => points.map(({ x }) => x));
	const ys = [...curves.flatMap(({ points }) => points.map(({ y }) => y)), ...levels.map(({ y }) => y)];
	const axis = dollarAxis(ys, chart.yAxis, size);
	const [low, high] = [Math.min(...xs), Math.max(...xs)];
	const width = size.width - axis.marginLeft - MARGIN_RIGHT;
	const px = (volume: number): number => (width * Math.log(volume / low)) / Math.log(high / low);
	const letter = letterWidth(size);
	const lanes = lanesOf(crossovers.map(({ x, label }) => ({ at: px(x), width: lettersWide(label) * letter + 8 })));
	const marginTop = 46 + LANE * Math.max(0, ...lanes);
	const height = (size.narrow ? 374 : 434) + marginTop;
	const bottom = height - marginTop - MARGIN_BOTTOM - INSET_BOTTOM;
	const [cheap, dear] = axis.domain;
	const py = (cost: number): number => (bottom * Math.log(dear / cost)) / Math.log(dear / cheap);
	const edges = [low, ...crossovers.map(({ x }) => x), high];
	return { axis, low, high, height, width, marginTop, letter, edges, lanes, px, py, bottom };
}

function line({ points, style }: VolumeCurve): Plot.Markish {
	const { color, dash } = markStyle(style as number);
	return Plot.line(points, {
		x: "x",
		y: "y",
		stroke: color,
		strokeWidth: 2.5,
		...(dash === "none" ? {} : { strokeDasharray: dash }),
	});
}

function faintLine({ points }: VolumeCurve): Plot.Markish {
	return Plot.line(points, { x: "x", y: "y", stroke: "var(--neutral)", strokeWidth: 1 });
}

function levelRules({ levels }: VolumeChart): Plot.Markish[] {
	return levels.map(({ y }) => Plot.ruleY([y], { stroke: "var(--muted)", strokeDasharray: "1 3", strokeWidth: 2 }));
}

/**
 * The lowest level is named below its line, the others above theirs, unless an end of the axis is too near: on the
 * right, where costs have fallen, and left of the crossovers that leave no room.
 */
function levelNames({ levels }: VolumeChart, { edges, px, py, letter, bottom }: Frame): Plot.Markish[] {
	const longest = Math.max(0, ...levels.map(({ label }) => lettersWide(label))) * letter + 10;
	const roomy = edges.findLastIndex((edge, i) => i > 0 && px(edge) - px(edges[i - 1] as number) >= longest);
	const right = edges[roomy === -1 ? edges.length - 1 : roomy] as number;
	return levels.map(({ y, label }, i) => {
		const below = i === 0 ? py(y) < bottom - 24 : py(y) < 40;
		return Plot.text([{ x: right, y }], {
			x: "x",
			y: "y",
			text: () => label,
			textAnchor: "end",
			dx: -5,
			dy: below ? 11 : -10,
			fill: "var(--muted)",
			stroke: "var(--ground)",
			strokeWidth: 5,
		});
	});
}

/** A rule at each crossover with its volume, and between the rules the letter of the cheapest curve. */
function crossoverMarks(
	{ crossovers, regions }: VolumeChart,
	{ axis, edges, lanes, px, letter, width }: Frame,
): Plot.Markish[] {
	const letters = regions.map((name, i) => ({ name, x: Math.sqrt((edges[i] as number) * (edges[i + 1] as number)) }));
	return [
		Plot.ruleX(crossovers, { x: "x", stroke: "var(--text)", strokeDasharray: "5 3", strokeWidth: 1.25 }),
		...crossovers.map(({ x, label }, i) => {
			const half = (lettersWide(label) * letter) / 2;
			const shift = Math.min(0, width - px(x) - half) + Math.max(0, half - px(x) - axis.marginLeft);
			return Plot.text([x], {
				x: (value: number) => value,
				frameAnchor: "top",
				lineAnchor: "bottom",
				text: () => label,
				dx: shift,
				dy: -5 - LANE * (lanes[i] as number),
				fill: "var(--text)",
				fontVariant: "tabular-nums",
			});
		}),
		Plot.text(letters, {
			x: "x",
			frameAnchor: "top",
			text: "name",
			dy: 8,
			fill: "var(--text)",
			fontWeight: 700,
			stroke: "var(--ground)",
			strokeWidth: 4,
		}),
	];
}

/** The plan lies on the lowest curve, so that there is room below it, and on the left, since costs fall. */
function hereMarks({ here }: VolumeChart, { edges, px, letter }: Frame): Plot.Markish[] {
	if (here === undefined || here.x < (edges[0] as number) || here.x > (edges.at(-1) as number)) return [];
	const onRight = px(here.x) > lettersWide(here.label) * letter * 1.12;
	return [
		Plot.dot([here], { x: "x", y: "y", r: 6, fill: "var(--text)", stroke: "var(--ground)", strokeWidth: 2 }),
		Plot.text([here], {
			x: "x",
			y: "y",
			text: () => here.label,
			textAnchor: onRight ? "end" : "start",
			dx: onRight ? 8 : -8,
			dy: 20,
			fill: "var(--text)",
			fontWeight: 600,
			stroke: "var(--ground)",
			strokeWidth: 4,
		}),
	];
}

/** The lowest line in which each label has room, from left to right. */
function lanesOf(labels: readonly { readonly at: number; readonly width: number }[]): number[] {
	const ends: number[] = [];
	return labels.map(({ at, width }) => {
		const free = ends.findIndex((end) => end <= at - width / 2);
		const lane = free === -1 ? ends.length : free;
		ends[lane] = at + width / 2;
		return lane;
	});
}
