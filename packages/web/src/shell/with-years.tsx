/** A page of years: the page itself where the scenario has what it is drawn from, else what is missing. */
import type { ReactNode } from "react";
import { missingMembers } from "../state/example-members.ts";
import { useAppState } from "../state/store.ts";
import { useScenario } from "../state/use-scenario.ts";
import { ErrorBox } from "./error-box.tsx";
import { NoYears } from "./no-years.tsx";

/** A value that is refused does not empty the page: its fields stay, and one of them says what is wrong. */
export function WithYears({
	needs,
	children,
}: {
	/** Members of the scenario that the page is drawn from. */
	readonly needs: readonly string[];
	readonly children: ReactNode;
}): ReactNode {
	const { changes } = useAppState();
	const { scenario, refusal } = useScenario();
	const told = refusal === undefined ? null : <ErrorBox refusal={refusal} />;
	if (scenario === undefined) return told ?? <p className="waiting">…</p>;
	const missing = missingMembers(changes, scenario.document, needs);
	if (missing.length === 0) return children;
	return (
		<>
			{told}
			<NoYears missing={missing} />
		</>
	);
}
