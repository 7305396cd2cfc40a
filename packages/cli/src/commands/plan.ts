import type { Envelope, PlanResult, PlanWords } from "@farthing/answers";
import { answerPlan, countFlag, PLAN_MEMBERS, planOf, refuseBeside, scenarioToPlan, wordsOf } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { FILE_KINDS, givenFile } from "../files.ts";
import { printText } from "../print.ts";
import { defaultsText, planText } from "../show/plan.ts";

export interface PlanFlags extends CommonFlags, Omit<PlanWords, "scenario" | "rows"> {
	readonly rows?: string;
	readonly top: string;
	readonly csv?: boolean;
	readonly explainDefaults?: boolean;
}

export async function runPlan(path: string, flags: PlanFlags): Promise<void> {
	const { json, csv, rows } = flags;
	if (json === true) refuseBeside({ "--csv": csv }, "and --json print the same options: give one of them", "--json");
	const top = countFlag("--top", flags.top);
	const files = {
		scenario: givenFile(path, FILE_KINDS.scenario),
		rows: rows === undefined ? undefined : givenFile(rows, FILE_KINDS.rows),
	};
	const words = wordsOf(PLAN_MEMBERS, { ...flags, ...files });
	const context = questionContext(flags);
	const read = scenarioToPlan(words, context);
	if (flags.explainDefaults === true && json !== true) {
		printText(defaultsText(read.scenario.defaults));
		return;
	}
	const answer = planOf(read, words, context);
	if (csv === true) {
		const { planCsv } = await import("@farthing/report");
		deliver(answer, flags, () => planCsv(answer));
	} else deliver(answer, flags, (result: PlanResult) => planText(result, answer, read.scenario, top));
}

/** The plan of a scenario file, as `farthing plan FILE` makes it. */
export function planOfFile(path: string, flags: CommonFlags): Envelope<PlanResult> {
	return answerPlan({ scenario: givenFile(path, FILE_KINDS.scenario) }, questionContext(flags));
}
