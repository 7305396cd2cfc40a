/** Horizontal bars of parts that add up, one a row, each part a mark of its own. */
import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { BottomAxis } from "./axis.tsx";
import type { ChartSize } from "./chart-frame.tsx";
import { type Mark, Marks } from "./marks.tsx";
import { roomForText } from "./room-for-text.ts";
import { thinned } from "./thinned.ts";

export interface StackPart extends Mark {
	/** None below zero. */
	readonly value: number;
	/** Index of the series whose colour it has. */
	readonly series: number;
}

export interface StackedBar {
	readonly key: string;
	readonly name: string;
	readonly text: string;
	readonly parts: readonly StackPart[];
}

const ROW = 44;
const FOOT = 44;
const TOP = 4;
/** Between parts, so that neighbours are told apart without their colours. */
const GAP = 1.5;

export function stackedBarsHeight(bars: number): number {
	return bars * ROW + FOOT + TOP;
}

export function StackedBars({
	bars,
	size: { width, isNarrow },
	tick,
	axis,
}: {
	readonly bars: readonly StackedBar[];
	readonly size: ChartSize;
	readonly tick: (value: number) => string;
	readonly axis: string;
}): ReactNode {
	const right =
		width -
		roomForText(
			bars.map(({ text }) => text),
			width,
		);
	const x = scaleLinear()
		.domain([0, Math.max(0, ...bars.map(({ parts }) => total(parts)))])
		.range([8, right]);
	const foot = TOP + bars.length * ROW;
	const ticks = thinned(x.ticks(isNarrow ? 3 : 6).map((value) => ({ at: x(value), label: tick(value) })));
	const placed = bars.flatMap(({ parts }, row) =>
		parts.map((part, i) => ({ ...part, row, from: total(parts.slice(0, i)) })),
	);
	return (
		<>
			<BottomAxis ticks={ticks} y={foot} top={TOP} label={axis} right={right} />
			{bars.map(({ key, name, text, parts }, row) => (
				<g key={key} aria-hidden="true">
					<text className="bar-name" x={8} y={TOP + row * ROW + 14}>
						{name}
					</text>
					<text className="bar-text" x={x(total(parts)) + 8} y={TOP + row * ROW + 28} dy="0.34em">
						{text}
					</text>
				</g>
			))}
			<Marks
				marks={placed}
				draw={({ row, from, value, series }, isActive) => {
					const left = x(from);
					const wide = Math.max(1.5, x(from + value) - left - GAP);
					const y = TOP + row * ROW + 20;
					return (
						<>
							<rect className="mark-area" x={left} width={wide} y={y - 3} height={22} />
							<rect
								className={`bar series-fill series-${series}${isActive ? " bar-active" : ""}`}
								x={left}
								width={wide}
								y={y}
								height={16}
							/>
						</>
					);
				}}
			/>
		</>
	);
}

function total(parts: readonly StackPart[]): number {
	return parts.reduce((sum, { value }) => sum + value, 0);
}
