/** Delivered cost along daily volume, both axes logarithmic: which deployment is the cheapest where. */
import * as Plot from "@observablehq/plot";
import { countTick, logTicks, roundedLogRange } from "./axis-ticks.ts";
import type { VolumeChart, VolumeCurve } from "./chart.ts";
import { dollarAxisY } from "./log-axis.ts";
import { markStyle } from "./mark-style.ts";
import { type ChartSize, svgText } from "./svg-plot.ts";

const MARGIN_LEFT = 52;
const MARGIN_RIGHT = 14;
/** Height of a line of labels above the axes. */
const LANE = 16;

export function volumesSvg(chart: VolumeChart, size: ChartSize): string {
	const xs = chart.curves.flatMap(({ points }) => points.map(({ x }) => x));
	const ys = [...chart.curves.flatMap(({ points }) => points.map(({ y }) => y)), ...chart.levels.map(({ y }) => y)];
	const x: readonly [number, number] = [Math.min(...xs), Math.max(...xs)];
	const [low, high] = roundedLogRange(Math.min(...ys), Math.max(...ys));
	const frame = frameOf(chart, x, size);
	return svgText(size, {
		height: size.narrow ? 420 : 480,
		marginLeft: MARGIN_LEFT,
		marginRight: MARGIN_RIGHT,
		marginTop: 46 + LANE * Math.max(0, ...lanesOf(chart, frame)),
		marginBottom: 46,
		x: {
			type: "log",
			domain: [...x],
			label: chart.xAxis,
			labelAnchor: "right",
			labelArrow: "none",
			labelOffset: 42,
			ticks: logTicks(x[0], x[1], 7),
			tickFormat: countTick,
			tickSize: 4,
		},
		y: { type: "log", domain: [low, high], axis: null },
		marks: [
			...dollarAxisY(logTicks(low, high, size.narrow ? 8 : 11), chart.yAxis),
			...levelRules(chart),
			...chart.curves.filter(({ style }) => style === undefined).map(faintLine),
			...chart.curves.filter(({ style }) => style !== undefined).map(line),
			...crossoverMarks(chart, frame),
			...levelNames(chart, frame),
			...hereMarks(chart, frame),
		],
	});
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

/** The inside of the axes, in pixels from their left edge. */
interface Frame {
	readonly width: number;
	/** Width of a letter, about. */
	readonly letter: number;
	/** Both ends and the crossovers between them. */
	readonly edges: readonly number[];
	readonly px: (volume: number) => number;
}

function frameOf({ crossovers }: VolumeChart, [low, high]: readonly [number, number], size: ChartSize): Frame {
	const width = size.width - MARGIN_LEFT - MARGIN_RIGHT;
	return {
		width,
		letter: size.fontSize * 0.62,
		edges: [low, ...crossovers.map(({ x }) => x), high],
		px: (volume) => (width * Math.log(volume / low)) / Math.log(high / low),
	};
}

/**
 * The lowest level is named below its line, the others above theirs: on the right, where costs have fallen below them,
 * and left of the crossovers that leave no room.
 */
function levelNames({ levels }: VolumeChart, { edges, px, letter }: Frame): Plot.Markish[] {
	const longest = Math.max(0, ...levels.map(({ label }) => label.length)) * letter + 10;
	const roomy = edges.findLastIndex((edge, i) => i > 0 && px(edge) - px(edges[i - 1] as number) >= longest);
	const right = edges[roomy === -1 ? edges.length - 1 : roomy] as number;
	return levels.map(({ y, label }, i) =>
		Plot.text([{ x: right, y }], {
			x: "x",
			y: "y",
			text: () => label,
			textAnchor: "end",
			dx: -5,
			dy: i === 0 ? 11 : -10,
			fill: "var(--muted)",
			stroke: "var(--ground)",
			strokeWidth: 5,
		}),
	);
}

/** A rule at each crossover with its volume, and between the rules the letter of the cheapest curve. */
function crossoverMarks({ crossovers, regions }: VolumeChart, { edges, px, letter, width }: Frame): Plot.Markish[] {
	const letters = regions.map((name, i) => ({ name, x: Math.sqrt((edges[i] as number) * (edges[i + 1] as number)) }));
	const lanes = lanesOf({ crossovers }, { px, letter });
	return [
		Plot.ruleX(crossovers, { x: "x", stroke: "var(--text)", strokeDasharray: "5 3", strokeWidth: 1.25 }),
		...crossovers.map(({ x, label }, i) => {
			const half = (label.length * letter) / 2;
			const shift = Math.min(0, width - px(x) - half) + Math.max(0, half - px(x) - MARGIN_LEFT);
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

/** The plan lies on the lowest curve, so that there is room below it. */
function hereMarks({ here }: VolumeChart, { edges, px, width }: Frame): Plot.Markish[] {
	if (here === undefined || here.x < (edges[0] as number) || here.x > (edges.at(-1) as number)) return [];
	const onRight = px(here.x) > 0.4 * width;
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

/** The lowest line in which each crossover's label has room, from left to right. */
function lanesOf(
	{ crossovers }: Pick<VolumeChart, "crossovers">,
	{ px, letter }: Pick<Frame, "px" | "letter">,
): number[] {
	const ends: number[] = [];
	return crossovers.map(({ x, label }) => {
		const half = (label.length * letter + 8) / 2;
		const free = ends.findIndex((end) => end <= px(x) - half);
		const lane = free === -1 ? ends.length : free;
		ends[lane] = px(x) + half;
		return lane;
	});
}
