import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";

export function GradeBadge({ grade }: { readonly grade: string | undefined }): ReactNode {
	const say = useWords("common");
	if (grade === undefined) return null;
	const label = say("grade.label", { grade, meaning: say.named("grade.", grade) });
	return (
		<span className={`grade grade-${grade}`} title={label}>
			<span aria-hidden="true">{grade}</span>
			<span className="hidden">{label}</span>
		</span>
	);
}
