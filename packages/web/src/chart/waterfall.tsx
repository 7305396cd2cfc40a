/** From one number to another in steps: each bar begins where the one before it ends. */
import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { BottomAxis } from "./axis.tsx";
import type { ChartSize } from "./chart-frame.tsx";
import { type Mark, Marks } from "./marks.tsx";
import { roomForText } from "./room-for-text.ts";
import { textWidth } from "./text-width.ts";
import { thinned } from "./thinned.ts";
import { wrapped } from "./wrapped.ts";

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
/** Width of a letter of a name, on average. */
const LETTER = 6.9;
const LINE = 12.5;

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
	const names = bars.map(({ name }) => wrapped(name, Math.floor((width * 0.4) / LETTER)));
	const longest = Math.max(...names.flat().map(textWidth));
	const left = Math.max(isNarrow ? 80 : 140, longest * LETTER + 14);
	const texts = bars.map(({ text }) => text);
	const right = width - Math.max(isNarrow ? 74 : 92, roomForText(texts, width));
	const ends = bars.flatMap(({ from, to }) => [from, to]);
	const x = scaleLinear()
		.domain([Math.min(0, ...ends), Math.max(...ends)])
		.range([left, right]);
	const foot = TOP + bars.length * ROW;
	const ticks = thinned(x.ticks(isNarrow ? 3 : 6).map((value) => ({ at: x(value), label: tick(value) })));
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
							<BarName lines={names[i] ?? []} role={bar.role} x={left - 10} y={yOf(i) + ROW / 2} />
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

function BarName({
	lines,
	role,
	x,
	y,
}: {
	readonly lines: readonly string[];
	readonly role: WaterfallBar["role"];
	readonly x: number;
	readonly y: number;
}): ReactNode {
	const first = y - ((lines.length - 1) * LINE) / 2;
	return (
		<text className={`bar-name-${role}${lines.length > 1 ? " bar-name-small" : ""}`} textAnchor="end">
			{lines.map((line, i) => (
				<tspan key={line} x={x} y={first + i * LINE} dy="0.34em">
					{i === lines.length - 1 ? line : `${line} `}
				</tspan>
			))}
		</text>
	);
}
