/** One sentence, one number, why it is not the number on the slide, and what would change it. */
import type { PlanOption } from "@farthing/answers";
import type { ReactNode } from "react";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { type NameOf, useNames } from "../../engine/use-names.ts";
import { GradeBadge } from "../../quantity/grade-badge.tsx";
import { Quantity, useEvidence } from "../../quantity/quantity.tsx";
import { AskedVolume } from "../../shell/asked-volume.tsx";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { AnswerInputs } from "./answer-inputs.tsx";
import { BridgeChart } from "./bridge-chart.tsx";
import { Levers } from "./levers.tsx";
import { OtherFleets } from "./other-fleets.tsx";
import { WhatChanges } from "./what-changes.tsx";

export function AnswerPage(): ReactNode {
	const words = useScenarioWords();
	const { answer, refusal, isWaiting } = useAnswer("plan", words);
	const names = useNames();
	const best = answer?.result.options[0];
	return (
		<div className="page answer-page">
			<AnswerInputs refusal={refusal} />
			<div className={`answer-body${isWaiting ? " stale" : ""}`} aria-busy={isWaiting}>
				{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
				{refusal !== undefined || answer === undefined || best === undefined ? null : (
					<>
						<Headline plan={answer} best={best} names={names} />
						<BridgeChart plan={answer} option={best} />
						<Levers plan={answer} best={best} words={words} isWaiting={isWaiting} />
						<OtherFleets plan={answer} names={names} />
						<WhatChanges plan={answer} names={names} />
						<Warnings warnings={answer.warnings} />
					</>
				)}
			</div>
		</div>
	);
}

function Headline({
	plan: { result },
	best,
	names,
}: {
	readonly plan: PlanAnswer;
	readonly best: PlanOption;
	readonly names: NameOf;
}): ReactNode {
	const say = useWords("answer");
	const common = useWords("common");
	const { delivered, headline, gpus, deployment } = best;
	const { grade, rate } = useEvidence(delivered);
	const times = (delivered.value ?? Number.NaN) / (headline.value ?? Number.NaN);
	const hasRange = delivered.p10 !== undefined && delivered.p10 !== delivered.p90;
	return (
		<section className="answer-head">
			<h1 className="answer-sentence">
				{say.nodes("sentence", {
					model: names("models", result.model),
					volume: <AskedVolume of={result.question["tokens"]} />,
					delivered: <Quantity of={delivered} size="hero" />,
				})}
			</h1>
			<p className="answer-fleet">
				{say("on", {
					gpus,
					hardware: names("hardware", best.hardware),
					stack: names("stacks", best.stack),
					precision: names("precisions", best.precision),
					layout: deployment.layout,
				})}
			</p>
			<dl className="facts">
				<div>
					<dt>
						<GradeBadge grade={grade} because={rate} />
					</dt>
					<dd>
						{common.named("grade.", grade ?? "")}
						{rate === undefined ? "" : ` · ${rate}`}
					</dd>
				</div>
				<div>
					<dt>{hasRange ? <Quantity of={delivered} showsRange /> : "–"}</dt>
					<dd>{hasRange ? "P10–P90" : say("range.none")}</dd>
				</div>
				<div>
					<dt>
						<Quantity of={headline} />
					</dt>
					<dd>
						{say("headline")}
						{Number.isFinite(times) ? ` · ${say("times", { times: times.toPrecision(2) })}` : ""}
					</dd>
				</div>
				<div>
					<dt>
						<Quantity of={best.utilization} />
					</dt>
					<dd>{say("utilisation")}</dd>
				</div>
				<div>
					<dt>
						<Quantity of={best.bill.per_day} />
					</dt>
					<dd>{say("perDay")}</dd>
				</div>
				<div>
					<dt>
						<Quantity of={best.bill.per_year} />
					</dt>
					<dd>{say("perYear")}</dd>
				</div>
				<div>
					<dt>
						<Quantity of={best.cost_per_request} />
					</dt>
					<dd>{say("perRequest")}</dd>
				</div>
			</dl>
		</section>
	);
}
