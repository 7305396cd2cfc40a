/** Lines over an axis, logarithmic or not, with bands, levels and marks. */
import { area, curveStepAfter, line } from "d3-shape";
import type { ScaleContinuousNumeric } from "d3-scale";
import { scaleLinear, scaleLog } from "d3-scale";
import type { ReactNode } from "react";
import { BottomAxis, END, LeftAxis } from "./axis.tsx";
import type { ChartSize } from "./chart-frame.tsx";
import { Hatch } from "./hatch.tsx";
import { logTicks } from "./log-ticks.ts";
import { type Mark, Marks } from "./marks.tsx";

export interface Point {
	readonly x: number;
	/** Undefined where there is no value: the line has a gap. */
	readonly y: number | undefined;
}

export interface LineSeries {
	readonly key: string;
	/** Number of its colour, 0 to 7; dashes differ too. */
	readonly index: number;
	readonly points: readonly Point[];
	/** Between two quantiles, behind the line. */
	readonly band?: readonly { readonly x: number; readonly low: number; readonly high: number }[];
	readonly isFaint?: boolean;
	/** Each value holds until the next one: no slope between them. */
	readonly isStep?: boolean;
}

export interface Level {
	readonly key: string;
	readonly y: number;
	readonly name: string;
	/** Where there is little room. */
	readonly short?: string;
}

export interface PointMark extends Mark {
	readonly x: number;
	readonly y: number;
	/** Number of its colour. */
	readonly index: number;
}

export interface Axis {
	readonly kind: "log" | "linear";
	readonly label: string;
	readonly tick: (value: number) => string;
	/** Instead of what the points span. */
	readonly domain?: readonly [number, number];
	/** Instead of round numbers: times are round by the clock. */
	readonly ticks?: readonly number[];
}

export interface LineChartProps {
	readonly series: readonly LineSeries[];
	readonly levels?: readonly Level[];
	readonly marks?: readonly PointMark[];
	/** Where the reader stands: a line from top to bottom. */
	readonly here?: number | undefined;
	/** From here to the right is outside the data. */
	readonly outsideFrom?: number | undefined;
	readonly x: Axis;
	readonly y: Axis;
	readonly size: ChartSize;
	readonly onPick?: (mark: PointMark) => void;
}

export const DASHES = ["none", "7 3", "2 3", "9 3 2 3", "none", "7 3", "2 3", "9 3 2 3"] as const;
const TOP = 26;
const FOOT = 46;

export function LineChart(props: LineChartProps): ReactNode {
	const { series, levels = [], marks = [], here, outsideFrom, size, onPick } = props;
	const left = size.isNarrow ? 52 : 64;
	const right = size.width - END;
	const foot = size.height - FOOT;
	const points = series.flatMap((each) => each.points);
	const bands = series.flatMap(({ band = [] }) => band);
	const ys = [
		...points.flatMap(({ y }) => (y === undefined ? [] : [y])),
		...bands.flatMap(({ low, high }) => [low, high]),
		...levels.map(({ y }) => y),
	];
	const x = scaleOf(props.x, [...points.map((each) => each.x), ...(here === undefined ? [] : [here])], [left, right]);
	const y = scaleOf(props.y, ys, [foot, TOP]);
	const canShow = (value: number | undefined): boolean =>
		value !== undefined && Number.isFinite(value) && (props.y.kind === "linear" || value > 0);
	const path = line<Point>()
		.defined((each) => canShow(each.y))
		.x((each) => x(each.x))
		.y((each) => y(each.y as number));
	const steps = line<Point>().curve(curveStepAfter).defined(path.defined()).x(path.x()).y(path.y());
	const fill = area<{ x: number; low: number; high: number }>()
		.defined((each) => canShow(each.low) && canShow(each.high))
		.x((each) => x(each.x))
		.y0((each) => y(each.low))
		.y1((each) => y(each.high));
	return (
		<>
			<Hatch id="outside" />
			<BottomAxis
				ticks={ticksOf(props.x, x, size.isNarrow ? 4 : 9)}
				y={foot}
				top={TOP}
				label={props.x.label}
				right={right}
			/>
			<LeftAxis ticks={ticksOf(props.y, y, 7)} x={left} right={right} label={props.y.label} top={TOP} />
			{outsideFrom === undefined ? null : (
				<rect
					x={x(outsideFrom)}
					width={Math.max(0, right - x(outsideFrom))}
					y={TOP}
					height={foot - TOP}
					fill="url(#hatch-outside)"
				/>
			)}
			{levels.map((level) => (
				<line key={level.key} className="level-line" x1={left} x2={right} y1={y(level.y)} y2={y(level.y)} />
			))}
			{series.map(({ key, index, band }) =>
				band === undefined ? null : (
					<path key={key} className={`series-band series-${index}`} d={fill([...band]) ?? ""} aria-hidden="true" />
				),
			)}
			{/* Dashes lie on solid lines, what is chosen on what is faint: where two are the same, both are seen. */}
			{[...series].sort(underneath).map(({ key, index, points: own, isFaint, isStep }) => (
				<path
					key={key}
					className={`series-line series-${index}${isFaint === true ? " series-faint" : ""}`}
					strokeDasharray={DASHES[index]}
					d={(isStep === true ? steps : path)([...own]) ?? ""}
					aria-hidden="true"
				/>
			))}
			{levels.map((level) => (
				<text key={level.key} className="level-name" x={right} y={y(level.y) - 5} textAnchor="end">
					{size.isNarrow ? (level.short ?? level.name) : level.name}
				</text>
			))}
			{here === undefined ? null : <line className="here-line" x1={x(here)} x2={x(here)} y1={TOP - 6} y2={foot} />}
			<Marks
				marks={marks}
				{...(onPick === undefined ? {} : { onPick })}
				draw={(mark, isActive) => (
					<>
						<circle className="mark-area" cx={x(mark.x)} cy={y(mark.y)} r={14} />
						<circle
							className={`point series-${mark.index}${isActive ? " point-active" : ""}`}
							cx={x(mark.x)}
							cy={y(mark.y)}
							r={isActive ? 7 : 5}
						/>
					</>
				)}
			/>
		</>
	);
}

function underneath(one: LineSeries, other: LineSeries): number {
	const place = ({ index, isFaint }: LineSeries): number =>
		(isFaint === true ? 0 : 2) + (DASHES[index] === "none" ? 0 : 1);
	return place(one) - place(other);
}

type Scale = ScaleContinuousNumeric<number, number>;

function scaleOf({ kind, domain, ticks }: Axis, values: readonly number[], range: readonly [number, number]): Scale {
	// On a logarithmic axis there is no place for nothing: such values are gaps.
	const known = values.filter((value) => Number.isFinite(value) && (kind === "linear" || value > 0));
	const [low, high] = domain ?? (known.length === 0 ? [1, 10] : [Math.min(...known), Math.max(...known)]);
	if (kind === "log") return scaleLog().domain([low, high]).range(range);
	// An axis of amounts begins at nothing.
	const from = domain === undefined ? Math.min(0, low) : low;
	const scale = scaleLinear().domain([from, high]).range(range);
	return ticks === undefined ? scale.nice() : scale;
}

function ticksOf({ kind, tick, ticks }: Axis, scale: Scale, most: number): { at: number; label: string }[] {
	const [low, high] = scale.domain() as [number, number];
	const values =
		ticks !== undefined ? ticks : kind === "log" ? logTicks(low, high, most) : scale.ticks(Math.min(most, 6));
	return values.map((value) => ({ at: scale(value), label: tick(value) }));
}
