/** `simulate`: the plan of a scenario under traffic. */
import type { Catalogue } from "@farthing/catalogue";
import type { RouterName, StepTableFault, TraceScaling } from "@farthing/engine";
import { fitStepTable, readStepTable, sha256Hex, traceLoad } from "@farthing/engine";
import type { FittedShape, Scenario } from "@farthing/scenario";
import { parseTrafficShape } from "@farthing/scenario";
import type { Asking, Envelope, Warning } from "../envelope.ts";
import { envelope } from "../envelope.ts";
import { FarthingError } from "../farthing-error.ts";
import type { SimulateResult } from "../simulate/simulate-result.ts";
import type { SimulateOptions, SimulateRun, StepsGiven } from "../simulate.ts";
import { MOST_REPLICAS, simulatedPlan, startSimulate } from "../simulate.ts";
import { mergedRuns, outcomeOf, type RunOutcome } from "../simulate/runs.ts";
import type { Instances } from "../simulate/pool-parts.ts";
import type { PlanResult } from "../plan-result.ts";
import { modelledWarning, withModelledPointsFor } from "../predict/modelled-points.ts";
import { fileError } from "./file-issues.ts";
import type { GivenFile } from "./member.ts";
import type { QuestionContext } from "./question-context.ts";
import { windowOf } from "./row-words.ts";
import { readScenario } from "./scenario-text.ts";
import { besideScenario, overridesOf, type ScenarioWords, type SizingWords } from "./scenario-words.ts";
import { accountJson, isCovered, requireMostOf, type Trace, traceWarnings } from "./trace.ts";
import { choiceFlag, countFlag, numberFlag } from "./typed-words.ts";
import { refuseBeside } from "./words.ts";

export const ROUTERS: readonly RouterName[] = ["least-loaded", "round-robin", "prefix-aware", "central"];

export interface SimulateWords extends Omit<ScenarioWords, keyof SizingWords> {
	readonly scenario: GivenFile;
	readonly trace?: GivenFile;
	readonly traceRate?: string;
	readonly traceLength?: string;
	readonly shape?: string;
	readonly steps?: GivenFile;
	readonly hours?: string;
	readonly replicas?: string;
	/** `3:2`, prefill and decode. */
	readonly instances?: string;
	readonly router?: RouterName;
	readonly exact?: boolean;
	readonly modelled?: boolean;
	readonly runs?: string;
}

/** A simulation that was asked for in words. */
export interface AskedSimulation extends Pick<SimulateRun, "advance" | "nextSeconds" | "progress" | "moment"> {
	/** Of a run that is over. `covered` is false where more of the trace was set aside than a slip. */
	answer(): { readonly answer: Envelope<SimulateResult>; readonly isCovered: boolean };
}

/** `trace` opens the trace where words name one. Throws exit 2 and 3 as plans do. */
export function beginSimulate(
	words: Omit<SimulateWords, "trace">,
	context: QuestionContext,
	trace?: Trace,
): AskedSimulation {
	if (words.runs !== undefined) throw new TypeError("many runs are begun with beginRuns");
	const asked = askedOf(words, context, trace);
	return beginAsked(asked, asked.catalogue, trace);
}

/** The same where the words are read already. `trace` is the one that the options replay. */
export function beginAsked(
	{ scenario, unused, asking, options }: SimulationAsked,
	catalogue: Catalogue,
	trace?: Trace,
): AskedSimulation {
	const run = startSimulate(catalogue, scenario, asking, options);
	return {
		get nextSeconds() {
			return run.nextSeconds;
		},
		advance: (events, until) => run.advance(events, until),
		get progress() {
			return run.progress;
		},
		get moment() {
			return run.moment;
		},
		answer() {
			if (trace === undefined) return { answer: run.answer(unused), isCovered: true };
			const account = trace.account();
			requireMostOf(trace.name, account);
			const answer = run.answer([...unused, ...traceWarnings(trace.name, account)]);
			const result = { ...answer.result, trace: accountJson(account) };
			return { answer: { ...answer, result }, isCovered: isCovered(account) };
		},
	};
}

/** Runs of one simulation with a seed each, for whoever does them side by side. */
export interface AskedRuns {
	/** Made once, and the same for all runs. */
	readonly planned: Envelope<PlanResult>;
	readonly seeds: readonly number[];
	begin(seed: number): AskedRun;
	/** The answer of the first seed with what all runs say. */
	answer(runs: readonly DoneRun[]): Envelope<SimulateResult>;
}

/** One of them, under way. */
export interface AskedRun extends Pick<SimulateRun, "advance" | "nextSeconds" | "progress" | "moment"> {
	done(): DoneRun;
}

export interface DoneRun {
	readonly outcome: RunOutcome;
	/** Of the first seed. */
	readonly answer?: Envelope<SimulateResult>;
}

/** `planned` is the plan that another thread made of the same words. */
export function beginRuns(
	words: Omit<SimulateWords, "trace">,
	context: QuestionContext,
	planned?: Envelope<PlanResult>,
): AskedRuns {
	const asked = askedOf(words, context, undefined);
	return beginAskedRuns(asked, asked.catalogue, runsOf(words.runs ?? ""), planned);
}

/** The same where the words are read already. */
export function beginAskedRuns(
	{ scenario, unused, asking, options }: SimulationAsked,
	catalogue: Catalogue,
	count: number,
	planned?: Envelope<PlanResult>,
): AskedRuns {
	const made = planned ?? simulatedPlan(catalogue, scenario, asking, options);
	const seeds = Array.from({ length: count }, (_, i) => asking.seed + i);
	return {
		planned: made,
		seeds,
		begin(seed) {
			const run = startSimulate(catalogue, scenario, { ...asking, seed }, { ...options, planned: made });
			return {
				advance: (events, until) => run.advance(events, until),
				get nextSeconds() {
					return run.nextSeconds;
				},
				get progress() {
					return run.progress;
				},
				get moment() {
					return run.moment;
				},
				done() {
					const answer = run.answer(unused);
					return { outcome: outcomeOf(seed, answer.result), ...(seed === seeds[0] ? { answer } : {}) };
				},
			};
		},
		answer(runs) {
			const first = runs.find(({ answer }) => answer !== undefined)?.answer as Envelope<SimulateResult>;
			return { ...first, result: { ...first.result, runs: mergedRuns(runs.map(({ outcome }) => outcome)) } };
		},
	};
}

/** A trace is the same in every run. */
export function runsOfTrace(): FarthingError {
	return new FarthingError(
		2,
		"contradiction",
		"--runs draws other requests in each run; those of a trace are the same",
		{
			field: "--runs",
			expected: "--runs or --trace",
			hint: "farthing shape TRACE -o shape.yaml, then --shape shape.yaml --runs 16",
		},
	);
}

const MOST_RUNS = 1000;

/** How many runs `--runs` asks for. */
export function runsOf(text: string): number {
	const runs = countFlag("--runs", text);
	if (runs >= 2 && runs <= MOST_RUNS) return runs;
	throw new FarthingError(2, "out-of-range", `--runs takes 2 to ${MOST_RUNS} runs, not "${text}"`, {
		field: "--runs",
		expected: `a whole number from 2 to ${MOST_RUNS}`,
		hint: "--runs 16",
	});
}

/** A simulation as it was asked for: its words read. */
export interface SimulationAsked {
	readonly scenario: Scenario;
	readonly unused: readonly Warning[];
	readonly asking: Asking;
	readonly options: SimulateOptions;
}

/** Reads all that would be simulated and begins nothing: throws what a run would throw of its words. */
export function answerSimulateWords(
	words: Omit<SimulateWords, "trace">,
	context: QuestionContext,
	trace?: Trace,
): Envelope<{ readonly valid: true }> {
	return envelope(askedOf(words, context, trace).asking, { valid: true }, []);
}

function askedOf(
	words: Omit<SimulateWords, "trace">,
	context: QuestionContext,
	trace: Trace | undefined,
): SimulationAsked & { readonly catalogue: Catalogue } {
	const { scenario: file, ...choice } = words;
	const { scenario, unused } = readScenario(file, context, overridesOf(words));
	const { options, decides } = simulateChoice(choice, context, trace);
	const asking = context.asking("simulate", decides, { scenarioAsOf: scenario.asOf });
	const measured = context.store.catalogue();
	if (words.modelled !== true) return { scenario, unused, asking, options, catalogue: measured };
	const catalogue = withModelledPointsFor(measured, scenario, asking.asOf);
	return { scenario, unused: [modelledWarning(catalogue), ...unused], asking, options, catalogue };
}

/** What stands beside the scenario in words: as options, and as what decides the answer. */
export function simulateChoice(
	words: Omit<SimulateWords, "trace" | "scenario">,
	context: Pick<QuestionContext, "resolve">,
	trace?: Trace,
): { readonly options: SimulateOptions; readonly decides: Readonly<Record<string, unknown>> } {
	const { steps, ...asked } = words;
	if (trace === undefined) {
		refuseBeside({ "--trace-rate": words.traceRate, "--trace-length": words.traceLength }, "needs --trace", "--trace");
	} else refuseBeside({ "--shape": words.shape }, "and --trace both say how requests come", "--trace");
	if (words.instances !== undefined) {
		refuseBeside(
			{ "--replicas": words.replicas },
			"and --instances both say how many machines there are",
			"--instances",
		);
	}
	const shape = words.shape === undefined ? undefined : shapeGiven(words.shape, context);
	const decides = {
		...besideScenario(asked),
		...(shape === undefined ? {} : { shape: shape.decides }),
		...(steps === undefined ? {} : { steps: { sha256: sha256Hex(steps.text) } }),
		...(trace === undefined ? {} : { trace: trace.name }),
	};
	const options: SimulateOptions = {
		window: windowOf(words),
		...(trace === undefined ? {} : { trace: givenTrace(trace, words) }),
		...(shape === undefined ? {} : { shape: shape.shape }),
		...(steps === undefined ? {} : { steps: stepsOf(steps) }),
		...(words.hours === undefined ? {} : { hours: hoursOf(words.hours) }),
		...(words.replicas === undefined ? {} : { replicas: replicasOf(words.replicas) }),
		...(words.instances === undefined ? {} : { instances: instancesOf(words.instances) }),
		...(words.router === undefined ? {} : { router: choiceFlag("--router", words.router, ROUTERS) }),
		exact: words.exact === true,
	};
	return { options, decides };
}

/** A shape of the catalogue by its id, or that of a file. What a file holds decides the answer, not its name. */
function shapeGiven(
	name: string,
	{ resolve }: Pick<QuestionContext, "resolve">,
): { readonly shape: string | FittedShape; readonly decides: unknown } {
	if (!/\.ya?ml$/i.test(name)) return { shape: name, decides: name };
	const found = resolve?.(name, "");
	if (found === undefined) {
		throw new FarthingError(2, "no-such-file", `no file ${name}`, {
			file: name,
			field: "--shape",
			expected: "a traffic shape of the catalogue, or a file that farthing shape made",
			hint: `farthing shape trace.csv -o ${name}`,
		});
	}
	const parsed = parseTrafficShape(found.text, { file: name });
	if (!parsed.ok) throw fileError(parsed.issues);
	return { shape: parsed.shape, decides: { sha256: sha256Hex(found.text) } };
}

/** Exit 2 with line and column of the first fault. */
function stepsOf({ name, text }: GivenFile): StepsGiven {
	const read = readStepTable(text);
	if (read.ok) return { name: name.replace(/^.*[/\\]/, ""), table: fitStepTable(read.rows) };
	const [{ line, column, message, expected }, ...more] = read.faults as [StepTableFault, ...StepTableFault[]];
	const others = more.map((each) => `line ${each.line}: ${each.message}`).slice(0, 3);
	const rest =
		more.length === 0 ? "" : ` (and ${more.length} more: ${others.join("; ")}${more.length > 3 ? "; …" : ""})`;
	throw new FarthingError(2, "malformed-steps", `${message}${rest}`, { file: name, line, column, expected });
}

function givenTrace(
	trace: Trace,
	words: Pick<SimulateWords, "traceRate" | "traceLength">,
): NonNullable<SimulateOptions["trace"]> {
	const scaling = scalingOf(words);
	const { prefixBlockTokens } = trace.layout;
	const changed = [
		...(scaling.rate === 1 ? [] : [`${scaling.rate} times the requests`]),
		...(scaling.inputLength === 1 ? [] : [`${scaling.inputLength} times the tokens`]),
	];
	return {
		name: trace.name.replace(/^.*[/\\]/, ""),
		source: traceLoad(() => trace.pull(), scaling),
		// Blocks of a prompt that was made longer or shorter are no blocks of the trace any more.
		...(prefixBlockTokens === undefined || scaling.inputLength !== 1 ? {} : { prefixTokens: prefixBlockTokens }),
		...(changed.length === 0 ? {} : { scaling: changed.join(", ") }),
	};
}

function scalingOf({ traceRate, traceLength }: Pick<SimulateWords, "traceRate" | "traceLength">): TraceScaling {
	const rate = factorOf("--trace-rate", traceRate);
	const length = factorOf("--trace-length", traceLength);
	return { rate, inputLength: length, outputLength: length };
}

function factorOf(flag: string, text: string | undefined): number {
	if (text === undefined) return 1;
	const value = numberFlag(flag, text.replace(/x$/, ""));
	if (value > 0 && value <= 1e6) return value;
	throw new FarthingError(2, "out-of-range", `${flag} takes a factor above 0 and up to a million, not "${text}"`, {
		field: flag,
		expected: "a factor such as 2 or 0.5",
		hint: `${flag} 2`,
	});
}

function replicasOf(text: string): number {
	const replicas = countFlag("--replicas", text);
	if (replicas <= MOST_REPLICAS) return replicas;
	throw new FarthingError(2, "out-of-range", `--replicas takes up to ${MOST_REPLICAS} replicas, not ${text}`, {
		field: "--replicas",
		expected: `a whole number from 1 to ${MOST_REPLICAS}`,
		hint: `--replicas ${MOST_REPLICAS}`,
	});
}

function instancesOf(text: string): Instances {
	const [prefill, decode] = (/^\s*(\d{1,6})\s*:\s*(\d{1,6})\s*$/.exec(text) ?? []).slice(1).map(Number);
	if (prefill !== undefined && decode !== undefined && prefill > 0 && decode > 0 && prefill + decode <= MOST_REPLICAS)
		return { prefill, decode };
	const message = `--instances takes prefill and decode machines as PREFILL:DECODE, up to ${MOST_REPLICAS} together, not "${text}"`;
	throw new FarthingError(2, "wrong-type", message, {
		field: "--instances",
		expected: "two whole numbers from 1 on, such as 3:2",
		hint: "--instances 3:2",
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
