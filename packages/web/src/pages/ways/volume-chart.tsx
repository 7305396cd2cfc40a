/** Cost of a token by each way along volumes: the lines cross where one overtakes another. */
import type { StrategyName } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { LineChart, type PointMark } from "../../chart/line-chart.tsx";
import { roundedText } from "../../controls/human-number.ts";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { scenarioCommand } from "../../state/cli-command.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { strategyIndex } from "../years/fan-lines.ts";
import { cheapestSpans } from "./cheapest-spans.ts";

export function VolumeChart({ years }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("ways");
	const common = useWords("common");
	const state = useAppState();
	const { by_volume: curves, strategies } = years.result;
	const { tokens_per_day: volumes, levelised, cheapest } = curves;
	const names = Object.keys(levelised) as StrategyName[];
	if (names.length === 0) return null;
	const nameOf = (strategy: string): string => say.named("strategy.", strategy);
	const shown = (value: number): number => shownValue(value, curves.unit, state.display).value;
	const costAt = (strategy: StrategyName, i: number): number | undefined => {
		const cost = levelised[strategy]?.[i] ?? undefined;
		return cost === undefined ? undefined : shown(cost);
	};
	const { unit } = shownValue(1, curves.unit, state.display);
	const volumeText = (value: number): string => formatQuantity(value, "tok/day");
	// The plan itself is the middle of the volumes looked at.
	const middle = (volumes.length - 1) / 2;
	const here = volumes[middle] as number;
	const marks = strategies.flatMap((way): PointMark[] => {
		const { strategy } = way;
		const y = costAt(strategy, middle);
		if (!way.priced || y === undefined) return [];
		const cost = shownNumber(levelised[strategy]?.[middle] as number, curves.unit, state.display);
		return [
			{
				key: strategy,
				x: here,
				y,
				index: strategyIndex(strategy),
				label: say("volume.here", { volume: volumeText(here), strategy: nameOf(strategy), cost }),
				node: way.measures["levelised"]?.node,
				kind: "years",
			},
		];
	});
	const spans = cheapestSpans(curves);
	const [first] = spans;
	const last = spans.at(-1);
	const winner = cheapest[middle] ?? undefined;
	if (first === undefined || last === undefined || winner === undefined) return null;
	return (
		<ChartFrame
			name="ways-volume"
			title={say("volume.title")}
			finding={
				spans.length === 1
					? say("volume.findingOne", {
							strategy: nameOf(first.strategy),
							from: volumeText(first.from),
							until: volumeText(first.to),
						})
					: say("volume.finding", {
							volume: volumeText(here),
							strategy: nameOf(winner),
							cost: shownNumber(levelised[winner]?.[middle] as number, curves.unit, state.display),
							first: nameOf(first.strategy),
							until: volumeText(first.to),
							last: nameOf(last.strategy),
							from: volumeText(last.from),
						})
			}
			table={{
				columns: [
					{ name: say("volume.column"), unit: "tok/day" },
					{ name: say("volume.cheapest") },
					...names.map((name) => ({ name: nameOf(name), unit })),
				],
				rows: volumes.map((volume, i) => [volume, nameOf(cheapest[i] ?? "–"), ...names.map((name) => costAt(name, i))]),
			}}
			envelope={years}
			command={scenarioCommand(state, "plan", ["--json"])}
			height={(width) => Math.max(300, Math.min(440, width * 0.45))}
			legend={
				<>
					<Legend entries={names.map((key) => ({ key, index: strategyIndex(key), name: nameOf(key) }))} />
					<p className="ways-note">{say("volume.note")}</p>
				</>
			}
		>
			{(size) => (
				<LineChart
					series={names.map((key) => ({
						key,
						index: strategyIndex(key),
						points: volumes.map((x, i) => ({ x, y: costAt(key, i) })),
					}))}
					marks={marks}
					here={here}
					size={size}
					x={{ kind: "log", label: say("volume.axis"), tick: (value) => roundedText(value) }}
					y={{
						kind: "log",
						label: state.display.isPerDollar
							? common("axis.tokensPerMoney", { unit: unit.replace("tok/", "") })
							: common("axis.unitCost", { unit: unit.replace("/Mtok", "") }),
						tick: (value) => (value >= 1e3 ? roundedText(value) : formatQuantity(value, "", { digits: 2 })),
					}}
				/>
			)}
		</ChartFrame>
	);
}
