/** What is compared: model and lengths that were measured, price, limits, and up to which day. */
import type { ReactNode } from "react";
import { ViewChoice, ViewField } from "../../controls/view-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import type { MeasuredModel } from "../../engine/questions/measured.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { setView, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { chosen, DEFAULTS } from "./frontier-words.ts";

export function FrontierInputs({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("frontier");
	const { view } = useAppState();
	const { answer: catalogue } = useAnswer("catalogue", null);
	const { answer: measured } = useAnswer("measured", null);
	const of = measured?.find(({ model }) => model === chosen(view, "model"));
	const named = (found: readonly { id: string; name: string }[] | undefined): { value: string; name: string }[] => [
		{ value: "", name: say("any") },
		...(found ?? []).map(({ id, name }) => ({ value: id, name })),
	];
	return (
		<section className="inputs frontier-inputs" aria-label={say("inputs")}>
			<ViewChoice
				name="model"
				label={say("model")}
				otherwise={DEFAULTS.model}
				choices={(measured ?? []).map(({ model }) => ({
					value: model,
					name: catalogue?.models.find(({ id }) => id === model)?.name ?? model,
				}))}
			/>
			<ViewChoice
				name="lengths"
				label={say("lengths")}
				otherwise={DEFAULTS.lengths}
				choices={(of?.lengths ?? []).map(({ isl, osl, rows }) => ({
					value: `${isl}/${osl}`,
					name: say("lengths.option", { isl, osl, rows }),
				}))}
			/>
			<ViewChoice
				name="tier"
				label={say("tier")}
				otherwise={DEFAULTS.tier}
				choices={(catalogue?.tiers ?? []).map(({ id }) => ({ value: id, name: say.named("tier.", id) }))}
			/>
			<ViewChoice name="hardware" label={say("hardware")} otherwise="" choices={named(catalogue?.hardware)} />
			<ViewChoice name="precision" label={say("precision")} otherwise="" choices={named(catalogue?.precisions)} />
			<ViewChoice name="stack" label={say("stack")} otherwise="" choices={named(catalogue?.stacks)} />
			<ViewField
				name="ttft"
				label={say("ttft")}
				hint={say("ttft.hint")}
				otherwise={DEFAULTS.ttft}
				refusal={refusal}
				flag="--ttft"
			/>
			<ViewField name="at" label={say("at")} otherwise={DEFAULTS.at} refusal={refusal} flag="--at" />
			{of?.days === undefined ? null : <DaySlider days={of.days} />}
		</section>
	);
}

const DAY_MS = 86_400_000;

/** Rows measured up to a day: how far the software was by then. */
function DaySlider({ days: { first, last } }: { readonly days: NonNullable<MeasuredModel["days"]> }): ReactNode {
	const say = useWords("frontier");
	const { view } = useAppState();
	const until = view["until"];
	const steps = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
	const dayAt = (step: number): string | undefined =>
		step >= steps ? undefined : new Date(Date.parse(first) + step * DAY_MS).toISOString().slice(0, 10);
	const at = until === undefined ? steps : Math.round((Date.parse(until) - Date.parse(first)) / DAY_MS);
	const text = until ?? say("until.all");
	return (
		<label className="field frontier-days">
			<span className="field-name">
				{say("until")}: {text}
			</span>
			<input
				type="range"
				className="slider"
				data-slider="until"
				aria-label={say("until")}
				aria-valuetext={text}
				min={0}
				max={steps}
				value={at}
				onChange={({ target }) => setView("until", dayAt(Number(target.value)), { isPassing: true })}
				onPointerUp={({ currentTarget }) => setView("until", dayAt(Number(currentTarget.value)))}
				onKeyUp={({ currentTarget }) => setView("until", dayAt(Number(currentTarget.value)))}
			/>
		</label>
	);
}
