/** The ways as bars of one measure, in the order of the answer. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { Bars, barsHeight } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { strategyIndex } from "../years/fan-lines.ts";
import type { Measure } from "./measures.ts";

export function MeasureChart({
	years,
	measure,
}: {
	readonly years: YearsAnswer;
	readonly measure: Measure;
}): ReactNode {
	const say = useWords("ways");
	const common = useWords("common");
	const state = useAppState();
	// Bars of tokens per dollar would grow with cheapness: money alone is shown here.
	const display = { ...state.display, isPerDollar: false };
	const known = years.result.strategies.flatMap((way) => {
		const of = way.priced ? way.measures[measure] : undefined;
		return of?.value === undefined ? [] : [{ strategy: way.strategy, of, value: of.value }];
	});
	const [any] = known;
	if (any === undefined) return null;
	const isUnitCost = measure === "levelised";
	const scale = isUnitCost ? 1 : 1e-6;
	const { unit } = shownValue(1, any.of.unit, display);
	const name = say(`measure.${measure}`);
	const bars = known.map(({ strategy, of: { node, unit: own }, value }) => {
		const way = say.named("strategy.", strategy);
		const text = shownNumber(value, own, display);
		return {
			key: strategy,
			name: way,
			value: shownValue(value, own, display).value * scale,
			text,
			label: say("measure.value", { strategy: way, value: text }),
			series: strategyIndex(strategy),
			node,
			kind: "years",
		};
	});
	return (
		<ChartFrame
			name="ways-measure"
			title={say("measure.title")}
			finding={say("measure.finding", { measure: name, values: bars.map(({ label }) => label).join(common("comma")) })}
			table={{
				columns: [{ name: say("table.way") }, { name, unit }],
				rows: known.map(({ strategy, of, value }) => [
					say.named("strategy.", strategy),
					shownValue(value, of.unit, display).value,
				]),
			}}
			envelope={years}
			command={scenarioCommand(state, "plan", ["--json"])}
			staysInMoney={isUnitCost}
			height={barsHeight(bars.length)}
		>
			{(size) => (
				<Bars
					bars={bars}
					size={size}
					tick={(value) => formatQuantity(value, "", { digits: 2 })}
					axis={
						isUnitCost
							? say("measure.axis.unit", { unit: unit.replace("/Mtok", "") })
							: say("measure.axis.millions", { unit })
					}
				/>
			)}
		</ChartFrame>
	);
}
