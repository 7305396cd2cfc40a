/** Three changes, each asked as a plan of its own: what the delivered cost would be with it. */
import type { PlanOption } from "@farthing/answers";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { centralNumber, roundedText } from "../../controls/human-number.ts";
import type { PlanAnswer } from "../../engine/questions/plan.ts";
import type { ScenarioWords } from "../../engine/questions/scenario-words.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { shownDifference, shownQuantity } from "../../quantity/show-quantity.ts";
import type { Change } from "../../state/app-state.ts";
import { setChange, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";

interface LeverChange {
	readonly key: "volume" | "peak" | "speed";
	readonly path: string;
	readonly value: Change;
}

export interface LeversProps {
	readonly plan: PlanAnswer;
	readonly best: PlanOption;
	readonly words: ScenarioWords;
	readonly isWaiting: boolean;
}

export function Levers({ plan, best, words, isWaiting }: LeversProps): ReactNode {
	const say = useWords("answer");
	const changes = useMemo(() => leverChanges(plan), [plan]);
	return (
		<section className="levers">
			<h2>{say("levers.title")}</h2>
			<p className="lead-small">{say("levers.lead")}</p>
			<ul className="lever-list">
				{changes.map((change) => (
					<Lever key={change.key} change={change} best={best} words={words} isWaiting={isWaiting} />
				))}
			</ul>
		</section>
	);
}

function Lever({
	change: { key, path, value },
	best,
	words,
	isWaiting,
}: Omit<LeversProps, "plan"> & { readonly change: LeverChange }): ReactNode {
	const say = useWords("answer");
	const { display } = useAppState();
	const asked = useMemo(() => ({ ...words, changes: { ...words.changes, [path]: value } }), [words, path, value]);
	const { answer, refusal } = useAnswer("lever", isWaiting ? undefined : asked);
	const then = answer?.delivered;
	const isComing = refusal === undefined && then === undefined;
	const difference =
		then?.value === undefined || best.delivered.value === undefined
			? undefined
			: shownDifference(best.delivered.value, then.value, display);
	return (
		<li className={`lever${isComing ? " lever-waiting" : ""}`} data-lever={key}>
			<h3>{say(`lever.${key}`)}</h3>
			<p className="lever-value">
				{refusal !== undefined ? say("lever.refused") : then === undefined ? "…" : shownQuantity(then, display)?.text}
			</p>
			<p className="lever-delta">
				{difference === undefined
					? ""
					: difference.sign === 0
						? say("lever.same")
						: say(difference.sign < 0 ? "lever.saves" : "lever.adds", { delta: difference.text })}
			</p>
			<button type="button" className="button" disabled={refusal !== undefined} onClick={() => setChange(path, value)}>
				{say("lever.apply")}
			</button>
		</li>
	);
}

/** From what the answer says it was asked. */
function leverChanges({ result: { question, slo } }: PlanAnswer): LeverChange[] {
	const volume = centralNumber(question["tokens"]?.value ?? Number.NaN);
	const peak = question["peak_to_mean"]?.value;
	const speed = slo.tokens_per_s_per_user?.value;
	const levers: (LeverChange | undefined)[] = [
		volume === undefined || Number.isNaN(volume)
			? undefined
			: { key: "volume", path: "demand.tokens_per_day", value: roundedText(2 * volume) },
		peak === undefined || peak <= FLAT ? undefined : { key: "peak", path: "demand.peak_to_mean", value: FLAT },
		speed === undefined
			? undefined
			: { key: "speed", path: "slo.tokens_per_s_per_user", value: Number(((speed * 2) / 3).toPrecision(2)) },
	];
	return levers.filter((lever) => lever !== undefined);
}

const FLAT = 1.3;
