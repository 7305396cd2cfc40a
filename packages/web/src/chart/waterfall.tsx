/** From one number to another in steps: each bar begins where the one before it ends. */
import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { BottomAxis } from "./axis.tsx";
import type { ChartSize } from "./chart-frame.tsx";
import { type Mark, Marks } from "./marks.tsx";

export interface WaterfallBar extends Mark {
	readonly name: string;
	readonly from: number;
	readonly to: number;
	readonly text: string;
	readonly role: "start" | "step" | "end";
}

const ROW = 36;
const FOOT = 44;
const TOP = 4;

export function waterfallHeight(bars: number): number {
	return bars * ROW + FOOT + TOP;
}

export function Waterfall({
	bars,
	size: { width, isNarrow },
	tick,
	axis,
}: {
	readonly bars: readonly WaterfallBar[];
	readonly size: ChartSize;
	readonly tick: (value: number) => string;
	readonly axis: string;
}): ReactNode {
	const left = isNarrow ? 112 : 148;
	const right = width - (isNarrow ? 74 : 92);
	const ends = bars.flatMap(({ from, to }) => [from, to]);
	const x = scaleLinear()
		.domain([Math.min(0, ...ends), Math.max(...ends)])
		.range([left, right]);
	const foot = TOP + bars.length * ROW;
	const ticks = x.ticks(isNarrow ? 3 : 6).map((value) => ({ at: x(value), label: tick(value) }));
	const yOf = (i: number): number => TOP + i * ROW;
	return (
		<>
			<BottomAxis ticks={ticks} y={foot} top={TOP} label={axis} right={right} />
			{bars.slice(1).map((bar, i) => {
				const at = x(bar.role === "end" ? bar.to : bar.from);
				return (
					<line key={bar.key} className="waterfall-link" x1={at} x2={at} y1={yOf(i) + ROW - 8} y2={yOf(i + 1) + 8} />
				);
			})}
			<Marks
				marks={bars}
				draw={(bar, isActive) => {
					const i = bars.indexOf(bar);
					const [low, high] = [x(Math.min(bar.from, bar.to)), x(Math.max(bar.from, bar.to))];
					const tone = bar.role === "step" ? (bar.to >= bar.from ? "rise" : "fall") : bar.role;
					return (
						<>
							<rect className="mark-area" x={0} width={width} y={yOf(i)} height={ROW} />
							<text
								className={`bar-name bar-name-${bar.role}`}
								x={left - 10}
								y={yOf(i) + ROW / 2}
								dy="0.34em"
								textAnchor="end"
							>
								{bar.name}
							</text>
							<rect
								className={`bar bar-${tone}${isActive ? " bar-active" : ""}`}
								x={low}
								width={Math.max(1.5, high - low)}
								y={yOf(i) + 6}
								height={ROW - 12}
								rx={2}
							/>
							<text className={`bar-text bar-name-${bar.role}`} x={high + 8} y={yOf(i) + ROW / 2} dy="0.34em">
								{bar.text}
							</text>
						</>
					);
				}}
			/>
		</>
	);
}
