/** Years of money: fans that follow the sliders at once, and the whole plan when it is ready. */
import type { FanResult, PricedResult } from "@farthing/answers";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { LogSlider } from "../../controls/log-slider.tsx";
import { QuantityField } from "../../controls/quantity-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { FilledYears } from "../../shell/filled-years.tsx";
import { PeopleField } from "../../shell/people-field.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { WithYears } from "../../shell/with-years.tsx";
import { YearsMachine } from "../../shell/years-machine.tsx";
import { setView, useAppState } from "../../state/store.ts";
import { useScenario, useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { CostFall } from "./cost-fall.tsx";
import { FanChart, type FanChartProps } from "./fan-chart.tsx";
import { WaysTable } from "./ways-table.tsx";
import { YearsTable } from "./years-table.tsx";
import { Attribution } from "../../shell/attribution.tsx";

export function YearsPage(): ReactNode {
	const say = useWords("years");
	return (
		<div className="page">
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<WithYears needs={["horizon", "finance", "strategies"]}>
				<Years />
			</WithYears>
		</div>
	);
}

function Years(): ReactNode {
	const say = useWords("years");
	const { view } = useAppState();
	const words = useScenarioWords();
	const fanWords = useMemo(() => ({ scenario: words, of: "unit_cost.delivered" as const }), [words]);
	const cashWords = useMemo(() => ({ scenario: words, of: "cash_so_far" as const }), [words]);
	const fan = useAnswer("fan", fanWords);
	const cash = useAnswer("fan", fan.isWaiting ? undefined : cashWords);
	const isMoving = fan.isWaiting || cash.isWaiting;
	const years = useAnswer("years", isMoving || fan.refusal !== undefined ? undefined : words);
	const plan = years.answer?.result;
	const priced = fan.answer?.result.fans.map(({ strategy }) => strategy) ?? [];
	const chosen = priced.find((each) => each === view["way"]) ?? plan?.strategy ?? priced[0] ?? "own";
	const bridge = plan?.bridges.find(({ strategy }) => strategy === chosen);
	const way = plan?.strategies.find((each): each is PricedResult => each.priced && each.strategy === chosen);
	const isWhole = years.answer !== undefined && !years.isWaiting && !isMoving;
	const refusal = fan.refusal ?? years.refusal;
	return (
		<>
			<YearsInputs refusal={refusal} />
			<FilledYears refusal={refusal} />
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			<fieldset className="ways-choice">
				<legend>{say("show")}</legend>
				{priced.map((each) => (
					<label key={each}>
						<input type="radio" name="way" checked={each === chosen} onChange={() => setView("way", each)} />{" "}
						{say.named("strategy.", each)}
					</label>
				))}
			</fieldset>
			<Fans
				fans={[fan.answer, cash.answer]}
				plan={isWhole ? years.answer : undefined}
				chosen={chosen}
				isMoving={isMoving}
			/>
			{isWhole || refusal !== undefined ? null : <p className="waiting">{say("waiting")}</p>}
			{years.answer === undefined || refusal !== undefined ? null : (
				<div className={isWhole ? "" : "stale"} aria-busy={!isWhole}>
					{bridge === undefined ? null : <CostFall years={years.answer} bridge={bridge} />}
					<YearsMachine years={years.answer} />
					<WaysTable years={years.answer} />
					{way === undefined ? null : <YearsTable way={way} />}
					<Warnings warnings={years.answer.warnings} />
					<Attribution of={years.answer.result.attribution} />
				</div>
			)}
		</>
	);
}

function Fans({
	fans,
	plan,
	chosen,
	isMoving,
}: {
	readonly fans: readonly (FanChartProps["answer"] | undefined)[];
	readonly plan: FanChartProps["plan"];
	readonly chosen: FanResult["strategy"];
	readonly isMoving: boolean;
}): ReactNode {
	return (
		<div className={`years-fans${isMoving ? " stale" : ""}`} aria-busy={isMoving}>
			{fans.map((answer) => {
				const [first] = answer?.result.fans ?? [];
				return answer === undefined || first === undefined ? null : (
					<FanChart key={first.of} answer={answer} plan={plan} chosen={chosen} />
				);
			})}
		</div>
	);
}

function YearsInputs({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("years");
	const values = useScenario();
	const common = { values, refusal };
	const demand = "demand.tokens_per_day";
	return (
		<section className="years-inputs" aria-label={say("inputs")}>
			<QuantityField path={demand} label={say("input.demand")} {...common}>
				<LogSlider path={demand} label={say("input.demand")} low={1e7} high={1e11} value={values.current(demand)} />
			</QuantityField>
			<QuantityField path="finance.discount_rate" label={say("input.discount")} {...common} />
			<QuantityField path="finance.tax" label={say("input.tax")} {...common} />
			<PeopleField label={say("input.people")} {...common} />
			<QuantityField path="facility.pue" label={say("input.pue")} {...common} />
			<QuantityField path="revenue.sold" label={say("input.sold")} {...common} />
		</section>
	);
}
