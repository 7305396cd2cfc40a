/** What a token earns and costs, and what is left over, month by month. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { type Axis, LineChart } from "../../chart/line-chart.tsx";
import { monthTicks } from "../../chart/month-ticks.ts";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { strategyIndex } from "../years/fan-lines.ts";
import { EARNED } from "./floor-chart.tsx";
import { type EarningWay, monthPoints, servingMonths } from "./month-lines.ts";

export interface MonthChartProps {
	readonly years: YearsAnswer;
	readonly ways: readonly EarningWay[];
	/** The way that is told of; the others are faint. */
	readonly chosen: EarningWay;
}

export function TokenChart({ years, ways, chosen }: MonthChartProps): ReactNode {
	const say = useWords("margin");
	const common = useWords("common");
	const state = useAppState();
	const x = useMonths(years);
	const { earned, unit_cost: cost } = chosen.by_month;
	const serving = servingMonths(chosen);
	if (serving === undefined) return null;
	const nameOf = (strategy: string): string => say.named("strategy.", strategy);
	const shown = (value: number): number => shownValue(value, earned.unit, state.display).value;
	const { unit } = shownValue(1, earned.unit, state.display);
	const text = (values: readonly (number | null)[], month: number): string =>
		shownNumber(values[month] as number, earned.unit, state.display);
	const lines = [
		{ key: "earned", index: EARNED, name: say("tokens.earned"), points: monthPoints(earned, shown) },
		...ways.map(({ strategy, by_month }) => ({
			key: strategy,
			index: strategyIndex(strategy),
			name: say("tokens.column", { strategy: nameOf(strategy) }),
			points: monthPoints(by_month.unit_cost, shown),
			isFaint: strategy !== chosen.strategy,
		})),
	];
	return (
		<ChartFrame
			name="margin-tokens"
			title={say("tokens.title")}
			finding={say("tokens.finding", {
				strategy: nameOf(chosen.strategy),
				first: text(earned.values, serving.first),
				firstCost: text(cost.values, serving.first),
				last: text(earned.values, serving.last),
				lastCost: text(cost.values, serving.last),
			})}
			table={{
				columns: [{ name: say("column.month"), unit: "month" }, ...lines.map(({ name }) => ({ name, unit }))],
				rows: earned.values.map((_, month) => [month, ...lines.map(({ points }) => points[month]?.y)]),
			}}
			envelope={years}
			command={scenarioCommand(state, "plan", ["--json"])}
			height={heightOf}
			legend={
				<>
					<Legend entries={lines} />
					<p className="margin-note">{say("tokens.note")}</p>
				</>
			}
		>
			{(size) => (
				<LineChart
					series={lines}
					size={size}
					x={x}
					y={{
						kind: "log",
						label: state.display.isPerDollar
							? common("axis.tokensPerMoney", { unit: unit.replace("tok/", "") })
							: common("axis.unitCost", { unit: unit.replace("/Mtok", "") }),
						tick: (value) => formatQuantity(value, "", { digits: 2 }),
					}}
				/>
			)}
		</ChartFrame>
	);
}

export function MarginChart({ years, ways, chosen }: MonthChartProps): ReactNode {
	const say = useWords("margin");
	const state = useAppState();
	const x = useMonths(years);
	const { margin } = chosen.by_month;
	const serving = servingMonths(chosen);
	if (serving === undefined) return null;
	const nameOf = (strategy: string): string => say.named("strategy.", strategy);
	const shown = (value: number): number => shownValue(value, margin.unit, state.display).value;
	const { unit } = shownValue(1, margin.unit, state.display);
	const lines = ways.map(({ strategy, by_month }) => ({
		key: strategy,
		index: strategyIndex(strategy),
		name: nameOf(strategy),
		points: monthPoints(by_month.margin, (value) => shown(value) / THOUSAND),
		isFaint: strategy !== chosen.strategy,
	}));
	return (
		<ChartFrame
			name="margin-months"
			title={say("margin.title")}
			finding={say("margin.finding", {
				strategy: nameOf(chosen.strategy),
				positive: serving.positive,
				months: serving.months,
				last: shownNumber(margin.values[serving.last] as number, margin.unit, state.display),
			})}
			table={{
				columns: [{ name: say("column.month"), unit: "month" }, ...lines.map(({ name }) => ({ name, unit }))],
				rows: margin.values.map((_, month) => [
					month,
					...ways.map(({ by_month }) => {
						const value = by_month.margin.values[month];
						return value === null || value === undefined ? undefined : shown(value);
					}),
				]),
			}}
			envelope={years}
			command={scenarioCommand(state, "plan", ["--json"])}
			height={heightOf}
			legend={
				<>
					<Legend entries={lines} />
					<p className="margin-note">{say("margin.note")}</p>
				</>
			}
		>
			{(size) => (
				<LineChart
					series={lines}
					size={size}
					x={x}
					y={{
						kind: "linear",
						label: say("axis.money", { unit }),
						tick: (value) => formatQuantity(value, "", { digits: 2 }),
					}}
				/>
			)}
		</ChartFrame>
	);
}

const THOUSAND = 1000;

function heightOf(width: number): number {
	return Math.max(260, Math.min(380, width * 0.42));
}

function useMonths({ result: { start, months } }: YearsAnswer): Axis {
	const say = useWords("margin");
	return {
		kind: "linear",
		label: start === undefined ? say("axis.monthsPlain") : say("axis.months", { start }),
		tick: (value) => String(value),
		domain: [0, months],
		ticks: monthTicks(months),
	};
}
