import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { LineChart } from "../../chart/line-chart.tsx";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import type { NameOf } from "../../engine/use-names.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";

const COLOURS = 8;

/** Load-duration curves: utilisation of each fleet in the hours of its course, busiest first. */
export function LoadChart({ plan, names }: { readonly plan: PlanAnswer; readonly names: NameOf }): ReactNode {
	const say = useWords("fleet");
	const state = useAppState();
	const { fleets, options } = plan.result;
	const curves = fleets.flatMap((fleet, i) => {
		const found = options.find(({ id }) => id === fleet.option);
		const hours = fleet.load_duration?.utilization;
		return hours === undefined || found === undefined
			? []
			: [
					{
						key: fleet.option,
						index: i % COLOURS,
						name: names("hardware", fleet.hardware),
						hours,
						mean: found.utilization,
					},
				];
	});
	const [best] = curves;
	if (best === undefined) return <p className="notice">{say("load.none")}</p>;
	const share = (value: number | undefined): string => (value === undefined ? "–" : formatQuantity(value, "fraction"));
	const count = best.hours.length;
	return (
		<ChartFrame
			name="load"
			title={say("load.title")}
			finding={say("load.finding", {
				hardware: best.name,
				highest: share(best.hours[0]),
				lowest: share(best.hours.at(-1)),
				mean: share(best.mean.value),
			})}
			table={{
				columns: [{ name: say("column.hour"), unit: "hr" }, ...curves.map(({ name }) => ({ name, unit: "fraction" }))],
				rows: best.hours.map((_, i) => [i + 1, ...curves.map(({ hours }) => hours[i])]),
			}}
			envelope={plan}
			command={scenarioCommand(state)}
			height={(width) => Math.max(280, Math.min(400, width * 0.42))}
			legend={<Legend entries={curves} />}
		>
			{(size) => (
				<LineChart
					size={size}
					series={curves.map(({ key, index, hours }) => ({
						key,
						index,
						points: hours.map((y, i) => ({ x: i + 1, y })),
					}))}
					marks={curves.flatMap(({ key, index, name, hours, mean }) =>
						[0, count - 1].map((i) => ({
							key: `${key} ${i + 1}`,
							x: i + 1,
							y: hours[i] as number,
							index,
							node: mean.node,
							label: say("load.mark", { hardware: name, hour: i + 1, hours: count, utilisation: share(hours[i]) }),
						})),
					)}
					x={{ kind: "linear", label: say("load.axis.hours"), tick: String, domain: [1, count] }}
					y={{ kind: "linear", label: say("load.axis.utilisation"), tick: (value) => share(value), domain: [0, 1] }}
				/>
			)}
		</ChartFrame>
	);
}
