/** What a training run takes and costs, beside the runs that were published. */
import type { TrainResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { CopyButton } from "../../controls/copy-button.tsx";
import type { TrainAnswer } from "../../engine/questions/train.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { RunsChart } from "./runs-chart.tsx";
import { TrainingInputs } from "./training-inputs.tsx";
import { trainCommand, trainWords } from "./training-words.ts";

/** In the order in which one follows from the other. */
const FIGURES = [
	"parameters",
	"tokens",
	"flop",
	"flop_attention",
	"tokens_per_gpu_second",
	"achieved",
	"mfu",
	"goodput",
	"gpu_hours",
	"duration",
	"gpu_hour",
	"cost",
	"published_cost",
	"cost_per_mtok",
	"amortised",
	"energy",
	"published_energy",
	"carbon",
	"published_carbon",
] as const satisfies readonly (keyof TrainResult)[];

export function TrainingPage(): ReactNode {
	const say = useWords("training");
	const common = useWords("common");
	const { view } = useAppState();
	const asked = JSON.stringify(trainWords(view));
	const words = useMemo(() => JSON.parse(asked) as ReturnType<typeof trainWords>, [asked]);
	const { answer, refusal, isWaiting } = useAnswer("train", words);
	const { answer: runs } = useAnswer("training-runs", null);
	return (
		<div className="page training-page" aria-busy={isWaiting || runs === undefined}>
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<TrainingInputs runs={runs} refusal={refusal} />
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{answer === undefined || refusal !== undefined ? null : (
				<div className={isWaiting ? "stale" : ""}>
					<Run answer={answer} />
					<CopyButton className="button-quiet" text={trainCommand(words)} label={common("chart.command")} />
					<Notes result={answer.result} />
					<Warnings warnings={answer.warnings} />
				</div>
			)}
			{runs === undefined ? null : <RunsChart runs={runs} />}
		</div>
	);
}

function Run({ answer: { result } }: { readonly answer: TrainAnswer }): ReactNode {
	const say = useWords("training");
	const name = result.run?.name ?? say("own");
	const hours = <Quantity of={result.gpu_hours} kind="train" size="large" />;
	return (
		<>
			<p className="training-sentence">
				{result.cost === undefined
					? say.nodes("sentenceNoCost", { name, hours })
					: say.nodes("sentence", {
							name,
							hours,
							cost: <Quantity of={result.cost} kind="train" size="large" showsRange showsGrade />,
						})}
			</p>
			<dl className="facts">
				{FIGURES.map((figure) => {
					const of: QuantityJson | undefined = result[figure];
					if (of === undefined) return null;
					return (
						<div key={figure}>
							<dt>
								<Quantity of={of} kind="train" />
							</dt>
							<dd>{say(`figure.${figure}`)}</dd>
						</div>
					);
				})}
			</dl>
		</>
	);
}

function Notes({ result: { unknown, defaults } }: { readonly result: TrainResult }): ReactNode {
	const say = useWords("training");
	const missing = Object.entries(unknown);
	return (
		<>
			{missing.length === 0 ? null : (
				<section>
					<h2>{say("unknown")}</h2>
					<ul className="plain-list">
						{missing.map(([member, reason]) => (
							<li key={member}>{say("unknown.line", { figure: say.named("figure.", member), reason })}</li>
						))}
					</ul>
				</section>
			)}
			{defaults.length === 0 ? null : (
				<details className="training-defaults">
					<summary>{say("defaults")}</summary>
					<ul className="plain-list">
						{defaults.map(({ path, value, source }) => (
							<li key={path}>{say("defaults.line", { path, value: String(value), source })}</li>
						))}
					</ul>
				</details>
			)}
		</>
	);
}
