import { answerPredict, PREDICT_MEMBERS, type PredictWords, wordsOf } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { givenFile } from "../files.ts";
import { predictText, suspiciousText } from "../show/predict.ts";

export interface PredictFlags extends CommonFlags, Omit<PredictWords, "rows" | "fit"> {
	readonly rows?: string;
	readonly fit?: string;
}

export function runPredict(flags: PredictFlags): void {
	const file = (path: string | undefined) =>
		path === undefined ? undefined : givenFile(path, "rows of serving configurations");
	const files = { rows: file(flags.rows), fit: file(flags.fit) };
	const found = answerPredict(wordsOf(PREDICT_MEMBERS, { ...flags, ...files }), questionContext(flags));
	if (found.of === "suspicious") deliver(found.answer, flags, suspiciousText);
	else deliver(found.answer, flags, predictText);
}
