/** What a million delivered tokens took, day by day: of all charges, and of serving by kind of token. */
import { formatQuantity, type QuantityJson } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { LineChart, type PointMark } from "../../chart/line-chart.tsx";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { actualsCommand, actualsRequest } from "./actuals-words.ts";

export function TrendChart({ answer }: { readonly answer: ActualsAnswer }): ReactNode {
	const say = useWords("actuals");
	const common = useWords("common");
	const state = useAppState();
	const { days = [], currency } = answer.result;
	const costUnit = `${currency}/Mtok`;
	const told = days.flatMap(({ day, unit_cost: cost }) =>
		// On the logarithmic axis there is no place for nothing, nor for what is not known.
		cost?.value === undefined || !(cost.value > 0) ? [] : [{ day, value: cost.value }],
	);
	const [first] = told;
	const last = told.at(-1);
	if (first === undefined || last === undefined || told.length < 2) return null;
	const most = told.reduce((a, b) => (b.value > a.value ? b : a), first);
	const shown = (of: QuantityJson | undefined): number | undefined =>
		of?.value === undefined || !(of.value > 0) ? undefined : shownValue(of.value, costUnit, state.display).value;
	const text = (value: number): string => shownNumber(value, costUnit, state.display);
	const { unit } = shownValue(1, costUnit, state.display);
	const kinds = [
		{ key: "all", index: 0, name: say("trend.all"), of: (i: number) => days[i]?.unit_cost },
		{ key: "output", index: 1, name: say("trend.output"), of: (i: number) => days[i]?.by_tokens?.output },
		{ key: "input", index: 2, name: say("trend.input"), of: (i: number) => days[i]?.by_tokens?.input },
	];
	const lines = kinds
		.map((line) => ({ ...line, points: days.map((_, i) => ({ x: i, y: shown(line.of(i)) })) }))
		.filter(({ points }) => points.some(({ y }) => y !== undefined));
	const marks = lines.flatMap(({ key, index, name, of, points }) =>
		points.flatMap(({ x, y }): PointMark[] => {
			// All charges have a mark each day; a part of them only where no line goes through the day.
			const isAlone = points[x - 1]?.y === undefined && points[x + 1]?.y === undefined;
			if (y === undefined || (key !== "all" && !isAlone)) return [];
			const { day } = days[x] as (typeof days)[number];
			const cost = of(x);
			const told = { day, cost: text(cost?.value as number) };
			const label = key === "all" ? say("trend.mark", told) : say("trend.markOf", { ...told, name });
			return [{ key: `${key} ${day}`, label, x, y, index, node: cost?.node, kind: "actuals" }];
		}),
	);
	const isWithinYear = days[0]?.day.slice(0, 4) === days.at(-1)?.day.slice(0, 4);
	return (
		<ChartFrame
			name="trend"
			title={say("trend.title")}
			finding={say("trend.finding", {
				first: text(first.value),
				firstDay: first.day,
				last: text(last.value),
				lastDay: last.day,
				most: text(most.value),
				mostDay: most.day,
			})}
			table={{
				columns: [{ name: say("trend.day") }, ...lines.map(({ name }) => ({ name, unit }))],
				rows: days.map(({ day }, i) => [day, ...lines.map(({ points }) => points[i]?.y)]),
			}}
			envelope={answer}
			command={actualsCommand(state, answer)}
			request={actualsRequest(state, answer.result.window)}
			height={(width) => (width < 520 ? 300 : 340)}
			legend={
				<>
					<Legend entries={lines} />
					<p className="actuals-note">{say("trend.note")}</p>
				</>
			}
		>
			{(size) => (
				<LineChart
					series={lines}
					marks={marks}
					size={size}
					x={{
						kind: "linear",
						label: say("trend.day"),
						domain: [0, days.length - 1],
						tick: (value) => days[value]?.day.slice(isWithinYear ? 5 : 0) ?? "",
					}}
					y={{
						kind: "log",
						label: common(
							state.display.isPerDollar && unit.startsWith("tok/") ? "axis.tokensPerMoney" : "axis.unitCost",
							{
								unit: unit.replace(/^tok\/|\/Mtok$/, ""),
							},
						),
						tick: (value) => formatQuantity(value, "", { digits: 2 }),
					}}
				/>
			)}
		</ChartFrame>
	);
}
