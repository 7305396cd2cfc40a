/** Margin and price: what a token earns against what it costs, and the price that each way needs. */
import type { ReactNode } from "react";
import { LogSlider } from "../../controls/log-slider.tsx";
import { QuantityField } from "../../controls/quantity-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { ErrorBox } from "../../shell/error-box.tsx";
import { FilledYears } from "../../shell/filled-years.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { WithYears } from "../../shell/with-years.tsx";
import { YearsMachine } from "../../shell/years-machine.tsx";
import { setView, useAppState } from "../../state/store.ts";
import { useScenario, useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { FloorChart } from "./floor-chart.tsx";
import { PriceTable, YearEndTable } from "./margin-tables.tsx";
import { MarginChart, TokenChart } from "./month-charts.tsx";
import { type EarningWay, earningWays } from "./month-lines.ts";
import { Attribution } from "../../shell/attribution.tsx";

export function MarginPage(): ReactNode {
	const say = useWords("margin");
	return (
		<div className="page">
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<WithYears needs={["horizon", "finance", "strategies", "revenue"]}>
				<Margin />
			</WithYears>
		</div>
	);
}

function Margin(): ReactNode {
	const say = useWords("margin");
	const words = useScenarioWords();
	const { answer, refusal, isWaiting } = useAnswer("years", words);
	return (
		<>
			<MarginInputs refusal={refusal} />
			<FilledYears refusal={refusal} />
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{answer !== undefined || refusal !== undefined ? null : <p className="waiting">{say("waiting")}</p>}
			{answer === undefined || refusal !== undefined ? null : (
				<div className={isWaiting ? "stale" : ""} aria-busy={isWaiting}>
					<Answered years={answer} />
					<YearsMachine years={answer} />
					<Warnings warnings={answer.warnings} />
					<Attribution of={answer.result.attribution} />
				</div>
			)}
		</>
	);
}

function Answered({ years }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("margin");
	const { view } = useAppState();
	const { strategies, strategy: best, months } = years.result;
	const ways = earningWays(strategies);
	const chosen =
		ways.find(({ strategy }) => strategy === view["way"]) ?? ways.find(({ strategy }) => strategy === best) ?? ways[0];
	if (chosen === undefined)
		return (
			<>
				<p className="notice">{say("sentence.none")}</p>
				<PriceTable years={years} />
			</>
		);
	return (
		<>
			<fieldset className="margin-ways">
				<legend>{say("show")}</legend>
				{ways.map(({ strategy }) => (
					<label key={strategy}>
						<input
							type="radio"
							name="way"
							value={strategy}
							checked={strategy === chosen.strategy}
							onChange={() => setView("way", strategy)}
						/>{" "}
						{say.named("strategy.", strategy)}
					</label>
				))}
			</fieldset>
			<Sentence years={years} way={chosen} />
			<FloorChart years={years} />
			<TokenChart years={years} ways={ways} chosen={chosen} />
			<MarginChart years={years} ways={ways} chosen={chosen} />
			<YearEndTable way={chosen} months={months} />
			<PriceTable years={years} />
		</>
	);
}

function Sentence({ years, way }: { readonly years: YearsAnswer; readonly way: EarningWay }): ReactNode {
	const say = useWords("margin");
	const common = useWords("common");
	const { price_floor: floor, price_room: room, gross_margin: margin, gross_margin_share: share } = way.measures;
	if (floor?.value === undefined) return <p className="notice">{say("sentence.none")}</p>;
	const said = {
		strategy: say.named("strategy.", way.strategy),
		floor: <Quantity of={floor} kind="years" showsRange showsGrade />,
		price: <Quantity of={years.result.price} kind="years" />,
	};
	const pays = room?.value !== undefined && room.value >= 0;
	return (
		<p className="margin-sentence">
			{pays
				? say.nodes("sentence.pays", { ...said, room: <Quantity of={room} kind="years" /> })
				: say.nodes("sentence.short", said)}
			{common("gap")}
			{say.nodes("sentence.margin", {
				margin: <Quantity of={margin} kind="years" />,
				share: <Quantity of={share} kind="years" />,
			})}
		</p>
	);
}

function MarginInputs({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("margin");
	const values = useScenario();
	const common = { values, refusal };
	const demand = "demand.tokens_per_day";
	const hint = say("input.price.hint");
	return (
		<section className="margin-inputs" aria-label={say("inputs")}>
			<QuantityField path="revenue.input" label={say("input.input")} hint={hint} {...common} />
			<QuantityField path="revenue.output" label={say("input.output")} hint={hint} {...common} />
			<QuantityField path="revenue.price_decline" label={say("input.decline")} {...common} />
			<QuantityField path="revenue.sold" label={say("input.sold")} {...common} />
			<QuantityField path={demand} label={say("input.demand")} {...common}>
				<LogSlider path={demand} label={say("input.demand")} low={1e7} high={1e11} value={values.current(demand)} />
			</QuantityField>
			<QuantityField path="finance.discount_rate" label={say("input.discount")} {...common} />
		</section>
	);
}
