/** In place of a page of years where the scenario has none: what is missing, and the example that has it. */
import type { ReactNode } from "react";
import type { ScenarioAnswer } from "../engine/questions/scenario.ts";
import { update } from "../state/store.ts";
import { useWords } from "../words/words.ts";

export function NoYears({
	scenario: { document },
	needs,
}: {
	readonly scenario: ScenarioAnswer;
	/** Members of the scenario that the page is drawn from. */
	readonly needs: readonly string[];
}): ReactNode {
	const say = useWords("common");
	const missing = needs.filter((member) => document[member] === undefined);
	return (
		<div className="notice">
			<p>
				{say("noYears.lead")}{" "}
				{missing.length === 0 ? null : say.nodes("noYears.missing", { members: <code>{missing.join(", ")}</code> })}
			</p>
			<button
				type="button"
				className="button"
				onClick={() => update({ base: "five-years", text: undefined, changes: {} })}
			>
				{say("noYears.open")}
			</button>
		</div>
	);
}
