import { answerFrontier, FRONTIER_MEMBERS, type FrontierWords, refuseBeside, wordsOf } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { frontierCsv, frontierText } from "../show/frontier.ts";
import { mlperfText } from "../show/mlperf.ts";

export interface FrontierFlags extends CommonFlags, FrontierWords {
	readonly csv?: boolean;
}

export async function runFrontier(flags: FrontierFlags): Promise<void> {
	refuseIdleFlags(flags);
	const found = answerFrontier(wordsOf(FRONTIER_MEMBERS, flags), questionContext(flags));
	if (found.family === "mlperf") return deliver(found.answer, flags, (result) => mlperfText(result, flags.model));
	deliver(found.answer, flags, (result) =>
		flags.csv === true ? frontierCsv(result) : frontierText(result, found.question),
	);
}

function refuseIdleFlags({ csv, json, family }: FrontierFlags): void {
	if (json === true) refuseBeside({ "--csv": csv }, "and --json print the same rows: give one of them", "--json");
	if (family !== "mlperf") return;
	refuseBeside({ "--csv": csv }, "has no effect on MLPerf rows: they have a scenario instead", "--scenario server");
}
