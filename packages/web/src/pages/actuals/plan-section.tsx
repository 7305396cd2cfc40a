/** From what the plan foresaw to what was paid, cause by cause. */
import type { ReactNode } from "react";
import type { Refusal } from "../../engine/protocol.ts";
import type { ActualsAnswer } from "../../engine/questions/actuals.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { moneyInCents } from "../../quantity/money-in-cents.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { actualsCommand } from "./actuals-words.ts";
import { stepsTo } from "./paid-steps.ts";
import { signed, StepChart } from "./step-chart.tsx";

export function PlanSection({
	answer,
	plan: planned,
	planRefusal,
}: {
	readonly answer: ActualsAnswer;
	/** The same window against a plan, where one was asked for apart. */
	readonly plan?: ActualsAnswer | undefined;
	readonly planRefusal?: Refusal | undefined;
}): ReactNode {
	const say = useWords("actuals");
	const state = useAppState();
	if (answer.result.variance === undefined) return null;
	if (planRefusal !== undefined) {
		return (
			<section>
				<h2>{say("plan.title")}</h2>
				<ErrorBox refusal={planRefusal} />
			</section>
		);
	}
	const shown = planned ?? answer;
	const { plan, variance = [], cost, currency } = shown.result;
	const [first] = variance;
	if (plan === undefined || first === undefined) {
		return (
			<section>
				<h2>{say("plan.title")}</h2>
				<p>{say("plan.how")}</p>
			</section>
		);
	}
	const money = (value: number | undefined): string => moneyInCents(value ?? 0, currency, state.display);
	const nameOf = (key: string): string =>
		key === "start" ? say("plan.start") : key === "end" ? say("plan.end") : say.named("cause.", key);
	const largest = variance.reduce(
		(a, b) => (Math.abs(b.delta.value ?? 0) > Math.abs(a.delta.value ?? 0) ? b : a),
		first,
	);
	return (
		<>
			<StepChart
				name="plan"
				title={say("plan.title")}
				finding={say("plan.finding", {
					plan: money(plan.cost.value),
					actual: money(cost.value),
					cause: nameOf(largest.cause).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()),
					delta: signed(largest.delta.value ?? 0, money),
				})}
				answer={shown}
				steps={stepsTo(
					cost,
					variance.map(({ cause, delta }) => ({ key: cause, of: delta })),
					plan.cost,
				)}
				kind={planned === undefined ? "actuals" : "actuals-plan"}
				nameOf={({ key }) => nameOf(key)}
				command={actualsCommand(state, shown)}
			/>
			<p className="actuals-note">
				{say.nodes("plan.covered", { covered: <Quantity of={plan.covered} cents="shown" /> })}
			</p>
		</>
	);
}
