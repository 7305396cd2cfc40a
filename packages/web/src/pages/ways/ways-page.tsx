/** Own, rent, API or hybrid: what each is worth and costs, and from where on one overtakes another. */
import type { PricedResult } from "@farthing/answers";
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { LogSlider } from "../../controls/log-slider.tsx";
import { QuantityField } from "../../controls/quantity-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import type { YearsAnswer } from "../../engine/questions/years.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { ErrorBox } from "../../shell/error-box.tsx";
import { FilledYears } from "../../shell/filled-years.tsx";
import { PeopleField } from "../../shell/people-field.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { WithYears } from "../../shell/with-years.tsx";
import { YearsMachine } from "../../shell/years-machine.tsx";
import { setView, useAppState } from "../../state/store.ts";
import { useScenario, useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { chanceOf } from "../years/chance.ts";
import { CrossingsTable } from "./crossings-table.tsx";
import { MeasureChart } from "./measure-chart.tsx";
import { measureNamed, MEASURES } from "./measures.ts";
import { NumbersTable } from "./numbers-table.tsx";
import { VolumeChart } from "./volume-chart.tsx";
import { Attribution } from "../../shell/attribution.tsx";

export function WaysPage(): ReactNode {
	const say = useWords("ways");
	return (
		<div className="page">
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<WithYears needs={["horizon", "finance", "strategies"]}>
				<Ways />
			</WithYears>
		</div>
	);
}

function Ways(): ReactNode {
	const say = useWords("ways");
	const words = useScenarioWords();
	const { answer, refusal, isWaiting } = useAnswer("years", words);
	return (
		<>
			<WaysInputs refusal={refusal} />
			<FilledYears refusal={refusal} />
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{answer !== undefined || refusal !== undefined ? null : <p className="waiting">{say("waiting")}</p>}
			{answer === undefined || refusal !== undefined ? null : (
				<div className={isWaiting ? "stale" : ""} aria-busy={isWaiting}>
					<Winner years={answer} />
					<YearsMachine years={answer} />
					<VolumeChart years={answer} />
					<CrossingsTable years={answer} />
					<ByMeasure years={answer} />
					<NumbersTable years={answer} />
					<Warnings warnings={answer.warnings} />
					<Attribution of={answer.result.attribution} />
				</div>
			)}
		</>
	);
}

function Winner({ years: { result } }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("ways");
	const common = useWords("common");
	const { ranked_by: measure, uncertainty } = result;
	const ranked = result.strategies
		.filter((each): each is PricedResult => each.priced && each.rank !== undefined)
		.sort((a, b) => (a.rank as number) - (b.rank as number));
	const [best, second] = ranked;
	if (best === undefined) return <p className="notice">{say("winner.none")}</p>;
	const said = (way: PricedResult): { strategy: string; value: ReactNode; cost: ReactNode } => ({
		strategy: say.named("strategy.", way.strategy),
		value: <Quantity of={way.measures[measure]} kind="years" showsRange />,
		cost: <Quantity of={way.measures["levelised"]} kind="years" showsRange showsGrade />,
	});
	const chance = chanceOf(result, best.strategy, "best");
	return (
		<p className="ways-sentence">
			{say.nodes(`winner.${measure}`, said(best))}
			{common("gap")}
			{second === undefined ? null : say.nodes("winner.second", said(second))}
			{common("gap")}
			{chance === undefined || uncertainty === undefined
				? null
				: say.nodes("winner.chance", {
						strategy: say.named("strategy.", best.strategy),
						share: <Quantity of={chance} kind="years" />,
						draws: formatQuantity(uncertainty.draws, ""),
					})}
		</p>
	);
}

function ByMeasure({ years }: { readonly years: YearsAnswer }): ReactNode {
	const say = useWords("ways");
	const { view } = useAppState();
	const first = years.result.ranked_by;
	const chosen = measureNamed(view["measure"], first);
	return (
		<>
			<fieldset className="ways-measure">
				<legend>{say("measure")}</legend>
				{MEASURES.map((each) => (
					<label key={each}>
						<input
							type="radio"
							name="measure"
							value={each}
							checked={each === chosen}
							onChange={() => setView("measure", each === first ? undefined : each)}
						/>{" "}
						{say(`measure.${each}`)}
					</label>
				))}
			</fieldset>
			<MeasureChart years={years} measure={chosen} />
		</>
	);
}

function WaysInputs({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("ways");
	const values = useScenario();
	const common = { values, refusal };
	const demand = "demand.tokens_per_day";
	return (
		<section className="ways-inputs" aria-label={say("inputs")}>
			<QuantityField path={demand} label={say("input.demand")} {...common}>
				<LogSlider path={demand} label={say("input.demand")} low={1e7} high={1e11} value={values.current(demand)} />
			</QuantityField>
			<QuantityField path="finance.discount_rate" label={say("input.discount")} {...common} />
			<QuantityField
				path="strategies.rent.on_demand"
				label={say("input.onDemand")}
				hint={say("input.onDemand.hint")}
				{...common}
			/>
			<QuantityField path="strategies.rent.reserved.share" label={say("input.share")} {...common} />
			<PeopleField label={say("input.people")} {...common} />
			<QuantityField path="facility.pue" label={say("input.pue")} {...common} />
		</section>
	);
}
