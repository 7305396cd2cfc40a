import type { ReactNode } from "react";
import { ViewChoice, ViewField } from "../../controls/view-field.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { BASES, COLUMNS, CURRENCIES, GROUPINGS, OTHERWISE, optionOf } from "./actuals-words.ts";

export function ActualsInputs({
	refusal,
	onAgain,
}: {
	readonly refusal: Refusal | undefined;
	readonly onAgain: () => void;
}): ReactNode {
	const say = useWords("actuals");
	const { view } = useAppState();
	const by = optionOf(view, "by");
	const groupings = GROUPINGS.some((each) => each === by) ? GROUPINGS : [by, ...GROUPINGS];
	return (
		<section className="actuals-inputs" aria-label={say("inputs")}>
			<ViewField
				name="window"
				label={say("input.window")}
				hint={say("input.window.hint")}
				otherwise={OTHERWISE.window}
				refusal={refusal}
				flag="window"
			/>
			<ViewChoice
				name="by"
				label={say("input.by")}
				otherwise={OTHERWISE.by}
				choices={groupings.map((value) => ({ value, name: say.named("by.", value) }))}
			/>
			<ViewChoice
				name="basis"
				label={say("input.basis")}
				otherwise={OTHERWISE.basis}
				choices={BASES.map((value) => ({ value, name: say(`basis.${value}`) }))}
			/>
			<ViewChoice
				name="cost"
				label={say("input.cost")}
				otherwise={OTHERWISE.cost}
				choices={COLUMNS.map((value) => ({ value, name: say(`cost.${value}`) }))}
			/>
			<ViewChoice
				name="currency"
				label={say("input.currency")}
				otherwise={OTHERWISE.currency}
				choices={CURRENCIES.map((value) => ({ value, name: value }))}
			/>
			<ViewChoice
				name="plan"
				label={say("input.plan")}
				otherwise="none"
				choices={(["none", "scenario"] as const).map((value) => ({ value, name: say(`plan.${value}`) }))}
			/>
			<p className="actuals-again">
				<button type="button" className="button-quiet" onClick={onAgain}>
					{say("again")}
				</button>
			</p>
		</section>
	);
}
