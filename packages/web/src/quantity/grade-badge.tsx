import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";
import { gradeMeaning } from "./grade-words.ts";

/** `because`: what else lowers it, such as the rate that an amount was converted at. */
export function GradeBadge({
	grade,
	state,
	because,
}: {
	readonly grade: string | undefined;
	/** State of the number. */
	readonly state?: string | undefined;
	readonly because?: string | undefined;
}): ReactNode {
	const say = useWords("common");
	if (grade === undefined) return null;
	const meaning = say("grade.label", {
		grade,
		meaning: gradeMeaning({ grade, state }, say),
	});
	const label = because === undefined ? meaning : `${meaning} · ${because}`;
	return (
		<span className={`grade grade-${grade}`} title={label}>
			<span aria-hidden="true">{grade}</span>
			<span className="hidden">{label}</span>
		</span>
	);
}
