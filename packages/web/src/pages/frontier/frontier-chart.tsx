/** Measured points, their frontiers, and the box of what is good enough over them. */
import type { FrontierRow } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import { type ScaleContinuousNumeric, scaleLog } from "d3-scale";
import { memo, type ReactNode, useMemo } from "react";
import { BottomAxis, LeftAxis } from "../../chart/axis.tsx";
import { ChartFrame, type ChartSize } from "../../chart/chart-frame.tsx";
import { logTicks } from "../../chart/log-ticks.ts";
import { Marks } from "../../chart/marks.tsx";
import type { FrontierAnswer, FrontierAsked } from "../../engine/questions/frontier.ts";
import { useNames } from "../../engine/use-names.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { type FrontierPoint, isInside, linesOf, partsOf, pointsOf, sidesOf } from "./frontier-points.ts";
import { type Box, frontierCommand } from "./frontier-words.ts";
import { SloBox, type SloBoxProps } from "./slo-box.tsx";

type Scale = ScaleContinuousNumeric<number, number>;

const TOP = 26;
const FOOT = 44;
const EDGE = 1.12;

export interface FrontierChartProps {
	readonly answer: FrontierAnswer;
	/** Every frontier read at the speed of the box; absent where none is reached. */
	readonly read: FrontierAnswer | undefined;
	readonly words: FrontierAsked;
	/** Absent where a side of it was refused. */
	readonly box: Box | undefined;
}

export function FrontierChart({ answer, read, words, box }: FrontierChartProps): ReactNode {
	const say = useWords("frontier");
	const common = useWords("common");
	const names = useNames();
	const { display } = useAppState();
	const { rows } = answer.result;
	const { unit } = shownValue(1, "USD/Mtok", display);
	const parts = useMemo(() => partsOf(rows), [rows]);
	const points = useMemo(
		() => pointsOf(rows, parts, (cost) => shownValue(cost, "USD/Mtok", display).value),
		[rows, parts, display],
	);
	const inside = box === undefined ? [] : points.filter((point) => isInside(point, box));
	const best = inside.reduce<FrontierPoint | undefined>(
		(a, b) => (a === undefined || costOf(b.row) < costOf(a.row) ? b : a),
		undefined,
	);
	const speedText = (value: number): string => formatQuantity(value, "tok/s/user");
	const named = ({ hardware, stack, precision, unit_cost: { total } }: FrontierRow) => ({
		hardware: names("hardware", hardware),
		stack: names("stacks", stack),
		precision: names("precisions", precision),
		cost: shownNumber(total.value as number, "USD/Mtok", display),
	});
	const ofPoints = (): string =>
		best === undefined
			? say("chart.findingNone", { all: points.length })
			: say("chart.finding", {
					...named(best.row),
					at: speedText(best.speed),
					count: inside.length,
					all: points.length,
				});
	const [cheapest] = read?.result.rows ?? [];
	const ofFrontiers = (at: number, row: FrontierRow): string => {
		const said = { ...named(row), at: speedText(at) };
		const [slow, fast] = sidesOf(row, rows);
		if (fast !== undefined && slow !== undefined) {
			const share = row.error_band?.leave_one_out_median;
			return say("read.interpolated", {
				...said,
				slow: speedText(slow.speed),
				fast: speedText(fast.speed),
				off:
					share === undefined ? say("read.offUnknown") : say("read.off", { share: formatQuantity(share, "fraction") }),
			});
		}
		return row.state === "clamped"
			? say("read.clamped", { ...said, speed: speedText(row.interactivity.value as number) })
			: say("read.measured", said);
	};
	const finding =
		box === undefined
			? say("chart.findingRefused", { all: points.length })
			: say("both", {
					frontiers: cheapest === undefined ? "" : ofFrontiers(box.at, cheapest),
					points: ofPoints(),
				}).trim();
	const labels = useMemo(() => {
		const labelOf = ({ hardware, stack, precision, interactivity, unit_cost: { total } }: FrontierRow): string =>
			say("point", {
				hardware: names("hardware", hardware),
				stack: names("stacks", stack),
				precision: names("precisions", precision),
				speed: formatQuantity(interactivity.value as number, "tok/s/user"),
				cost: shownNumber(total.value as number, "USD/Mtok", display),
			});
		return new Map(points.map((point) => [point.key, labelOf(point.row)]));
	}, [points, say, names, display]);
	return (
		<ChartFrame
			name="frontier"
			title={say("chart")}
			finding={finding}
			table={{
				columns: [
					{ name: say("column.hardware") },
					{ name: say("column.precision") },
					{ name: say("column.stack") },
					{ name: say("column.speculative") },
					{ name: say("column.speed"), unit: "tok/s/user" },
					{ name: say("column.cost"), unit },
					{ name: say("column.row") },
				],
				rows: points.map(({ row, speed, cost }) => [
					row.hardware,
					row.precision,
					row.stack,
					say.named("speculative.", row.speculative),
					speed,
					cost,
					row.nearest_row.id,
				]),
			}}
			envelope={answer}
			command={frontierCommand(words)}
			{...(box === undefined ? {} : { commandNote: say("chart.command", { at: speedText(box.at) }) })}
			height={(width) => (width < 520 ? 380 : 460)}
			legend={
				<p className="chart-legend">
					{parts.map((part, i) => (
						<span key={part} className={`frontier-key series-${i % 8}`}>
							{names("hardware", part)}
						</span>
					))}
				</p>
			}
		>
			{(size) => (
				<Plot
					points={points}
					labels={labels}
					size={size}
					isCheapHigh={display.isPerDollar}
					axes={{
						speed: say("axisSpeed"),
						cost: common(display.isPerDollar ? "axis.tokensPerMoney" : "axis.unitCost", {
							unit: unit.replace(/^tok\/|\/Mtok$/, ""),
						}),
					}}
					box={
						box === undefined
							? undefined
							: {
									...box,
									labels: { at: say("at"), most: say("most") },
									texts: {
										at: speedText,
										most: (usd) => (usd === undefined ? say("any") : shownNumber(usd, "USD/Mtok", display)),
									},
									shown: (usd) => shownValue(usd, "USD/Mtok", display).value,
									usdOf: (shown) =>
										display.isPerDollar
											? shownValue(shown, "USD/Mtok", display).value
											: shown / shownValue(1, "USD/Mtok", display).value,
								}
					}
				/>
			)}
		</ChartFrame>
	);
}

interface PlotProps {
	readonly points: readonly FrontierPoint[];
	readonly labels: ReadonlyMap<string, string>;
	readonly size: ChartSize;
	readonly axes: { readonly speed: string; readonly cost: string };
	/** More tokens for a dollar are cheaper: the cheap side of the chart is its foot in both units. */
	readonly isCheapHigh: boolean;
	readonly box: Omit<SloBoxProps, "x" | "y"> | undefined;
}

function Plot({ points, labels, size: { width, height, isNarrow }, axes, isCheapHigh, box }: PlotProps): ReactNode {
	const left = isNarrow ? 44 : 58;
	const right = width - 10;
	const bottom = height - FOOT;
	const [x, y] = useMemo(
		() => [
			logScale(
				points.map(({ speed }) => speed),
				[left, right],
			),
			logScale(
				points.map(({ cost }) => cost),
				isCheapHigh ? [TOP, bottom] : [bottom, TOP],
			),
		],
		[points, left, right, bottom, isCheapHigh],
	);
	const tick = (value: number): string => formatQuantity(value, "", { digits: 2 });
	const ticks = (scale: Scale, most: number): { at: number; label: string }[] => {
		const [low, high] = scale.domain() as [number, number];
		return logTicks(low, high, most).map((value) => ({ at: scale(value), label: tick(value) }));
	};
	return (
		<>
			<LeftAxis ticks={ticks(y, 8)} x={left} right={right} label={axes.cost} top={TOP} />
			<BottomAxis ticks={ticks(x, isNarrow ? 5 : 9)} y={bottom} top={TOP} label={axes.speed} right={right} />
			<Points points={points} labels={labels} x={x} y={y} />
			{box === undefined ? null : <SloBox x={x} y={y} {...box} />}
		</>
	);
}

/** Drawn anew only where the points or the size change: dragging the box leaves it alone. */
const Points = memo(function Points({
	points,
	labels,
	x,
	y,
}: {
	readonly points: readonly FrontierPoint[];
	readonly labels: ReadonlyMap<string, string>;
	readonly x: Scale;
	readonly y: Scale;
}): ReactNode {
	const lines = linesOf(points);
	const marks = points.map((point) => ({
		...point,
		label: labels.get(point.key) ?? point.key,
		node: point.row.unit_cost.total.node,
		kind: "frontier",
	}));
	return (
		<g className="frontier-drawn">
			{lines.map((line) => (
				<polyline
					key={line.key}
					className={`series-line frontier-line series-${line.series}`}
					points={line.points.map(({ speed, cost }) => `${x(speed)},${y(cost)}`).join(" ")}
				/>
			))}
			<Marks
				marks={marks}
				draw={({ speed, cost, series, row }, isActive) => (
					<circle
						className={`series-fill frontier-point frontier-${row.state} series-${series}${isActive ? " frontier-active" : ""}`}
						cx={x(speed)}
						cy={y(cost)}
						r={isActive ? 7 : 4}
					/>
				)}
			/>
		</g>
	);
});

function logScale(values: readonly number[], range: [number, number]): Scale {
	const [low, high] = [Math.min(...values), Math.max(...values)];
	const domain = values.length === 0 ? [1, 10] : [low / EDGE, high * EDGE];
	return scaleLog().domain(domain).range(range);
}

function costOf({ unit_cost: { total } }: FrontierRow): number {
	return total.value ?? Number.POSITIVE_INFINITY;
}
