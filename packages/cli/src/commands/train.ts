import { answerTrain, TRAIN_MEMBERS, type TrainWords, wordsOf } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { printText } from "../print.ts";
import { mlperfTrainingText, trainDefaultsText, trainText, validationText } from "../show/train.ts";

export interface TrainFlags extends CommonFlags, TrainWords {
	readonly explainDefaults?: boolean;
}

export async function runTrain(flags: TrainFlags): Promise<void> {
	const found = await answerTrain(wordsOf(TRAIN_MEMBERS, flags), questionContext(flags));
	if (found.of === "validation") return deliver(found.answer, flags, validationText);
	if (found.of === "mlperf") return deliver(found.answer, flags, mlperfTrainingText);
	if (flags.explainDefaults === true && flags.json !== true) printText(trainDefaultsText(found.answer.result));
	deliver(found.answer, flags, (result) => trainText(result));
}
