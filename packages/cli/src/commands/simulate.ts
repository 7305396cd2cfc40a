import type { SimulateResult, SimulateWords } from "@farthing/answers";
import { beginSimulate, refuseBeside, SIMULATE_MEMBERS, wordsOf } from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { givenFile } from "../files.ts";
import { progressLine } from "../progress-line.ts";
import { simulateText } from "../show/simulate.ts";

export interface SimulateFlags extends CommonFlags, Omit<SimulateWords, "scenario" | "trace" | "steps"> {
	readonly trace?: string;
	readonly steps?: string;
}

const EVENTS = 20_000;

/** Gives the exit code: 4 where a part of the trace could not be read. */
export async function runSimulate(path: string, flags: SimulateFlags): Promise<number> {
	const { trace: file, shape } = flags;
	if (file !== undefined) refuseBeside({ "--shape": shape }, "and --trace both say how requests come", "--trace");
	const steps = flags.steps === undefined ? undefined : givenFile(flags.steps, "a step table");
	const given = { ...flags, trace: undefined, steps, scenario: givenFile(path, "a scenario file") };
	const trace = file === undefined ? undefined : await (await import("../trace-file.ts")).openTrace(file);
	try {
		const run = beginSimulate(wordsOf(SIMULATE_MEMBERS, given), questionContext(flags), trace);
		const progress = progressLine(flags.quiet === true);
		// An event takes one request at most, and the first was read when the file was opened.
		do {
			await trace?.readAhead(EVENTS);
			progress.show(() =>
				progressText({ ...(trace?.share === undefined ? {} : { share: trace.share }), ...run.progress }),
			);
		} while (run.advance(EVENTS));
		progress.clear();
		const { answer, isCovered } = run.answer();
		deliver(answer, flags, (shown: SimulateResult) => simulateText(shown));
		return isCovered ? 0 : 4;
	} finally {
		trace?.close();
	}
}

function progressText({ share, requests }: { readonly share?: number; readonly requests: number }): string {
	const done = share === undefined ? "" : `${(share * 100).toFixed(0)}%, `;
	return `simulating: ${done}${String(requests).replace(/\B(?=(\d{3})+$)/g, ",")} requests`;
}
