import { formatQuantity } from "@farthing/engine";
import type { WindowJson } from "@farthing/answers";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { StackedAreas, type Stretch } from "../../chart/stacked-areas.tsx";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { STATE_SERIES } from "./replay.tsx";
import { clockText, timeTicks } from "./traffic-time.ts";
import { simulateCommand } from "./traffic-words.ts";
import { mostOf, secondsOf } from "./windows.ts";

const STATES = ["busy", "warm_idle", "starting", "draining", "failed"] as const;
/** More stretches are joined, a few to one. */
const MOST = 336;

/** Shares of the paid GPU time by state, stretch after stretch. */
export function StatesChart({ answer }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const common = useWords("common");
	const state = useAppState();
	const { windows, gpu_seconds: totals } = answer.result;
	const end = windows.at(-1)?.to_seconds ?? 1;
	const clock = (seconds: number): string => clockText(seconds, end);
	const paid = STATES.reduce((sum, name) => sum + (totals[name]?.value ?? 0), 0);
	const share = (value: number): string => formatQuantity(value, "fraction");
	const whole = windows.filter((window) => secondsOf(window) >= secondsOf(windows[0] as WindowJson) / 2);
	const busiest = mostOf(whole, ({ busy_share: busy }) => busy);
	const shown = STATES.filter((name) => (totals[name]?.value ?? 0) > 0);
	const stretches = joined(windows, Math.ceil(windows.length / MOST)).map((stretch, i): Stretch => {
		const all = STATES.reduce((sum, name) => sum + stretch.spent[name], 0);
		const values = shown.map((name) => (all === 0 ? 0 : stretch.spent[name] / all));
		const parts = shown
			.map((name, at) => `${say(`state.${name}`)} ${share(values[at] as number)}`)
			.join(common("comma"));
		return {
			key: String(i),
			from: stretch.from,
			to: stretch.to,
			values,
			label: say("states.mark", { time: clock(stretch.from), parts }),
			node: totals["busy"]?.node,
			kind: "simulate",
		};
	});
	return (
		<ChartFrame
			name="states"
			title={say("states.title")}
			finding={say("states.finding", {
				busy: share((totals["busy"]?.value ?? 0) / paid),
				idle: share((totals["warm_idle"]?.value ?? 0) / paid),
				most: share(busiest?.busy_share ?? 0),
				time: clock(busiest?.from_seconds ?? 0),
			})}
			table={{
				columns: [
					{ name: say("column.seconds"), unit: "s" },
					...STATES.map((name) => ({ name: say(`state.${name}`), unit: "GPU-s" })),
				],
				rows: windows.map((window) => [window.from_seconds, ...STATES.map((name) => window.gpu_seconds[name])]),
			}}
			envelope={answer}
			command={simulateCommand(state)}
			height={(width) => Math.max(240, Math.min(320, width * 0.34))}
			legend={
				<ul className="chart-legend">
					{shown.map((name) => (
						<li key={name}>
							<span className={`replay-square series-${STATE_SERIES[name]} replay-${name}`} aria-hidden="true" />{" "}
							{say(`state.${name}`)}
						</li>
					))}
				</ul>
			}
		>
			{(size) => (
				<StackedAreas
					size={size}
					stretches={stretches}
					series={shown.map((name) => STATE_SERIES[name])}
					most={1}
					x={{ label: say("replay.time"), tick: clock, ticks: timeTicks(end, size.isNarrow ? 3 : 8) }}
					y={{ label: say("states.axis"), tick: share }}
				/>
			)}
		</ChartFrame>
	);
}

function joined(windows: readonly WindowJson[], each: number) {
	return Array.from({ length: Math.ceil(windows.length / each) }, (_, i) => {
		const some = windows.slice(i * each, (i + 1) * each);
		const spent = (name: (typeof STATES)[number]): number =>
			some.reduce((sum, { gpu_seconds: of }) => sum + of[name], 0);
		return {
			from: (some[0] as WindowJson).from_seconds,
			to: (some.at(-1) as WindowJson).to_seconds,
			spent: {
				busy: spent("busy"),
				warm_idle: spent("warm_idle"),
				starting: spent("starting"),
				draining: spent("draining"),
				failed: spent("failed"),
			},
		};
	});
}
