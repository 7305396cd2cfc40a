import { formatQuantity } from "@farthing/engine";
import type { WindowJson } from "@farthing/answers";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { LineChart, type PointMark } from "../../chart/line-chart.tsx";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { openWhy, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { clockText, timeTicks } from "./traffic-time.ts";
import { simulateCommand } from "./traffic-words.ts";
import { markedPlaces, mostOf, secondsOf } from "./windows.ts";

const RATES = ["arrived", "good"] as const;

/** What arrives in each stretch, what of it keeps the limits, and what waits as the stretch ends. */
export function CourseChart({ answer }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const state = useAppState();
	const { windows, goodput } = answer.result;
	const end = windows.at(-1)?.to_seconds ?? 1;
	const clock = (seconds: number): string => clockText(seconds, end);
	const rate = (window: WindowJson, what: (typeof RATES)[number]): number => window[what] / secondsOf(window);
	// The rest of a run after its last hour is too short for a rate.
	const whole = windows.filter((window) => secondsOf(window) >= secondsOf(windows[0] as WindowJson) / 2);
	const busiest = mostOf(whole, (window) => rate(window, "arrived"));
	const longest = mostOf(windows, ({ waiting }) => waiting);
	const middle = ({ from_seconds: from, to_seconds: to }: WindowJson): number => (from + to) / 2;
	const marks = RATES.flatMap((what, index) =>
		markedPlaces(whole.length).map((place): PointMark => {
			const window = whole[place] as WindowJson;
			const value = rate(window, what);
			return {
				key: `${what} ${place}`,
				x: middle(window),
				y: value,
				index,
				node: goodput.node,
				label: say("course.mark", {
					time: clock(window.from_seconds),
					what: say(`course.${what}`),
					value: formatQuantity(value, ""),
				}),
			};
		}),
	);
	return (
		<ChartFrame
			name="course"
			title={say("course.title")}
			finding={say("course.finding", {
				most: formatQuantity(busiest?.arrived ?? 0, ""),
				time: clock(busiest?.from_seconds ?? 0),
				waiting: formatQuantity(longest?.waiting ?? 0, ""),
			})}
			table={{
				columns: [
					{ name: say("column.seconds"), unit: "s" },
					{ name: "arrived", unit: "request" },
					{ name: "finished", unit: "request" },
					{ name: "good", unit: "request" },
					{ name: say("replay.waiting"), unit: "request" },
					{ name: say("replay.running"), unit: "request" },
				],
				rows: windows.map((window) => [
					window.from_seconds,
					window.arrived,
					window.finished,
					window.good,
					window.waiting,
					window.in_flight - window.waiting,
				]),
			}}
			envelope={answer}
			command={simulateCommand(state)}
			height={(width) => Math.max(240, Math.min(320, width * 0.34))}
			legend={<Legend entries={RATES.map((key, index) => ({ key, index, name: say(`course.${key}`) }))} />}
		>
			{(size) => (
				<LineChart
					size={size}
					series={RATES.map((key, index) => ({
						key,
						index,
						points: whole.map((window) => ({ x: middle(window), y: rate(window, key) })),
					}))}
					marks={marks}
					onPick={({ node }) => {
						if (node !== undefined) openWhy({ kind: "simulate", node });
					}}
					x={{
						kind: "linear",
						label: say("replay.time"),
						tick: clock,
						domain: [0, end],
						ticks: timeTicks(end, size.isNarrow ? 3 : 8),
					}}
					y={{ kind: "linear", label: say("course.axis"), tick: (value) => formatQuantity(value, "") }}
				/>
			)}
		</ChartFrame>
	);
}
