import { answerCompare, COMPARE_MEMBERS, type CompareWords, wordsOf } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { FILE_KINDS, givenFile } from "../files.ts";
import { compareText } from "../show/compare.ts";

export interface CompareFlags extends CommonFlags, Omit<CompareWords, "scenario" | "artificialAnalysis"> {
	readonly artificialAnalysis?: string;
}

export async function runCompare(path: string, flags: CompareFlags): Promise<void> {
	const { artificialAnalysis: table } = flags;
	const files = {
		scenario: givenFile(path, FILE_KINDS.scenario),
		artificialAnalysis: table === undefined ? undefined : givenFile(table, "a table of Artificial Analysis rows"),
	};
	const answer = answerCompare(wordsOf(COMPARE_MEMBERS, { ...flags, ...files }), questionContext(flags));
	deliver(answer, flags, (result) => compareText(result, answer));
}
