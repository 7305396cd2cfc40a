import { basename } from "node:path";
import type { SimulateOptions, SimulateResult } from "@farthing/answers";
import { FarthingError, startSimulate } from "@farthing/answers";
import type { TraceScaling } from "@farthing/engine";
import { traceLoad } from "@farthing/engine";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore, deliver } from "../context.ts";
import { countFlag, numberFlag } from "../given-flags.ts";
import { progressLine } from "../progress-line.ts";
import { windowOf } from "../row-flags.ts";
import { readScenario } from "../scenario-file.ts";
import type { ScenarioFlags } from "../scenario-flags.ts";
import { overridesOf } from "../scenario-flags.ts";
import { simulateText } from "../show/simulate.ts";
import type { TraceFile } from "../trace-file.ts";
import { openTrace, quarantineWarnings } from "../trace-file.ts";
import { refuseBeside } from "./flag-words.ts";

export interface SimulateFlags extends CommonFlags, ScenarioFlags {
	readonly trace?: string;
	readonly shape?: string;
	readonly hours?: string;
	readonly exact?: boolean;
	readonly replicas?: string;
	readonly traceRate?: string;
	readonly traceLength?: string;
}

const EVENTS = 20_000;
/** Below this share of readable lines the answer stands, with exit code 4. */
const COVERED = 0.99;

/** Gives the exit code: 4 where a part of the trace could not be read. */
export async function runSimulate(path: string, flags: SimulateFlags): Promise<number> {
	if (flags.trace === undefined) {
		refuseBeside({ "--trace-rate": flags.traceRate, "--trace-length": flags.traceLength }, "needs --trace", "--trace");
	}
	if (flags.trace !== undefined)
		refuseBeside({ "--shape": flags.shape }, "and --trace both say how requests come", "--trace");
	const { scenario, unused } = readScenario(path, overridesOf(flags));
	const store = catalogueStore();
	const trace = flags.trace === undefined ? undefined : openTrace(flags.trace);
	try {
		const asking = askingOf("simulate", { ...flags }, flags, store, scenario.asOf);
		const catalogue = store.catalogue();
		const options: SimulateOptions = {
			window: windowOf(flags),
			...(trace === undefined ? {} : { trace: givenTrace(trace, flags) }),
			...(flags.shape === undefined ? {} : { shape: flags.shape }),
			...(flags.hours === undefined ? {} : { hours: hoursOf(flags.hours) }),
			...(flags.replicas === undefined ? {} : { replicas: countFlag("--replicas", flags.replicas) }),
			exact: flags.exact === true,
		};
		const run = startSimulate(catalogue, scenario, asking, options);
		const progress = progressLine(flags.quiet === true);
		while (run.advance(EVENTS)) progress.show(() => progressText(run.progress));
		progress.clear();
		const account = trace?.account();
		const quarantine = account === undefined ? [] : quarantineWarnings(flags.trace as string, account);
		const answer = run.answer([...unused, ...quarantine]);
		const result = account === undefined ? answer.result : { ...answer.result, trace: accountJson(account) };
		deliver({ ...answer, result }, flags, (shown: SimulateResult) => simulateText(shown));
		return account !== undefined && account.coverage < COVERED ? 4 : 0;
	} finally {
		trace?.close();
	}
}

function givenTrace(trace: TraceFile, flags: SimulateFlags): NonNullable<SimulateOptions["trace"]> {
	const scaling = scalingOf(flags);
	const { prefixBlockTokens } = trace.layout;
	const changed = [
		...(scaling.rate === 1 ? [] : [`${scaling.rate} times the requests`]),
		...(scaling.inputLength === 1 ? [] : [`${scaling.inputLength} times the tokens`]),
	];
	return {
		name: basename(flags.trace as string),
		source: traceLoad(() => trace.pull(), scaling),
		// Blocks of a prompt that was made longer or shorter are no blocks of the trace any more.
		...(prefixBlockTokens === undefined || scaling.inputLength !== 1 ? {} : { prefixTokens: prefixBlockTokens }),
		...(changed.length === 0 ? {} : { scaling: changed.join(", ") }),
	};
}

function scalingOf(flags: SimulateFlags): TraceScaling {
	const rate = factorOf("--trace-rate", flags.traceRate);
	const length = factorOf("--trace-length", flags.traceLength);
	return { rate, inputLength: length, outputLength: length };
}

function factorOf(flag: string, text: string | undefined): number {
	if (text === undefined) return 1;
	const value = numberFlag(flag, text.replace(/x$/, ""));
	if (value > 0 && value <= 1e6) return value;
	throw new FarthingError(2, "out-of-range", `${flag} takes a factor above 0, not "${text}"`, {
		field: flag,
		expected: "a factor such as 2 or 0.5",
		hint: `${flag} 2`,
	});
}

function hoursOf(text: string): number {
	const hours = numberFlag("--hours", text);
	if (hours > 0 && hours <= 24 * 366) return hours;
	throw new FarthingError(2, "out-of-range", `--hours takes a number above 0 and up to a year, not "${text}"`, {
		field: "--hours",
		expected: "hours of virtual time",
		hint: "--hours 24",
	});
}

function progressText({ share, requests }: { readonly share?: number; readonly requests: number }): string {
	const done = share === undefined ? "" : `${(share * 100).toFixed(0)}% of the time, `;
	return `simulating: ${done}${String(requests).replace(/\B(?=(\d{3})+$)/g, ",")} requests`;
}

function accountJson(account: ReturnType<TraceFile["account"]>): object {
	const { lines, requests, quarantined, coverage, faults } = account;
	return { lines, requests, quarantined, coverage, faults };
}
