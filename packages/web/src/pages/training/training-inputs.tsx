import type { ReactNode } from "react";
import { ViewChoice, ViewField } from "../../controls/view-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import type { TrainingRuns } from "../../engine/questions/training-runs.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { chosen, DEFAULTS, type TrainingOption } from "./training-words.ts";

/** A published run brings its members; of one's own each is asked for. */
export function TrainingInputs({
	runs,
	refusal,
}: {
	readonly runs: TrainingRuns | undefined;
	readonly refusal: Refusal | undefined;
}): ReactNode {
	const say = useWords("training");
	const { view } = useAppState();
	const { answer: catalogue } = useAnswer("catalogue", null);
	const isOwn = chosen(view, "run") === "";
	const field = (name: TrainingOption, label: string, flag: string, hint?: string): ReactNode => (
		<ViewField
			key={name}
			name={name}
			label={label}
			otherwise={DEFAULTS[name]}
			refusal={refusal}
			flag={flag}
			{...(hint === undefined ? {} : { hint })}
		/>
	);
	return (
		<section className="inputs training-inputs" aria-label={say("inputs")}>
			<ViewChoice
				name="run"
				label={say("run")}
				otherwise=""
				choices={[
					{ value: "", name: say("run.own") },
					...(runs?.runs ?? []).map(({ id, name }) => ({ value: id, name })),
				]}
			/>
			{isOwn ? (
				<>
					{field("params", say("params"), "--params")}
					{field("tokens", say("tokens"), "--tokens")}
					<ViewChoice
						name="hardware"
						label={say("hardware")}
						otherwise={DEFAULTS.hardware}
						choices={(catalogue?.hardware ?? []).map(({ id, name }) => ({ value: id, name }))}
					/>
					{field("mfu", say("mfu"), "--mfu")}
					{field("gpus", say("gpus"), "--gpus")}
					{field("goodput", say("goodput"), "--goodput", say("goodput.hint"))}
				</>
			) : null}
			{field("gpuHour", say("gpuHour"), "--gpu-hour", say("gpuHour.hint"))}
			{field("served", say("served"), "--served", say("served.hint"))}
			{field("life", say("life"), "--life")}
		</section>
	);
}
