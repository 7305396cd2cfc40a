/** The run played again: what waits, what is worked on and what the replicas do, at any moment of virtual time. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { useEffect, useMemo, useRef, useState } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { LineChart } from "../../chart/line-chart.tsx";
import { momentAt, type MomentState, type Moments, STATES } from "../../engine/moments.ts";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { setView, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { clockText, timeTicks } from "./traffic-time.ts";
import { simulateCommand } from "./traffic-words.ts";

/** A run is played in so many seconds, whatever it lasts, at speed 1. */
const PLAYED_SECONDS = 30;
/** Of the slider. */
const STEPS = 600;
const SPEEDS = ["0.25", "1", "4"] as const;
/** Colours of the states of a replica, here and where GPU time is shown. */
export const STATE_SERIES: Readonly<Record<MomentState, number>> = {
	busy: 0,
	warm_idle: 4,
	starting: 6,
	draining: 7,
	failed: 1,
	off: 5,
};

export function Replay({ answer }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const state = useAppState();
	const { moments } = answer;
	const end = moments.seconds.at(-1) as number;
	const { time, isPlaying, seek, toggle } = usePlayback(end, Number(state.view["speed"] ?? 1));
	const place = momentAt(moments, time);
	const clock = (seconds: number): string => clockText(seconds, end);
	const waiting = moments.waiting[place] as number;
	const running = moments.running[place] as number;
	const series = useMemo(
		() =>
			(["waiting", "running"] as const).map((key, i) => ({
				key,
				index: i === 0 ? 1 : 0,
				isStep: true,
				points: moments.seconds.map((x, at) => ({ x, y: moments[key][at] })),
			})),
		[moments],
	);
	const serving = useMemo(
		() =>
			moments.seconds.map((_, i) => (moments.replicas.busy[i] as number) + (moments.replicas.warm_idle[i] as number)),
		[moments],
	);
	const table = useMemo(() => tableOf(moments, say), [moments, say]);
	return (
		<section className="replay">
			<ChartFrame
				name="replay"
				title={say("replay.title")}
				finding={say("replay.finding", {
					waiting: formatQuantity(largest(moments.waiting), ""),
					running: formatQuantity(largest(moments.running), ""),
					serving: formatQuantity(
						serving.reduce((a, b) => Math.min(a, b)),
						"",
					),
				})}
				table={table}
				envelope={answer}
				command={simulateCommand(state)}
				height={(width) => Math.max(220, Math.min(300, width * 0.32))}
				legend={
					<Legend
						entries={[
							{ key: "waiting", index: 1, name: say("replay.waiting") },
							{ key: "running", index: 0, name: say("replay.running") },
						]}
					/>
				}
			>
				{(size) => (
					<LineChart
						size={size}
						series={series}
						here={time}
						marks={[
							{
								key: "now",
								x: time,
								y: running,
								index: 0,
								label: say("replay.mark", { time: clock(time), waiting, running }),
							},
						]}
						x={{
							kind: "linear",
							label: say("replay.time"),
							tick: clock,
							domain: [0, end],
							ticks: timeTicks(end, size.isNarrow ? 3 : 8),
						}}
						y={{ kind: "linear", label: say("replay.axis"), tick: (value) => formatQuantity(value, "") }}
					/>
				)}
			</ChartFrame>
			<div className="replay-tools" role="group" aria-label={say("replay.title")}>
				<button type="button" className="button" data-replay="play" aria-pressed={isPlaying} onClick={toggle}>
					{isPlaying ? say("replay.pause") : say("replay.play")}
				</button>
				<input
					className="slider"
					type="range"
					data-replay="time"
					aria-label={say("replay.at")}
					aria-valuetext={clock(time)}
					min={0}
					max={STEPS}
					value={Math.round((time / end) * STEPS)}
					onChange={({ target }) => seek((Number(target.value) / STEPS) * end)}
				/>
				<output className="replay-clock">{clock(time)}</output>
				<label className="replay-speed">
					{say("replay.speed")}{" "}
					<select
						className="input"
						data-view="speed"
						value={state.view["speed"] ?? "1"}
						onChange={({ target: { value } }) => setView("speed", value === "1" ? undefined : value)}
					>
						{SPEEDS.map((times) => (
							<option key={times} value={times}>
								{say("replay.speed.times", { times })}
							</option>
						))}
					</select>
				</label>
			</div>
			<Now moments={moments} place={place} />
		</section>
	);
}

/** The moment in bars and squares: one square a replica, or one for some of them where there are many. */
function Now({ moments, place }: { readonly moments: Moments; readonly place: number }): ReactNode {
	const say = useWords("traffic");
	const counts = STATES.map((state) => ({ state, count: moments.replicas[state][place] as number }));
	const all = counts.reduce((sum, { count }) => sum + count, 0);
	const each = Math.max(1, Math.ceil(all / 120));
	const bars = (["waiting", "running"] as const).map((key) => ({
		key,
		value: moments[key][place] as number,
		most: Math.max(1, largest(moments[key])),
	}));
	return (
		<div className="replay-now">
			{bars.map(({ key, value, most }) => (
				<div key={key} className="replay-bar">
					<span>{say(`replay.${key}`)}</span>
					<meter aria-label={say(`replay.${key}`)} min={0} max={most} value={value} />
					<data value={value} data-now={key}>
						{formatQuantity(value, "")}
					</data>
				</div>
			))}
			<div className="replay-replicas">
				<div className="replay-squares" aria-hidden="true">
					{counts.flatMap(({ state, count }) =>
						Array.from({ length: Math.ceil(count / each) }, (_, i) => (
							<span key={`${state} ${i}`} className={`replay-square series-${STATE_SERIES[state]} replay-${state}`} />
						)),
					)}
				</div>
				<ul className="replay-counts">
					{counts.map(({ state, count }) =>
						count === 0 ? null : (
							<li key={state}>
								<span className={`replay-square series-${STATE_SERIES[state]} replay-${state}`} aria-hidden="true" />{" "}
								<data value={count} data-now={state}>
									{formatQuantity(count, "")}
								</data>{" "}
								{say.named("state.", state)}
							</li>
						),
					)}
				</ul>
			</div>
		</div>
	);
}

interface Playback {
	readonly time: number;
	readonly isPlaying: boolean;
	seek(time: number): void;
	toggle(): void;
}

/** The time stands in the URL wherever the run is held; while it plays, it moves by itself. */
function usePlayback(end: number, speed: number): Playback {
	const { view } = useAppState();
	const held = Math.min(end, Math.max(0, Number(view["at"] ?? 0) || 0));
	const [played, setPlayed] = useState<number | undefined>();
	const since = useRef<{ frame: number; from: number; start: number } | undefined>(undefined);
	const isPlaying = played !== undefined;

	useEffect(() => {
		if (!isPlaying) return;
		let frame = requestAnimationFrame(function tick(now) {
			const { from, start } = (since.current ??= { frame, from: played ?? 0, start: now });
			const time = from + ((now - start) / 1000) * (end / PLAYED_SECONDS) * speed;
			if (time >= end) {
				setView("at", text(end));
				setPlayed(undefined);
				return;
			}
			setPlayed(time);
			frame = requestAnimationFrame(tick);
		});
		return () => {
			cancelAnimationFrame(frame);
			since.current = undefined;
		};
		// It runs on from where it is when the speed changes.
		// oxlint-disable-next-line react/exhaustive-deps
	}, [isPlaying, end, speed]);

	return {
		time: played ?? held,
		isPlaying,
		seek(time) {
			setPlayed(undefined);
			setView("at", time === 0 ? undefined : text(time), { isPassing: true });
		},
		toggle() {
			if (isPlaying) {
				setView("at", text(played));
				setPlayed(undefined);
			} else setPlayed(held >= end ? 0 : held);
		},
	};
}

/** Rounded up, so that the end is reached. */
function text(seconds: number): string {
	return String(Math.ceil(seconds * 10) / 10);
}

function largest(values: readonly number[]): number {
	return values.reduce((a, b) => Math.max(a, b), 0);
}

function tableOf(moments: Moments, say: ReturnType<typeof useWords<"traffic">>) {
	return {
		columns: [
			{ name: say("column.seconds"), unit: "s" },
			{ name: say("replay.waiting"), unit: "request" },
			{ name: say("replay.running"), unit: "request" },
			...STATES.map((state) => ({ name: say(`state.${state}`), unit: "instance" })),
		],
		rows: moments.seconds.map((seconds, i) => [
			seconds,
			moments.waiting[i],
			moments.running[i],
			...STATES.map((state) => moments.replicas[state][i]),
		]),
	};
}
