import { availableParallelism } from "node:os";
import type { SimulateResult, SimulateWords } from "@farthing/answers";
import {
	beginRuns,
	beginSimulate,
	countFlag,
	refuseBeside,
	runsOfTrace,
	SIMULATE_MEMBERS,
	wordsOf,
} from "@farthing/answers";
import type { CommonFlags } from "../context.ts";
import { deliver, questionContext } from "../context.ts";
import { FILE_KINDS, givenFile } from "../files.ts";
import { progressLine } from "../progress-line.ts";
import { simulateText } from "../show/simulate.ts";

export interface SimulateFlags extends CommonFlags, Omit<SimulateWords, "scenario" | "trace" | "steps"> {
	readonly trace?: string;
	readonly steps?: string;
	readonly threads?: string;
}

const EVENTS = 20_000;

/** Gives the exit code: 4 where a part of the trace could not be read. */
export async function runSimulate(path: string, flags: SimulateFlags): Promise<number> {
	const { trace: file, shape } = flags;
	if (file !== undefined) refuseBeside({ "--shape": shape }, "and --trace both say how requests come", "--trace");
	const steps = flags.steps === undefined ? undefined : givenFile(flags.steps, "a step table");
	const given = { ...flags, trace: undefined, steps, scenario: givenFile(path, FILE_KINDS.scenario) };
	if (flags.runs !== undefined) return runMany(wordsOf(SIMULATE_MEMBERS, given), flags);
	refuseBeside({ "--threads": flags.threads }, "needs --runs", "--runs");
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

/** Side by side; the answer is the same whatever the number of threads. */
async function runMany(words: Omit<SimulateWords, "trace">, flags: SimulateFlags): Promise<number> {
	if (flags.trace !== undefined) throw runsOfTrace();
	const threads = flags.threads === undefined ? availableParallelism() : countFlag("--threads", flags.threads);
	const progress = progressLine(flags.quiet === true);
	const asked = beginRuns(words, questionContext(flags));
	const { planned, seeds } = asked;
	const { asOf, seed } = flags;
	const given = {
		words,
		flags: { ...(asOf === undefined ? {} : { asOf }), ...(seed === undefined ? {} : { seed }) },
		planned,
	};
	const { runsOver } = await import("../simulate-threads.ts");
	const runs = await runsOver(threads, seeds, given, (done) => {
		progress.show(() => `simulating: ${done} of ${seeds.length} runs`);
	});
	progress.clear();
	deliver(asked.answer(runs), flags, (shown: SimulateResult) => simulateText(shown));
	return 0;
}

function progressText({ share, requests }: { readonly share?: number; readonly requests: number }): string {
	const done = share === undefined ? "" : `${(share * 100).toFixed(0)}%, `;
	return `simulating: ${done}${String(requests).replace(/\B(?=(\d{3})+$)/g, ",")} requests`;
}
