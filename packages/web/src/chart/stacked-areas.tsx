/** Shares over time, stacked, one step for each stretch of time. */
import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { BottomAxis, END, LeftAxis, type Tick } from "./axis.tsx";
import type { ChartSize } from "./chart-frame.tsx";
import { type Mark, Marks } from "./marks.tsx";

export interface Stretch extends Mark {
	readonly from: number;
	readonly to: number;
	/** One for each series, none below zero. */
	readonly values: readonly number[];
}

const TOP = 26;
const FOOT = 46;

export function StackedAreas({
	stretches,
	series,
	most,
	size,
	x: axisX,
	y: axisY,
	onPick,
}: {
	readonly stretches: readonly Stretch[];
	/** Number of the colour of each value, in their order from below. */
	readonly series: readonly number[];
	/** What the axis goes up to. */
	readonly most: number;
	readonly size: ChartSize;
	readonly x: { readonly label: string; readonly ticks: readonly number[]; readonly tick: (value: number) => string };
	readonly y: { readonly label: string; readonly tick: (value: number) => string };
	readonly onPick?: (stretch: Stretch) => void;
}): ReactNode {
	const left = size.isNarrow ? 52 : 64;
	const right = size.width - END;
	const foot = size.height - FOOT;
	const x = scaleLinear()
		.domain([stretches[0]?.from ?? 0, stretches.at(-1)?.to ?? 1])
		.range([left, right]);
	const y = scaleLinear().domain([0, most]).range([foot, TOP]);
	const ticks: Tick[] = axisX.ticks.map((value) => ({ at: x(value), label: axisX.tick(value) }));
	const below = (values: readonly number[], place: number): number =>
		values.slice(0, place).reduce((sum, each) => sum + each, 0);
	const outline = (place: number): string => {
		const upper = stretches.flatMap(({ from, to, values }) => [
			[x(from), y(below(values, place + 1))],
			[x(to), y(below(values, place + 1))],
		]);
		const lower = stretches
			.flatMap(({ from, to, values }) => [
				[x(from), y(below(values, place))],
				[x(to), y(below(values, place))],
			])
			.reverse();
		return `M${[...upper, ...lower].map((at) => at.join(",")).join("L")}Z`;
	};
	return (
		<>
			{series.map((colour, place) => (
				<path
					key={colour}
					className={`stack-area series-fill series-${colour}`}
					d={outline(place)}
					aria-hidden="true"
				/>
			))}
			<BottomAxis ticks={ticks} y={foot} top={TOP} label={axisX.label} right={right} />
			<LeftAxis
				ticks={y.ticks(5).map((value) => ({ at: y(value), label: axisY.tick(value) }))}
				x={left}
				right={right}
				label={axisY.label}
				top={TOP}
			/>
			<Marks
				marks={stretches}
				{...(onPick === undefined ? {} : { onPick })}
				draw={({ from, to }, isActive) => (
					<rect
						className={`mark-area${isActive ? " stretch-active" : ""}`}
						x={x(from)}
						width={Math.max(1, x(to) - x(from))}
						y={TOP}
						height={foot - TOP}
					/>
				)}
			/>
		</>
	);
}
