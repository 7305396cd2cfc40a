/** A fan over the months: cost of a token, or cash added up. */
import type { FanResult } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame, type Pins } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { monthTicks } from "../../chart/month-ticks.ts";
import { LineChart } from "../../chart/line-chart.tsx";
import type { FanAnswer } from "../../engine/questions/fan.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { ends, fanLines, strategyIndex, withGaps } from "./fan-lines.ts";

export interface FanChartProps {
	readonly answer: FanAnswer;
	/** The whole plan, whose fans these are, once it is ready. */
	readonly plan: Pins | undefined;
	/** The way whose band is shown. */
	readonly chosen: FanResult["strategy"];
}

export function FanChart({ answer, plan, chosen }: FanChartProps): ReactNode {
	const say = useWords("years");
	const common = useWords("common");
	const state = useAppState();
	const fan = { ...answer.result, fans: answer.result.fans.map(withGaps) };
	const [any] = fan.fans;
	if (any === undefined) return null;
	const isCash = any.of === "cash_so_far";
	// Cash is read in millions; a cost per token as it is.
	const scale = isCash ? 1e-6 : 1;
	const shown = (value: number): number => shownValue(value, any.unit, state.display).value * scale;
	const text = (value: number): string => shownNumber(value, any.unit, state.display);
	const { unit } = shownValue(1, any.unit, state.display);
	const nameOf = (strategy: string): string => say.named("strategy.", strategy);
	const columns = fan.fans.flatMap(({ strategy }) =>
		(["p10", "p50", "p90"] as const).map((p) => ({ name: say(`column.${p}`, { strategy: nameOf(strategy) }), unit })),
	);
	const valueAt = (values: readonly number[], month: number): number | undefined => {
		const value = values[month];
		return value === undefined || !Number.isFinite(value)
			? undefined
			: shownValue(value, any.unit, state.display).value;
	};
	return (
		<ChartFrame
			name={isCash ? "cash" : "fan"}
			title={!isCash ? say("fan.title") : fan.after_loans ? say("cash.titleAfter") : say("cash.title")}
			finding={findingOf(fan.fans.find(({ strategy }) => strategy === chosen) ?? any, { text, isCash, nameOf, say })}
			table={{
				columns: [{ name: say("column.month"), unit: "month" }, ...columns],
				rows: any.p50.map((_, month) => [
					month,
					...fan.fans.flatMap(({ p10, p50, p90 }) => [valueAt(p10, month), valueAt(p50, month), valueAt(p90, month)]),
				]),
			}}
			envelope={plan ?? answer}
			command={scenarioCommand(state, "plan", ["--json"])}
			height={(width) => Math.max(260, Math.min(380, width * 0.42))}
			legend={
				<>
					<Legend
						entries={fan.fans.map(({ strategy }) => ({
							key: strategy,
							index: strategyIndex(strategy),
							name: nameOf(strategy),
						}))}
					/>
					<p className="chart-note">
						{say("fan.note", { draws: formatQuantity(fan.draws, "") })}
						{isCash && fan.after_loans ? `${common("gap")}${say("cash.noteAfter")}` : null}
					</p>
				</>
			}
		>
			{(size) => (
				<LineChart
					series={fanLines(fan.fans, chosen, shown)}
					size={size}
					x={{
						kind: "linear",
						label: fan.start === undefined ? say("axis.monthsPlain") : say("axis.months", { start: fan.start }),
						tick: (value) => String(value),
						domain: [0, fan.months],
						ticks: monthTicks(fan.months),
					}}
					y={{
						kind: isCash ? "linear" : "log",
						label: isCash ? say("axis.money", { unit }) : unitLabel(unit),
						tick: (value) => formatQuantity(value, "", { digits: 2 }),
					}}
				/>
			)}
		</ChartFrame>
	);

	function unitLabel(of: string): string {
		return of.startsWith("tok/")
			? common("axis.tokensPerMoney", { unit: of.slice(4) })
			: common("axis.unitCost", { unit: of.replace("/Mtok", "") });
	}
}

interface Telling {
	readonly text: (value: number) => string;
	readonly isCash: boolean;
	readonly nameOf: (strategy: string) => string;
	readonly say: ReturnType<typeof useWords<"years">>;
}

function findingOf({ strategy, p10, p50, p90 }: FanResult, { text, isCash, nameOf, say }: Telling): string {
	const span = ends(p50);
	if (span === undefined) return nameOf(strategy);
	const at = (values: readonly number[], month: number): string => text(values[month] ?? Number.NaN);
	const last = { last: at(p50, span.last), low: at(p10, span.last), high: at(p90, span.last) };
	if (!isCash) return say("fan.finding", { strategy: nameOf(strategy), first: at(p50, span.first), ...last });
	const deepest = text(Math.min(...p50.filter((value) => Number.isFinite(value))));
	return say("cash.finding", { strategy: nameOf(strategy), ...last, deepest });
}
