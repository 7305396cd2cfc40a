/** What was really paid: from the ledger behind the pages, or from actuals that were saved before. */
import type { ReactNode } from "react";
import { useMemo, useState } from "react";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { noteSource } from "../../engine/sources.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { useAppState } from "../../state/store.ts";
import { useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { ActualsInputs } from "./actuals-inputs.tsx";
import { actualsWords, isAgainstPlan } from "./actuals-words.ts";
import { BillSection } from "./bill-section.tsx";
import { Evidence } from "./evidence.tsx";
import { IdleSection } from "./idle-section.tsx";
import { KeyForm } from "./key-form.tsx";
import { NoLedger, OpenedFile } from "./no-ledger.tsx";
import { PlanSection } from "./plan-section.tsx";
import { Quadrants } from "./quadrants-section.tsx";
import { RowsTable } from "./rows-table.tsx";
import { keptActuals } from "./saved-actuals.ts";
import { Summary } from "./summary.tsx";
import { TrendChart } from "./trend-chart.tsx";

export function ActualsPage(): ReactNode {
	const say = useWords("actuals");
	const { view } = useAppState();
	const { saved } = view;
	return (
		<div className="page actuals-page" data-page="actuals">
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			{saved === undefined ? FARTHING_FROM_DISK ? <NoLedger reason="disk" /> : <FromLedger /> : <FromFile id={saved} />}
		</div>
	);
}

function FromLedger(): ReactNode {
	const { view } = useAppState();
	const scenario = useScenarioWords();
	const [key, setKey] = useState<string | undefined>();
	const [turn, setTurn] = useState(0);
	const asked = JSON.stringify(actualsWords(view, { key, turn }));
	const words = useMemo(() => JSON.parse(asked) as ReturnType<typeof actualsWords>, [asked]);
	const hasPlan = isAgainstPlan(view);
	const planned = useMemo(() => (hasPlan ? { ...words, plan: scenario } : undefined), [words, scenario, hasPlan]);
	const { answer, refusal, isWaiting } = useAnswer("actuals", words);
	const plan = usePlanned(planned);
	const code = refusal?.code;
	const isLocked = code === "no-key" || code === "no-session";
	if (code === "no-ledger") return <NoLedger reason="ledger" />;
	return (
		<div aria-busy={isWaiting || plan.isWaiting}>
			<ActualsInputs refusal={refusal} onAgain={() => setTurn(turn + 1)} />
			{isLocked ? <KeyForm onKey={setKey} canSignIn={code === "no-session"} /> : null}
			{refusal === undefined || isLocked ? null : <ErrorBox refusal={refusal} />}
			{answer === undefined || refusal !== undefined ? null : (
				<Answered answer={answer} isStale={isWaiting} plan={plan.answer} planRefusal={plan.refusal} />
			)}
		</div>
	);
}

/** The same window against a plan, asked apart: the rest of the page stands where the plan is of another model. */
function usePlanned(words: ReturnType<typeof actualsWords> | undefined) {
	const { answer, refusal, isWaiting } = useAnswer("actuals-plan", words);
	return words === undefined
		? { answer: undefined, refusal: undefined, isWaiting: false }
		: { answer: refusal === undefined && !isWaiting ? answer : undefined, refusal, isWaiting };
}

function FromFile({ id }: { readonly id: string }): ReactNode {
	const say = useWords("actuals");
	const saved = keptActuals(id);
	if (saved === undefined) {
		return (
			<>
				<p className="notice">{say("open.gone", { id })}</p>
				<NoLedger reason={FARTHING_FROM_DISK ? "disk" : "file"} />
			</>
		);
	}
	noteSource("actuals", saved.answer);
	return (
		<>
			<OpenedFile saved={saved} />
			<Answered answer={saved.answer} isStale={false} />
		</>
	);
}

function Answered({
	answer,
	isStale,
	plan,
	planRefusal,
}: {
	readonly answer: ActualsAnswer;
	readonly isStale: boolean;
} & Pick<Parameters<typeof PlanSection>[0], "plan" | "planRefusal">): ReactNode {
	return (
		<div className={`actuals-body${isStale ? " stale" : ""}`}>
			<Summary answer={answer} />
			<Quadrants answer={answer} />
			<IdleSection answer={answer} />
			<BillSection answer={answer} />
			<PlanSection answer={answer} plan={plan} planRefusal={planRefusal} />
			<TrendChart answer={answer} />
			<RowsTable answer={answer} />
			<Evidence answer={answer} />
			<Warnings warnings={answer.warnings} />
		</div>
	);
}
