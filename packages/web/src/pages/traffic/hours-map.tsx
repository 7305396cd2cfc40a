import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { type HeatCell, HeatMap, heatMapHeight } from "../../chart/heat-map.tsx";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { simulateCommand } from "./traffic-words.ts";
import { hoursOfWeek } from "./windows.ts";

/** How busy the fleet is by day and hour, where a run is longer than a day. */
export function HoursMap({ answer }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const state = useAppState();
	const { windows, utilization, traffic } = answer.result;
	const cells = hoursOfWeek(windows).flatMap((row, day) =>
		row.flatMap((value, hour) => (value === undefined ? [] : [{ day, hour, value }])),
	);
	const [first] = cells;
	if (first === undefined) return null;
	const share = (value: number): string => formatQuantity(value, "fraction");
	// A trace begins on a day of its own.
	const isWeek = traffic.course_hours === 168;
	const dayName = (day: number): string =>
		isWeek ? say.named("day.", String(day)) : say("day.number", { day: day + 1 });
	const most = cells.reduce((a, b) => (b.value > a.value ? b : a), first);
	const least = cells.reduce((a, b) => (b.value < a.value ? b : a), first);
	const days = [...new Set(cells.map(({ day }) => day))];
	const marks = cells.map(
		({ day, hour, value }): HeatCell => ({
			key: `${day} ${hour}`,
			row: days.indexOf(day),
			column: hour,
			share: value,
			text: String(Math.round(value * 100)),
			label: say("hours.mark", { day: dayName(day), hour, share: share(value) }),
			node: utilization.node,
			kind: "simulate",
		}),
	);
	return (
		<ChartFrame
			name="hours"
			title={isWeek ? say("hours.title") : say("hours.titleDays")}
			finding={say("hours.finding", {
				day: dayName(most.day),
				hour: most.hour,
				most: share(most.value),
				quietDay: dayName(least.day),
				quietHour: least.hour,
				least: share(least.value),
			})}
			table={{
				columns: [
					{ name: say("column.day") },
					{ name: say("column.hour"), unit: "hr" },
					{ name: say("column.share"), unit: "fraction" },
				],
				rows: cells.map(({ day, hour, value }) => [dayName(day), hour, value]),
			}}
			envelope={answer}
			command={simulateCommand(state)}
			height={heatMapHeight(days.length)}
		>
			{(size) => (
				<HeatMap
					size={size}
					cells={marks}
					rows={days.map(dayName)}
					columns={Array.from({ length: 24 }, (_, hour) => (hour % (size.isNarrow ? 6 : 3) === 0 ? String(hour) : ""))}
				/>
			)}
		</ChartFrame>
	);
}
