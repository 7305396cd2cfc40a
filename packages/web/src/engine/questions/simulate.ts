/**
 * The fleet of a plan under traffic, generated or from a trace that the reader picked: the answer of the command line, and
 * moments of the run for whoever watches it again.
 */
import type {
	AskedRun,
	AskedSimulation,
	DoneRun,
	Envelope,
	GivenFile,
	SimulateOptions,
	SimulateResult,
	SimulationAsked,
} from "@farthing/answers";
import {
	beginAsked,
	beginAskedRuns,
	FarthingError,
	modelledWarning,
	onOffFlag,
	runsOf,
	runsOfTrace,
	simulateChoice,
	simulatedPlan,
	withModelledPointsFor,
} from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
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
	/** `3:2`, prefill and decode. */
	readonly instances?: string;
	readonly router?: string;
	readonly shape?: string;
	/** Key of a file of `farthing shape` that the reader picked, in place of a shape of the catalogue. */
	readonly shapeFile?: string;
	/** Key of a step table that the reader picked. */
	readonly steps?: string;
	readonly runs?: string;
	/** `on` or `off`. */
	readonly exact?: string;
	readonly modelled?: string;
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
		const { scenario: asked, row, router, trace: key, shapeFile, steps, exact, modelled, ...choice } = words;
		const { scenario, unused } = await readScenario(asked, host);
		const trace = key === undefined ? undefined : await pickedTrace(await host.file(key, "--trace"));
		if (trace !== undefined && words.runs !== undefined) throw runsOfTrace();
		const count = words.runs === undefined ? undefined : runsOf(words.runs);
		const shape = shapeFile === undefined ? undefined : await shapeGiven(shapeFile, host);
		const isModelled = modelled !== undefined && onOffFlag("--modelled", modelled);
		const { options, decides } = simulateChoice(
			{
				...choice,
				...(shape === undefined ? {} : { shape: shape.name }),
				...(steps === undefined ? {} : { steps: await textOf(steps, "--steps", host) }),
				...(exact !== undefined && onOffFlag("--exact", exact) ? { exact: true } : {}),
				...(isModelled ? { modelled: true } : {}),
				...(row === undefined ? {} : { row: [row] }),
				// A name that is none is refused there.
				...(router === undefined ? {} : { router: router as RouterName }),
			},
			{ resolve: (name) => (shape?.name === name ? { file: name, text: shape.text } : undefined) },
			trace,
		);
		const asking = { ...(await askingOf("simulate", asked, scenario, host)), arguments: decides };
		const begun = await withRows(scenario, isModelled, asking.asOf, host, async (catalogue) => {
			const planned = await host.kept(
				`simulated plan ${JSON.stringify([asked, row, isModelled, fleetOf(words)])}`,
				async () => simulatedPlan(catalogue, scenario, asking, planOptions(options)),
			);
			const warnings = isModelled ? [modelledWarning(catalogue), ...unused] : unused;
			const given: SimulationAsked = { scenario, unused: warnings, asking, options: { ...options, planned } };
			if (count === undefined) return { run: beginAsked(given, catalogue, trace) };
			const many = beginAskedRuns(given, catalogue, count, planned);
			return { many, first: many.begin(many.seeds[0] as number) };
		});
		if (begun.many === undefined) {
			const moments = await watched(begun.run, trace, host);
			return { saved: begun.run.answer().answer, moments };
		}
		const { many, first } = begun;
		const share = (done: number, of: number): number => (done + of) / many.seeds.length;
		const moments = await watched(first, undefined, { progress: (of) => host.progress(share(0, of)) });
		const done: DoneRun[] = [first.done()];
		for (const [i, seed] of [...many.seeds.entries()].slice(1)) {
			const run = many.begin(seed);
			await worked(run, { progress: (of) => host.progress(share(i, of)) });
			done.push(run.done());
		}
		return { saved: many.answer(done), moments };
	});
}

/** What of the words decides on the plan beside the scenario: a fleet that is asked for needs none that keeps the limits. */
function fleetOf({ replicas, instances }: SimulateWords): unknown {
	return [replicas, instances];
}

function planOptions({ window, replicas, instances }: SimulateOptions): SimulateOptions {
	return {
		...(window === undefined ? {} : { window }),
		...(replicas === undefined ? {} : { replicas }),
		...(instances === undefined ? {} : { instances }),
	};
}

/** The rows of the model, and modelled ones of all rows where they are asked for; what has no answer is told with the nearest of all. */
async function withRows<Begun>(
	scenario: Scenario,
	isModelled: boolean,
	asOf: string,
	host: Host,
	begin: (catalogue: Catalogue) => Promise<Begun>,
): Promise<Begun> {
	if (!isModelled) return withNearest(scenario, host, [], begin);
	const all = await host.catalogue({ benchmarks: "all", tables: ["servingSample"] });
	return begin(
		await host.kept(`modelled rows ${JSON.stringify([scenario.document, asOf])}`, async () =>
			withModelledPointsFor(all, scenario, asOf),
		),
	);
}

/** The flag takes a name that ends so for a file, and any other for a shape of the catalogue. */
async function shapeGiven(key: string, host: Host): Promise<GivenFile> {
	const given = await textOf(key, "--shape", host);
	if (/\.ya?ml$/i.test(given.name)) return given;
	throw new FarthingError(2, "wrong-type", `${given.name} is no file of farthing shape`, {
		file: given.name,
		field: "--shape",
		expected: "a file whose name ends in .yaml or .yml",
		hint: "farthing shape trace.csv -o shape.yaml",
	});
}

/** A larger file is no table of steps and no shape. */
const LARGEST_TEXT = 16 * 1024 * 1024;

async function textOf(key: string, flag: string, host: Host): Promise<GivenFile> {
	const file = await host.file(key, flag);
	if (file.size > LARGEST_TEXT) {
		throw new FarthingError(2, "too-large", `${file.name} is larger than ${LARGEST_TEXT / 1024 / 1024} MB`, {
			file: file.name,
			field: flag,
			expected: "a text file",
		});
	}
	return { name: file.name, text: await new Response(file.stream()).text() };
}

/** So long the worker computes before it looks whether something else was asked, and tells how far it is. */
const PIECE_MS = 40;
/** At most, before the clock is looked at. */
const EVENTS = 256;

/** A run to its end, with its moments. */
async function watched(
	run: AskedSimulation | AskedRun,
	trace: PickedTrace | undefined,
	host: Pick<Host, "progress">,
): Promise<Moments> {
	const kept = new MomentsKept(run.moment);
	await worked(run, host, trace, kept);
	kept.end(run.moment);
	return kept.moments();
}

async function worked(
	run: AskedSimulation | AskedRun,
	host: Pick<Host, "progress">,
	trace?: PickedTrace,
	kept?: MomentsKept,
): Promise<void> {
	let since = performance.now();
	for (let goesOn = true; goesOn; ) {
		// An event takes one request at most.
		await trace?.readAhead(EVENTS);
		goesOn = run.advance(EVENTS, kept?.next);
		if (kept !== undefined && goesOn && run.nextSeconds > kept.next) kept.add(run.moment);
		if (performance.now() - since < PIECE_MS) continue;
		host.progress(run.progress.share ?? trace?.share ?? 0);
		await new Promise((resolve) => setTimeout(resolve));
		since = performance.now();
	}
}
