import { answerSensitivity, countFlag, type SensitivityWords } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { subjectOf } from "../saved-or-scenario.ts";
import { sensitivityText } from "../show/sensitivity.ts";

export interface SensitivityFlags extends CommonFlags, SensitivityWords {
	readonly top: string;
}

export async function runSensitivity(path: string | undefined, flags: SensitivityFlags): Promise<void> {
	const top = countFlag("--top", flags.top);
	const answer = answerSensitivity(subjectOf(path), flags, questionContext(flags));
	deliver(answer, flags, (result) => sensitivityText(result, answer, top));
}
