/** Delivered cost over daily volume on logarithmic axes: which deployment wins where, and where an API does. */
import type { PlanOption, PlanResult } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { ChartFrame } from "../../chart/chart-frame.tsx";
import { Legend } from "../../chart/legend.tsx";
import { LineChart, type PointMark } from "../../chart/line-chart.tsx";
import { roundedText } from "../../controls/human-number.ts";
import { LogSlider } from "../../controls/log-slider.tsx";
import { QuantityField } from "../../controls/quantity-field.tsx";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { type NameOf, useNames } from "../../engine/use-names.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { shownNumber, shownValue } from "../../quantity/show-quantity.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { scenarioCommand } from "../../state/cli-command.ts";
import { setChange, useAppState } from "../../state/store.ts";
import { useScenario, useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { crossoverPoints, curvesWithPlan, optionsById, volumeLines } from "./volume-lines.ts";
import { ApiCounts } from "../../shell/api-counts.tsx";
import { Attribution } from "../../shell/attribution.tsx";
import { stretchesOf, stretchList, stretchText } from "../../shell/stretches.ts";

const DEMAND = "demand.tokens_per_day";

export function DeliveredPage(): ReactNode {
	const say = useWords("delivered");
	const words = useScenarioWords();
	const values = useScenario();
	const { answer, refusal, isWaiting } = useAnswer("plan", words);
	const names = useNames();
	return (
		<div className="page">
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<div className="delivered-demand">
				<QuantityField path={DEMAND} label={say("slider")} values={values} refusal={refusal}>
					<LogSlider path={DEMAND} label={say("slider")} low={1e8} high={1e12} value={values.current(DEMAND)} />
				</QuantityField>
			</div>
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{answer === undefined || refusal !== undefined ? (
				<p className={refusal === undefined ? "waiting" : "hidden"}>…</p>
			) : (
				<div className={isWaiting ? "stale" : ""} aria-busy={isWaiting}>
					{answer.result.volumes.tokens_per_day.length === 0 ? null : <VolumeChart plan={answer} names={names} />}
					{answer.result.volumes.reason === undefined ? null : (
						<p className="notice">{say("ends", { reason: answer.result.volumes.reason })}</p>
					)}
					{answer.result.volumes.sized_by === "queueing-estimate" ? <p className="notice">{say("estimated")}</p> : null}
					<Crossovers result={answer.result} names={names} />
					<Apis result={answer.result} />
					<Warnings warnings={answer.warnings} />
					<Attribution of={answer.result.attribution} />
				</div>
			)}
		</div>
	);
}

function VolumeChart({ plan, names }: { readonly plan: PlanAnswer; readonly names: NameOf }): ReactNode {
	const say = useWords("delivered");
	const common = useWords("common");
	const state = useAppState();
	const { display } = state;
	const { result } = plan;
	const options = optionsById(result);
	const nameOf = (id: string): string => optionName(options.get(id), id, names, say);
	const cost = (value: number): number => shownValue(value, "USD/Mtok", display).value;
	const money = (value: number): string => shownNumber(value, "USD/Mtok", display);
	const volumeText = (value: number): string => formatQuantity(value, "tok/day");
	const { unit } = shownValue(1, "USD/Mtok", display);
	const curves = curvesWithPlan(result);
	const { tokens_per_day: volumes } = curves;
	const drawn = { volumes: curves, crossovers: result.crossovers };
	const lines = volumeLines(drawn);
	const [best] = result.options;
	const here = result.question["tokens"]?.value;
	const crossovers = crossoverPoints(drawn);
	const next = result.next_crossover;
	const own = best === undefined || here === undefined ? undefined : lines.find(({ option }) => option === best.id);
	const marks: PointMark[] = [
		...(best?.delivered.value === undefined || here === undefined
			? []
			: [
					{
						key: "here",
						x: here,
						y: cost(best.delivered.value),
						index: own?.index ?? 0,
						label: say("mark.here", {
							volume: volumeText(here),
							cost: money(best.delivered.value),
							option: nameOf(best.id),
						}),
					},
				]),
		...crossovers.map((point) => ({
			key: point.option,
			x: point.volume,
			y: cost(point.cost),
			index: point.index,
			label: say("mark.crossover", {
				volume: volumeText(point.volume),
				cost: money(point.cost),
				option: nameOf(point.option),
			}),
		})),
	];
	const said = {
		volume: here === undefined ? "–" : volumeText(here),
		option: best === undefined ? "–" : nameOf(best.id),
		cost: best?.delivered.value === undefined ? "–" : money(best.delivered.value),
	};
	const finding =
		next === undefined
			? say("finding", said)
			: say("finding.next", {
					...said,
					next: nameOf(next.to),
					at: volumeText(next.tokens_per_day.value ?? Number.NaN),
				});
	const levels = result.api.flatMap(({ statistic, blended: { value } }) =>
		value === undefined
			? []
			: [
					{
						key: statistic,
						y: cost(value),
						name: say("level.api", { statistic: common.named("statistic.", statistic), price: money(value) }),
						// The axis says the unit.
						short: say("level.apiShort", {
							statistic: common.named("statistic.", statistic),
							price: money(value).replace(/ ?(\/M ?tok|tok\/.*)$/, ""),
						}),
					},
				],
	);
	const column = { name: common.named("basis.", "delivered"), unit };
	return (
		<ChartFrame
			name="volume"
			title={say("chart")}
			finding={finding}
			table={{
				columns: [
					{ name: say("column.volume"), unit: "tok/day" },
					{ name: say("column.cheapest") },
					...lines.map(({ option }) => ({ ...column, name: nameOf(option) })),
				],
				rows: volumes.map((volume, i) => [
					volume,
					nameOf(curves.cheapest[i] ?? ""),
					...lines.map(({ costs }) => (costs[i] === undefined ? undefined : cost(costs[i]))),
				]),
			}}
			envelope={plan}
			command={scenarioCommand(state)}
			height={(width) => Math.max(300, Math.min(460, width * 0.5))}
			legend={
				<>
					<Legend entries={lines.map(({ option, index }) => ({ key: option, index, name: nameOf(option) }))} />
					<p className="chart-note">{say("pick")}</p>
				</>
			}
		>
			{(size) => (
				<LineChart
					series={lines.map(({ option, index, costs }) => ({
						key: option,
						index,
						points: volumes.map((volume, i) => ({ x: volume, y: costs[i] === undefined ? undefined : cost(costs[i]) })),
					}))}
					levels={levels}
					marks={marks}
					here={here}
					size={size}
					x={{ kind: "log", label: say("axis.volume"), tick: (value) => roundedText(value) }}
					y={{
						kind: "log",
						label: display.isPerDollar
							? common("axis.tokensPerMoney", { unit: unit.replace("tok/", "") })
							: common("axis.unitCost", { unit: unit.replace("/Mtok", "") }),
						tick: (value) => (value >= 1e3 ? roundedText(value) : formatQuantity(value, "", { digits: 1 })),
					}}
					onPick={({ x }) => setChange(DEMAND, roundedText(x))}
				/>
			)}
		</ChartFrame>
	);
}

function Crossovers({ result, names }: { readonly result: PlanResult; readonly names: NameOf }): ReactNode {
	const say = useWords("delivered");
	const options = optionsById(result);
	const { tokens_per_day: volumes, interruptions } = result.volumes;
	const [low, high] = [volumes[0], volumes.at(-1)];
	const text = (value: number): string => formatQuantity(value, "tok/day");
	return (
		<section>
			<h2>{say("crossovers")}</h2>
			<ul className="plain-list">
				{result.crossovers.length > 0 || low === undefined || high === undefined ? null : (
					<li>
						{say(interruptions.length === 0 ? "crossovers.none" : "crossovers.noneMostly", {
							low: text(low),
							high: text(high),
						})}
					</li>
				)}
				{result.crossovers.map(({ tokens_per_day: volume, to }, i) => (
					<li key={`${to} ${volume.value}`}>
						{say.nodes(stretchesOf(result, i).length === 0 ? "crossover" : "crossover.mostly", {
							volume: <Quantity of={volume} />,
							option: optionName(options.get(to), to, names, say),
						})}{" "}
						<button
							type="button"
							className="button-link"
							onClick={() => setChange(DEMAND, roundedText(volume.value ?? Number.NaN))}
						>
							{say("crossover.take")}
						</button>
					</li>
				))}
			</ul>
			{interruptions.length === 0 ? null : (
				<details className="warnings">
					<summary>{say("interruptions", { count: interruptions.length })}</summary>
					<ul>
						{interruptions.map((each) => (
							<li key={`${each.from} ${each.cheapest}`}>
								{say("interruption", {
									stretch: stretchText(each, (from, to) => say("interruption.stretch", { from, to })),
									option: optionName(options.get(each.cheapest), each.cheapest, names, say),
								})}
							</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
}

function Apis({ result: { api, break_evens } }: { readonly result: PlanResult }): ReactNode {
	const say = useWords("delivered");
	const common = useWords("common");
	if (api.length === 0) return null;
	return (
		<section>
			<h2>{say("api")}</h2>
			<ul className="plain-list">
				{api.map((offer) => {
					const { statistic, blended, self_hosting_cheaper_from: from } = offer;
					const between = offer.self_hosting_cheaper_between ?? [];
					const said = {
						statistic: common.named("statistic.", statistic),
						price: <Quantity of={blended} />,
						stretches: stretchList(between, common),
					};
					return (
						<li key={statistic}>
							{from !== undefined
								? say.nodes(between.length === 0 ? "api.from" : "api.fromAfter", {
										...said,
										volume: <Quantity of={from} />,
									})
								: say.nodes(between.length === 0 ? "api.never" : "api.between", said)}
						</li>
					);
				})}
			</ul>
			<ApiCounts breakEvens={break_evens} />
		</section>
	);
}

function optionName(
	option: PlanOption | undefined,
	id: string,
	names: NameOf,
	say: ReturnType<typeof useWords<"delivered">>,
): string {
	if (option === undefined) return id;
	return say("option", {
		hardware: names("hardware", option.hardware).replace(/ \(.*\)$/, ""),
		stack: names("stacks", option.stack),
		layout: option.deployment.layout,
	});
}
