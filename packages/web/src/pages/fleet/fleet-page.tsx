/** The fleet of each kind of hardware: what its GPUs are there for, how busy they are, and the power it needs. */
import { formatQuantity } from "@farthing/engine";
import type { ReactNode } from "react";
import { LogSlider } from "../../controls/log-slider.tsx";
import { QuantityField } from "../../controls/quantity-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { type NameOf, useNames } from "../../engine/use-names.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { useScenario, useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { FleetTable } from "./fleet-table.tsx";
import { GpuChart } from "./gpu-chart.tsx";
import { LoadChart } from "./load-chart.tsx";
import { Attribution } from "../../shell/attribution.tsx";

export function FleetPage(): ReactNode {
	const say = useWords("fleet");
	const words = useScenarioWords();
	const { answer, refusal, isWaiting } = useAnswer("plan", words);
	const names = useNames();
	return (
		<div className="page fleet-page" aria-busy={isWaiting}>
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<FleetInputs refusal={refusal} pue={refusal === undefined ? answer?.result.limits?.pue.value : undefined} />
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{answer === undefined || refusal !== undefined ? null : (
				<div className={`fleet-body${isWaiting ? " stale" : ""}`}>
					<Summary plan={answer} names={names} />
					<GpuChart plan={answer} names={names} />
					<LoadChart plan={answer} names={names} />
					<FleetTable plan={answer} names={names} />
					<p className="field-note">{say("pue")}</p>
					<Warnings warnings={answer.warnings} />
					<Attribution of={answer.result.attribution} />
				</div>
			)}
		</div>
	);
}

function Summary({
	plan: {
		result: { fleets, limits, unranked },
	},
	names,
}: {
	readonly plan: PlanAnswer;
	readonly names: NameOf;
}): ReactNode {
	const say = useWords("fleet");
	const [best] = fleets;
	if (best === undefined) return null;
	const said = {
		gpus: <Quantity of={best.gpus} />,
		hardware: names("hardware", best.hardware),
		replicas: <Quantity of={best.replicas} />,
		power: <Quantity of={best.meter_power} showsGrade />,
	};
	const left = unranked.filter(({ short_by: short }) => short !== undefined).length;
	return (
		<section>
			<p className="fleet-sentence">
				{best.headroom === undefined
					? say.nodes("sentenceStated", said)
					: say.nodes("sentence", { ...said, headroom: <Quantity of={best.headroom} /> })}
			</p>
			{limits?.power === undefined ? null : (
				<p>
					{limits.most === undefined
						? say.nodes("siteNone", { power: <Quantity of={limits.power} /> })
						: say.nodes("site", {
								power: <Quantity of={limits.power} />,
								most: <Quantity of={limits.most.tokens_per_day} />,
								gpus: limits.most.gpus,
								name: limits.most.name,
							})}
				</p>
			)}
			{left === 0 ? null : <p className="notice">{say("siteLeft", { count: left })}</p>}
		</section>
	);
}

function FleetInputs({
	refusal,
	pue,
}: {
	readonly refusal: Refusal | undefined;
	/** That the answer is for. */
	readonly pue: number | undefined;
}): ReactNode {
	const say = useWords("fleet");
	const values = useScenario();
	const common = { values, refusal };
	const demand = "demand.tokens_per_day";
	const peak = "demand.peak_to_mean";
	const power = "limits.power";
	return (
		<section className="fleet-inputs" aria-label={say("inputs")}>
			<QuantityField path={demand} label={say("input.demand")} {...common}>
				<LogSlider path={demand} label={say("input.demand")} low={1e8} high={1e12} value={values.current(demand)} />
			</QuantityField>
			<QuantityField path={peak} label={say("input.peak")} {...common}>
				<LogSlider path={peak} label={say("input.peak")} low={1} high={10} value={values.current(peak)} />
			</QuantityField>
			<QuantityField path="redundancy.spare_replicas" label={say("input.spare")} {...common} />
			<QuantityField path={power} label={say("input.power")} hint={say("input.power.hint")} {...common} />
			{/* A PUE alone limits nothing: the scenario takes it beside a limit. */}
			{values.current(power) === undefined ? null : (
				<QuantityField
					path="limits.pue"
					label={say("input.pue")}
					hint={pue === undefined ? "" : say("input.pue.hint", { value: formatQuantity(pue, "") })}
					{...common}
				/>
			)}
		</section>
	);
}
