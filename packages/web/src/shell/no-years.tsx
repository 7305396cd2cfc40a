/** In place of a page of years where the scenario has none: what is missing, and where it may come from. */
import type { ReactNode } from "react";
import type { ScenarioAnswer } from "../engine/questions/scenario.ts";
import { useAnswer } from "../engine/use-answer.ts";
import { exampleMembers } from "../state/example-members.ts";
import { update, useAppState } from "../state/store.ts";
import { useWords } from "../words/words.ts";

/** The example that has years. */
const EXAMPLE = "five-years";
export const EXAMPLE_WORDS = { base: EXAMPLE, changes: {} } as const;

export function NoYears({
	scenario: { document },
	needs,
}: {
	readonly scenario: ScenarioAnswer;
	/** Members of the scenario that the page is drawn from. */
	readonly needs: readonly string[];
}): ReactNode {
	const say = useWords("common");
	const { changes } = useAppState();
	const { answer: example } = useAnswer("scenario", EXAMPLE_WORDS);
	const missing = needs.filter((member) => document[member] === undefined);
	const filled = example === undefined ? undefined : exampleMembers(example.document, missing);
	return (
		<div className="notice">
			<p>
				{say("noYears.lead")}{" "}
				{missing.length === 0 ? null : say.nodes("noYears.missing", { members: <code>{missing.join(", ")}</code> })}
			</p>
			{filled === undefined || missing.length === 0 ? null : (
				<>
					<p>{say("noYears.fill.lead", { count: Object.keys(filled.changes).length })}</p>
					<p>
						<button
							type="button"
							className="button"
							data-fill=""
							onClick={() => update({ changes: { ...filled.changes, ...changes } })}
						>
							{say("noYears.fill")}
						</button>
					</p>
				</>
			)}
			<p>
				<button
					type="button"
					className="button-link"
					data-example=""
					onClick={() => update({ base: EXAMPLE, text: undefined, changes: {} })}
				>
					{say("noYears.open")}
				</button>
			</p>
		</div>
	);
}
