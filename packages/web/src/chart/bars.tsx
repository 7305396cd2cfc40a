/** Horizontal bars from zero, one a row, each with its number. */
import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { BottomAxis } from "./axis.tsx";
import type { ChartSize } from "./chart-frame.tsx";
import { type Mark, Marks } from "./marks.tsx";
import { roomForText } from "./room-for-text.ts";
import { thinned } from "./thinned.ts";

export interface Bar extends Mark {
	readonly name: string;
	readonly value: number;
	readonly text: string;
	/** Index of the series whose colour it has. */
	readonly series?: number;
}

const ROW = 44;
const FOOT = 44;
const TOP = 4;

export function barsHeight(bars: number): number {
	return bars * ROW + FOOT + TOP;
}

/** Names stand above their bars, so that long ones are never cut. */
export function Bars({
	bars,
	size: { width, isNarrow },
	tick,
	axis,
	onPick,
}: {
	readonly bars: readonly Bar[];
	readonly size: ChartSize;
	readonly tick: (value: number) => string;
	readonly axis: string;
	/** What a click or Enter does; opens why unless told. */
	readonly onPick?: (bar: Bar) => void;
}): ReactNode {
	const right =
		width -
		roomForText(
			bars.map(({ text }) => text),
			width,
		);
	const values = bars.map(({ value }) => value);
	const x = scaleLinear()
		.domain([Math.min(0, ...values), Math.max(0, ...values)])
		.range([8, right]);
	const foot = TOP + bars.length * ROW;
	const ticks = thinned(x.ticks(isNarrow ? 3 : 6).map((value) => ({ at: x(value), label: tick(value) })));
	return (
		<>
			<BottomAxis ticks={ticks} y={foot} top={TOP} label={axis} right={right} />
			<Marks
				marks={bars}
				{...(onPick === undefined ? {} : { onPick })}
				draw={(bar, isActive) => {
					const y = TOP + bars.indexOf(bar) * ROW;
					const [low, high] = [x(Math.min(bar.value, 0)), x(Math.max(bar.value, 0))];
					return (
						<>
							<rect className="mark-area" x={0} width={width} y={y} height={ROW} />
							<text className="bar-name" x={8} y={y + 14}>
								{/* The blank keeps the words apart where they are read as one text. */}
								{`${bar.name} `}
							</text>
							<rect
								className={`bar series-fill series-${bar.series ?? 0}${isActive ? " bar-active" : ""}`}
								x={low}
								width={Math.max(1.5, high - low)}
								y={y + 20}
								height={16}
								rx={2}
							/>
							<text className="bar-text" x={high + 8} y={y + 28} dy="0.34em">
								{bar.text}
							</text>
						</>
					);
				}}
			/>
		</>
	);
}
