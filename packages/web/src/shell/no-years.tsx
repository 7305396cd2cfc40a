/** In place of a page of years where the scenario has none: what is missing, and where it may come from. */
import type { ReactNode } from "react";
import { update, useAppState } from "../state/store.ts";
import { useWords } from "../words/words.ts";
import { EXAMPLE, useExampleFigures } from "./example-figures.ts";

/** Takes the members that are missing, at least one. */
export function NoYears({ missing }: { readonly missing: readonly string[] }): ReactNode {
	const say = useWords("common");
	const { changes } = useAppState();
	const figures = useExampleFigures();
	const filled = figures?.of(missing);
	return (
		<div className="notice">
			<p>
				{say("noYears.lead")}
				{say("gap")}
				{say.nodes("noYears.missing", { members: <code>{missing.join(", ")}</code> })}
			</p>
			{filled === undefined ? null : (
				<>
					<p>{say("noYears.fill.lead", { count: Object.keys(filled).length })}</p>
					<p>
						<button
							type="button"
							className="button"
							data-fill=""
							onClick={() => update({ changes: { ...filled, ...changes } })}
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
