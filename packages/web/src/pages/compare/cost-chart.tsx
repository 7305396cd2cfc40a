import { COMPARE_MEMBERS, flagOf, type Grouped } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { Bars, barsHeight } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import type { CompareAnswer } from "../../engine/questions/compare.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import type { Dimension } from "./dimension.ts";

/** Delivered cost of the cheapest of each, with the API prices in the colour of their own. */
export function CostChart({
	answer,
	grouped: { groups },
	dimension,
	nameOf,
}: {
	readonly answer: CompareAnswer;
	readonly grouped: Grouped;
	readonly dimension: Dimension;
	readonly nameOf: (id: string) => string;
}): ReactNode {
	const say = useWords("compare");
	const common = useWords("common");
	const state = useAppState();
	// Bars of tokens per dollar would grow with cheapness: money alone is shown here.
	const display = { ...state.display, isPerDollar: false };
	const money = (value: number): string => shownNumber(value, "USD/Mtok", display);
	const { unit } = shownValue(1, "USD/Mtok", display);
	const fleets = groups.flatMap(({ name, delivered: { value, node } }) => {
		if (value === undefined) return [];
		const label = say("chart.mark", { name: nameOf(name), cost: money(value) });
		return [{ key: name, kind: say("kind.fleet"), name: nameOf(name), label, cost: value, node, series: 0 }];
	});
	const apis = (answer.result.api ?? []).flatMap(({ statistic, provider, blended: { value, node } }) => {
		if (value === undefined) return [];
		const name = say("chart.api", { statistic: common.named("statistic.", statistic), provider });
		const label = say("chart.api.mark", { name, cost: money(value) });
		return [{ key: `api ${statistic}`, kind: say("kind.api"), name, label, cost: value, node, series: 1 }];
	});
	const all = [...fleets, ...apis];
	const [best, last] = [groups[0], groups.at(-1)];
	if (best?.delivered.value === undefined || last === undefined) return null;
	const said = { best: nameOf(best.name), cost: money(best.delivered.value) };
	return (
		<ChartFrame
			name="compare"
			title={say("chart.title")}
			finding={
				last === best
					? say("chart.finding.one", said)
					: say("chart.finding", { ...said, worst: nameOf(last.name), times: formatQuantity(last.ratio, "") })
			}
			table={{
				columns: [
					{ name: say(`by.${dimension}`) },
					{ name: say("column.kind") },
					{ name: say("table.delivered"), unit },
				],
				rows: all.map(({ name, kind, cost }) => [name, kind, shownValue(cost, "USD/Mtok", display).value]),
			}}
			envelope={answer}
			command={scenarioCommand(state, "compare", [], isFlag)}
			staysInMoney
			height={barsHeight(all.length)}
		>
			{(size) => (
				<Bars
					size={size}
					axis={common("axis.unitCost", { unit: unit.replace("/Mtok", "") })}
					tick={(value) => formatQuantity(value, "", { digits: 2 })}
					bars={all.map(({ cost, kind: _, ...bar }) => ({
						...bar,
						value: shownValue(cost, "USD/Mtok", display).value,
						// The axis says per what.
						text: money(cost).replace("/M tok", ""),
						kind: "compare",
					}))}
				/>
			)}
		</ChartFrame>
	);
}

const FLAGS: ReadonlySet<string> = new Set(Object.keys(COMPARE_MEMBERS).map(flagOf));

function isFlag(flag: string): boolean {
	return FLAGS.has(flag);
}
