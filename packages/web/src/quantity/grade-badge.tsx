import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";

/** `because`: what else lowers it, such as the rate that an amount was converted at. */
export function GradeBadge({
	grade,
	because,
}: {
	readonly grade: string | undefined;
	readonly because?: string | undefined;
}): ReactNode {
	const say = useWords("common");
	if (grade === undefined) return null;
	const meaning = say("grade.label", { grade, meaning: say.named("grade.", grade) });
	const label = because === undefined ? meaning : `${meaning} · ${because}`;
	return (
		<span className={`grade grade-${grade}`} title={label}>
			<span aria-hidden="true">{grade}</span>
			<span className="hidden">{label}</span>
		</span>
	);
}
