import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { LineChart, type PointMark } from "../../chart/line-chart.tsx";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { timeText } from "../../quantity/show-quantity.ts";
import { openWhy, setView, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { clockText, timeTicks } from "./traffic-time.ts";
import { simulateCommand } from "./traffic-words.ts";
import { markedPlaces, mostOf } from "./windows.ts";

const LATENCIES = ["ttft", "tpot", "e2e"] as const;
const STATISTICS = ["p50", "p99"] as const;

/** Median and slowest hundredth of one latency in each stretch, against its limit. */
export function LatencyChart({ answer }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const state = useAppState();
	const { result } = answer;
	const { windows } = result;
	const chosen = LATENCIES.find((name) => name === state.view["latency"]) ?? "ttft";
	const whole = result[chosen];
	if (whole === undefined) return null;
	const end = windows.at(-1)?.to_seconds ?? 1;
	const clock = (seconds: number): string => clockText(seconds, end);
	const time = (seconds: number | undefined): string => (seconds === undefined ? "–" : timeText(seconds));
	const worst = mostOf(windows, (window) => window[`${chosen}_p99`]);
	const speed = result.slo.tokens_per_s_per_user?.value;
	const limit =
		chosen === "ttft" ? result.slo.ttft?.value : chosen === "tpot" && speed !== undefined ? 1 / speed : undefined;
	const series = STATISTICS.map((statistic, index) => ({
		key: statistic,
		index,
		points: windows.map((window) => ({
			x: (window.from_seconds + window.to_seconds) / 2,
			y: window[`${chosen}_${statistic}`],
		})),
	}));
	const marks = STATISTICS.flatMap((statistic, index) =>
		markedPlaces(windows.length).flatMap((place): PointMark[] => {
			const window = windows[place];
			const y = window?.[`${chosen}_${statistic}`];
			if (window === undefined || y === undefined) return [];
			const said = { time: clock(window.from_seconds), statistic: say(`latency.${statistic}`), value: time(y) };
			return [
				{
					key: `${statistic} ${place}`,
					x: (window.from_seconds + window.to_seconds) / 2,
					y,
					index,
					label: say("latency.mark", said),
					node: whole[statistic].node,
					kind: "simulate",
				},
			];
		}),
	);
	return (
		<>
			<fieldset className="ways-choice">
				<legend>{say("latency.choice")}</legend>
				{LATENCIES.filter((name) => result[name] !== undefined).map((name) => (
					<label key={name}>
						<input
							type="radio"
							name="latency"
							checked={name === chosen}
							onChange={() => setView("latency", name === "ttft" ? undefined : name)}
						/>{" "}
						{say(`latency.${name}`)}
					</label>
				))}
			</fieldset>
			<ChartFrame
				name="latency"
				title={say("latency.title")}
				finding={say("latency.finding", {
					what: say(`latency.${chosen}`).replace(/^[a-z]/, (letter) => letter.toUpperCase()),
					p50: time(whole.p50.value),
					p99: time(whole.p99.value),
					worst: time(worst?.[`${chosen}_p99`]),
					time: clock(worst?.from_seconds ?? 0),
				})}
				table={{
					columns: [
						{ name: say("column.seconds"), unit: "s" },
						...LATENCIES.flatMap((name) =>
							STATISTICS.map((statistic) => ({
								name: `${name.toUpperCase()} ${say(`latency.${statistic}`)}`,
								unit: "s",
							})),
						),
					],
					rows: windows.map((window) => [
						window.from_seconds,
						...LATENCIES.flatMap((name) => STATISTICS.map((statistic) => window[`${name}_${statistic}`])),
					]),
				}}
				envelope={answer}
				command={simulateCommand(state)}
				height={(width) => Math.max(260, Math.min(360, width * 0.4))}
				legend={
					<>
						<Legend entries={STATISTICS.map((key, index) => ({ key, index, name: say(`latency.${key}`) }))} />
						{windows.some((window) => window[`${chosen}_p50`] === undefined) ? (
							<p className="chart-note">{say("latency.gap")}</p>
						) : null}
					</>
				}
			>
				{(size) => (
					<LineChart
						size={size}
						series={series}
						marks={marks}
						onPick={({ node }) => {
							if (node !== undefined) openWhy({ kind: "simulate", node });
						}}
						levels={
							limit === undefined
								? []
								: [{ key: "limit", y: limit, name: say("latency.limit", { value: time(limit) }) }]
						}
						x={{
							kind: "linear",
							label: say("replay.time"),
							tick: clock,
							domain: [0, end],
							ticks: timeTicks(end, size.isNarrow ? 3 : 8),
						}}
						y={{ kind: "log", label: say("latency.axis"), tick: (value) => time(value) }}
					/>
				)}
			</ChartFrame>
		</>
	);
}
