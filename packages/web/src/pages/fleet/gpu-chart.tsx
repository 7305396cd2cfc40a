import type { PlanFleet } from "@farthing/answers";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { StackedBars, stackedBarsHeight } from "../../chart/stacked-bars.tsx";
import { roundedText } from "../../controls/human-number.ts";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import type { NameOf } from "../../engine/use-names.ts";
import { shownNumber } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { PARTS, shownParts } from "./fleet-parts.ts";

/** GPUs of each fleet by what they are paid for. */
export function GpuChart({ plan, names }: { readonly plan: PlanAnswer; readonly names: NameOf }): ReactNode {
	const say = useWords("fleet");
	const state = useAppState();
	const { fleets } = plan.result;
	const [best] = fleets;
	if (best === undefined) return null;
	const hardware = (fleet: PlanFleet): string => names("hardware", fleet.hardware);
	const count = (value: number | undefined): string =>
		value === undefined ? "–" : shownNumber(value, "GPU", state.display);
	const valueOf = (fleet: PlanFleet, name: string): number | undefined =>
		fleet.parts.find(({ part }) => part === name)?.gpus.value;
	const used = PARTS.filter((part) => fleets.some((fleet) => shownParts(fleet).some((each) => each.part === part)));
	return (
		<ChartFrame
			name="gpus"
			title={say("gpus.title")}
			finding={say("gpus.finding", {
				hardware: hardware(best),
				gpus: count(best.gpus.value),
				mean: count(valueOf(best, "mean")),
			})}
			table={{
				columns: [
					{ name: say("table.hardware") },
					...used.map((part) => ({ name: say(`part.${part}`), unit: "GPU" })),
					{ name: say("table.gpus"), unit: "GPU" },
				],
				rows: fleets.map((fleet) => [hardware(fleet), ...used.map((part) => valueOf(fleet, part)), fleet.gpus.value]),
			}}
			envelope={plan}
			command={scenarioCommand(state)}
			height={stackedBarsHeight(fleets.length)}
			legend={
				<ul className="chart-legend">
					{used.map((part) => (
						<li key={part}>
							<svg className="legend-sample" width="14" height="12" aria-hidden="true">
								<rect className={`series-fill series-${PARTS.indexOf(part)}`} width="14" height="12" />
							</svg>
							{say(`part.${part}`)}
						</li>
					))}
				</ul>
			}
		>
			{(size) => (
				<StackedBars
					size={size}
					axis={say("gpus.axis")}
					tick={(value) => roundedText(value)}
					bars={fleets.map((fleet) => ({
						key: fleet.option,
						name: hardware(fleet),
						text: count(fleet.gpus.value),
						parts: shownParts(fleet).map(({ part, gpus }) => ({
							key: `${fleet.hardware} ${part}`,
							label: say("gpus.mark", {
								hardware: hardware(fleet),
								part: say(`part.${part}`),
								gpus: count(gpus.value),
							}),
							node: gpus.node,
							value: gpus.value ?? 0,
							series: PARTS.indexOf(part),
						})),
					}))}
				/>
			)}
		</ChartFrame>
	);
}
