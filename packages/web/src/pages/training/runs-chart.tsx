/** What a million tokens of training cost in the runs that were published, cheapest first. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { Bars, barsHeight } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import type { TrainingRuns } from "../../engine/questions/training-runs.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { setView, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { trainCommand } from "./training-words.ts";

export function RunsChart({ runs }: { readonly runs: TrainingRuns }): ReactNode {
	const say = useWords("training");
	const { display: chosen, view } = useAppState();
	// Bars of tokens per dollar would grow with cheapness: money alone is shown here.
	const display = { ...chosen, isPerDollar: false };
	const { unit } = shownValue(1, "USD/Mtok", display);
	const priced = runs.priced
		.flatMap(({ id, name, cost, answer }) => (cost.value === undefined ? [] : [{ id, name, usd: cost.value, answer }]))
		.sort((a, b) => a.usd - b.usd);
	const [least, most] = [priced[0], priced.at(-1)];
	if (least === undefined || most === undefined) return null;
	/** A command prints one run: the one that is chosen, else the cheapest. */
	const told = priced.find(({ id }) => id === view["run"]) ?? least;
	const shown = (usd: number): string => shownNumber(usd, "USD/Mtok", display);
	const bars = priced.map(({ id, name, usd }) => ({
		key: id,
		name,
		value: shownValue(usd, "USD/Mtok", display).value,
		text: shown(usd),
		label: `${name} ${shown(usd)}`,
		series: id === view["run"] ? 1 : 0,
	}));
	return (
		<ChartFrame
			name="runs"
			title={say("runs")}
			finding={say("runs.finding", {
				least: shown(least.usd),
				leastName: least.name,
				most: shown(most.usd),
				mostName: most.name,
			})}
			table={{
				columns: [{ name: say("column.run") }, { name: say("column.cost"), unit }],
				rows: priced.map(({ name, usd }) => [name, shownValue(usd, "USD/Mtok", display).value]),
			}}
			envelope={told.answer}
			command={trainCommand({ run: told.id })}
			commandNote={say("runs.command", { run: told.name })}
			height={barsHeight(bars.length)}
		>
			{(size) => (
				<Bars
					bars={bars}
					size={size}
					tick={(value) => formatQuantity(value, "", { digits: 2 })}
					axis={say("runs.axis", { unit: unit.replace("/Mtok", "") })}
					onPick={({ key }) => setView("run", key)}
				/>
			)}
		</ChartFrame>
	);
}
