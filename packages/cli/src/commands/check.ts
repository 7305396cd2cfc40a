import { answerCheck } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { FILE_KINDS, givenFile } from "../files.ts";
import { subjectOf } from "../saved-or-scenario.ts";
import { checkText } from "../show/check.ts";

export interface CheckFlags extends CommonFlags {
	readonly policy?: readonly string[];
}

/** Exit 1 where a policy is not kept. */
export async function runCheck(path: string, flags: CheckFlags): Promise<number> {
	const policy = (flags.policy ?? []).map((each) => givenFile(each, FILE_KINDS.policies));
	const answer = answerCheck(subjectOf(path), { policy }, questionContext(flags));
	deliver(answer, flags, (result) => checkText(result, answer));
	return answer.result.failed === 0 ? 0 : 1;
}
