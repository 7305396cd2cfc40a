/** What is asked: the fields that most people have an answer to. */
import type { ReactNode } from "react";
import { LogSlider } from "../../controls/log-slider.tsx";
import { ChoiceField, QuantityField } from "../../controls/quantity-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { useScenario } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";

const DEMAND = "demand.tokens_per_day";
const PEAK = "demand.peak_to_mean";

export function AnswerInputs({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("answer");
	const values = useScenario();
	const { answer: catalogue } = useAnswer("catalogue", null);
	const common = { values, refusal };
	const tiers = catalogue?.tiers.map(({ id }) => ({ value: id, name: say.named("tier.", id) })) ?? [];
	const models = [true, false].flatMap(
		(isOn) =>
			catalogue?.models
				.filter(({ isMeasured }) => isMeasured === isOn)
				.map(({ id, name }) => ({
					value: id,
					name,
					group: say(isOn ? "models.measured" : "models.unmeasured"),
					isDisabled: !isOn,
				})) ?? [],
	);
	const unknown = ["exclude", "accept"].map((value) => ({ value, name: say.named("unknownTtft.", value) }));
	return (
		<section className="inputs" aria-label={say("inputs.title")}>
			<h2>{say("inputs.title")}</h2>
			<QuantityField path={DEMAND} label={say("input.demand")} hint={say("input.demand.hint")} {...common}>
				<LogSlider path={DEMAND} label={say("input.demand")} low={1e8} high={1e12} value={values.current(DEMAND)} />
			</QuantityField>
			<ChoiceField path="model" label={say("input.model")} choices={models} {...common} />
			<div className="field-pair">
				<QuantityField path="workload.input" label={say("input.input")} {...common} />
				<QuantityField path="workload.output" label={say("input.output")} {...common} />
			</div>
			<QuantityField path={PEAK} label={say("input.peak")} {...common}>
				<LogSlider path={PEAK} label={say("input.peak")} low={1} high={10} value={values.current(PEAK)} />
			</QuantityField>
			<div className="field-pair">
				<QuantityField
					path="slo.tokens_per_s_per_user"
					label={say("input.speed")}
					hint={say("input.speed.hint")}
					{...common}
				/>
				<QuantityField path="slo.ttft" label={say("input.ttft")} hint={say("input.ttft.hint")} {...common} />
			</div>
			{values.current("slo.ttft") === "any" ? null : (
				<ChoiceField path="slo.ttft_unknown" label={say("input.unknownTtft")} choices={unknown} {...common} />
			)}
			<ChoiceField path="cost.card.tier" label={say("input.tier")} choices={tiers} {...common} />
			<QuantityField path="redundancy.spare_replicas" label={say("input.spare")} {...common} />
		</section>
	);
}
