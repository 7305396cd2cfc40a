/**
 * The fleet of a plan under traffic, generated or from a trace that the reader picked: the answer of the command line, and
 * moments of the run for whoever watches it again.
 */
import type { AskedSimulation, Envelope, PlanResult, SimulateOptions, SimulateResult } from "@farthing/answers";
import { beginAsked, simulateChoice, simulatedPlan } from "@farthing/answers";
import type { RouterName } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import type { Host } from "../host.ts";
import { type PickedTrace, pickedTrace } from "../picked-trace.ts";
import { type Moments, MomentsKept } from "../moments.ts";
import { askingOf, readScenario, type ScenarioWords, withNearest } from "./scenario-words.ts";

export interface SimulateWords {
	readonly scenario: ScenarioWords;
	/** Id of the benchmark row instead of the cheapest. */
	readonly row?: string;
	readonly hours?: string;
	readonly replicas?: string;
	readonly router?: string;
	readonly shape?: string;
	/** Key of a file that the reader picked. */
	readonly trace?: string;
	readonly traceRate?: string;
	readonly traceLength?: string;
}

export interface SimulateAnswer extends Omit<Envelope<SimulateResult>, "graph"> {
	readonly moments: Moments;
}

export async function answer(words: SimulateWords, host: Host): Promise<SimulateAnswer> {
	const { saved, moments } = await simulated(words, host);
	const { graph: _, ...shown } = saved;
	return { ...shown, moments };
}

/** With its graph, kept for the next `why`. */
export async function savedSimulate(words: SimulateWords, host: Host): Promise<Envelope<SimulateResult>> {
	return (await simulated(words, host)).saved;
}

interface Simulated {
	readonly saved: Envelope<SimulateResult>;
	readonly moments: Moments;
}

function simulated(words: SimulateWords, host: Host): Promise<Simulated> {
	return host.kept(`simulate ${JSON.stringify(words)}`, async () => {
		const { scenario: asked, row, router, trace: key, ...choice } = words;
		const { scenario, unused } = await readScenario(asked, host);
		const trace = key === undefined ? undefined : await pickedTrace(await host.file(key));
		const { options, decides } = simulateChoice(
			{
				...choice,
				...(row === undefined ? {} : { row: [row] }),
				// A name that is none is refused there.
				...(router === undefined ? {} : { router: router as RouterName }),
			},
			{},
			trace,
		);
		const asking = { ...(await askingOf("simulate", asked, scenario, host)), arguments: decides };
		const planned = await plannedOf(asked, scenario, row, options.window, host);
		const run = await withNearest(scenario, host, [], (catalogue) =>
			beginAsked({ scenario, unused, asking, options: { ...options, planned } }, catalogue, trace),
		);
		const moments = await worked(run, trace, host);
		return { saved: run.answer().answer, moments };
	});
}

/** Made once for all that is asked of one scenario. */
function plannedOf(
	words: ScenarioWords,
	scenario: Scenario,
	row: string | undefined,
	window: SimulateOptions["window"],
	host: Host,
): Promise<Envelope<PlanResult>> {
	return host.kept(`simulated plan ${JSON.stringify([words, row])}`, async () => {
		const asking = await askingOf("simulate", words, scenario, host);
		return withNearest(scenario, host, [], (catalogue) =>
			simulatedPlan(catalogue, scenario, asking, window === undefined ? {} : { window }),
		);
	});
}

/** So long the worker computes before it looks whether something else was asked, and tells how far it is. */
const PIECE_MS = 40;
/** At most, before the clock is looked at. */
const EVENTS = 256;

async function worked(run: AskedSimulation, trace: PickedTrace | undefined, host: Host): Promise<Moments> {
	const kept = new MomentsKept(run.moment);
	let since = performance.now();
	for (let goesOn = true; goesOn; ) {
		// An event takes one request at most.
		await trace?.readAhead(EVENTS);
		goesOn = run.advance(EVENTS, kept.next);
		if (goesOn && run.nextSeconds > kept.next) kept.add(run.moment);
		if (performance.now() - since < PIECE_MS) continue;
		host.progress(run.progress.share ?? trace?.share ?? 0);
		await new Promise((resolve) => setTimeout(resolve));
		since = performance.now();
	}
	kept.end(run.moment);
	return kept.moments();
}
