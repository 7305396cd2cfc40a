/** One scenario on every hardware, number format or stack, and where they cross. */
import type { InferenceXFamily } from "@farthing/answers";
import type { ReactNode } from "react";
import { LogSlider } from "../../controls/log-slider.tsx";
import { ChoiceField, QuantityField } from "../../controls/quantity-field.tsx";
import { ViewChoice } from "../../controls/view-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { useNames } from "../../engine/use-names.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { useAppState } from "../../state/store.ts";
import { useScenario, useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { Apis, OtherFamilies } from "./beside.tsx";
import { CostChart } from "./cost-chart.tsx";
import { CrossingTable } from "./crossing-table.tsx";
import { DIMENSIONS, dimensionOf, groupName } from "./dimension.ts";
import { GroupTable } from "./group-table.tsx";
import { Attribution } from "../../shell/attribution.tsx";

export function ComparePage(): ReactNode {
	const say = useWords("compare");
	const { view } = useAppState();
	const { answer, refusal, isWaiting } = useAnswer("compare", useScenarioWords());
	const names = useNames();
	const dimension = dimensionOf(view["by"]);
	const family = answer?.result.families.find((each): each is InferenceXFamily => each.family === "inferencex");
	const grouped = family?.by[dimension];
	const nameOf = (id: string): string => groupName(dimension, id, names);
	return (
		<div className="page compare-page" aria-busy={isWaiting}>
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<CompareInputs refusal={refusal} />
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{answer === undefined || refusal !== undefined || grouped === undefined ? null : (
				<div className={`compare-body${isWaiting ? " stale" : ""}`}>
					<CostChart answer={answer} grouped={grouped} dimension={dimension} nameOf={nameOf} />
					<GroupTable grouped={grouped} dimension={dimension} nameOf={nameOf} />
					<CrossingTable grouped={grouped} nameOf={nameOf} />
					<Apis offers={answer.result.api ?? []} />
					<OtherFamilies families={answer.result.families} nameOf={(id) => names("hardware", id)} />
					<Warnings warnings={answer.warnings} />
					<Attribution of={family?.attribution} />
				</div>
			)}
		</div>
	);
}

function CompareInputs({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("compare");
	const values = useScenario();
	const { answer: catalogue } = useAnswer("catalogue", null);
	const common = { values, refusal };
	const demand = "demand.tokens_per_day";
	const tiers = catalogue?.tiers.map(({ id }) => ({ value: id, name: say.named("tier.", id) })) ?? [];
	return (
		<section className="compare-inputs" aria-label={say("inputs")}>
			<ViewChoice
				name="by"
				label={say("by")}
				otherwise={DIMENSIONS[0]}
				choices={DIMENSIONS.map((each) => ({ value: each, name: say(`by.${each}`) }))}
			/>
			<QuantityField path={demand} label={say("input.demand")} {...common}>
				<LogSlider path={demand} label={say("input.demand")} low={1e8} high={1e12} value={values.current(demand)} />
			</QuantityField>
			<QuantityField path="slo.tokens_per_s_per_user" label={say("input.speed")} {...common} />
			<ChoiceField path="cost.card.tier" label={say("input.tier")} choices={tiers} {...common} />
		</section>
	);
}
