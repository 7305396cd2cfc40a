/** The price that each way needs at the opening, beside the one that is asked. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { type Bar, Bars, barsHeight } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { strategyIndex } from "../years/fan-lines.ts";
import { earningWays } from "./month-lines.ts";

/** Colour of what is earned, in every chart of the page. */
export const EARNED = 4;

export function FloorChart({ years }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("margin");
	const common = useWords("common");
	const state = useAppState();
	// Bars of tokens per dollar would grow with cheapness: money alone is shown here.
	const display = { ...state.display, isPerDollar: false };
	const { price, strategies } = years.result;
	const floors = earningWays(strategies).flatMap(({ strategy, measures }) => {
		const of = measures["price_floor"];
		return of?.value === undefined ? [] : [{ strategy, value: of.value, node: of.node }];
	});
	if (price?.value === undefined || floors.length === 0) return null;
	const { unit } = shownValue(1, price.unit, display);
	const bar = (key: string, name: string, value: number, node: string | undefined, series: number): Bar => {
		const text = shownNumber(value, price.unit, display);
		const label = say("floor.value", { strategy: name, value: text });
		// The axis says what it is of.
		const bare = text.replace(/ ?\/M ?tok/, "");
		return {
			key,
			name,
			value: shownValue(value, price.unit, display).value,
			text: bare,
			label,
			series,
			node,
			kind: "years",
		};
	};
	const ways = floors.map(({ strategy, value, node }) =>
		bar(strategy, say.named("strategy.", strategy), value, node, strategyIndex(strategy)),
	);
	const bars = [bar("price", say("price"), price.value, price.node, EARNED), ...ways];
	return (
		<ChartFrame
			name="margin-floor"
			title={say("floor.title")}
			finding={say("floor.finding", {
				price: shownNumber(price.value, price.unit, display),
				values: ways.map(({ label }) => label).join(common("comma")),
			})}
			table={{
				columns: [{ name: say("table.way") }, { name: say("floor.column"), unit }],
				rows: bars.map(({ name, value }) => [name, value]),
			}}
			envelope={years}
			command={scenarioCommand(state, "plan", ["--json"])}
			staysInMoney
			height={barsHeight(bars.length)}
			legend={<p className="margin-note">{say("floor.note")}</p>}
		>
			{(size) => (
				<Bars
					bars={bars}
					size={size}
					tick={(value) => formatQuantity(value, "", { digits: 2 })}
					axis={say("floor.axis", { unit: unit.replace("/Mtok", "") })}
				/>
			)}
		</ChartFrame>
	);
}
